// SPDX-License-Identifier: MIT
#include "rpc/simulator.hpp"

#include <algorithm>
#include <limits>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/body_check.hpp"
#include "chain/rules/tx_check.hpp"
#include "chain/store/account_edits.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/evm_call.hpp"
#include "rpc/transfer_tracer.hpp"

namespace cairn::rpc {
namespace {

// Error codes of eth_simulateV1 (execution API).
constexpr int kNonceTooLow = -38010;
constexpr int kNonceTooHigh = -38011;
constexpr int kBaseFeeTooLow = -38012;
constexpr int kIntrinsicGas = -38013;
constexpr int kInsufficientFunds = -38014;
constexpr int kBlockGasLimit = -38015;
constexpr int kNumbersOutOfOrder = -38020;
constexpr int kTimesOutOfOrder = -38021;
constexpr int kSenderNotEoa = -38024;
constexpr int kInitcodeTooLarge = -38025;
constexpr int kTooManyBlocks = -38026;

int code_of(chain::TxError error) noexcept {
    switch (error) {
        case chain::TxError::NonceTooLow:
            return kNonceTooLow;
        case chain::TxError::NonceTooHigh:
            return kNonceTooHigh;
        case chain::TxError::FeeCapBelowBaseFee:
            return kBaseFeeTooLow;
        case chain::TxError::IntrinsicGasTooLow:
        case chain::TxError::GasLimitBelowFloor:
            return kIntrinsicGas;
        case chain::TxError::InsufficientFunds:
            return kInsufficientFunds;
        case chain::TxError::BlockGasLimitReached:
            return kBlockGasLimit;
        case chain::TxError::SenderNotEoa:
            return kSenderNotEoa;
        case chain::TxError::InitcodeTooLarge:
            return kInitcodeTooLarge;
        default:
            return kInternalError;
    }
}

Unexpected<RpcError> fail(int code, std::string message) {
    return Unexpected{RpcError{code, std::move(message)}};
}

std::string out_of_order(const char* what, std::uint64_t later, std::uint64_t earlier) {
    return std::string{"block "} + what + " must be in order: " + std::to_string(later) +
           " <= " + std::to_string(earlier);
}

/// The type of a transaction that nobody signed: with a base fee there are dynamic fees unless a
/// gas price is given.
TxType simulated_type(const CallArgs& args, bool has_base_fee) noexcept {
    if (args.gas_price) return TxType::Legacy;
    const auto asked = args.type();
    if (asked == TxType::SetCode || asked == TxType::Blob) return asked;
    return has_base_fee ? TxType::DynamicFee : asked;
}

}  // namespace

Simulator::Simulator(EthContext& context, const StateAt& base, const SimulateRequest& request,
                     std::unique_ptr<TriesAt> tries)
    : context_{context},
      base_{base},
      request_{request},
      tries_{std::move(tries)},
      overlay_{base.state()},
      machine_{context.machines.take()},
      parent_{base.header()},
      gas_left_{context.limits.gas_cap == 0 ? std::numeric_limits<Gas>::max() / 2
                                            : context.limits.gas_cap} {}

Result<std::unique_ptr<Simulator>, RpcError> Simulator::open(EthContext& context,
                                                             const StateAt& base,
                                                             const SimulateRequest& request) {
    auto tries = TriesAt::open(base.view(), *base.header());
    if (!tries) return Unexpected{tries.error()};
    return std::unique_ptr<Simulator>{new Simulator{context, base, request, std::move(*tries)}};
}

Result<std::vector<SimulatedBlock>, RpcError> Simulator::fill(const Header& base,
                                                              std::vector<SimulatedBlock> blocks) {
    std::vector<SimulatedBlock> out;
    auto number = base.number;
    auto time = base.timestamp;
    for (auto& block : blocks) {
        const auto wanted = block.block.number.value_or(number + 1);
        if (wanted <= number)
            return fail(kNumbersOutOfOrder, out_of_order("numbers", wanted, number));
        if (wanted - base.number > kSimulatedBlocksMax)
            return fail(kTooManyBlocks, "too many blocks");
        while (number + 1 < wanted) {
            SimulatedBlock gap;
            gap.block.number = ++number;
            gap.block.time = time += kSimulatedBlockSeconds;
            out.push_back(std::move(gap));
        }
        const auto at = block.block.time.value_or(time + kSimulatedBlockSeconds);
        if (at <= time) return fail(kTimesOutOfOrder, out_of_order("timestamps", at, time));
        block.block.number = number = wanted;
        block.block.time = time = at;
        out.push_back(std::move(block));
    }
    return out;
}

Header Simulator::make_header(const SimulatedBlock& block, const chain::RuleSet& rules) const {
    const auto& overrides = block.block;
    const auto& parent = *parent_;
    Header header;
    header.parent_hash = parent_.hash();
    header.number = *overrides.number;
    header.timestamp = *overrides.time;
    header.beneficiary = overrides.fee_recipient.value_or(parent.beneficiary);
    header.gas_limit = overrides.gas_limit.value_or(parent.gas_limit);
    header.difficulty = rules.has_prev_randao ? Difficulty{} : parent.difficulty;
    if (overrides.difficulty) header.difficulty = Difficulty{*overrides.difficulty};
    header.mix_hash = overrides.prev_randao.value_or(Hash256{});
    if (rules.has_base_fee)
        header.base_fee = overrides.base_fee.value_or(
            request_.is_validated ? chain::next_base_fee(parent) : Wei{});
    if (rules.has_withdrawals) header.withdrawals_root = kEmptyTrieRoot;
    if (rules.has_blobs) {
        header.blob_gas_used = 0;
        header.excess_blob_gas = chain::next_excess_blob_gas(rules.blobs, parent);
    }
    if (rules.has_beacon_root)
        header.parent_beacon_root = overrides.parent_beacon_root.value_or(Hash256{});
    return header;
}

chain::BlockHashFunction Simulator::block_hashes(const Header& header) const {
    return [this, below = block_hashes_before(base_.view(), *base_.header()),
            number = header.number](BlockNumber wanted) -> Hash256 {
        if (wanted >= number) return {};
        if (const auto own = hashes_.find(wanted); own != hashes_.end())
            return own->second.as<Hash256>();
        return wanted == base_.header()->number ? base_.header().hash().as<Hash256>()
                                                : below(wanted);
    };
}

Hash256 Simulator::root() const {
    const auto diff = overlay_.changes();
    const auto edits = chain::account_edits(diff, base_.state());
    chain::StateTrieChanges changes;
    const auto root = chain::update_state_root(tries_->nodes(), edits.edits, changes);
    CAIRN_ASSERT(root.has_value());
    return *root;
}

/// A block under way.
struct Simulator::Running {
    const chain::RuleSet& rules;
    chain::BlockEnv env;
    chain::State& state;
    Header& header;
    Gas gas_used = 0;
    Gas blob_gas_used = 0;
    std::vector<SignedTx> transactions{};
    std::vector<Receipt> receipts{};
    SimulatedResult& result;
};

Result<Transaction, RpcError> Simulator::make_tx(const CallArgs& args,
                                                 const Running& running) const {
    const auto block_left = running.env.gas_limit - running.gas_used;
    const auto wanted = args.gas.value_or(block_left);
    if (wanted > block_left)
        return fail(kBlockGasLimit,
                    "block gas limit reached: " + std::to_string(running.gas_used + wanted) +
                        " >= " + std::to_string(running.env.gas_limit));
    auto tx = args.to_tx(std::min(wanted, gas_left_));
    tx.type = simulated_type(args, running.header.base_fee.has_value());
    if (!tx.chain_id && tx.type != TxType::Legacy) tx.chain_id = context_.spec.chain_id();
    const auto nonce = running.state.nonce(args.sender());
    if (!args.nonce) tx.nonce = nonce;
    // The machine's checks leave this one to what is signed (EIP-2681).
    if (request_.is_validated && tx.nonce == nonce &&
        nonce == std::numeric_limits<std::uint64_t>::max())
        return fail(code_of(chain::TxError::NonceIsMax),
                    "err: " + std::string{chain::to_string(chain::TxError::NonceIsMax)} +
                        ": address " + checksummed(args.sender()) +
                        ", nonce: " + std::to_string(nonce) + " (supplied gas " +
                        std::to_string(tx.gas_limit) + ")");
    return tx;
}

void Simulator::note(Transaction tx, const chain::TxOutcome& outcome, Running& running) {
    running.gas_used += outcome.gas_used;
    running.blob_gas_used += chain::blob_gas_of(tx.blob_hashes.size());
    gas_left_ -= std::min(gas_left_, outcome.gas_used);
    Receipt receipt;
    receipt.type = tx.type;
    receipt.success = outcome.success();
    receipt.cumulative_gas_used = running.gas_used;
    receipt.logs = outcome.logs;
    receipt.bloom = logs_bloom(receipt.logs);
    if (running.rules.receipt_has_state_root) {
        overlay_.apply(running.state.take_diff());
        receipt.state_root = root();
    }
    bloom_merge(running.header.logs_bloom, receipt.bloom);
    running.receipts.push_back(std::move(receipt));
    running.transactions.emplace_back(std::move(tx), TxSignature{});
}

Reply Simulator::run_call(const CallArgs& args, Running& running) {
    const auto sender = args.sender();
    auto tx = make_tx(args, running);
    if (!tx) return Unexpected{tx.error()};
    TransferTracer tracer;
    auto* listener = request_.traces_transfers ? &tracer : nullptr;
    auto& vm = machine_.vm();
    const chain::BlockBudget budget{running.env.gas_limit - running.gas_used,
                                    std::numeric_limits<Gas>::max()};
    auto outcome =
        request_.is_validated
            ? chain::transact(vm, running.state, running.rules, running.env, budget, *tx, sender,
                              listener)
            : chain::call(vm, running.state, running.rules, running.env, *tx, sender, listener);
    if (!outcome) {
        // The message speaks of the state as the calls before have left it.
        overlay_.apply(running.state.take_diff());
        return fail(
            code_of(outcome.error()),
            "err: " +
                tx_error_text(outcome.error(), *tx, sender, overlay_, running.env, running.rules) +
                " (supplied gas " + std::to_string(tx->gas_limit) + ")");
    }
    // What a creation returns is the code that it deploys.
    if (outcome->created) outcome->output = to_bytes(running.state.code(*outcome->created));
    note(std::move(*tx), *outcome, running);
    running.result.senders.push_back(sender);
    auto logs = request_.traces_transfers ? tracer.take_logs() : outcome->logs;
    running.result.calls.push_back({std::move(*outcome), std::move(logs)});
    return {};
}

Result<SimulatedResult, RpcError> Simulator::run(const SimulatedBlock& block) {
    const auto& rules = rules_of(context_.spec, *parent_, *block.block.number, *block.block.time);
    auto header = make_header(block, rules);
    PrecompileMoves moves;
    if (auto applied = block.state.apply(overlay_, moves, rules.revision); !applied)
        return Unexpected{applied.error()};
    const PrecompileScope scope{moves};
    auto& state = machine_.state_over(overlay_);
    // Receipts are made here, since calls need not be valid transactions; the executor does what
    // stands around them.
    chain::BlockExecutor executor{machine_.vm(),
                                  state,
                                  context_.spec,
                                  rules,
                                  header,
                                  block_hashes(header),
                                  [](chain::State&) { return Hash256{}; }};
    executor.begin();
    auto env = executor.env();
    if (block.block.blob_base_fee) env.blob_base_fee = *block.block.blob_base_fee;

    SimulatedResult result{Block{HashedHeader{Header{}}, {}}, {}, {}};
    Running running{rules, env, state, header, 0, 0, {}, {}, result};
    for (const auto& call : block.calls)
        if (auto ran = run_call(call, running); !ran) return Unexpected{ran.error()};

    const auto withdrawals = block.block.withdrawals.value_or(std::vector<Withdrawal>{});
    const auto finished =
        executor.finish({}, rules.has_withdrawals ? withdrawals : std::vector<Withdrawal>{});
    if (!finished) return fail(kInternalError, "the block cannot be finished");
    overlay_.apply(state.take_diff());

    header.gas_used = running.gas_used;
    if (rules.has_blobs) header.blob_gas_used = running.blob_gas_used;
    if (rules.has_requests) header.requests_hash = chain::requests_hash_of(finished->requests);
    header.transactions_root = chain::transactions_root_of(running.transactions);
    header.receipts_root = chain::receipts_root_of(running.receipts);
    if (rules.has_withdrawals) header.withdrawals_root = chain::withdrawals_root_of(withdrawals);
    header.state_root = root();
    result.block =
        Block{HashedHeader{std::move(header)}, {std::move(running.transactions), {}, std::nullopt}};
    if (rules.has_withdrawals) result.block.body.withdrawals = withdrawals;
    parent_ = result.block.header;
    hashes_.emplace(parent_->number, parent_.hash());
    return result;
}

}  // namespace cairn::rpc
