// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>

#include "chain/exec/transact.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/state/memory_state.hpp"
#include "chain/state/state.hpp"
#include "core/crypto/secp256k1.hpp"
#include "vm/opcodes.hpp"

namespace cairn::chain::test {

inline constexpr Address kSender{{0x51}};
inline constexpr Address kReceiver{{0x52}};
inline constexpr Address kContract{{0x53}};
inline constexpr Address kCoinbase{{0xcb}};
inline constexpr std::uint64_t kFunds = 1'000'000'000'000;

/// A block at base fee 7, a sender with kFunds wei and nonce 0, and a transaction of 100,000 gas at fee cap 10, tip 2.
class ExecTest : public testing::Test {
  protected:
    ExecTest() {
        base.set_account(kSender, 0, Wei{kFunds});
        block.chain_id = Uint256{1};
        block.coinbase = kCoinbase;
        block.number = 100;
        block.gas_limit = 30'000'000;
        block.base_fee = Wei{7};
        block.blob_base_fee = Wei{3};
        budget = {block.gas_limit, 9 * kGasPerBlob};
        tx.type = TxType::DynamicFee;
        tx.chain_id = 1;
        tx.gas_limit = 100'000;
        tx.max_fee_per_gas = Wei{10};
        tx.max_priority_fee_per_gas = Wei{2};
        tx.to = kReceiver;
    }

    void use(Revision revision) {
        rules = &rules_of(revision);
        if (!rules->has_base_fee) {
            block.base_fee = {};
            tx.type = TxType::Legacy;
            tx.chain_id.reset();
            tx.max_priority_fee_per_gas = tx.max_fee_per_gas;
        }
    }
    void put_code(const Address& address, Bytes code, std::uint64_t balance = 0) {
        base.set_account(address, 1, Wei{balance}, std::move(code));
    }
    [[nodiscard]] Result<TxOutcome, TxError> run() {
        return transact(vm, state, *rules, block, budget, tx, kSender);
    }
    /// Runs a transaction that must be accepted.
    [[nodiscard]] TxOutcome must_run() {
        auto outcome = run();
        EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : to_string(outcome.error()));
        return outcome ? std::move(*outcome) : TxOutcome{};
    }
    void expect_refused(TxError error) {
        const auto outcome = run();
        ASSERT_FALSE(outcome.has_value());
        EXPECT_EQ(outcome.error(), error) << to_string(outcome.error());
        EXPECT_TRUE(state.take_diff().is_empty());
    }

    MemoryState base;
    State state{base};
    vm::Vm vm;
    BlockEnv block;
    BlockBudget budget;
    const RuleSet* rules = &rules_of(Revision::Prague);
    Transaction tx;
};

/// A signed authorization, and who signed it.
struct SignedAuthorization {
    Authorization tuple;
    Address authority;
};

inline SignedAuthorization authorize(std::uint8_t key, const Address& delegate, std::uint64_t chain_id = 1,
                                     std::uint64_t nonce = 0) {
    std::array<std::uint8_t, 32> bytes{};
    bytes[31] = key;
    const auto secret = secp256k1::SecretKey::from(bytes);
    SignedAuthorization out;
    out.tuple.chain_id = Uint256{chain_id};
    out.tuple.address = delegate;
    out.tuple.nonce = nonce;
    const auto signature = secp256k1::sign(signing_hash(out.tuple), secret);
    out.tuple.y_parity = signature->y_parity;
    out.tuple.r = load_be256(signature->r.data());
    out.tuple.s = load_be256(signature->s.data());
    out.authority = secp256k1::address_of(*secp256k1::public_key(secret));
    return out;
}

}  // namespace cairn::chain::test
