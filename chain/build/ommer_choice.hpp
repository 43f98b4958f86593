// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "chain/spec/chain_spec.hpp"
#include "chain/store/read_view.hpp"
#include "core/types/header.hpp"

namespace cairn::chain {

/// Ommers that a child of the head with this header may have: side blocks of the store that
/// check_ommers passes, the youngest first, as many as the rules allow. Seals are taken on trust,
/// as the store holds no header whose seal was not checked.
/// @throws StoreError
[[nodiscard]] std::vector<HashedHeader> choose_ommers(const ChainReader& reader,
                                                      const ChainSpec& spec, const RuleSet& rules,
                                                      const Header& header);

}  // namespace cairn::chain
