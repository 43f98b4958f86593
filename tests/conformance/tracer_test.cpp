// SPDX-License-Identifier: MIT
// go-ethereum's tracer cases: genesis, block context, one transaction, and the exact result of a tracer over it.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "chain/exec/block_executor.hpp"
#include "chain/spec/spec_json.hpp"
#include "chain/state/memory_state.hpp"
#include "chain/state/state.hpp"
#include "core/base/hex.hpp"
#include "core/types/transaction_rlp.hpp"
#include "rpc/tracers/trace_config.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::rpc {
namespace {

using nlohmann::json;

/// A number as the files have it: JSON, decimal text, or hex text.
Uint256 number_of(const json& value) {
    if (value.is_number()) return Uint256{value.get<std::uint64_t>()};
    const auto& text = value.get_ref<const std::string&>();
    const auto number = text.starts_with("0x") ? (text.size() == 2 ? Uint256{} : from_hex_number(text))
                                               : parse_decimal(text);
    if (!number) throw std::runtime_error{"no number: " + text};
    return *number;
}

}  // namespace
}  // namespace cairn::rpc
