// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "chain/spec/chain_spec.hpp"
#include "chain/spec/rule_set.hpp"

/// The networks that the public Ethereum tests name ("EIP158", "BerlinToLondonAt5"): each a fork's
/// rules from genesis on, or two forks with the place where the second begins.
namespace cairn::chain {

/// Rules of a fork by the name that the public tests give it: "Frontier", "Homestead", "EIP150",
/// "EIP158", "Byzantium", "Constantinople", "ConstantinopleFix", "Istanbul", "MuirGlacier",
/// "Berlin", "London", "ArrowGlacier", "GrayGlacier", "Merge" or "Paris", "Shanghai", "Cancun",
/// "Prague", "Osaka", "BPO1", "BPO2"; also "Tangerine", "Spurious", "Petersburg". Nothing for any
/// other name.
[[nodiscard]] std::optional<RuleSet> find_fork_rules(std::string_view fork) noexcept;

/// A network by its name: a fork's name, or `<fork>To<fork>At<place>` where the place is a block
/// number ("5"), a time in thousands of seconds ("Time15k") or the total difficulty of the last
/// proof-of-work block in hexadecimal
/// ("DiffC0000"). The fork "Dao" is Homestead with the DAO transfer at the place. Seals are not
/// checked (SealKind::None). Nothing for any other name.
[[nodiscard]] std::optional<ChainSpec> find_test_network(std::string_view network,
                                                         std::uint64_t chain_id = 1);

}  // namespace cairn::chain
