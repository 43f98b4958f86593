// SPDX-License-Identifier: MIT
#include "rpc/errors.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/hex.hpp"
#include "core/math/uint256.hpp"

namespace cairn::rpc {
namespace {

constexpr std::size_t kWord = 32;
constexpr std::array<std::uint8_t, 4> kErrorSelector{0x08, 0xc3, 0x79, 0xa0};  // Error(string)
constexpr std::array<std::uint8_t, 4> kPanicSelector{0x4e, 0x48, 0x7b, 0x71};  // Panic(uint256)

/// Word `index` of ABI data, where it fits 64 bits.
std::optional<std::uint64_t> word_at(ByteView data, std::size_t offset) {
    if (data.size() < kWord || offset > data.size() - kWord) return std::nullopt;
    for (std::size_t i = 0; i < kWord - 8; ++i)
        if (data[offset + i] != 0) return std::nullopt;
    return load_be64(data.data() + offset + kWord - 8);
}

std::string_view panic_text(std::uint64_t code) {
    switch (code) {
        case 0x00:
            return "generic panic";
        case 0x01:
            return "assert(false)";
        case 0x11:
            return "arithmetic underflow or overflow";
        case 0x12:
            return "division or modulo by zero";
        case 0x21:
            return "enum overflow";
        case 0x22:
            return "invalid encoded storage byte array accessed";
        case 0x31:
            return "out-of-bounds array access; popping on an empty array";
        case 0x32:
            return "out-of-bounds access of an array or bytesN";
        case 0x41:
            return "out of memory";
        case 0x51:
            return "uninitialized function";
        default:
            return {};
    }
}

/// Printable as JSON text: well-formed UTF-8 is not checked by contracts, so foreign bytes become
/// '?'.
std::string printable(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (const auto byte : bytes) out += byte < 0x80 ? static_cast<char>(byte) : '?';
    return out;
}

/// Whether the bytes are UTF-8 (RFC 3629), roughly: lead bytes with as many continuation bytes.
bool is_utf8(ByteView bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = bytes[i];
        const std::size_t more = lead < 0x80   ? 0
                                 : lead < 0xc2 ? 4
                                 : lead < 0xe0 ? 1
                                 : lead < 0xf0 ? 2
                                 : lead < 0xf5 ? 3
                                               : 4;
        if (more == 4 || bytes.size() - i <= more) return false;
        for (std::size_t k = 1; k <= more; ++k)
            if ((bytes[i + k] & 0xc0) != 0x80) return false;
        i += more + 1;
    }
    return true;
}

}  // namespace

Unexpected<RpcError> server_error(std::string message) {
    return Unexpected{RpcError{kServerError, std::move(message)}};
}

Unexpected<RpcError> invalid_params(std::string message) {
    return Unexpected{RpcError{kInvalidParams, std::move(message)}};
}

std::string revert_reason(ByteView data) {
    if (data.size() < 4) return {};
    const auto selector = data.first(4);
    const auto arguments = data.subspan(4);
    if (equal(selector, kPanicSelector)) {
        const auto code = word_at(arguments, 0);
        if (!code) return {};
        if (const auto text = panic_text(*code); !text.empty()) return std::string{text};
        return "unknown panic code: 0x" + to_hex(arguments.first(kWord)).substr(62);
    }
    if (!equal(selector, kErrorSelector)) return {};
    const auto offset = word_at(arguments, 0);
    if (!offset) return {};
    const auto length = word_at(arguments, *offset);
    if (!length || *length > arguments.size() - *offset - kWord) return {};
    const auto text = arguments.subspan(*offset + kWord, *length);
    return is_utf8(text) ? std::string{as_text(text)} : printable(text);
}

RpcError reverted(ByteView data) {
    RpcError error{kExecutionReverted, "execution reverted", "\"" + to_hex0x(data) + "\""};
    if (const auto reason = revert_reason(data); !reason.empty()) error.message += ": " + reason;
    return error;
}

}  // namespace cairn::rpc
