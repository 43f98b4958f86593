// SPDX-License-Identifier: MIT
#include "chain/exec/evm_host.hpp"

#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

/// Frames that rarely are passed; deeper nesting allocates once more.
constexpr std::size_t kUsualDepth = 16;

/// Whether the address can be a precompile's: all of them are below 2^16. Spares most accesses the look-up.
bool is_low(const Address& address) noexcept {
    return (load_le64(address.data()) | load_le64(address.data() + 8) |
            static_cast<std::uint64_t>(address.bytes[16] | address.bytes[17])) == 0;
}

}  // namespace

EvmHost::EvmHost(State& state, const RuleSet& rules, const vm::TxContext& context,
                 const BlockHashFunction& block_hash, vm::PrecompileFinder warm_precompiles)
    : state_{state}, rules_{rules}, context_{context}, block_hash_{block_hash},
      warm_precompiles_{warm_precompiles} {
    frames_.reserve(kUsualDepth);
}

Hash256 EvmHost::block_hash(BlockNumber number) { return block_hash_ ? block_hash_(number) : Hash256{}; }

bool EvmHost::account_exists(const Address& address) {
    return rules_.clears_empty_accounts ? !state_.is_empty(address) : state_.exists(address);
}

Uint256 EvmHost::balance(const Address& address) { return state_.balance(address); }

std::uint64_t EvmHost::nonce(const Address& address) { return state_.nonce(address); }

vm::CodeRef EvmHost::code(const Address& address) {
    const auto bytes = state_.code(address);
    return {bytes, state_.code_hash(address)};
}

Hash256 EvmHost::code_hash(const Address& address) {
    if (state_.is_empty(address)) return {};
    return state_.code_hash(address).as<Hash256>();
}

Uint256 EvmHost::storage(const Address& address, const Uint256& key) { return state_.storage(address, key); }

vm::StorageBefore EvmHost::set_storage(const Address& address, const Uint256& key, const Uint256& value) {
    const auto before = state_.set_storage(address, key, value);
    return {before.original, before.current};
}

vm::StorageBefore EvmHost::storage_before(const Address& address, const Uint256& key) {
    const auto values = state_.storage_values(address, key);
    return {values.original, values.current};
}

Uint256 EvmHost::transient_storage(const Address& address, const Uint256& key) {
    return state_.transient_storage(address, key);
}

void EvmHost::set_transient_storage(const Address& address, const Uint256& key, const Uint256& value) {
    state_.set_transient_storage(address, key, value);
}

bool EvmHost::access_account(const Address& address) {
    // Precompiles are warm from the start (EIP-2929).
    if (is_low(address) && warm_precompiles_(rules_.revision, address) != nullptr) return false;
    return state_.access_account(address);
}

bool EvmHost::access_storage(const Address& address, const Uint256& key) {
    return state_.access_storage(address, key);
}

void EvmHost::emit_log(const Address& address, std::span<const Hash256> topics, ByteView data) {
    state_.add_log(address, topics, data);
}

bool EvmHost::self_destruct(const Address& address, const Address& beneficiary) {
    const Wei balance = state_.balance(address);
    if (rules_.self_destruct_spares_old && !state_.was_created(address)) {
        // EIP-6780: the balance moves and nothing else happens; to itself it stays.
        move_value(address, beneficiary, balance);
        return false;
    }
    const bool is_first = state_.mark_destructed(address);
    // Credited first and cleared after, so that a balance sent to the account itself is burnt.
    state_.add_balance(beneficiary, balance);
    state_.subtract_balance(address, state_.balance(address));
    return is_first;
}

void EvmHost::increment_nonce(const Address& address) { state_.set_nonce(address, state_.nonce(address) + 1); }

void EvmHost::move_value(const Address& from, const Address& to, const Wei& value) {
    if (!value.is_zero()) state_.subtract_balance(from, value);
    // Credited even with nothing, which touches the account (EIP-161) and before that made it.
    state_.add_balance(to, value);
}

void EvmHost::begin_call(const vm::Message& message) {
    frames_.push_back(state_.snapshot());
    if (message.kind == vm::CallKind::Call) move_value(message.sender, message.recipient, message.value);
}

bool EvmHost::begin_create(const vm::Message& message) {
    const auto& address = message.recipient;
    // EIP-684, and EIP-7610 for storage that a creation before EIP-161 left behind.
    if (state_.nonce(address) != 0 || state_.code_hash(address) != kEmptyCodeHash || state_.has_storage(address))
        return false;
    frames_.push_back(state_.snapshot());
    state_.mark_created(address);
    if (rules_.created_account_nonce != 0) state_.set_nonce(address, rules_.created_account_nonce);
    move_value(message.sender, address, message.value);
    return true;
}

void EvmHost::set_code(const Address& address, ByteView code) { state_.set_code(address, code); }

void EvmHost::end_frame(bool keep) {
    CAIRN_ASSERT(!frames_.empty());
    if (!keep) state_.revert(frames_.back());
    frames_.pop_back();
}

}  // namespace cairn::chain
