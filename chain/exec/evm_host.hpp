// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "chain/exec/block_env.hpp"
#include "chain/spec/rule_set.hpp"
#include "chain/state/state.hpp"
#include "vm/host.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::chain {

/// The world as the machine sees it during one transaction: a State under a block's rules.
///
/// Nothing but references is kept beside the open frames' snapshots, so one is made per transaction. One thread.
class EvmHost final : public vm::Host {
  public:
    /// All references outlive the host.
    /// @param warm_precompiles  whose addresses are warm from the start (EIP-2929)
    EvmHost(State& state, const RuleSet& rules, const vm::TxContext& context, const BlockHashFunction& block_hash,
            vm::PrecompileFinder warm_precompiles = vm::find_precompile);

    [[nodiscard]] const vm::TxContext& tx_context() const noexcept override { return context_; }
    [[nodiscard]] Hash256 block_hash(BlockNumber number) override;

    [[nodiscard]] bool account_exists(const Address& address) override;
    [[nodiscard]] Uint256 balance(const Address& address) override;
    [[nodiscard]] std::uint64_t nonce(const Address& address) override;
    [[nodiscard]] vm::CodeRef code(const Address& address) override;
    [[nodiscard]] Hash256 code_hash(const Address& address) override;

    [[nodiscard]] Uint256 storage(const Address& address, const Uint256& key) override;
    vm::StorageBefore set_storage(const Address& address, const Uint256& key, const Uint256& value) override;
    [[nodiscard]] vm::StorageBefore storage_before(const Address& address, const Uint256& key) override;
    [[nodiscard]] Uint256 transient_storage(const Address& address, const Uint256& key) override;
    void set_transient_storage(const Address& address, const Uint256& key, const Uint256& value) override;

    bool access_account(const Address& address) override;
    bool access_storage(const Address& address, const Uint256& key) override;
    void emit_log(const Address& address, std::span<const Hash256> topics, ByteView data) override;
    bool self_destruct(const Address& address, const Address& beneficiary) override;
    void increment_nonce(const Address& address) override;

    void begin_call(const vm::Message& message) override;
    [[nodiscard]] bool begin_create(const vm::Message& message) override;
    void set_code(const Address& address, ByteView code) override;
    void end_frame(bool keep) override;

  private:
    void move_value(const Address& from, const Address& to, const Wei& value);

    State& state_;
    const RuleSet& rules_;
    const vm::TxContext& context_;
    const BlockHashFunction& block_hash_;
    vm::PrecompileFinder warm_precompiles_;
    /// One for each frame that has begun and not ended.
    std::vector<State::Snapshot> frames_;
};

}  // namespace cairn::chain
