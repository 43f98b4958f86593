// SPDX-License-Identifier: MIT
// What test suites ask of a developer's node, under the names that Hardhat and anvil gave it.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "chain/rules/header_check.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/random.hpp"
#include "core/types/revision.hpp"
#include "node/app/methods.hpp"
#include "rpc/bind.hpp"
#include "rpc/fees.hpp"
#include "rpc/hex_values.hpp"

namespace cairn::node {
namespace {

using rpc::AnyJson;
using rpc::Call;
using rpc::JsonWriter;
using rpc::Reply;

/// Blocks of one hardhat_mine at most: each is a real block with its own commit.
constexpr std::uint64_t kMineBlocksMax = 100'000;
/// Latest timestamp that may be asked for, seconds since 1970: what JSON's numbers carry exactly.
/// Sums of the clock, its offset and an interval stay far from wrapping below it.
constexpr UnixSeconds kPretendedTimeMax = (std::uint64_t{1} << 53) - 1;
/// Longest pause between blocks, in seconds: some 31 years.
constexpr std::uint64_t kIntervalMax = 1'000'000'000;

constexpr std::array<std::string_view, kRevisionCount> kRevisionNames{
    "Frontier", "Homestead", "Tangerine", "Spurious", "Byzantium", "Constantinople", "Petersburg", "Istanbul",
    "Berlin",   "London",    "Paris",     "Shanghai", "Cancun",    "Prague",         "Osaka"};

/// A number as these methods take it: a JSON number, or text in hex or decimal.
Result<std::uint64_t, rpc::RpcError> number_of(const nlohmann::json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (value.is_string()) {
        const auto text = value.get<std::string>();
        if (const auto hex = rpc::ParamCodec<std::uint64_t>::decode(value); hex) return *hex;
        if (!text.empty() && text.size() < 20 &&
            text.find_first_not_of("0123456789") == std::string::npos)
            return std::stoull(text);
    }
    return rpc::invalid_params("invalid argument 0: not a number");
}

/// A number of seconds, or a moment, as the clock of blocks can bear it.
Result<UnixSeconds, rpc::RpcError> time_of(const nlohmann::json& value) {
    const auto number = number_of(value);
    if (number && *number > kPretendedTimeMax)
        return rpc::invalid_params(
            fmt::format("invalid argument 0: {} is beyond the clock's end", *number));
    return number;
}

/// A pause between blocks.
/// @param unit_per_second  1: seconds; 1000: milliseconds
Result<std::chrono::milliseconds, rpc::RpcError> interval_of(const nlohmann::json& value,
                                                             std::uint64_t unit_per_second) {
    const auto number = number_of(value);
    if (!number) return Unexpected{number.error()};
    if (*number / unit_per_second > kIntervalMax)
        return rpc::invalid_params(
            fmt::format("invalid argument 0: more than {} seconds between blocks", kIntervalMax));
    return std::chrono::milliseconds{*number * (1000 / unit_per_second)};
}

/// The optional argument of evm_mine: nothing, a timestamp, or an object that has one.
Result<std::optional<UnixSeconds>, rpc::RpcError> timestamp_of(const std::optional<AnyJson>& arg) {
    using Timestamp = std::optional<UnixSeconds>;
    if (!arg || arg->value->is_null()) return Timestamp{};
    const nlohmann::json* value = arg->value;
    if (value->is_object()) {
        if (!value->contains("timestamp")) return Timestamp{};
        value = &value->at("timestamp");
        if (value->is_null()) return Timestamp{};
    }
    const auto time = time_of(*value);
    if (!time) return Unexpected{time.error()};
    return Timestamp{*time};
}

Reply mine_one(NodeContext& context, std::optional<UnixSeconds> timestamp) {
    const auto mined = context.maker.mine(timestamp);
    if (!mined) return rpc::server_error(mined.error());
    return {};
}

Reply evm_mine(NodeContext& context, Call&, JsonWriter& out, std::optional<AnyJson> arg) {
    const auto timestamp = timestamp_of(arg);
    if (!timestamp) return Unexpected{timestamp.error()};
    if (auto mined = mine_one(context, *timestamp); !mined) return mined;
    out.text("0x0");
    return {};
}

Reply mine_many(NodeContext& context, Call& call, JsonWriter& out, std::optional<AnyJson> count,
                std::optional<AnyJson> interval) {
    std::uint64_t blocks = 1;
    std::uint64_t seconds = 1;
    if (count && !count->value->is_null()) {
        const auto number = number_of(*count->value);
        if (!number) return Unexpected{number.error()};
        blocks = *number;
    }
    if (interval && !interval->value->is_null()) {
        const auto time = time_of(*interval->value);
        if (!time) return Unexpected{time.error()};
        seconds = *time;
    }
    if (blocks > kMineBlocksMax)
        return rpc::server_error(fmt::format("at most {} blocks at once", kMineBlocksMax));
    UnixSeconds last = 0;
    for (std::uint64_t i = 0; i < blocks; ++i) {
        if (call.is_late()) return rpc::server_error("request timed out");
        std::optional<UnixSeconds> timestamp;
        if (i > 0) timestamp = last + std::max<std::uint64_t>(seconds, 1);
        if (auto mined = mine_one(context, timestamp); !mined) return mined;
        const auto view = context.chain.view();
        last = (*view.header(*view.head()))->timestamp;
    }
    out.null();
    return {};
}

Reply snapshot(NodeContext& context, Call&, JsonWriter& out) {
    const std::lock_guard lock{context.dev_mutex};
    const auto view = context.chain.view();
    context.snapshots.push_back(
        {*view.head(), context.maker.time_offset(), context.undo.size()});
    out.quantity(context.snapshots.size());
    return {};
}

Reply revert(NodeContext& context, Call&, JsonWriter& out, AnyJson id) {
    const auto number = number_of(*id.value);
    if (!number) return Unexpected{number.error()};
    const std::lock_guard lock{context.dev_mutex};
    if (*number == 0 || *number > context.snapshots.size()) {
        out.boolean(false);
        return {};
    }
    const NodeContext::Snapshot point = context.snapshots[*number - 1];
    context.snapshots.resize(*number - 1);
    context.pool.clear();
    if (!context.maker.rewind(point.head)) {
        out.boolean(false);
        return {};
    }
    // What was pretended on that block after the snapshot is still in its state.
    while (context.undo.size() > point.pretences) {
        NodeContext::Pretended last = std::move(context.undo.back());
        context.undo.pop_back();
        if (last.head == point.head.hash) (void)context.chain.pretend(std::move(last.before)).get();
    }
    context.maker.set_time_offset(point.time_offset);
    context.maker.set_next_base_fee({});
    out.boolean(true);
    return {};
}

/// Carries a pretence out and notes what was there before.
Reply pretend(NodeContext& context, JsonWriter& out, chain::AccountPretence wanted) {
    const std::lock_guard lock{context.dev_mutex};
    chain::AccountPretence before{.address = wanted.address};
    BlockHash head;
    {
        const auto view = context.chain.view();
        head = view.head()->hash;
        const auto state = view.head_state();
        const auto record = state.account(wanted.address).value_or(chain::AccountRecord{});
        if (wanted.balance) before.balance = record.balance;
        if (wanted.nonce) before.nonce = record.nonce;
        if (wanted.code)
            before.code =
                record.code_hash == kEmptyCodeHash ? Bytes{} : *state.code(record.code_hash);
        for (const auto& [slot, value] : wanted.storage)
            before.storage.emplace_back(slot, state.storage(wanted.address, slot));
    }
    if (!context.chain.pretend({std::move(wanted)}).get())
        return rpc::server_error("the node is stopping");
    context.undo.push_back({head, {std::move(before)}});
    out.boolean(true);
    return {};
}

Reply set_balance(NodeContext& context, Call&, JsonWriter& out, Address address, Uint256 balance) {
    return pretend(context, out, {.address = address, .balance = balance});
}
Reply set_nonce(NodeContext& context, Call&, JsonWriter& out, Address address,
                std::uint64_t nonce) {
    return pretend(context, out, {.address = address, .nonce = nonce});
}
Reply set_code(NodeContext& context, Call&, JsonWriter& out, Address address, Bytes code) {
    return pretend(context, out, {.address = address, .code = std::move(code)});
}
Reply set_storage(NodeContext& context, Call&, JsonWriter& out, Address address, std::string slot,
                  Hash256 value) {
    const auto key = rpc::decode_storage_key(slot);
    if (!key) return rpc::invalid_params("invalid argument 1: " + key.error());
    return pretend(context, out,
                   {.address = address, .storage = {{key->slot, load_be256(value.data())}}});
}

Reply impersonate(NodeContext& context, Call&, JsonWriter& out, Address address) {
    context.accounts->impersonate(address);
    out.null();
    return {};
}
Reply stop_impersonating(NodeContext& context, Call&, JsonWriter& out, Address address) {
    context.accounts->stop_impersonating(address);
    out.null();
    return {};
}
Reply auto_impersonate(NodeContext& context, Call&, JsonWriter& out, bool is_on) {
    context.accounts->impersonate_all(is_on);
    out.null();
    return {};
}

Reply increase_time(NodeContext& context, Call&, JsonWriter& out, AnyJson seconds) {
    const auto time = time_of(*seconds.value);
    if (!time) return Unexpected{time.error()};
    const auto offset = context.maker.increase_time(*time, kPretendedTimeMax);
    if (!offset) return rpc::server_error("the clock of blocks would run beyond its end");
    out.text(std::to_string(*offset));
    return {};
}

Reply set_next_timestamp(NodeContext& context, Call&, JsonWriter& out, AnyJson timestamp) {
    const auto time = time_of(*timestamp.value);
    if (!time) return Unexpected{time.error()};
    const auto view = context.chain.view();
    const auto head = (*view.header(*view.head()))->timestamp;
    if (*time <= head)
        return rpc::server_error(fmt::format(
            "Timestamp {} is lower than or equal to previous block's timestamp {}", *time, head));
    context.maker.set_next_timestamp(*time);
    out.null();
    return {};
}

Reply set_automine(NodeContext& context, Call&, JsonWriter& out, bool is_on) {
    context.maker.set_automine(is_on);
    out.boolean(true);
    return {};
}
Reply get_automine(NodeContext& context, Call&, JsonWriter& out) {
    out.boolean(context.maker.automines());
    return {};
}

/// Hardhat counts milliseconds, anvil seconds.
Reply set_interval_ms(NodeContext& context, Call&, JsonWriter& out, AnyJson interval) {
    const auto pause = interval_of(*interval.value, 1000);
    if (!pause) return Unexpected{pause.error()};
    context.maker.set_interval(*pause);
    out.boolean(true);
    return {};
}
Reply set_interval_s(NodeContext& context, Call&, JsonWriter& out, AnyJson interval) {
    const auto pause = interval_of(*interval.value, 1);
    if (!pause) return Unexpected{pause.error()};
    context.maker.set_automine(pause->count() == 0);
    context.maker.set_interval(*pause);
    out.null();
    return {};
}

Reply set_coinbase(NodeContext& context, Call&, JsonWriter& out, Address address) {
    context.maker.set_beneficiary(address);
    out.boolean(true);
    return {};
}
Reply set_next_base_fee(NodeContext& context, Call&, JsonWriter& out, AnyJson price) {
    auto base_fee = rpc::ParamCodec<Wei>::decode(*price.value);
    if (!base_fee) {
        const auto number = number_of(*price.value);
        if (!number) return Unexpected{number.error()};
        base_fee = Wei{*number};
    }
    context.maker.set_next_base_fee(*base_fee);
    out.boolean(true);
    return {};
}
Reply set_block_gas_limit(NodeContext& context, Call&, JsonWriter& out, AnyJson limit) {
    const auto gas = number_of(*limit.value);
    if (!gas) return Unexpected{gas.error()};
    if (*gas < chain::kGasLimitMin || *gas > chain::kGasLimitMax)
        return rpc::invalid_params(fmt::format("invalid argument 0: a gas limit is from {} to {}",
                                               chain::kGasLimitMin, chain::kGasLimitMax));
    context.maker.set_gas_limit_target(*gas);
    out.boolean(true);
    return {};
}
Reply set_timestamp_interval(NodeContext& context, Call&, JsonWriter& out, AnyJson seconds) {
    const auto pause = interval_of(*seconds.value, 1);
    if (!pause) return Unexpected{pause.error()};
    (void)context.maker.set_timestamp_interval(static_cast<std::uint64_t>(pause->count()) / 1000);
    out.null();
    return {};
}
Reply remove_timestamp_interval(NodeContext& context, Call&, JsonWriter& out) {
    out.boolean(context.maker.set_timestamp_interval({}));
    return {};
}

Reply drop_all_transactions(NodeContext& context, Call&, JsonWriter& out) {
    context.pool.clear();
    out.null();
    return {};
}
Reply remove_pool_transactions(NodeContext& context, Call&, JsonWriter& out, Address sender) {
    for (const auto& entry : context.pool.content_of(sender)) (void)context.pool.remove(entry.tx->hash());
    out.null();
    return {};
}

/// anvil_nodeInfo, with the members that anvil 1.7 gives.
Reply node_info(NodeContext& context, Call&, JsonWriter& out) {
    const auto view = context.chain.view();
    const auto head = *view.header(*view.head());
    const auto& spec = context.chain.spec();
    const auto& rules = spec.rules_at(head->number, head->timestamp, *view.total_difficulty(head.hash()));
    const auto base_fee =
        context.maker.next_base_fee().value_or(rpc::next_fees(spec, *head).base_fee.value_or(Wei{}));
    out.begin_object().quantity("currentBlockNumber", head->number);
    out.key("currentBlockTimestamp").number(std::uint64_t{head->timestamp});
    out.data("currentBlockHash", head.hash());
    out.text("hardFork", kRevisionNames[static_cast<std::size_t>(rules.revision)]);
    out.text("transactionOrder", "fees").key("environment").begin_object();
    out.quantity("baseFee", base_fee).key("chainId").number(std::uint64_t{spec.chain_id()});
    out.quantity("gasLimit", head->gas_limit);
    out.quantity("gasPrice", base_fee + rpc::suggest_tip(context.eth, view)).end_object();
    out.key("forkConfig").begin_object().null("forkUrl").null("forkBlockNumber").null("forkRetryBackoff");
    out.end_object().end_object();
    return {};
}

/// hardhat_metadata and anvil_metadata: Hardhat's members, and the snapshots that anvil tells too.
Reply metadata(NodeContext& context, Call&, JsonWriter& out) {
    const std::lock_guard lock{context.dev_mutex};
    const auto head = *context.chain.view().head();
    out.begin_object().text("clientVersion", context.eth.client_version);
    out.key("chainId").number(std::uint64_t{context.chain.spec().chain_id()});
    out.data("instanceId", context.instance_id);
    out.key("latestBlockNumber").number(std::uint64_t{head.number});
    out.data("latestBlockHash", head.hash).key("snapshots").begin_object();
    for (std::size_t i = 0; i < context.snapshots.size(); ++i) {
        const auto& point = context.snapshots[i].head;
        out.key(fmt::format("{:#x}", i + 1)).begin_array().number(std::uint64_t{point.number});
        out.data(point.hash).end_array();
    }
    out.end_object().end_object();
    return {};
}

Reply drop_transaction(NodeContext& context, Call&, JsonWriter& out, TxHash hash) {
    out.boolean(context.pool.remove(hash));
    return {};
}

Reply reset(NodeContext& context, Call&, JsonWriter& out, std::optional<AnyJson> forking) {
    if (forking && forking->value->is_object() && !forking->value->empty())
        return rpc::server_error("this node does not fork other networks");
    const std::lock_guard lock{context.dev_mutex};
    context.pool.clear();
    context.snapshots.clear();
    const auto& genesis = context.chain.genesis_block();
    if (!context.maker.rewind({0, genesis.header.hash()}))
        return rpc::server_error("the chain cannot go back to its genesis");
    // Newest first, so that the oldest value is what stays.
    while (!context.undo.empty()) {
        auto last = std::move(context.undo.back());
        context.undo.pop_back();
        if (last.head == genesis.header.hash())
            (void)context.chain.pretend(std::move(last.before)).get();
    }
    context.maker.set_time_offset(0);
    context.maker.set_next_base_fee({});
    (void)context.maker.set_timestamp_interval({});
    random_bytes(context.instance_id.bytes);
    out.boolean(true);
    return {};
}

}  // namespace

std::vector<rpc::Method> dev_methods(NodeContext& context) {
    using rpc::method;
    std::vector<rpc::Method> rows;
    {
        const std::lock_guard lock{context.dev_mutex};
        random_bytes(context.instance_id.bytes);
    }
    const auto both = [&](const std::string& name, auto&& make) {
        rows.push_back(make("hardhat_" + name));
        rows.push_back(make("anvil_" + name));
    };
    rows.push_back(method(context, {"evm_mine", "Makes a block now.", "any"}, {"options"}, evm_mine));
    rows.push_back(method(context, {"evm_snapshot", "Remembers this moment.", "quantity"}, snapshot));
    rows.push_back(method(context, {"anvil_snapshot", "Remembers this moment.", "quantity"}, snapshot));
    for (const char* name : {"evm_revert", "anvil_revert"})
        rows.push_back(method(context, {name, "Goes back to a remembered moment.", "boolean"},
                              {"id"}, revert));
    for (const char* name : {"evm_increaseTime", "anvil_increaseTime"})
        rows.push_back(method(context, {name, "Moves the clock of blocks on.", "any"}, {"seconds"},
                              increase_time));
    for (const char* name : {"evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp"})
        rows.push_back(method(context, {name, "Sets the next block's timestamp.", "any"},
                              {"timestamp"}, set_next_timestamp));
    for (const char* name : {"evm_setAutomine", "anvil_setAutomine", "anvil_setAutoMine"})
        rows.push_back(method(context, {name, "Whether each transaction gets a block at once.",
                                        "boolean"},
                              {"on"}, set_automine));
    both("getAutomine", [&](const std::string& name) {
        return method(context, {name, "Whether each transaction gets a block at once.", "boolean"},
                      get_automine);
    });
    rows.push_back(method(context, {"evm_setIntervalMining", "A block every so many milliseconds.",
                                    "boolean"},
                          {"milliseconds"}, set_interval_ms));
    rows.push_back(method(context, {"anvil_setIntervalMining", "A block every so many seconds.",
                                    "any"},
                          {"seconds"}, set_interval_s));
    both("mine", [&](const std::string& name) {
        return method(context, {name, "Makes so many blocks, so many seconds apart.", "any"},
                      {"blocks", "interval"}, mine_many);
    });
    both("setBalance", [&](const std::string& name) {
        return method(context, {name, "Sets an account's balance.", "boolean"},
                      {"address", "balance"}, set_balance);
    });
    both("setNonce", [&](const std::string& name) {
        return method(context, {name, "Sets an account's nonce.", "boolean"}, {"address", "nonce"},
                      set_nonce);
    });
    both("setCode", [&](const std::string& name) {
        return method(context, {name, "Sets an account's code.", "boolean"}, {"address", "code"},
                      set_code);
    });
    both("setStorageAt", [&](const std::string& name) {
        return method(context, {name, "Sets a storage slot.", "boolean"},
                      {"address", "slot", "value"}, set_storage);
    });
    both("impersonateAccount", [&](const std::string& name) {
        return method(context, {name, "Sends for an account without its key.", "any"}, {"address"},
                      impersonate);
    });
    both("stopImpersonatingAccount", [&](const std::string& name) {
        return method(context, {name, "No longer sends for an account.", "any"}, {"address"},
                      stop_impersonating);
    });
    rows.push_back(method(context, {"anvil_autoImpersonateAccount", "Sends for every account.",
                                    "any"},
                          {"on"}, auto_impersonate));
    both("setCoinbase", [&](const std::string& name) {
        return method(context, {name, "Sets who is paid for blocks.", "boolean"}, {"address"},
                      set_coinbase);
    });
    both("dropTransaction", [&](const std::string& name) {
        return method(context, {name, "Takes a transaction out of the pool.", "boolean"}, {"hash"},
                      drop_transaction);
    });
    both("dropAllTransactions", [&](const std::string& name) {
        return method(context, {name, "Takes every transaction out of the pool.", "any"},
                      drop_all_transactions);
    });
    rows.push_back(method(context, {"anvil_removePoolTransactions",
                                    "Takes an account's transactions out of the pool.", "any"},
                          {"address"}, remove_pool_transactions));
    both("setNextBlockBaseFeePerGas", [&](const std::string& name) {
        return method(context, {name, "Sets the next block's base fee.", "boolean"}, {"baseFee"},
                      set_next_base_fee);
    });
    for (const char* name : {"evm_setBlockGasLimit", "anvil_setBlockGasLimit"})
        rows.push_back(method(context, {name, "Sets the gas limit of the blocks to come.", "boolean"},
                              {"gasLimit"}, set_block_gas_limit));
    rows.push_back(method(context, {"anvil_setBlockTimestampInterval",
                                    "Sets the seconds from each block's timestamp to the next.", "any"},
                          {"seconds"}, set_timestamp_interval));
    rows.push_back(method(context, {"anvil_removeBlockTimestampInterval",
                                    "Timestamps follow the clock again.", "boolean"},
                          remove_timestamp_interval));
    rows.push_back(method(context, {"anvil_nodeInfo", "Head, rules and prices of this node.", "object"},
                          node_info));
    both("metadata", [&](const std::string& name) {
        return method(context, {name, "What runs here, and since which reset.", "object"}, metadata);
    });
    both("reset", [&](const std::string& name) {
        return method(context, {name, "Back to genesis.", "boolean"}, {"forking"}, reset);
    });
    return rows;
}

}  // namespace cairn::node
