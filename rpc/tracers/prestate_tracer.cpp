// SPDX-License-Identifier: MIT
#include "rpc/tracers/prestate_tracer.hpp"

#include <utility>

#include "chain/exec/authorization.hpp"
#include "vm/opcodes.hpp"
#include "vm/vm.hpp"

namespace cairn::rpc {
namespace {

Address to_address(const Uint256& word) {
    std::array<std::uint8_t, 32> bytes{};
    store_be256(bytes.data(), word);
    return Address::from(ByteView{bytes}.subspan(12));
}

bool names_account(std::uint8_t opcode) {
    return opcode == vm::OP_EXTCODECOPY || opcode == vm::OP_EXTCODEHASH || opcode == vm::OP_EXTCODESIZE ||
           opcode == vm::OP_BALANCE || opcode == vm::OP_SELFDESTRUCT;
}

bool is_call(std::uint8_t opcode) {
    return opcode == vm::OP_CALL || opcode == vm::OP_CALLCODE || opcode == vm::OP_DELEGATECALL ||
           opcode == vm::OP_STATICCALL;
}

}  // namespace

void PrestateTracer::look_at(const Address& address) {
    if (touched_.try_emplace(address).second) size_ += sizeof(Shown);
}

void PrestateTracer::look_at(const Address& address, const Uint256& key) {
    if (touched_[address].insert(key).second) size_ += 2 * sizeof(Uint256);
}

void PrestateTracer::look_at_callee(const Address& address) {
    look_at(address);
    if (const auto delegate = chain::find_delegate(state_->code(address))) look_at(*delegate);
}

void PrestateTracer::begin(const TracedTx& traced) {
    state_ = &traced.state;
    before_ = &traced.before;
    spares_old_ = traced.rules.self_destruct_spares_old;
    const auto& tx = traced.tx;
    look_at(traced.sender);
    look_at(traced.block.coinbase);
    // As it delegates before the transaction's own authorizations, which geth does not see at this point.
    if (tx.to) look_at_callee(*tx.to);
    for (const auto& authorization : tx.authorization_list)
        if (const auto authority = recover_authority(authorization)) look_at(*authority);
}

void PrestateTracer::on_enter(const vm::Message& message, std::uint8_t) {
    if (!vm::is_create(message.kind)) return;
    look_at(message.recipient);
    created_.insert(message.recipient);
}

void PrestateTracer::on_step(const vm::TraceStep& step) {
    if (step.fault != vm::Status::Success || step.stack.empty()) return;
    const auto& top = step.stack.back();
    if (step.opcode == vm::OP_SLOAD || step.opcode == vm::OP_SSTORE) {
        look_at(step.address, top);
    } else if (names_account(step.opcode)) {
        look_at(to_address(top));
        // An older account only sends its balance away (EIP-6780).
        const bool vanishes = !spares_old_ || created_.contains(step.address);
        if (step.opcode == vm::OP_SELFDESTRUCT && vanishes) destructed_.insert(step.address);
    } else if (is_call(step.opcode)) {
        look_at_callee(to_address(step.stack[step.stack.size() - 2]));
    }
}

PrestateTracer::Shown PrestateTracer::shown_before(const Address& address, const std::set<Uint256>& keys) const {
    const auto record = before_->account(address).value_or(chain::AccountRecord{});
    Shown shown;
    shown.balance = record.balance;
    shown.nonce = record.nonce;
    if (record.code_hash != kEmptyCodeHash) {
        shown.code_hash = record.code_hash;
        if (options_.has_code) shown.code = *before_->code(record.code_hash);
    }
    if (options_.has_storage)
        for (const auto& key : keys) shown.storage[key] = before_->storage(address, key);
    return shown;
}

std::optional<PrestateTracer::Shown> PrestateTracer::find_change(const Address& address,
                                                                 const std::set<Uint256>& keys, Shown& before) {
    Shown after;
    bool has_changed = false;
    if (const auto& balance = state_->balance(address); balance != *before.balance) {
        after.balance = balance;
        has_changed = true;
    }
    if (const auto nonce = state_->nonce(address); nonce != before.nonce) {
        after.nonce = nonce;
        has_changed = true;
    }
    if (const auto hash = state_->code_hash(address); hash != before.code_hash.value_or(kEmptyCodeHash)) {
        after.code_hash = hash;
        if (options_.has_code) after.code = to_bytes(state_->code(address));
        has_changed = true;
    }
    before.storage.clear();
    if (options_.has_storage) {
        for (const auto& key : keys) {
            const auto old_value = before_->storage(address, key);
            const auto new_value = state_->storage(address, key);
            if (old_value == new_value) continue;
            has_changed = true;
            if (!old_value.is_zero()) before.storage[key] = old_value;
            if (!new_value.is_zero()) after.storage[key] = new_value;
        }
    }
    if (!has_changed) return std::nullopt;
    return after;
}

void PrestateTracer::end(const chain::TxOutcome&) {
    for (const auto& [address, keys] : touched_) {
        auto before = shown_before(address, keys);
        const bool was_there = before_->account(address).value_or(chain::AccountRecord{}) != chain::AccountRecord{};
        if (options_.has_diff && !destructed_.contains(address)) {
            auto after = find_change(address, keys, before);
            if (!after) continue;
            post_.emplace(address, std::move(*after));
        }
        if (was_there || options_.includes_empty) pre_.emplace(address, std::move(before));
    }
}

void PrestateTracer::write_accounts(JsonWriter& out, const std::map<Address, Shown>& accounts) {
    out.begin_object();
    for (const auto& [address, shown] : accounts) {
        std::string name = "0x";
        append_hex(name, address);
        out.key(name).begin_object();
        if (shown.balance) out.quantity("balance", *shown.balance);
        if (shown.code) out.data("code", *shown.code);
        if (shown.code_hash) out.data("codeHash", *shown.code_hash);
        if (shown.nonce != 0) out.key("nonce").number(shown.nonce);
        if (!shown.storage.empty()) {
            out.key("storage").begin_object();
            for (const auto& [key, value] : shown.storage) {
                std::array<std::uint8_t, 32> bytes{};
                store_be256(bytes.data(), key);
                std::string slot = "0x";
                append_hex(slot, bytes);
                out.key(slot).word(value);
            }
            out.end_object();
        }
        out.end_object();
    }
    out.end_object();
}

void PrestateTracer::write(JsonWriter& out) {
    if (!options_.has_diff) return write_accounts(out, pre_);
    out.begin_object().key("post");
    write_accounts(out, post_);
    out.key("pre");
    write_accounts(out, pre_);
    out.end_object();
}

}  // namespace cairn::rpc
