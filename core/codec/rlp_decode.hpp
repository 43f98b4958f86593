// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/base/fixed_bytes.hpp"
#include "core/math/uint256.hpp"

namespace cairn {

/// Why bytes are not the RLP that was asked for (Yellow Paper appendix B). Strict: every value has
/// exactly one accepted encoding.
enum class RlpError : std::uint8_t {
    None,                    ///< no error; the state of a reader that has not failed
    Truncated,               ///< the input ends before the item does, or it is empty
    NonCanonicalSingleByte,  ///< a byte below 0x80 with a header: 0x81 0x00..0x7f
    LengthLeadingZero,       ///< a long form whose length begins with a zero byte
    LengthNotLong,           ///< a long form for a payload of 55 bytes or fewer
    LengthTooLarge,          ///< a length beyond what the machine can address
    ItemOverrunsList,        ///< an item inside a list reaches beyond the list's end
    TrailingBytes,           ///< bytes after the one item that was to fill the input
    ExpectedString,          ///< a list where a byte string or an integer belongs
    ExpectedList,            ///< a byte string where a list belongs
    IntegerLeadingZero,      ///< an integer with a zero byte in front (zero is the empty string)
    IntegerTooWide,          ///< an integer of more bytes than its type has
    BoolOutOfRange,          ///< a boolean that is neither 0 nor 1
    WrongLength,             ///< a byte string of another length than the fixed one
    StringTooLong,           ///< a byte string above the caller's maximum
    MissingItem,             ///< the list ends where another item belongs
    ExtraItem,               ///< the list holds more items than the structure has
    TooManyItems,            ///< the list holds more items than the caller's maximum
    TooDeep,                 ///< lists nested beyond the limit
    TooLarge,                ///< the input is longer than the limit
};

/// The enumerator's name, for messages.
[[nodiscard]] std::string_view to_string(RlpError error) noexcept;

/// One item, looked at in place.
struct RlpItem {
    bool is_list = false;
    ByteView payload;  ///< the string's bytes, or the list's items one after another
    ByteView encoded;  ///< header and payload
};

/// Takes the first item off `input`, checking its header, not what is inside a list.
/// Errors: Truncated, NonCanonicalSingleByte, LengthLeadingZero, LengthNotLong, LengthTooLarge.
/// On error `input` is unchanged. Pure; any thread.
[[nodiscard]] Result<RlpItem, RlpError> rlp_take_item(ByteView& input) noexcept;

/// The one item that fills all of `input`; TrailingBytes where something follows it.
[[nodiscard]] Result<RlpItem, RlpError> rlp_decode_item(ByteView input) noexcept;

/// Limits on a structure from outside, for rlp_validate.
struct RlpLimits {
    std::size_t bytes_max = 16U << 20;  ///< whole input
    std::size_t depth_max = 16;         ///< nested lists; a list of strings has depth 1
};

/// Upper bound on RlpLimits::depth_max (asserted); the walk keeps one entry per level on its stack.
inline constexpr std::size_t kRlpDepthMax = 1024;

/// Walks all of `input` and answers whether it is exactly one canonical item all the way down.
/// Errors: TooLarge first; then the first fault in order of the bytes. No recursion, no allocation.
[[nodiscard]] Result<void, RlpError> rlp_validate(ByteView input,
                                                  const RlpLimits& limits = {}) noexcept;

/// Reads the items of a list one after another, in place, without copying.
///
/// The first error sticks: every later read does nothing and answers false, so that a structure can
/// be read field by field and checked once at the end with `finish`. The views it gives out live as
/// long as the input. A value type; one thread at a time.
///
///     RlpReader r = RlpReader::of_list(input);
///     r.read(tx.nonce);
///     r.read(tx.to);
///     RlpReader list = r.list();
///     while (!list.at_end()) …            // at_end is true after an error
///     if (auto e = list.finish(); !e) return Unexpected{e.error()};
///     return r.finish();
class RlpReader {
public:
    /// Over items one after another, as a list's payload holds them.
    explicit RlpReader(ByteView items) noexcept : rest_{items} {}
    /// Over the items of the one list that fills all of `input`; failed from the start with
    /// ExpectedList, TrailingBytes or a header's error.
    [[nodiscard]] static RlpReader of_list(ByteView input) noexcept;

    /// Whether every item has been read, or an error stops the reading.
    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    [[nodiscard]] bool failed() const noexcept { return error_ != RlpError::None; }
    /// The first error, or None.
    [[nodiscard]] RlpError error() const noexcept { return error_; }
    /// Bytes not read yet.
    [[nodiscard]] ByteView rest() const noexcept { return rest_; }

    /// An integer, canonical and within its type's width.
    bool read(std::uint64_t& out) noexcept;
    bool read(std::uint32_t& out) noexcept;
    bool read(std::uint8_t& out) noexcept;
    bool read(Uint256& out) noexcept;
    /// 0 or 1.
    bool read(bool& out) noexcept;
    /// Exactly N bytes.
    template <std::size_t N, class Tag>
    bool read(FixedBytes<N, Tag>& out) noexcept {
        ByteView view;
        if (!read_exact(view, N)) return false;
        std::memcpy(out.bytes.data(), view.data(), N);
        return true;
    }
    /// A byte string of at most `bytes_max` bytes, in place or copied.
    bool read_view(ByteView& out, std::size_t bytes_max = SIZE_MAX) noexcept;
    bool read_bytes(Bytes& out, std::size_t bytes_max = SIZE_MAX);
    /// A byte string of exactly `size` bytes, in place.
    bool read_exact(ByteView& out, std::size_t size) noexcept;
    /// N bytes or the empty string; `present` says which (a transaction's `to`).
    template <std::size_t N, class Tag>
    bool read_optional(FixedBytes<N, Tag>& out, bool& present) noexcept {
        ByteView view;
        if (!read_view(view)) return false;
        present = !view.empty();
        if (!present) return true;
        if (view.size() != N) return fail(RlpError::WrongLength);
        std::memcpy(out.bytes.data(), view.data(), N);
        return true;
    }
    /// Any item, unopened.
    bool read_item(RlpItem& out) noexcept;
    /// Steps over any item.
    bool skip() noexcept {
        RlpItem item;
        return read_item(item);
    }
    /// The next item without stepping over it; an error leaves the reader as it is.
    [[nodiscard]] Result<RlpItem, RlpError> peek() const noexcept;
    /// Opens the next item, which must be a list; the reader returned has failed as this one has
    /// where it is not.
    [[nodiscard]] RlpReader list() noexcept;

    /// Number of items left, each header checked; fails with TooManyItems above `items_max`, or
    /// with a header's error, and then answers 0. What is counted is not consumed.
    [[nodiscard]] std::size_t count(std::size_t items_max = SIZE_MAX) noexcept;

    /// Records an error of the caller's own finding, unless one is there. Always answers false.
    bool fail(RlpError error) noexcept {
        if (error_ == RlpError::None) error_ = error;
        rest_ = {};
        return false;
    }
    /// The verdict over everything read: the first error, or ExtraItem where items are left.
    [[nodiscard]] Result<void, RlpError> finish() const noexcept;

private:
    RlpReader() noexcept = default;
    bool read_integer(ByteView& out, std::size_t width_max) noexcept;

    ByteView rest_;
    RlpError error_ = RlpError::None;
};

/// A whole input that is one item of the type: all errors of RlpReader::read, and TrailingBytes.
template <class T>
[[nodiscard]] Result<T, RlpError> rlp_decode(ByteView input) noexcept {
    const auto item = rlp_decode_item(input);
    if (!item) return Unexpected{item.error()};
    RlpReader reader{input};
    T out{};
    if (!reader.read(out)) return Unexpected{reader.error()};
    return out;
}

}  // namespace cairn
