// SPDX-License-Identifier: MIT
#include "core/codec/rlp_decode.hpp"

#include <array>

#include "core/codec/rlp_encode.hpp"

namespace cairn {
namespace {

constexpr std::uint8_t kShortString = 0x80;
constexpr std::uint8_t kLongString = 0xb8;
constexpr std::uint8_t kShortList = 0xc0;
constexpr std::uint8_t kLongList = 0xf8;

/// The header at the front of `input`: what it says, checked against what is there.
/// @return None, and `item` filled in; or the fault, and `item` as it was
RlpError parse_item(ByteView input, RlpItem& item) noexcept {
    if (input.empty()) return RlpError::Truncated;
    const std::uint8_t first = input[0];
    if (first < kShortString) {
        item = {false, input.first(1), input.first(1)};
        return RlpError::None;
    }
    const bool is_list = first >= kShortList;
    const std::uint8_t long_form = is_list ? kLongList : kLongString;
    if (first < long_form) {
        const std::size_t size = first - (is_list ? kShortList : kShortString);
        if (size > input.size() - 1) return RlpError::Truncated;
        if (!is_list && size == 1 && input[1] < kShortString)
            return RlpError::NonCanonicalSingleByte;
        item = {is_list, input.subspan(1, size), input.first(1 + size)};
        return RlpError::None;
    }
    const std::size_t length_bytes = first - long_form + 1U;
    if (length_bytes > input.size() - 1) return RlpError::Truncated;
    if (input[1] == 0) return RlpError::LengthLeadingZero;
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) size = size << 8 | input[1 + i];
    if (size <= kRlpShortPayloadMax) return RlpError::LengthNotLong;
    const std::size_t header = 1 + length_bytes;
    if (size > SIZE_MAX - header) return RlpError::LengthTooLarge;
    if (size > input.size() - header) return RlpError::Truncated;
    item = {is_list, input.subspan(header, size), input.first(header + size)};
    return RlpError::None;
}

/// parse_item among a list's items, where the end of the list cuts the item off.
RlpError parse_inner(ByteView items, RlpItem& item) noexcept {
    const RlpError error = parse_item(items, item);
    return error == RlpError::Truncated ? RlpError::ItemOverrunsList : error;
}

}  // namespace

std::string_view to_string(RlpError error) noexcept {
    switch (error) {
        case RlpError::None:
            return "None";
        case RlpError::Truncated:
            return "Truncated";
        case RlpError::NonCanonicalSingleByte:
            return "NonCanonicalSingleByte";
        case RlpError::LengthLeadingZero:
            return "LengthLeadingZero";
        case RlpError::LengthNotLong:
            return "LengthNotLong";
        case RlpError::LengthTooLarge:
            return "LengthTooLarge";
        case RlpError::ItemOverrunsList:
            return "ItemOverrunsList";
        case RlpError::TrailingBytes:
            return "TrailingBytes";
        case RlpError::ExpectedString:
            return "ExpectedString";
        case RlpError::ExpectedList:
            return "ExpectedList";
        case RlpError::IntegerLeadingZero:
            return "IntegerLeadingZero";
        case RlpError::IntegerTooWide:
            return "IntegerTooWide";
        case RlpError::BoolOutOfRange:
            return "BoolOutOfRange";
        case RlpError::WrongLength:
            return "WrongLength";
        case RlpError::StringTooLong:
            return "StringTooLong";
        case RlpError::MissingItem:
            return "MissingItem";
        case RlpError::ExtraItem:
            return "ExtraItem";
        case RlpError::TooManyItems:
            return "TooManyItems";
        case RlpError::TooDeep:
            return "TooDeep";
        case RlpError::TooLarge:
            return "TooLarge";
    }
    return "unknown";
}

Result<RlpItem, RlpError> rlp_take_item(ByteView& input) noexcept {
    RlpItem item;
    const RlpError error = parse_item(input, item);
    if (error != RlpError::None) return Unexpected{error};
    input = input.subspan(item.encoded.size());
    return item;
}

Result<RlpItem, RlpError> rlp_decode_item(ByteView input) noexcept {
    RlpItem item;
    const RlpError error = parse_item(input, item);
    if (error != RlpError::None) return Unexpected{error};
    if (item.encoded.size() != input.size()) return Unexpected{RlpError::TrailingBytes};
    return item;
}

Result<void, RlpError> rlp_validate(ByteView input, const RlpLimits& limits) noexcept {
    CAIRN_ASSERT(limits.depth_max <= kRlpDepthMax);
    if (input.size() > limits.bytes_max) return Unexpected{RlpError::TooLarge};
    RlpItem item;
    const RlpError outer = parse_item(input, item);
    if (outer != RlpError::None) return Unexpected{outer};
    // Offsets where the open lists end, the outermost first; the innermost bounds the next item.
    std::array<std::size_t, kRlpDepthMax> end_of;
    std::size_t depth = 0;
    std::size_t at = 0;
    std::size_t end = item.encoded.size();
    const std::size_t whole = end;
    for (;;) {
        while (at == end) {
            if (depth == 0) {
                if (whole != input.size()) return Unexpected{RlpError::TrailingBytes};
                return {};
            }
            end = end_of[--depth];
        }
        const RlpError error = parse_inner(input.subspan(at, end - at), item);
        if (error != RlpError::None) return Unexpected{error};
        if (!item.is_list) {
            at += item.encoded.size();
            continue;
        }
        if (depth == limits.depth_max) return Unexpected{RlpError::TooDeep};
        end_of[depth++] = end;
        at += item.encoded.size() - item.payload.size();
        end = at + item.payload.size();
    }
}

RlpReader RlpReader::of_list(ByteView input) noexcept {
    RlpReader reader;
    RlpItem item;
    const RlpError error = parse_item(input, item);
    if (error != RlpError::None)
        reader.fail(error);
    else if (!item.is_list)
        reader.fail(RlpError::ExpectedList);
    else if (item.encoded.size() != input.size())
        reader.fail(RlpError::TrailingBytes);
    else
        reader.rest_ = item.payload;
    return reader;
}

bool RlpReader::read_item(RlpItem& out) noexcept {
    if (failed()) return false;
    if (rest_.empty()) return fail(RlpError::MissingItem);
    const RlpError error = parse_inner(rest_, out);
    if (error != RlpError::None) return fail(error);
    rest_ = rest_.subspan(out.encoded.size());
    return true;
}

Result<RlpItem, RlpError> RlpReader::peek() const noexcept {
    if (failed()) return Unexpected{error_};
    if (rest_.empty()) return Unexpected{RlpError::MissingItem};
    RlpItem item;
    const RlpError error = parse_inner(rest_, item);
    if (error != RlpError::None) return Unexpected{error};
    return item;
}

bool RlpReader::read_view(ByteView& out, std::size_t bytes_max) noexcept {
    RlpItem item;
    if (!read_item(item)) return false;
    if (item.is_list) return fail(RlpError::ExpectedString);
    if (item.payload.size() > bytes_max) return fail(RlpError::StringTooLong);
    out = item.payload;
    return true;
}

bool RlpReader::read_bytes(Bytes& out, std::size_t bytes_max) {
    ByteView view;
    if (!read_view(view, bytes_max)) return false;
    out.assign(view.begin(), view.end());
    return true;
}

bool RlpReader::read_exact(ByteView& out, std::size_t size) noexcept {
    ByteView view;
    if (!read_view(view)) return false;
    if (view.size() != size) return fail(RlpError::WrongLength);
    out = view;
    return true;
}

bool RlpReader::read_integer(ByteView& out, std::size_t width_max) noexcept {
    if (!read_view(out)) return false;
    if (!out.empty() && out[0] == 0) return fail(RlpError::IntegerLeadingZero);
    if (out.size() > width_max) return fail(RlpError::IntegerTooWide);
    return true;
}

bool RlpReader::read(std::uint64_t& out) noexcept {
    ByteView view;
    if (!read_integer(view, sizeof out)) return false;
    std::uint64_t x = 0;
    for (const auto b : view) x = x << 8 | b;
    out = x;
    return true;
}

bool RlpReader::read(std::uint32_t& out) noexcept {
    ByteView view;
    if (!read_integer(view, sizeof out)) return false;
    std::uint32_t x = 0;
    for (const auto b : view) x = x << 8 | b;
    out = x;
    return true;
}

bool RlpReader::read(std::uint8_t& out) noexcept {
    ByteView view;
    if (!read_integer(view, sizeof out)) return false;
    out = view.empty() ? std::uint8_t{0} : view[0];
    return true;
}

bool RlpReader::read(bool& out) noexcept {
    std::uint64_t x = 0;
    if (!read(x)) return false;
    if (x > 1) return fail(RlpError::BoolOutOfRange);
    out = x != 0;
    return true;
}

bool RlpReader::read(Uint256& out) noexcept {
    ByteView view;
    if (!read_integer(view, 32)) return false;
    out = from_be(view);
    return true;
}

RlpReader RlpReader::list() noexcept {
    RlpReader inner;
    RlpItem item;
    if (!read_item(item))
        inner.fail(error_);
    else if (item.is_list)
        inner.rest_ = item.payload;
    else {
        fail(RlpError::ExpectedList);
        inner.fail(RlpError::ExpectedList);
    }
    return inner;
}

std::size_t RlpReader::count(std::size_t items_max) noexcept {
    std::size_t n = 0;
    ByteView left = rest_;
    while (!left.empty()) {
        RlpItem item;
        const RlpError error = parse_inner(left, item);
        if (error != RlpError::None) {
            fail(error);
            return 0;
        }
        if (n == items_max) {
            fail(RlpError::TooManyItems);
            return 0;
        }
        ++n;
        left = left.subspan(item.encoded.size());
    }
    return n;
}

Result<void, RlpError> RlpReader::finish() const noexcept {
    if (failed()) return Unexpected{error_};
    if (!rest_.empty()) return Unexpected{RlpError::ExtraItem};
    return {};
}

}  // namespace cairn
