// SPDX-License-Identifier: MIT
#include "rpc/json_writer.hpp"

#include <array>
#include <charconv>

#include "core/crypto/keccak.hpp"

namespace cairn::rpc {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// Both digits of every byte, so that a byte costs one load and one store.
constexpr auto kHexPairs = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t i = 0; i < 256; ++i) pairs[i] = {kDigits[i >> 4], kDigits[i & 15]};
    return pairs;
}();

template <class Number>
void append_number(std::string& out, Number value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

void append_quantity(std::string& out, std::uint64_t value) {
    std::array<char, 18> text{'0', 'x'};
    const auto end = std::to_chars(text.data() + 2, text.data() + text.size(), value, 16).ptr;
    out.append(text.data(), end);
}

void append_quantity(std::string& out, const Uint256& value) {
    if (value.fits_u64()) {
        append_quantity(out, value.low64());
        return;
    }
    std::array<std::uint8_t, 32> bytes{};
    store_be256(bytes.data(), value);
    std::size_t first = 0;
    while (bytes[first] == 0) ++first;
    out += "0x";
    if (bytes[first] < 16) {
        out += kDigits[bytes[first]];
        ++first;
    }
    append_hex(out, ByteView{bytes}.subspan(first));
}

}  // namespace

void append_hex(std::string& out, ByteView bytes) {
    const auto start = out.size();
    out.resize(start + 2 * bytes.size());
    auto* to = out.data() + start;
    for (const auto byte : bytes) {
        std::memcpy(to, kHexPairs[byte].data(), 2);
        to += 2;
    }
}

void append_json_text(std::string& out, std::string_view value) {
    out += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (byte < 0x20 || byte == 0x7f) {
                    out += "\\u00";
                    out.append(kHexPairs[byte].data(), 2);
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

std::string checksummed(const Address& address) {
    std::string text = "0x";
    append_hex(text, address);
    const auto hash = keccak256(as_bytes(std::string_view{text}.substr(2)));
    for (std::size_t i = 0; i < 40; ++i) {
        const auto nibble = i % 2 == 0 ? hash.bytes[i / 2] >> 4 : hash.bytes[i / 2] & 15;
        auto& c = text[i + 2];
        if (nibble >= 8 && c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::string to_quantity(std::uint64_t value) {
    std::string out;
    append_quantity(out, value);
    return out;
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
    separate();
    append_number(*out_, value);
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
    separate();
    append_number(*out_, value);
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::number(double value) {
    separate();
    append_number(*out_, value);
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    separate();
    append_json_text(*out_, value);
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::quantity(std::uint64_t value) {
    separate();
    *out_ += '"';
    append_quantity(*out_, value);
    *out_ += '"';
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::quantity(const Uint256& value) {
    separate();
    *out_ += '"';
    append_quantity(*out_, value);
    *out_ += '"';
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::data(ByteView bytes) {
    separate();
    *out_ += "\"0x";
    append_hex(*out_, bytes);
    *out_ += '"';
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::word(const Uint256& value) {
    std::array<std::uint8_t, 32> bytes{};
    store_be256(bytes.data(), value);
    return data(bytes);
}

JsonWriter& JsonWriter::checksummed(const Address& address) {
    separate();
    *out_ += '"';
    *out_ += rpc::checksummed(address);
    *out_ += '"';
    needs_comma_ = true;
    return *this;
}

}  // namespace cairn::rpc
