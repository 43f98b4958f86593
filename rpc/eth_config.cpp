// SPDX-License-Identifier: MIT
// What the chain's forks are set to, and which part of its history this node can answer from.
#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "chain/exec/system_calls.hpp"
#include "chain/rules/fork_id.hpp"
#include "rpc/bind.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/tries_at.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::rpc {
namespace {

using chain::ForkTrigger;

/// When the rules in force at a time began; 0 where that was at or before genesis.
UnixSeconds activation_of(const chain::ChainSpec& spec, UnixSeconds genesis, UnixSeconds time) {
    UnixSeconds out = 0;
    for (const auto& step : spec.parameters().steps)
        if (step.trigger == ForkTrigger::Time && step.at <= time && step.at > genesis)
            out = std::max(out, step.at);
    return out;
}

std::optional<UnixSeconds> next_activation(const chain::ChainSpec& spec, UnixSeconds time) {
    std::optional<UnixSeconds> out;
    for (const auto& step : spec.parameters().steps)
        if (step.trigger == ForkTrigger::Time && step.at > time)
            out = std::min(out.value_or(step.at), step.at);
    return out;
}

void write_precompiles(JsonWriter& out, const chain::RuleSet& rules) {
    out.key("precompiles").begin_object();
    for (const auto& address : vm::precompile_addresses(rules.revision))
        out.data(vm::find_precompile(rules.revision, address)->name, address);
    out.end_object();
}

void write_system_contracts(JsonWriter& out, const chain::ChainSpec& spec,
                            const chain::RuleSet& rules) {
    out.key("systemContracts").begin_object();
    if (rules.has_beacon_root) out.data("BEACON_ROOTS_ADDRESS", chain::beacon_roots_contract());
    if (rules.has_requests) {
        out.data("CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS",
                 chain::consolidation_requests_contract());
        out.data("DEPOSIT_CONTRACT_ADDRESS", spec.parameters().deposit_contract);
    }
    if (rules.has_block_hash_history)
        out.data("HISTORY_STORAGE_ADDRESS", chain::block_hash_history_contract());
    if (rules.has_requests)
        out.data("WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS", chain::withdrawal_requests_contract());
    out.end_object();
}

void write_fork_id(JsonWriter& out, const chain::ForkId& id) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(id.hash >> (24 - 8 * i));
    out.data("forkId", bytes);
}

/// One of eth_config's three (EIP-7910), each as it is from a time on.
class ForkConfigs {
public:
    ForkConfigs(const chain::ChainSpec& spec, const HashedHeader& genesis, const Header& head)
        : spec_{spec},
          genesis_{genesis},
          head_{head},
          forks_{spec, genesis.hash(), genesis->timestamp} {}

    void write(JsonWriter& out, std::optional<UnixSeconds> time) const {
        if (!time) {
            out.null();
            return;
        }
        const auto& rules = rules_of(spec_, head_, head_.number, *time);
        out.begin_object();
        out.key("activationTime").number(activation_of(spec_, genesis_->timestamp, *time));
        out.key("blobSchedule");
        if (rules.has_blobs) {
            out.begin_object();
            out.key("baseFeeUpdateFraction").number(rules.blobs.base_fee_update_fraction);
            out.key("max").number(std::uint64_t{rules.blobs.max});
            out.key("target").number(std::uint64_t{rules.blobs.target}).end_object();
        } else {
            out.null();
        }
        out.quantity("chainId", spec_.chain_id());
        write_fork_id(out, forks_.id_at(head_.number, *time));
        write_precompiles(out, rules);
        write_system_contracts(out, spec_, rules);
        out.end_object();
    }

private:
    const chain::ChainSpec& spec_;
    const HashedHeader& genesis_;
    const Header& head_;
    chain::ForkSchedule forks_;
};

Reply config(EthContext& context, Call&, JsonWriter& out) {
    const chain::ReadView view{context.store};
    const auto head = view.header(*view.head());
    const auto genesis = view.header({0, *view.canonical_hash(0)});
    const auto next = next_activation(context.spec, (*head)->timestamp);
    std::optional<UnixSeconds> last;
    if (next)
        last = activation_of(context.spec, (*genesis)->timestamp,
                             std::numeric_limits<UnixSeconds>::max());
    const ForkConfigs configs{context.spec, *genesis, **head};
    out.begin_object().key("current");
    configs.write(out, (*head)->timestamp);
    out.key("next");
    configs.write(out, next);
    out.key("last");
    configs.write(out, last);
    out.end_object();
    return {};
}

/// @param window  blocks below the head that are kept, where the rest is deleted as the chain grows
void write_capability(JsonWriter& out, const char* name, BlockNumber oldest,
                      std::optional<BlockNumber> window = {}) {
    out.key(name).begin_object().boolean("disabled", false).quantity("oldestBlock", oldest);
    if (window) {
        out.key("deleteStrategy").begin_object().text("type", "window");
        out.quantity("retentionBlocks", *window).end_object();
    }
    out.end_object();
}

Reply capabilities(EthContext& context, Call&, JsonWriter& out) {
    const chain::ReadView view{context.store};
    const auto head = *view.head();
    const auto horizon = view.horizon();
    const auto proofs_back = TriesAt::kBlocksBackMax;
    const auto oldest_proof =
        std::max(horizon, head.number > proofs_back ? head.number - proofs_back : 0);
    const auto kept = context.state_blocks_kept;
    out.begin_object().key("head").begin_object();
    out.quantity("number", head.number).data("hash", head.hash).end_object();
    write_capability(out, "state", horizon, kept);
    write_capability(out, "tx", 0);
    write_capability(out, "logs", 0);
    write_capability(out, "receipts", 0);
    write_capability(out, "blocks", 0);
    write_capability(out, "stateproofs", oldest_proof, std::min(proofs_back, kept.value_or(proofs_back)));
    out.end_object();
    return {};
}

}  // namespace

std::vector<Method> eth_config_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(
        context,
        {"eth_config", "Settings of the fork in force, the next and the last (EIP-7910).",
         "object", Cost::Light},
        config));
    rows.push_back(method(context,
                          {"eth_capabilities", "Which blocks this node can answer about.",
                           "object", Cost::Light},
                          capabilities));
    return rows;
}

}  // namespace cairn::rpc
