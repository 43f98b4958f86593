// SPDX-License-Identifier: MIT
#pragma once

#include "chain/rules/block_error.hpp"
#include "core/base/expected.hpp"
#include "core/types/header.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// Says whether a header's seal holds the work that its difficulty asks for. Knows nothing of
/// difficulty rules, templates or search. Made by pow.hpp.
///
/// The verdict is a function of the header alone. Any thread, several at once.
class SealEngine {
public:
    SealEngine() = default;
    SealEngine(const SealEngine&) = delete;
    SealEngine& operator=(const SealEngine&) = delete;
    virtual ~SealEngine() = default;

    /// SealAboveTarget, SealMixWrong or SealEpochTooHigh. Not called for headers after the merge,
    /// which have no seal (check_seal of pow.hpp knows them).
    [[nodiscard]] virtual Result<void, BlockError> check(const Header& header) const = 0;

    /// What the seal commits to: everything in the header but mix hash and nonce.
    [[nodiscard]] virtual Hash256 seal_hash(const Header& header) const = 0;
};

}  // namespace cairn::chain
