// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "chain/store/keys.hpp"
#include "chain/store/store_error.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {

/// A block as messages name it: "block 7 (0x12…)".
[[nodiscard]] inline std::string name_of(const BlockRef& block) {
    return "block " + std::to_string(block.number) + " (" + to_hex0x(block.hash) + ")";
}

/// What must be in the store. @throws StoreError Corrupt, naming it and the block, where it is not
template <class T>
[[nodiscard]] T required(std::optional<T> found, std::string_view what, const BlockRef& block) {
    if (!found)
        throw StoreError{StoreFault::Corrupt, "no " + std::string{what} + " of " + name_of(block)};
    return *std::move(found);
}

/// The same of the canonical block of a number.
template <class T>
[[nodiscard]] T required(std::optional<T> found, std::string_view what, BlockNumber number) {
    if (!found)
        throw StoreError{StoreFault::Corrupt,
                         "no " + std::string{what} + " of block " + std::to_string(number)};
    return *std::move(found);
}

}  // namespace cairn::chain
