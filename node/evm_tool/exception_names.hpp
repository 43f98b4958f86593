// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "chain/rules/errors.hpp"
#include "core/types/decode_error.hpp"

/// What the public suites call the reasons for refusing a transaction: execution-spec-tests'
/// "TransactionException.NONCE_IS_MAX", and the older "TR_NoFunds", "SenderNotEOA". One text may
/// give alternatives, separated by `|`.
namespace cairn::node {

/// Whether one of the alternatives means this error. Some names are wider than our errors and some
/// narrower; where a suite leaves two reasons indistinguishable (a fee overflow is also a lack of
/// funds), both are taken.
[[nodiscard]] bool names_error(std::string_view exception, chain::TxError error) noexcept;

/// Whether one of the alternatives means that decoding fails in this way.
[[nodiscard]] bool names_error(std::string_view exception, const DecodeError& error) noexcept;

/// Whether one of the alternatives means a value of more than 256 bits, which only bytes can carry
/// and no Transaction.
[[nodiscard]] bool names_wide_value(std::string_view exception) noexcept;

/// Whether every alternative is a name in the table; another one matches nothing, and a runner says
/// so.
[[nodiscard]] bool is_known_exception(std::string_view exception) noexcept;

}  // namespace cairn::node
