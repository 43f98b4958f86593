// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/account.hpp"
#include "core/types/bloom.hpp"
#include "core/types/decode_error.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn {

/// The seal's second half: 8 bytes, big-endian where it is a number.
using SealNonce = FixedBytes<8, struct SealNonceTag>;

/// Fields of a block header in their order on the wire (Yellow Paper, section 4.3). The optional
/// ones came one after the other; one that is set asks for all before it.
struct Header {
    BlockHash parent_hash;
    Hash256 ommers_hash = kEmptyOmmersHash;
    Address beneficiary;
    Hash256 state_root;
    Hash256 transactions_root = kEmptyTrieRoot;
    Hash256 receipts_root = kEmptyTrieRoot;
    Bloom logs_bloom;
    Difficulty difficulty;
    BlockNumber number = 0;
    Gas gas_limit = 0;
    Gas gas_used = 0;
    UnixSeconds timestamp = 0;
    /// At most 32 bytes by rule; genesis may have more.
    Bytes extra_data;
    /// Ethash's mix, or PREVRANDAO after the merge (EIP-4399).
    Hash256 mix_hash;
    SealNonce nonce;
    std::optional<Wei> base_fee;                ///< EIP-1559, wei per gas
    std::optional<Hash256> withdrawals_root;    ///< EIP-4895
    std::optional<Gas> blob_gas_used;           ///< EIP-4844
    std::optional<Gas> excess_blob_gas;         ///< EIP-4844
    std::optional<Hash256> parent_beacon_root;  ///< EIP-4788
    std::optional<Hash256> requests_hash;       ///< EIP-7685

    friend bool operator==(const Header&, const Header&) noexcept = default;
};

/// Elements of the RLP list: those every header has, and with every optional one.
inline constexpr std::size_t kHeaderElementsMin = 15;
inline constexpr std::size_t kHeaderElementsMax = 21;

/// RLP list of 15 to 21: as many optional fields as are set. A gap between them is our own mistake
/// (asserted).
[[nodiscard]] Bytes encode_header(const Header& header);

/// Exactly one header and nothing after it. Strict: what decodes encodes to the same bytes. That a
/// revision wants more or fewer optional fields is a rule and checked elsewhere.
[[nodiscard]] Result<Header, DecodeError> decode_header(ByteView bytes);

/// keccak256(encode_header(header)).
[[nodiscard]] BlockHash hash_of(const Header& header);

/// keccak256 of the RLP list without mix_hash and nonce: what a seal commits to (Ethash's "header
/// hash").
[[nodiscard]] Hash256 seal_hash(const Header& header);

/// A header with its hash, computed once; immutable and cheap to copy (shared). Any thread.
class HashedHeader {
public:
    explicit HashedHeader(Header header);

    [[nodiscard]] const Header& header() const noexcept { return body_->header; }
    [[nodiscard]] const Header& operator*() const noexcept { return body_->header; }
    [[nodiscard]] const Header* operator->() const noexcept { return &body_->header; }
    [[nodiscard]] const BlockHash& hash() const noexcept { return body_->hash; }

    friend bool operator==(const HashedHeader& a, const HashedHeader& b) noexcept {
        return a.hash() == b.hash();
    }

private:
    struct Body {
        Header header;
        BlockHash hash;
    };
    std::shared_ptr<const Body> body_;
};

}  // namespace cairn
