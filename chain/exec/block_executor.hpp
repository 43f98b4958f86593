// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "chain/exec/block_env.hpp"
#include "chain/exec/transact.hpp"
#include "chain/rules/block_error.hpp"
#include "chain/spec/chain_spec.hpp"
#include "chain/state/state.hpp"
#include "core/base/expected.hpp"
#include "core/types/block.hpp"
#include "core/types/receipt.hpp"
#include "vm/vm.hpp"

namespace cairn::chain {

/// State root after the transactions so far, for receipts before Byzantium (EIP-658). Called after
/// each transaction with the state that it left, finalised; may take the state's diff.
using RootFunction = std::function<Hash256(State& state)>;

/// What a block's execution gives beside the changed state.
struct BlockOutcome {
    std::vector<Receipt> receipts;  ///< one a transaction, in order
    Gas gas_used = 0;
    Gas blob_gas_used = 0;
    Bloom logs_bloom;
    /// By ascending type: type ‖ data, empty ones left out (EIP-7685). Empty without requests.
    std::vector<Bytes> requests;
};

/// What a block with this header shows to its transactions.
///
/// @param header  fees and blob gas set as the rules want them (a template's suffices)
[[nodiscard]] BlockEnv make_block_env(const ChainSpec& spec, const RuleSet& rules,
                                      const Header& header, BlockHashFunction block_hash);

/// SHA-256 over the SHA-256 of each request (EIP-7685).
[[nodiscard]] Hash256 requests_hash_of(std::span<const Bytes> requests);

/// Root of the receipts trie (Yellow Paper, equation 33; EIP-2718). Pure; any thread.
[[nodiscard]] Hash256 receipts_root_of(std::span<const Receipt> receipts);

/// Executes a block step by step on a state: begin, then add for each transaction, then finish.
/// Serves import, templates, traces and simulation alike. All references outlive it; one thread.
class BlockExecutor {
public:
    /// @param header  of the block at hand; only fields that execution sees are looked at: number,
    ///                timestamp, beneficiary, gas limit, difficulty or mix hash, base fee, excess
    ///                blob gas, parent hash, beacon root
    /// @param root    needed where rules.receipt_has_state_root (asserted)
    BlockExecutor(vm::Vm& vm, State& state, const ChainSpec& spec, const RuleSet& rules,
                  const Header& header, BlockHashFunction block_hash, RootFunction root = {});

    /// What comes before the transactions: the DAO transfer (EIP-779), beacon root (EIP-4788),
    /// parent hash (EIP-2935).
    void begin();

    /// Executes one transaction, which has passed check_tx_fields under the rules.
    /// @return its outcome, logs moved into the receipt; or why it may not come next, the state
    ///         unchanged
    [[nodiscard]] Result<TxOutcome, TxError> add(const Transaction& tx, const Address& sender,
                                                 vm::Tracer* tracer = nullptr);

    /// What comes after: deposits (EIP-6110), withdrawal and consolidation requests (EIP-7002,
    /// EIP-7251), withdrawals (EIP-4895), rewards for block and ommers.
    /// @return what the receipts and the header commit to; DepositLogInvalid, SystemCallFailed
    [[nodiscard]] Result<BlockOutcome, BlockFault> finish(
        std::span<const HashedHeader> ommers,
        std::span<const Withdrawal> withdrawals);

    [[nodiscard]] const BlockEnv& env() const noexcept { return env_; }
    /// What is left for further transactions.
    [[nodiscard]] const BlockBudget& budget() const noexcept { return budget_; }
    /// So far.
    [[nodiscard]] const std::vector<Receipt>& receipts() const noexcept {
        return outcome_.receipts;
    }

private:
    [[nodiscard]] EmptyAccounts empty_accounts() const noexcept {
        return rules_.clears_empty_accounts ? EmptyAccounts::Delete : EmptyAccounts::Keep;
    }

    vm::Vm& vm_;
    State& state_;
    const ChainSpec& spec_;
    const RuleSet& rules_;
    const Header& header_;
    BlockEnv env_;
    BlockBudget budget_;
    RootFunction root_;
    BlockOutcome outcome_;
};

/// Executes a whole block and holds the outcome against its header: gas used, bloom, receipts root,
/// requests hash, in this order. The state root is the caller's to compare, who knows the tries.
///
/// @param senders  of its transactions, in order
/// @return         the outcome; TxInvalid with the transaction's index, SystemCallFailed,
///                 DepositLogInvalid, GasUsedWrong, LogsBloomWrong, ReceiptsRootWrong,
///                 RequestsHashWrong
[[nodiscard]] Result<BlockOutcome, BlockFault> execute_block(
    vm::Vm& vm, State& state, const ChainSpec& spec, const RuleSet& rules, const Block& block,
    std::span<const Address> senders, const BlockHashFunction& block_hash,
    const RootFunction& root = {});

}  // namespace cairn::chain
