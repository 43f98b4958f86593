// SPDX-License-Identifier: MIT
#include "node/evm_tool/revert_reason.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/math/uint256.hpp"

namespace cairn::node {
namespace {

constexpr std::array<std::uint8_t, 4> kErrorSelector{0x08, 0xc3, 0x79, 0xa0};  // Error(string)
constexpr std::array<std::uint8_t, 4> kPanicSelector{0x4e, 0x48, 0x7b, 0x71};  // Panic(uint256)

constexpr std::pair<std::uint64_t, std::string_view> kPanicMeanings[] = {
    {0x00, "generic panic"},
    {0x01, "assertion failed"},
    {0x11, "arithmetic overflow or underflow"},
    {0x12, "division or modulo by zero"},
    {0x21, "value out of range of the enum"},
    {0x22, "badly encoded byte array in storage"},
    {0x31, "pop from an empty array"},
    {0x32, "array index out of bounds"},
    {0x41, "too much memory allocated"},
    {0x51, "call of an uninitialised function"},
};

}  // namespace

std::optional<std::string> decode_revert_reason(ByteView data) {
    if (data.size() < 4 + 32) return std::nullopt;
    const auto selector = data.first(4);
    const auto body = data.subspan(4);
    const Uint256 word = load_be256(body.data());
    if (equal(selector, kPanicSelector)) {
        if (body.size() != 32) return std::nullopt;
        for (const auto& [code, meaning] : kPanicMeanings)
            if (word == Uint256{code}) return fmt::format("panic {:#04x}: {}", code, meaning);
        return fmt::format("panic {}", to_quantity(word));
    }
    if (!equal(selector, kErrorSelector)) return std::nullopt;
    // The ABI of one dynamic argument: where it begins, then there its length and its bytes.
    if (!word.fits_u64() || word.low64() > body.size() - 32) return std::nullopt;
    const auto argument = body.subspan(static_cast<std::size_t>(word.low64()));
    if (argument.size() < 32) return std::nullopt;
    const Uint256 length = load_be256(argument.data());
    if (!length.fits_u64() || length.low64() > argument.size() - 32) return std::nullopt;
    return std::string{as_text(argument.subspan(32, static_cast<std::size_t>(length.low64())))};
}

}  // namespace cairn::node
