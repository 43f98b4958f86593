// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "core/base/assert.hpp"

namespace cairn {

/// Carries an error into a Result. The names follow std::expected, which GCC 12 lacks in C++20 mode.
template <class E>
struct Unexpected {
    E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

/// Either a value or one typed error; the lane for bytes and requests from outside.
///
/// `value()` and `*` on an error, and `error()` on a value, are our own mistakes and assert.
template <class T, class E>
class [[nodiscard]] Result {
  public:
    using value_type = T;
    using error_type = E;

    template <class U = T>
        requires(std::is_constructible_v<T, U &&> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
                 !std::is_same_v<std::remove_cvref_t<U>, Unexpected<E>>)
    Result(U&& value) : state_{std::in_place_index<0>, std::forward<U>(value)} {}  // NOLINT
    Result(Unexpected<E> e) : state_{std::in_place_index<1>, std::move(e.error)} {}  // NOLINT

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& value() & {
        CAIRN_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        CAIRN_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T&& value() && {
        CAIRN_ASSERT(has_value());
        return std::move(*std::get_if<0>(&state_));
    }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] const E& error() const {
        CAIRN_ASSERT(!has_value());
        return *std::get_if<1>(&state_);
    }

  private:
    std::variant<T, E> state_;
};

/// A check that yields nothing but its verdict.
template <class E>
class [[nodiscard]] Result<void, E> {
  public:
    using value_type = void;
    using error_type = E;

    Result() noexcept = default;
    Result(Unexpected<E> e) : error_{std::move(e.error)}, failed_{true} {}  // NOLINT

    [[nodiscard]] bool has_value() const noexcept { return !failed_; }
    explicit operator bool() const noexcept { return has_value(); }
    [[nodiscard]] const E& error() const {
        CAIRN_ASSERT(failed_);
        return error_;
    }

  private:
    E error_{};
    bool failed_ = false;
};

}  // namespace cairn
