// SPDX-License-Identifier: MIT
#pragma once

#include "chain/rules/block_error.hpp"
#include "chain/rules/errors.hpp"
#include "core/types/decode_error.hpp"

namespace cairn::chain {

/// What follows from an error: whose fault it is, whether it stays, what an RPC client is told.
struct Blame {
    /// The peer who gave this is at fault: it could have known.
    bool is_givers_fault = false;
    /// The hash stands for something invalid for good, whoever gives it and whenever: it may be
    /// remembered, and so may everything that stands on it. False where another body, another
    /// clock or another state may make it good.
    ///
    /// A header that fails before its seal was checked cost its maker nothing, so that what is
    /// remembered of such must be bounded.
    bool is_final = false;
    /// JSON-RPC error code.
    int rpc_code = -32000;

    friend bool operator==(const Blame&, const Blame&) noexcept = default;
};

[[nodiscard]] Blame blame_of(BlockError error) noexcept;
/// A transaction offered by itself, to the pool: is_final means that its hash will never be taken.
[[nodiscard]] Blame blame_of(TxError error) noexcept;
/// Bytes that are no block or transaction at all. Nothing is remembered: there is no hash yet.
[[nodiscard]] Blame blame_of(const DecodeError& error) noexcept;

}  // namespace cairn::chain
