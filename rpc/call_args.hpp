// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chain/exec/block_env.hpp"
#include "core/types/block.hpp"
#include "core/types/transaction.hpp"
#include "rpc/errors.hpp"
#include "rpc/overlay_state.hpp"
#include "rpc/param_codec.hpp"
#include "rpc/precompile_moves.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::rpc {

/// A transaction object of eth_call and its like: every field may be left out.
struct CallArgs {
    std::optional<Address> from{};
    std::optional<Address> to{};
    std::optional<std::uint64_t> gas{};
    std::optional<Wei> gas_price{};
    std::optional<Wei> max_fee_per_gas{};
    std::optional<Wei> max_priority_fee_per_gas{};
    std::optional<Wei> value{};
    std::optional<std::uint64_t> nonce{};
    std::optional<Bytes> input{};  ///< `input`, or `data`, its old name; both where they are equal
    std::optional<AccessList> access_list{};
    std::optional<Uint256> chain_id{};
    std::optional<Wei> max_fee_per_blob_gas{};
    std::optional<std::vector<Hash256>> blob_hashes{};
    std::optional<std::vector<Authorization>> authorization_list{};

    [[nodiscard]] Address sender() const { return from.value_or(Address{}); }
    /// The transaction as it would be sent: the type that its fields ask for, gas as given.
    [[nodiscard]] Transaction to_tx(Gas gas_limit) const;
    /// The type that its fields ask for.
    [[nodiscard]] TxType type() const noexcept;
    /// Errors of the object as a whole, in geth's words: two kinds of price, another chain's id.
    [[nodiscard]] Reply check(std::uint64_t own_chain_id) const;
};
CAIRN_PARAM_CODEC(CallArgs);

/// What a call changes about one account before it runs.
struct AccountOverride {
    std::optional<Wei> balance{};
    std::optional<std::uint64_t> nonce{};
    std::optional<Bytes> code{};
    std::optional<std::vector<std::pair<Uint256, Uint256>>> state{};       ///< the whole storage
    std::optional<std::vector<std::pair<Uint256, Uint256>>> state_diff{};  ///< single slots
    std::optional<Address> move_precompile_to{};
};

/// The third parameter of eth_call: accounts as they shall be.
struct StateOverrides {
    std::map<Address, AccountOverride> accounts{};

    [[nodiscard]] bool is_empty() const noexcept { return accounts.empty(); }
    /// Lays them over a state and moves precompiles. Errors: an account with both kinds of storage
    /// (-32602), a move of what is no precompile (-32602), onto itself (-38022), or onto an account
    /// that is overridden too (-38023).
    [[nodiscard]] Reply apply(OverlayState& state, PrecompileMoves& moves, Revision revision) const;
};
CAIRN_PARAM_CODEC(StateOverrides);

CAIRN_PARAM_CODEC(std::vector<Withdrawal>);

/// What a call changes about its block.
struct BlockOverrides {
    std::optional<BlockNumber> number{};
    std::optional<UnixSeconds> time{};
    std::optional<Gas> gas_limit{};
    std::optional<Address> fee_recipient{};
    std::optional<Hash256> prev_randao{};
    std::optional<Uint256> difficulty{};
    std::optional<Wei> base_fee{};
    std::optional<Wei> blob_base_fee{};
    std::optional<Hash256> parent_beacon_root{};           ///< eth_simulateV1 only
    std::optional<std::vector<Withdrawal>> withdrawals{};  ///< likewise

    void apply(chain::BlockEnv& env) const;
};
CAIRN_PARAM_CODEC(BlockOverrides);

}  // namespace cairn::rpc
