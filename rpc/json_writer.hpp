// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/fixed_bytes.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"

namespace cairn::rpc {

/// Writes JSON into a text buffer, without a tree in between: blocks and logs are most of what a
/// node answers. Commas are set by the writer; that keys and values alternate and brackets match is
/// the caller's business.
///
/// "Quantity" and "data" are the two hex forms of the Ethereum JSON-RPC (EIP-1474): a number
/// without leading zeros, and bytes with two digits each.
class JsonWriter {
public:
    /// Appends to `out`, which outlives the writer.
    explicit JsonWriter(std::string& out) noexcept : out_{&out} {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    /// The key of the value that follows; plain ASCII without quotes or backslashes.
    JsonWriter& key(std::string_view name) {
        separate();
        *out_ += '"';
        *out_ += name;
        *out_ += "\":";
        needs_comma_ = false;
        return *this;
    }

    JsonWriter& null() { return raw("null"); }
    JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
    /// A JSON number.
    JsonWriter& number(std::uint64_t value);
    JsonWriter& number(std::int64_t value);
    /// A JSON number with a fraction; finite.
    JsonWriter& number(double value);
    /// A string; UTF-8, escaped as JSON asks.
    JsonWriter& text(std::string_view value);
    /// "0x1f"; zero is "0x0".
    JsonWriter& quantity(std::uint64_t value);
    JsonWriter& quantity(const Uint256& value);
    /// "0x001f"; nothing is "0x".
    JsonWriter& data(ByteView bytes);
    /// A word as data of 32 bytes.
    JsonWriter& word(const Uint256& value);
    /// An address in EIP-55's mixed case, as a string.
    JsonWriter& checksummed(const Address& address);
    /// Text that is JSON already; one value.
    JsonWriter& raw(std::string_view json) {
        separate();
        *out_ += json;
        needs_comma_ = true;
        return *this;
    }

    /// A key with its value.
    JsonWriter& quantity(std::string_view name, std::uint64_t value) {
        return key(name).quantity(value);
    }
    JsonWriter& quantity(std::string_view name, const Uint256& value) {
        return key(name).quantity(value);
    }
    JsonWriter& data(std::string_view name, ByteView bytes) { return key(name).data(bytes); }
    JsonWriter& text(std::string_view name, std::string_view value) {
        return key(name).text(value);
    }
    JsonWriter& boolean(std::string_view name, bool value) { return key(name).boolean(value); }
    JsonWriter& null(std::string_view name) { return key(name).null(); }

    /// The buffer, for what has a form of its own.
    [[nodiscard]] std::string& out() noexcept { return *out_; }
    /// Bytes in the buffer.
    [[nodiscard]] std::size_t size() const noexcept { return out_->size(); }

private:
    void separate() {
        if (needs_comma_) *out_ += ',';
    }
    JsonWriter& open(char bracket) {
        separate();
        *out_ += bracket;
        needs_comma_ = false;
        return *this;
    }
    JsonWriter& close(char bracket) {
        *out_ += bracket;
        needs_comma_ = true;
        return *this;
    }

    std::string* out_;
    bool needs_comma_ = false;
};

/// Appends a JSON string with its quotes.
void append_json_text(std::string& out, std::string_view value);
/// Appends lower-case hex digits, two a byte, without prefix.
void append_hex(std::string& out, ByteView bytes);
/// EIP-55's mixed-case form, "0x…".
[[nodiscard]] std::string checksummed(const Address& address);
/// "0x1f"; for words there is one beside Uint256.
[[nodiscard]] std::string to_quantity(std::uint64_t value);

}  // namespace cairn::rpc
