// SPDX-License-Identifier: MIT
#include "rpc/precompile_moves.hpp"

namespace cairn::rpc {
namespace {

thread_local const PrecompileMoves* current_moves = nullptr;

}  // namespace

PrecompileScope::PrecompileScope(const PrecompileMoves& moves) noexcept : before_{current_moves} {
    current_moves = moves.is_empty() ? nullptr : &moves;
}

PrecompileScope::~PrecompileScope() {
    current_moves = before_;
}

const vm::Precompile* find_moved_precompile(Revision revision, const Address& address) noexcept {
    if (current_moves == nullptr) return vm::find_precompile(revision, address);
    if (const auto moved = current_moves->moved.find(address); moved != current_moves->moved.end())
        return vm::find_precompile(revision, moved->second);
    if (current_moves->removed.contains(address)) return nullptr;
    return vm::find_precompile(revision, address);
}

}  // namespace cairn::rpc
