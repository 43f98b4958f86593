// SPDX-License-Identifier: MIT
#include "rpc/tracers/parity_format.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "chain/rules/ommers.hpp"

namespace cairn::rpc {
namespace {

/// An account's part of a diff.
struct AccountPart {
    const chain::AccountChange* account = nullptr;
    std::vector<const chain::StorageChange*> storage{};
};

/// A field of an account that may be new, gone, changed or the same; `write` writes one value of it.
template <class Value, class Write>
void write_delta(JsonWriter& out, const std::optional<Value>& from, const std::optional<Value>& to, Write write) {
    if (from == to) {
        out.text("=");
        return;
    }
    out.begin_object();
    if (!from) {
        out.key("+");
        write(*to);
    } else if (!to) {
        out.key("-");
        write(*from);
    } else {
        out.key("*").begin_object().key("from");
        write(*from);
        out.key("to");
        write(*to);
        out.end_object();
    }
    out.end_object();
}

/// Writes one account of a diff.
class AccountWriter {
public:
    AccountWriter(JsonWriter& out, const chain::StateDiff& diff, const chain::StateReader& codes)
        : out_{out}, diff_{diff}, codes_{codes} {}

    void write(const AccountPart& part) {
        std::optional<chain::AccountRecord> from;
        std::optional<chain::AccountRecord> to;
        if (part.account != nullptr) {
            from = part.account->before;
            to = part.account->after;
        }
        // An account without a change of its own has the same of everything.
        if (part.account == nullptr) from = to = chain::AccountRecord{};
        out_.begin_object().key("balance");
        write_field(from, to, &chain::AccountRecord::balance, [&](const Wei& v) { out_.quantity(v); });
        out_.key("code");
        write_field(from, to, &chain::AccountRecord::code_hash, [&](const CodeHash& v) { write_code(v); });
        out_.key("nonce");
        write_field(from, to, &chain::AccountRecord::nonce, [&](std::uint64_t v) { out_.quantity(v); });
        out_.key("storage").begin_object();
        for (const auto* slot : part.storage) write_slot(*slot, !from, !to);
        out_.end_object().end_object();
    }

private:
    template <class Value, class Write>
    void write_field(const std::optional<chain::AccountRecord>& from, const std::optional<chain::AccountRecord>& to,
                     Value chain::AccountRecord::*field, Write write) {
        std::optional<Value> old_value;
        std::optional<Value> new_value;
        if (from) old_value = (*from).*field;
        if (to) new_value = (*to).*field;
        write_delta(out_, old_value, new_value, write);
    }

    void write_code(const CodeHash& hash) {
        if (hash == kEmptyCodeHash) {
            out_.data(ByteView{});
            return;
        }
        for (const auto& fresh : diff_.codes) {
            if (fresh.hash != hash) continue;
            out_.data(*fresh.code);
            return;
        }
        out_.data(*codes_.code(hash));
    }

    void write_slot(const chain::StorageChange& slot, bool is_born, bool has_died) {
        std::array<std::uint8_t, 32> bytes{};
        store_be256(bytes.data(), slot.key);
        std::string name = "0x";
        append_hex(name, bytes);
        std::optional<Uint256> from = slot.before;
        std::optional<Uint256> to = slot.after;
        if (is_born) from.reset();
        if (has_died) to.reset();
        out_.key(name);
        write_delta(out_, from, to, [&](const Uint256& v) { out_.word(v); });
    }

    JsonWriter& out_;
    const chain::StateDiff& diff_;
    const chain::StateReader& codes_;
};

}  // namespace

Decoded<TraceTypes> ParamCodec<TraceTypes>::decode(const nlohmann::json& in) {
    if (!in.is_array()) return Unexpected<std::string>{"trace types must be an array"};
    TraceTypes types;
    for (const auto& each : in) {
        const auto* name = each.get_ptr<const std::string*>();
        if (name != nullptr && *name == "trace") types.has_trace = true;
        else if (name != nullptr && *name == "stateDiff") types.has_state_diff = true;
        else if (name != nullptr && *name == "vmTrace") types.has_vm_trace = true;
        else return Unexpected<std::string>{"unknown trace type, expected trace, stateDiff or vmTrace"};
    }
    return types;
}

std::string ParamCodec<TraceTypes>::schema() {
    return R"({"type":"array","items":{"enum":["trace","stateDiff","vmTrace"]}})";
}

void write_state_diff(JsonWriter& out, const chain::StateDiff& diff, const chain::StateReader& codes) {
    std::map<Address, AccountPart> parts;
    for (const auto& account : diff.accounts) parts[account.address].account = &account;
    for (const auto& slot : diff.storage) parts[slot.address].storage.push_back(&slot);
    AccountWriter writer{out, diff, codes};
    out.begin_object();
    for (const auto& [address, part] : parts) {
        std::string name = "0x";
        append_hex(name, address);
        out.key(name);
        writer.write(part);
    }
    out.end_object();
}

std::vector<BlockReward> rewards_of(const chain::RuleSet& rules, const Block& block) {
    std::vector<BlockReward> out;
    if (rules.block_reward.is_zero()) return out;
    const auto& ommers = block.body.ommers;
    out.push_back({block.header->beneficiary, chain::block_reward(rules, ommers.size()), false});
    for (const auto& ommer : ommers) {
        const auto share = chain::ommer_reward(rules, block.header->number, ommer->number);
        out.push_back({ommer->beneficiary, share, true});
    }
    return out;
}

void write_reward(JsonWriter& out, const BlockReward& reward, const HashedHeader& header) {
    out.begin_object().key("action").begin_object();
    out.data("author", reward.author).text("rewardType", reward.is_ommer ? "uncle" : "block");
    out.quantity("value", reward.value).end_object();
    out.data("blockHash", header.hash()).key("blockNumber").number(std::uint64_t{header->number});
    out.null("result").key("subtraces").number(std::uint64_t{0}).key("traceAddress").begin_array().end_array();
    out.null("transactionHash").null("transactionPosition").text("type", "reward").end_object();
}

}  // namespace cairn::rpc
