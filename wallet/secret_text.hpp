// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/crypto/secret.hpp"

namespace cairn::wallet {

/// Allocator that wipes what it gives back, so that a growing container leaves no copy behind.
template <class T>
struct WipingAllocator {
    using value_type = T;

    WipingAllocator() noexcept = default;
    template <class U>
    WipingAllocator(const WipingAllocator<U>&) noexcept {
    }  // NOLINT: allocators convert by contract

    [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
    void deallocate(T* p, std::size_t count) noexcept {
        wipe({reinterpret_cast<std::uint8_t*>(p), count * sizeof(T)});
        std::allocator<T>{}.deallocate(p, count);
    }
    friend bool operator==(const WipingAllocator&, const WipingAllocator&) noexcept { return true; }
};

/// A secret of any length: a password, a mnemonic phrase, entropy.
///
/// Every buffer it ever used is wiped; not printable; copied only by `clone()`. What Secret<N> is
/// for fixed lengths.
class SecretText {
public:
    /// Empty.
    SecretText() = default;

    /// Copies the characters; the source is left as it is and is the caller's to wipe.
    explicit SecretText(std::string_view text) : chars_{text.begin(), text.end()} {}

    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;
    SecretText(SecretText&&) noexcept = default;
    SecretText& operator=(SecretText&&) noexcept = default;
    ~SecretText() = default;

    /// A second holder of the same characters.
    [[nodiscard]] SecretText clone() const { return SecretText{reveal()}; }

    /// Appends one character, or several.
    void append(char c) { chars_.push_back(c); }
    void append(std::string_view text) { chars_.insert(chars_.end(), text.begin(), text.end()); }
    /// Drops the last character, if there is one.
    void drop_last() {
        if (!chars_.empty()) chars_.pop_back();
    }

    [[nodiscard]] bool is_empty() const noexcept { return chars_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return chars_.size(); }

    /// The characters, for a computation that needs them. Valid until the next change.
    [[nodiscard]] std::string_view reveal() const noexcept {
        return {chars_.data(), chars_.size()};
    }
    /// The same as bytes.
    [[nodiscard]] ByteView reveal_bytes() const noexcept { return as_bytes(reveal()); }

    /// Same length and same characters, in a time that depends on the lengths only.
    friend bool operator==(const SecretText& a, const SecretText& b) noexcept {
        return equal_constant_time(a.reveal_bytes(), b.reveal_bytes());
    }

private:
    std::vector<char, WipingAllocator<char>> chars_;
};

}  // namespace cairn::wallet
