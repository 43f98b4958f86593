// SPDX-License-Identifier: MIT
#include "chain/rules/intrinsic_gas.hpp"

#include <gtest/gtest.h>

#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

Transaction call_with(Bytes data) {
    Transaction tx;
    tx.to = Address{};
    tx.data = std::move(data);
    return tx;
}
Transaction creation_with(Bytes data) {
    Transaction tx = call_with(std::move(data));
    tx.to.reset();
    return tx;
}
Gas gas(Revision revision, const Transaction& tx) {
    return intrinsic_gas(rules_of(revision), tx).intrinsic;
}

// Expected numbers are sums of the EIPs' constants, written out.

TEST(IntrinsicGas, plain_transfer) {
    for (std::size_t i = 0; i < kRevisionCount; ++i)
        EXPECT_EQ(gas(static_cast<Revision>(i), call_with({})), 21000U);
}

TEST(IntrinsicGas, data_by_byte) {
    const Transaction tx = call_with({0, 1, 0, 255, 7});
    EXPECT_EQ(gas(Revision::Petersburg, tx), 21000U + 2 * 4 + 3 * 68);
    EXPECT_EQ(gas(Revision::Istanbul, tx), 21000U + 2 * 4 + 3 * 16);
}

TEST(IntrinsicGas, long_data_around_the_runs_it_is_counted_in) {
    for (const std::size_t size : {254U, 255U, 256U, 509U, 510U, 511U, 100'000U}) {
        EXPECT_EQ(gas(Revision::Istanbul, call_with(Bytes(size, 0))), 21000U + size * 4) << size;
        EXPECT_EQ(gas(Revision::Istanbul, call_with(Bytes(size, 1))), 21000U + size * 16) << size;
        Bytes mixed(size, 0);
        mixed.front() = mixed.back() = 1;
        EXPECT_EQ(gas(Revision::Istanbul, call_with(mixed)), 21000U + (size - 2) * 4 + 2 * 16)
            << size;
    }
}

TEST(IntrinsicGas, creation) {
    EXPECT_EQ(gas(Revision::Frontier, creation_with({})), 21000U);
    EXPECT_EQ(gas(Revision::Homestead, creation_with({})), 53000U);
}

TEST(IntrinsicGas, words_of_init_code) {
    EXPECT_EQ(gas(Revision::Paris, creation_with(Bytes(33, 0))), 53000U + 33 * 4);
    EXPECT_EQ(gas(Revision::Shanghai, creation_with({})), 53000U);
    EXPECT_EQ(gas(Revision::Shanghai, creation_with(Bytes(1, 0))), 53000U + 4 + 2);
    EXPECT_EQ(gas(Revision::Shanghai, creation_with(Bytes(32, 0))), 53000U + 32 * 4 + 2);
    EXPECT_EQ(gas(Revision::Shanghai, creation_with(Bytes(33, 0))), 53000U + 33 * 4 + 4);
    EXPECT_EQ(gas(Revision::Shanghai, call_with(Bytes(33, 0))), 21000U + 33 * 4);
}

TEST(IntrinsicGas, access_list) {
    Transaction tx = call_with({});
    tx.type = TxType::AccessList;
    tx.access_list = {{Address{}, {Hash256{}, Hash256{}}}, {Address{}, {}}};
    EXPECT_EQ(gas(Revision::Berlin, tx), 21000U + 2 * 2400 + 2 * 1900);
}

TEST(IntrinsicGas, authorizations) {
    Transaction tx = call_with({});
    tx.type = TxType::SetCode;
    tx.authorization_list.resize(3);
    EXPECT_EQ(gas(Revision::Prague, tx), 21000U + 3 * 25000);
}

TEST(IntrinsicGas, floor_of_data) {
    const Transaction tx = call_with({0, 1, 0, 255, 7});
    EXPECT_EQ(intrinsic_gas(rules_of(Revision::Cancun), tx).floor, 0U);
    // Two zero bytes and three others: 2 + 4 · 3 tokens at 10.
    EXPECT_EQ(intrinsic_gas(rules_of(Revision::Prague), tx).floor, 21000U + 14 * 10);
    // Neither the creation's price nor the access list enters the floor (EIP-7623).
    Transaction creation = creation_with({0, 1});
    creation.access_list.resize(1);
    EXPECT_EQ(intrinsic_gas(rules_of(Revision::Prague), creation).floor, 21000U + 5 * 10);
}

}  // namespace
}  // namespace cairn::chain
