// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "chain/import/import_outcome.hpp"

/// What the public suites call the reasons for refusing a block: execution-spec-tests'
/// "BlockException.INVALID_GASLIMIT", the older "InvalidGasLimit2" of retesteth, and the names for
/// transactions (exception_names.hpp), since a block may be refused for one that it holds. One
/// text may give alternatives, separated by `|`.
namespace cairn::node {

/// Whether one of the alternatives means what the outcome says. Some names are wider than our
/// errors: a suite's name stands for what the clients it was made with reported first, so where
/// several rules are broken at once, each of them is taken. A fault of an ommer's header counts as
/// the same fault of a header.
[[nodiscard]] bool names_outcome(std::string_view exception,
                                 const chain::ImportOutcome& outcome) noexcept;

/// Whether every alternative is a name that names_outcome knows; another one matches nothing, and
/// a runner says so.
[[nodiscard]] bool is_known_block_exception(std::string_view exception) noexcept;

}  // namespace cairn::node
