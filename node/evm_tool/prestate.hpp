// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "chain/state/memory_state.hpp"
#include "core/base/expected.hpp"
#include "core/types/ids.hpp"

namespace cairn::node {

/// A state from a JSON file in the form of geth's genesis `alloc`: address → {balance, nonce, code, storage}, each of
/// them optional; numbers as JSON numbers or as text, decimal or 0x. A whole genesis file is taken too, of which only
/// `alloc` is read. The error is one line naming the file and the place.
[[nodiscard]] Result<chain::MemoryState, std::string> load_prestate(const std::filesystem::path& path);

/// The state in the same form, indented, ending in a newline; accounts and slots ascending.
[[nodiscard]] std::string dump_state(const chain::MemoryState& state);

/// Root of the state trie (Yellow Paper, section 4.1).
[[nodiscard]] Hash256 root_of(const chain::MemoryState& state);

}  // namespace cairn::node
