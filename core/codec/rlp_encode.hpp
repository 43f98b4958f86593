// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "core/base/fixed_bytes.hpp"
#include "core/math/uint256.hpp"

namespace cairn {

// Recursive Length Prefix, Yellow Paper appendix B. Integers are big-endian without leading zeros;
// zero is the empty string.

/// Encoding of the empty string (and of zero).
inline constexpr std::uint8_t kRlpEmptyString = 0x80;
/// Encoding of the empty list.
inline constexpr std::uint8_t kRlpEmptyList = 0xc0;
/// Longest payload whose length fits into the first byte; longer ones take the long form.
inline constexpr std::size_t kRlpShortPayloadMax = 55;
/// Bytes of the longest header: one for the kind, eight for the length.
inline constexpr std::size_t kRlpHeaderMax = 9;

/// Bytes of the header before a payload of `payload` bytes, for a list or for a string that is not
/// its own encoding (a single byte below 0x80 has no header; see rlp_size).
[[nodiscard]] constexpr std::size_t rlp_header_size(std::size_t payload) noexcept {
    if (payload <= kRlpShortPayloadMax) return 1;
    return 1 + (static_cast<std::size_t>(std::bit_width(payload)) + 7) / 8;
}

/// Bytes of the whole encoding of an item.
[[nodiscard]] constexpr std::size_t rlp_size(std::uint64_t x) noexcept {
    return x < 0x80 ? 1 : 1 + (static_cast<std::size_t>(std::bit_width(x)) + 7) / 8;
}
[[nodiscard]] constexpr std::size_t rlp_size(const Uint256& x) noexcept {
    return x.fits_u64() ? rlp_size(x.limb[0]) : 1 + x.byte_width();
}
[[nodiscard]] inline std::size_t rlp_size(ByteView bytes) noexcept {
    if (bytes.size() == 1 && bytes[0] < 0x80) return 1;
    return rlp_header_size(bytes.size()) + bytes.size();
}
/// Bytes of the whole encoding of a list whose items take `payload` bytes together.
[[nodiscard]] constexpr std::size_t rlp_list_size(std::size_t payload) noexcept {
    return rlp_header_size(payload) + payload;
}

/// Writes the header of a list of `payload` bytes to `out` (room for kRlpHeaderMax).
/// @return bytes written
std::size_t rlp_write_list_header(std::uint8_t* out, std::size_t payload) noexcept;

/// Appends RLP items to a byte string that the caller owns and that outlives the writer.
///
/// Lists are either opened with their payload's size known (`list_header`: nothing is moved), or
/// bracketed with begin_list / end_list, where closing a list of more than 55 bytes moves its
/// payload once to make room for the length. Not thread-safe; throws only std::bad_alloc.
///
///     RlpWriter w{out};
///     w.begin_list();
///     w.add(nonce);
///     w.add(address);
///     w.end_list();
class RlpWriter {
public:
    /// Deepest nesting of begin_list (asserted): far above any ledger or wire structure.
    static constexpr std::size_t kOpenListsMax = 32;

    explicit RlpWriter(Bytes& out) noexcept : out_{out} {}
    RlpWriter(const RlpWriter&) = delete;
    RlpWriter& operator=(const RlpWriter&) = delete;

    /// An integer: shortest big-endian form.
    void add(std::uint64_t x);
    void add(std::uint32_t x) { add(static_cast<std::uint64_t>(x)); }
    void add(std::uint8_t x) { add(static_cast<std::uint64_t>(x)); }
    void add(bool x) { add(static_cast<std::uint64_t>(x ? 1 : 0)); }
    void add(const Uint256& x);
    /// A byte string.
    void add(ByteView bytes);
    void add(const Bytes& bytes) { add(ByteView{bytes}); }
    template <std::size_t N, class Tag>
    void add(const FixedBytes<N, Tag>& bytes) {
        add(bytes.view());
    }
    /// The empty string: an absent address, a missing child.
    void add_empty() { out_.push_back(kRlpEmptyString); }
    /// One or more items that are encoded already.
    void add_raw(ByteView encoded) { append(out_, encoded); }

    /// Opens a list whose items will take exactly `payload` bytes; there is nothing to close.
    void list_header(std::size_t payload);
    /// Opens a list; what is added until the matching end_list are its items.
    void begin_list() {
        CAIRN_ASSERT(depth_ < kOpenListsMax);
        open_[depth_++] = out_.size();
        out_.push_back(kRlpEmptyList);
    }
    /// Closes the list opened last (there must be one; asserted).
    void end_list();

    /// Number of lists still open.
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

private:
    Bytes& out_;
    std::size_t depth_ = 0;
    std::array<std::size_t, kOpenListsMax> open_;  // positions of the headers; [0, depth_) are set
};

/// The encoding of a single item.
[[nodiscard]] Bytes rlp_encode(std::uint64_t x);
[[nodiscard]] Bytes rlp_encode(const Uint256& x);
[[nodiscard]] Bytes rlp_encode(ByteView bytes);
/// The encoding of a list whose items are encoded already, one after another, in `payload`.
[[nodiscard]] Bytes rlp_encode_list(ByteView payload);

}  // namespace cairn
