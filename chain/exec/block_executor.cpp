// SPDX-License-Identifier: MIT
#include "chain/exec/block_executor.hpp"

#include <algorithm>
#include <utility>

#include "chain/exec/requests.hpp"
#include "chain/exec/system_calls.hpp"
#include "chain/rules/base_fee.hpp"
#include "chain/rules/ommers.hpp"
#include "chain/trie/list_root.hpp"
#include "core/base/assert.hpp"
#include "core/crypto/sha256.hpp"
#include "core/types/bloom.hpp"

namespace cairn::chain {
namespace {

/// wei in a Gwei, the unit of withdrawals (EIP-4895).
constexpr std::uint64_t kWeiPerGwei = 1'000'000'000;

/// Calls a contract that answers with requests and appends them; false where it fails.
[[nodiscard]] bool collect_requests(vm::Vm& vm, State& state, const RuleSet& rules,
                                    const BlockEnv& env, RequestType type, const Address& contract,
                                    std::vector<Bytes>& requests) {
    const auto result = system_call(vm, state, rules, env, contract, {});
    if (!result || result->status != vm::Status::Success) return false;
    if (result->output.empty()) return true;
    Bytes request{static_cast<std::uint8_t>(type)};
    request.insert(request.end(), result->output.begin(), result->output.end());
    requests.push_back(std::move(request));
    return true;
}

}  // namespace

BlockEnv make_block_env(const ChainSpec& spec, const RuleSet& rules, const Header& header,
                        BlockHashFunction block_hash) {
    BlockEnv env;
    env.chain_id = Uint256{spec.chain_id()};
    env.coinbase = header.beneficiary;
    env.number = header.number;
    env.timestamp = header.timestamp;
    env.gas_limit = header.gas_limit;
    env.prev_randao =
        rules.has_prev_randao ? load_be256(header.mix_hash.data()) : header.difficulty.value;
    env.base_fee = header.base_fee.value_or(Wei{});
    // Without blobs nothing moves the price from its least (docs: networks).
    env.blob_base_fee = rules.has_blobs && header.excess_blob_gas
                            ? blob_base_fee(rules.blobs, *header.excess_blob_gas)
                            : Wei{kMinBlobBaseFee};
    env.block_hash = std::move(block_hash);
    return env;
}

Hash256 requests_hash_of(std::span<const Bytes> requests) {
    Bytes digests;
    digests.reserve(requests.size() * Hash256::kSize);
    for (const Bytes& request : requests) {
        const Hash256 digest = sha256(request);
        digests.insert(digests.end(), digest.begin(), digest.end());
    }
    return sha256(digests);
}

Hash256 receipts_root_of(std::span<const Receipt> receipts) {
    return list_root(receipts.size(), [&](std::size_t index, Bytes& out) {
        out = encode_receipt(receipts[index]);
    });
}

BlockExecutor::BlockExecutor(vm::Vm& vm, State& state, const ChainSpec& spec, const RuleSet& rules,
                             const Header& header, BlockHashFunction block_hash, RootFunction root)
    : vm_{vm},
      state_{state},
      spec_{spec},
      rules_{rules},
      header_{header},
      env_{make_block_env(spec, rules, header, std::move(block_hash))},
      budget_{.gas = header.gas_limit,
              .blob_gas = rules.has_blobs ? rules.blobs.max * kGasPerBlob : 0},
      root_{std::move(root)} {
    CAIRN_ASSERT(!rules.receipt_has_state_root || root_);
}

void BlockExecutor::begin() {
    if (spec_.parameters().dao_fork_block == header_.number) move_dao_balances(state_);
    // Neither call's end matters: a contract that is not there or fails changes nothing.
    if (rules_.has_beacon_root && header_.parent_beacon_root)
        system_call(vm_, state_, rules_, env_, beacon_roots_contract(),
                    *header_.parent_beacon_root);
    if (rules_.has_block_hash_history)
        system_call(vm_, state_, rules_, env_, block_hash_history_contract(), header_.parent_hash);
}

Result<TxOutcome, TxError> BlockExecutor::add(const Transaction& tx, const Address& sender,
                                              vm::Tracer* tracer) {
    auto outcome = transact(vm_, state_, rules_, env_, budget_, tx, sender, tracer);
    if (!outcome) return outcome;
    const Gas blob_gas = blob_gas_of(tx.blob_hashes.size());
    outcome_.gas_used += outcome->gas_used;
    outcome_.blob_gas_used += blob_gas;
    budget_.gas -= outcome->gas_used;
    budget_.blob_gas -= blob_gas;

    Receipt receipt;
    receipt.type = tx.type;
    if (rules_.receipt_has_state_root)
        receipt.state_root = root_(state_);
    else
        receipt.success = outcome->success();
    receipt.cumulative_gas_used = outcome_.gas_used;
    receipt.logs = std::move(outcome->logs);
    receipt.bloom = logs_bloom(receipt.logs);
    if (!receipt.logs.empty()) bloom_merge(outcome_.logs_bloom, receipt.bloom);
    outcome_.receipts.push_back(std::move(receipt));
    return outcome;
}

Result<BlockOutcome, BlockFault> BlockExecutor::finish(std::span<const HashedHeader> ommers,
                                                       std::span<const Withdrawal> withdrawals) {
    if (rules_.has_requests) {
        auto deposits =
            collect_deposits(outcome_.receipts, spec_.parameters().deposit_contract);
        if (!deposits) return Unexpected{BlockFault{BlockError::DepositLogInvalid}};
        if (!deposits->empty()) {
            deposits->insert(deposits->begin(), static_cast<std::uint8_t>(RequestType::Deposit));
            outcome_.requests.push_back(*std::move(deposits));
        }
        if (!collect_requests(vm_, state_, rules_, env_, RequestType::Withdrawal,
                              withdrawal_requests_contract(), outcome_.requests) ||
            !collect_requests(vm_, state_, rules_, env_, RequestType::Consolidation,
                              consolidation_requests_contract(), outcome_.requests))
            return Unexpected{BlockFault{BlockError::SystemCallFailed}};
    }

    state_.begin_transaction();
    for (const Withdrawal& withdrawal : withdrawals)
        state_.add_balance(withdrawal.address,
                           Wei{withdrawal.amount_gwei} * Wei{kWeiPerGwei});
    // After the merge there is no reward, and the beneficiary is not even touched (EIP-3675).
    if (!rules_.block_reward.is_zero()) {
        for (const HashedHeader& ommer : ommers)
            state_.add_balance(ommer->beneficiary,
                               ommer_reward(rules_, header_.number, ommer->number));
        state_.add_balance(header_.beneficiary, block_reward(rules_, ommers.size()));
    }
    state_.finalise_transaction(empty_accounts());
    return std::move(outcome_);
}

Result<BlockOutcome, BlockFault> execute_block(vm::Vm& vm, State& state, const ChainSpec& spec,
                                               const RuleSet& rules, const Block& block,
                                               std::span<const Address> senders,
                                               const BlockHashFunction& block_hash,
                                               const RootFunction& root) {
    const Header& header = *block.header;
    CAIRN_ASSERT(senders.size() == block.body.transactions.size());
    BlockExecutor executor{vm, state, spec, rules, header, block_hash, root};
    executor.begin();
    for (std::size_t i = 0; i < senders.size(); ++i) {
        const auto outcome = executor.add(block.body.transactions[i].tx(), senders[i]);
        if (!outcome)
            return Unexpected{BlockFault{BlockError::TxInvalid, i, outcome.error()}};
    }
    std::span<const Withdrawal> withdrawals;
    if (block.body.withdrawals) withdrawals = *block.body.withdrawals;
    auto outcome = executor.finish(block.body.ommers, withdrawals);
    if (!outcome) return outcome;
    if (outcome->gas_used != header.gas_used)
        return Unexpected{BlockFault{BlockError::GasUsedWrong}};
    if (outcome->logs_bloom != header.logs_bloom)
        return Unexpected{BlockFault{BlockError::LogsBloomWrong}};
    if (receipts_root_of(outcome->receipts) != header.receipts_root)
        return Unexpected{BlockFault{BlockError::ReceiptsRootWrong}};
    if (rules.has_requests && requests_hash_of(outcome->requests) != header.requests_hash)
        return Unexpected{BlockFault{BlockError::RequestsHashWrong}};
    return outcome;
}

}  // namespace cairn::chain
