// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>

#include "core/types/ids.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::rpc {

/// Where precompiles stand in one call: state overrides may move them to other addresses or put an
/// account in their place (geth's movePrecompileToAddress).
struct PrecompileMoves {
    std::map<Address, Address> moved;  ///< address → the precompile's own address
    std::set<Address> removed;         ///< addresses that have no precompile in this call

    [[nodiscard]] bool is_empty() const noexcept { return moved.empty() && removed.empty(); }
};

/// Puts moves in force on this thread for as long as it lives: machines ask a plain function for
/// precompiles, which cannot carry them.
class PrecompileScope {
public:
    explicit PrecompileScope(const PrecompileMoves& moves) noexcept;
    ~PrecompileScope();
    PrecompileScope(const PrecompileScope&) = delete;
    PrecompileScope& operator=(const PrecompileScope&) = delete;

private:
    const PrecompileMoves* before_;
};

/// The precompile at `address` under the thread's moves; without any, that of the revision.
[[nodiscard]] const vm::Precompile* find_moved_precompile(Revision revision,
                                                          const Address& address) noexcept;

}  // namespace cairn::rpc
