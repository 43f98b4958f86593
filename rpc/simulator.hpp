// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "chain/exec/block_executor.hpp"
#include "rpc/block_source.hpp"
#include "rpc/simulate.hpp"
#include "rpc/tries_at.hpp"

namespace cairn::rpc {

/// What one simulated call came to.
struct SimulatedCall {
    chain::TxOutcome outcome;
    std::vector<Log> logs;  ///< the outcome's, or with moves of coins among them
};

/// A simulated block, its header complete.
struct SimulatedResult {
    Block block;
    std::vector<Address> senders;
    std::vector<SimulatedCall> calls;
};

/// Executes made-up blocks one after the other on a state that grows in memory.
class Simulator {
public:
    /// @param base  the state of the block below; outlives the simulator
    [[nodiscard]] static Result<std::unique_ptr<Simulator>, RpcError> open(
        EthContext& context, const StateAt& base, const SimulateRequest& request);

    /// Gives every block its number and time, and fills the gaps between them.
    /// @return -38020 where numbers do not rise, -38021 where times do not, -38026 for too many
    /// blocks
    [[nodiscard]] static Result<std::vector<SimulatedBlock>, RpcError> fill(
        const Header& base, std::vector<SimulatedBlock> blocks);

    /// Executes the next block; its number and time are set.
    [[nodiscard]] Result<SimulatedResult, RpcError> run(const SimulatedBlock& block);

private:
    Simulator(EthContext& context, const StateAt& base, const SimulateRequest& request,
              std::unique_ptr<TriesAt> tries);

    [[nodiscard]] Header make_header(const SimulatedBlock& block,
                                     const chain::RuleSet& rules) const;
    [[nodiscard]] chain::BlockHashFunction block_hashes(const Header& header) const;
    /// Root of the state below with all changes so far.
    [[nodiscard]] Hash256 root() const;

    struct Running;
    /// The transaction that a call stands for, with nonce, gas and type; -38015 where the block has
    /// no gas for it.
    [[nodiscard]] Result<Transaction, RpcError> make_tx(const CallArgs& args,
                                                        const Running& running) const;
    /// Books an executed transaction: gas, receipt, bloom.
    void note(Transaction tx, const chain::TxOutcome& outcome, Running& running);
    [[nodiscard]] Reply run_call(const CallArgs& args, Running& running);

    EthContext& context_;
    const StateAt& base_;
    const SimulateRequest& request_;
    std::unique_ptr<TriesAt> tries_;
    OverlayState overlay_;
    VmPool::Lease machine_;
    HashedHeader parent_;
    std::map<BlockNumber, BlockHash> hashes_;  ///< of the simulated blocks
    Gas gas_left_;                             ///< of the cap over the whole simulation
};

}  // namespace cairn::rpc
