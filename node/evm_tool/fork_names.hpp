// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/types/revision.hpp"

namespace cairn::node {

/// The revision that a fork's name means, in any case: this project's names, those of the public Ethereum tests
/// ("EIP150", "EIP158", "ConstantinopleFix", "Merge") and of geth ("TangerineWhistle", "SpuriousDragon").
[[nodiscard]] std::optional<Revision> find_revision(std::string_view name) noexcept;

/// The name under which a revision is printed.
[[nodiscard]] std::string_view revision_name(Revision revision) noexcept;

/// All revisions' names, oldest first, separated by ", ".
[[nodiscard]] std::string known_revisions();

}  // namespace cairn::node
