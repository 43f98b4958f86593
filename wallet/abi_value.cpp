// SPDX-License-Identifier: MIT
#include "wallet/abi_value.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace cairn::wallet {
namespace {

constexpr std::size_t kWordBytes = 32;

/// Length rounded up to whole words; `length` is far below 2^64.
constexpr std::size_t padded(std::size_t length) noexcept {
    return (length + kWordBytes - 1) / kWordBytes * kWordBytes;
}

/// Whether the number fits the bits; in two's complement where `is_signed`.
bool fits(const Uint256& number, std::size_t bits, bool is_signed) noexcept {
    if (bits == 256) return true;
    if (!is_signed) return number.bit_width() <= bits;
    // All bits from the sign upwards are equal.
    const Uint256 high = number >> (bits - 1);
    return high.is_zero() || high == (Uint256::max() >> (bits - 1));
}

bool is_in_range(const AbiType& type, const Uint256& number) noexcept {
    switch (type.kind) {
        case AbiKind::Bool:
            return number <= Uint256{1};
        case AbiKind::Int:
        case AbiKind::Fixed:
            return fits(number, type.size, true);
        default:
            return fits(number, type.size, false);
    }
}

bool is_number(AbiKind kind) noexcept {
    return kind == AbiKind::Uint || kind == AbiKind::Int || kind == AbiKind::Ufixed ||
           kind == AbiKind::Fixed || kind == AbiKind::Bool;
}

bool is_sequence(AbiKind kind) noexcept {
    return kind == AbiKind::Array || kind == AbiKind::FixedArray || kind == AbiKind::Tuple;
}

/// Bytes of a type that is bytes in one word.
std::size_t word_size(const AbiType& type) noexcept {
    if (type.kind == AbiKind::Address) return 20;
    return type.kind == AbiKind::Function ? 24 : type.size;
}

const AbiType& part_type(const AbiType& sequence, std::size_t i) {
    return sequence.kind == AbiKind::Tuple ? sequence.parts[i] : sequence.parts[0];
}

// ---- encoding

using Encoded = Result<void, AbiValueError>;

void append_word(Bytes& out, const Uint256& number) {
    out.resize(out.size() + kWordBytes);
    store_be256(out.data() + out.size() - kWordBytes, number);
}

Encoded append_value(Bytes& out, const AbiType& type, const AbiValue& value);

/// Heads, then tails; offsets count from the first head.
Encoded append_sequence(Bytes& out, const AbiType& type, const AbiValue& value) {
    std::size_t head = 0;
    for (std::size_t i = 0; i < value.parts.size(); ++i)
        head += head_words(part_type(type, i)) * kWordBytes;
    Bytes tails;
    for (std::size_t i = 0; i < value.parts.size(); ++i) {
        const auto& part = part_type(type, i);
        if (is_dynamic(part)) append_word(out, Uint256{head + tails.size()});
        if (auto done = append_value(is_dynamic(part) ? tails : out, part, value.parts[i]); !done)
            return done;
    }
    append(out, tails);
    return {};
}

Encoded append_value(Bytes& out, const AbiType& type, const AbiValue& value) {
    if (is_number(type.kind)) {
        if (!is_in_range(type, value.number)) return Unexpected{AbiValueError::Range};
        append_word(out, value.number);
        return {};
    }
    switch (type.kind) {
        case AbiKind::Address:
            if (value.bytes.size() != word_size(type)) return Unexpected{AbiValueError::Length};
            out.insert(out.end(), kWordBytes - value.bytes.size(), 0);
            append(out, value.bytes);
            return {};
        case AbiKind::FixedBytes:
        case AbiKind::Function:
            if (value.bytes.size() != word_size(type)) return Unexpected{AbiValueError::Length};
            append(out, value.bytes);
            out.insert(out.end(), kWordBytes - value.bytes.size(), 0);
            return {};
        case AbiKind::Bytes:
        case AbiKind::String:
            append_word(out, Uint256{value.bytes.size()});
            append(out, value.bytes);
            out.insert(out.end(), padded(value.bytes.size()) - value.bytes.size(), 0);
            return {};
        case AbiKind::Array:
            append_word(out, Uint256{value.parts.size()});
            break;
        default: {
            const auto count = type.kind == AbiKind::Tuple ? type.parts.size() : type.size;
            if (value.parts.size() != count) return Unexpected{AbiValueError::Count};
        }
    }
    return append_sequence(out, type, value);
}

// ---- decoding

bool is_zero(ByteView bytes) noexcept {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

/// Reads values out of one encoding and counts the bytes it reads: an honest encoding is read once,
/// so more than its length means that offsets overlap.
class Decoder {
public:
    explicit Decoder(ByteView data) noexcept : data_{data}, budget_{data.size()} {}

    using Value = Result<AbiValue, AbiDecodeError>;

    /// The components of a sequence whose first head is at `base`.
    Value sequence(const AbiType& type, std::size_t count, std::size_t base) {
        AbiValue out;
        std::size_t head = 0;
        for (std::size_t i = 0; i < count; ++i) head += head_words(part_type(type, i)) * kWordBytes;
        if (head > data_.size() - base) return Unexpected{AbiDecodeError::Truncated};
        std::size_t at = base;
        for (std::size_t i = 0; i < count; ++i) {
            const auto& part = part_type(type, i);
            auto value =
                is_dynamic(part) ? behind_offset(part, base, at, head) : in_place(part, at);
            if (!value) return value;
            out.parts.push_back(std::move(*value));
            at += head_words(part) * kWordBytes;
        }
        return out;
    }

    /// A static value at `at`.
    Value in_place(const AbiType& type, std::size_t at) {
        if (is_sequence(type.kind))
            return sequence(type, type.kind == AbiKind::Tuple ? type.parts.size() : type.size, at);
        const auto bytes = take(at, kWordBytes);
        if (!bytes) return Unexpected{bytes.error()};
        return word(type, *bytes);
    }

    /// A value in a single word.
    static Value word(const AbiType& type, ByteView bytes) {
        AbiValue out;
        if (is_number(type.kind)) {
            out.number = load_be256(bytes.data());
            if (!is_in_range(type, out.number)) return Unexpected{AbiDecodeError::Range};
            return out;
        }
        const std::size_t size = word_size(type);
        const bool at_end = type.kind == AbiKind::Address;
        if (!is_zero(at_end ? bytes.first(kWordBytes - size) : bytes.subspan(size)))
            return Unexpected{AbiDecodeError::Padding};
        out.bytes = to_bytes(at_end ? bytes.last(size) : bytes.first(size));
        return out;
    }

private:
    /// `length` bytes at `at`, counted.
    Result<ByteView, AbiDecodeError> take(std::size_t at, std::size_t length) {
        if (at > data_.size() || length > data_.size() - at)
            return Unexpected{AbiDecodeError::Truncated};
        if (length > budget_) return Unexpected{AbiDecodeError::Overlap};
        budget_ -= length;
        return data_.subspan(at, length);
    }

    /// A number that counts bytes or elements, so at most data_.size().
    Result<std::size_t, AbiDecodeError> take_size(std::size_t at, AbiDecodeError too_large) {
        const auto bytes = take(at, kWordBytes);
        if (!bytes) return Unexpected{bytes.error()};
        const auto number = load_be256(bytes->data());
        if (number > Uint256{data_.size()}) return Unexpected{too_large};
        return static_cast<std::size_t>(number.low64());
    }

    Value behind_offset(const AbiType& type, std::size_t base, std::size_t at, std::size_t head) {
        const auto offset = take_size(at, AbiDecodeError::Offset);
        if (!offset) return Unexpected{offset.error()};
        if (*offset < head || *offset > data_.size() - base)
            return Unexpected{AbiDecodeError::Offset};
        return dynamic(type, base + *offset);
    }

    Value dynamic(const AbiType& type, std::size_t at) {
        if (type.kind == AbiKind::Tuple) return sequence(type, type.parts.size(), at);
        if (type.kind == AbiKind::FixedArray) return sequence(type, type.size, at);
        const auto length = take_size(at, AbiDecodeError::Truncated);
        if (!length) return Unexpected{length.error()};
        at += kWordBytes;
        if (type.kind == AbiKind::Array) {
            // Every element takes a word at least, which bounds the loop that adds up the heads.
            if (*length > (data_.size() - at) / kWordBytes)
                return Unexpected{AbiDecodeError::Truncated};
            return sequence(type, *length, at);
        }
        const auto bytes = take(at, padded(*length));
        if (!bytes) return Unexpected{bytes.error()};
        if (!is_zero(bytes->subspan(*length))) return Unexpected{AbiDecodeError::Padding};
        AbiValue out;
        out.bytes = to_bytes(bytes->first(*length));
        return out;
    }

    ByteView data_;
    std::size_t budget_;
};

}  // namespace

std::string_view to_string(AbiValueError error) noexcept {
    switch (error) {
        case AbiValueError::Syntax:
            return "does not read as a value of the type";
        case AbiValueError::Range:
            return "out of the type's range";
        case AbiValueError::Length:
            return "of another length than the type has";
        case AbiValueError::Count:
            return "of another number of elements than the type has";
        case AbiValueError::Address:
            return "no address, or its checksum (EIP-55) does not fit";
        case AbiValueError::Decimals:
            return "finer than the type's decimals";
    }
    return "unknown";
}

std::string_view to_string(AbiDecodeError error) noexcept {
    switch (error) {
        case AbiDecodeError::Truncated:
            return "the data ends before the value does";
        case AbiDecodeError::Offset:
            return "an offset leads out of the data or into its own head";
        case AbiDecodeError::Padding:
            return "padding is not zero";
        case AbiDecodeError::Range:
            return "a number is out of its type's range";
        case AbiDecodeError::Overlap:
            return "values overlap";
    }
    return "unknown";
}

Result<Bytes, AbiValueError> encode_abi(const AbiType& tuple, const AbiValue& value) {
    CAIRN_ASSERT(tuple.kind == AbiKind::Tuple);
    Bytes out;
    if (auto done = append_value(out, tuple, value); !done) return Unexpected{done.error()};
    return out;
}

Result<AbiValue, AbiDecodeError> decode_abi(const AbiType& tuple, ByteView data) {
    CAIRN_ASSERT(tuple.kind == AbiKind::Tuple);
    return Decoder{data}.sequence(tuple, tuple.parts.size(), 0);
}

bool is_hashed_topic(const AbiType& type) noexcept {
    return is_sequence(type.kind) || type.kind == AbiKind::Bytes || type.kind == AbiKind::String;
}

Result<AbiValue, AbiDecodeError> decode_abi_topic(const AbiType& type, ByteView word) {
    if (word.size() != kWordBytes) return Unexpected{AbiDecodeError::Truncated};
    if (is_hashed_topic(type)) return AbiValue{{}, to_bytes(word), {}};
    return Decoder::word(type, word);
}

}  // namespace cairn::wallet
