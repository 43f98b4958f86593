// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/header.hpp"
#include "core/types/transaction.hpp"

namespace cairn {

/// Coins moved from the beacon chain to an account (EIP-4895).
struct Withdrawal {
    std::uint64_t index = 0;
    std::uint64_t validator_index = 0;
    Address address;
    std::uint64_t amount_gwei = 0;  ///< 10^9 wei
    friend bool operator==(const Withdrawal&, const Withdrawal&) noexcept = default;
};

/// What a block holds beside its header.
struct BlockBody {
    std::vector<SignedTx> transactions;
    std::vector<HashedHeader> ommers;
    /// Present, be it empty, from Shanghai on; absent before.
    std::optional<std::vector<Withdrawal>> withdrawals;
    friend bool operator==(const BlockBody&, const BlockBody&) noexcept = default;
};

/// A decoded block, not yet checked: nothing says that the body is the header's.
struct Block {
    HashedHeader header;
    BlockBody body;
    friend bool operator==(const Block&, const Block&) noexcept = default;
};

/// RLP list of 3 or 4: [header, transactions, ommers, withdrawals?]. Exactly one block and nothing
/// after it.
[[nodiscard]] Result<Block, DecodeError> decode_block(ByteView bytes);
[[nodiscard]] Bytes encode_block(const Block& block);

/// RLP list of 2 or 3: [transactions, ommers, withdrawals?], as the eth protocol and the store have
/// it.
[[nodiscard]] Result<BlockBody, DecodeError> decode_body(ByteView bytes);
[[nodiscard]] Bytes encode_body(const BlockBody& body);

/// Length of encode_block's result in bytes, without making it (EIP-7934 bounds it).
[[nodiscard]] std::size_t encoded_size(const Block& block);

/// keccak256 of the RLP list of the headers; what Header::ommers_hash commits to.
[[nodiscard]] Hash256 ommers_hash_of(const std::vector<HashedHeader>& ommers);

/// RLP list of 4: [index, validator_index, address, amount_gwei]; the leaf of the withdrawals trie.
[[nodiscard]] Bytes encode_withdrawal(const Withdrawal& withdrawal);

}  // namespace cairn
