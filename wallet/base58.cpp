// SPDX-License-Identifier: MIT
#include "wallet/base58.hpp"

#include <algorithm>

#include "core/crypto/sha256.hpp"

namespace cairn::wallet {
namespace {

constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t kChecksumBytes = 4;

using Digits = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

/// digits := digits * factor + addend in the given base, least significant digit first.
void multiply_add(Digits& digits, unsigned base, unsigned factor, unsigned addend) {
    for (auto& digit : digits) {
        addend += digit * factor;
        digit = static_cast<std::uint8_t>(addend % base);
        addend /= base;
    }
    for (; addend != 0; addend /= base) digits.push_back(static_cast<std::uint8_t>(addend % base));
}

}  // namespace

SecretText encode_base58check(ByteView payload) {
    const auto checksum = sha256d(payload);
    SecretText bytes{as_text(payload)};
    bytes.append(as_text(checksum.view().first(kChecksumBytes)));
    Digits digits;
    for (const auto b : bytes.reveal_bytes()) multiply_add(digits, 58, 256, b);
    SecretText out;
    // Leading zero bytes have no digits of their own; each is written as the alphabet's first.
    for (const auto b : bytes.reveal_bytes()) {
        if (b != 0) break;
        out.append(kAlphabet[0]);
    }
    std::for_each(digits.rbegin(), digits.rend(),
                  [&](std::uint8_t digit) { out.append(kAlphabet[digit]); });
    return out;
}

std::optional<SecretText> decode_base58check(std::string_view text) {
    if (text.size() > kBase58CharsMax) return std::nullopt;
    Digits bytes;
    for (const char c : text) {
        const auto digit = kAlphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        multiply_add(bytes, 256, 58, static_cast<unsigned>(digit));
    }
    for (const char c : text) {
        if (c != kAlphabet[0]) break;
        bytes.push_back(0);
    }
    std::reverse(bytes.begin(), bytes.end());
    if (bytes.size() < kChecksumBytes) return std::nullopt;
    const ByteView all{bytes.data(), bytes.size()};
    const auto payload = all.first(all.size() - kChecksumBytes);
    if (!equal(sha256d(payload).view().first(kChecksumBytes), all.last(kChecksumBytes)))
        return std::nullopt;
    return SecretText{as_text(payload)};
}

}  // namespace cairn::wallet
