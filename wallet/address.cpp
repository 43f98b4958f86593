// SPDX-License-Identifier: MIT
#include "wallet/address.hpp"

#include <algorithm>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::wallet {
namespace {

constexpr std::size_t kDigits = 2 * Address::kSize;

/// EIP-55: a letter is upper case where the matching half-byte of the hash of the lower-case digits
/// is 8 or more.
std::string with_checksum_case(std::string lower) {
    const auto hash = keccak256(as_bytes(lower));
    for (std::size_t i = 0; i < lower.size(); ++i) {
        const unsigned nibble = i % 2 == 0 ? hash.bytes[i / 2] >> 4 : hash.bytes[i / 2] & 15U;
        if (lower[i] >= 'a' && nibble >= 8) lower[i] = static_cast<char>(lower[i] - 'a' + 'A');
    }
    return lower;
}

}  // namespace

std::string_view to_string(AddressError error) noexcept {
    switch (error) {
        case AddressError::Length:
            return "an address is 0x followed by 40 hex digits";
        case AddressError::Digit:
            return "an address holds hex digits only";
        case AddressError::Checksum:
            return "the address's checksum (EIP-55) does not fit: a character is mistyped";
    }
    return "unknown";
}

std::string to_checksum(const Address& address) {
    return "0x" + with_checksum_case(to_hex(address));
}

Result<Address, AddressError> parse_address(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
    if (text.size() != kDigits) return Unexpected{AddressError::Length};
    const auto address = fixed_from_hex<Address>(std::string{"0x"}.append(text));
    if (!address) return Unexpected{AddressError::Digit};
    const bool has_lower = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a'; });
    const bool has_upper =
        std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'F'; });
    if (has_lower && has_upper && with_checksum_case(to_hex(*address)) != text)
        return Unexpected{AddressError::Checksum};
    return *address;
}

}  // namespace cairn::wallet
