// SPDX-License-Identifier: MIT
#include "chain/exec/requests.hpp"

#include <gtest/gtest.h>

#include "chain/exec/block_executor.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::chain {
namespace {

const Address kContract{std::array<std::uint8_t, 20>{1}};

/// DepositEvent's data as the contract lays it out: five offsets, then length and bytes of each
/// string, padded to words. The n-th string is filled with n.
Bytes event_data() {
    const std::size_t sizes[] = {48, 32, 8, 96, 8};
    Bytes heads;
    Bytes tails;
    std::uint8_t fill = 1;
    for (const std::size_t size : sizes) {
        Bytes word(32);
        store_be64(word.data() + 24, 5 * 32 + tails.size());
        append(heads, word);
        store_be64(word.data() + 24, size);
        append(tails, word);
        Bytes padded((size + 31) / 32 * 32);
        std::fill_n(padded.begin(), size, fill++);
        append(tails, padded);
    }
    append(heads, tails);
    return heads;
}

Receipt receipt_with(const Address& address, std::vector<Hash256> topics, Bytes data) {
    Receipt receipt;
    receipt.logs.push_back({address, std::move(topics), std::move(data)});
    return receipt;
}

TEST(Deposits, topic_is_the_hash_of_the_events_signature) {
    EXPECT_EQ(deposit_event_topic(),
              keccak256(as_bytes("DepositEvent(bytes,bytes,bytes,bytes,bytes)")));
}

TEST(Deposits, a_deposit_is_its_five_strings_without_padding) {
    Bytes out;
    ASSERT_TRUE(append_deposit(out, event_data()));
    Bytes expected;
    for (const auto& [size, fill] : {std::pair{48, 1}, {32, 2}, {8, 3}, {96, 4}, {8, 5}})
        expected.insert(expected.end(), static_cast<std::size_t>(size),
                        static_cast<std::uint8_t>(fill));
    EXPECT_EQ(out, expected);
    EXPECT_EQ(out.size(), 192U);
}

TEST(Deposits, any_other_layout_is_refused) {
    const Bytes good = event_data();
    Bytes out;
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(append_deposit(out, ByteView{good}.first(size)));
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_FALSE(append_deposit(out, longer));
    // Offsets and lengths are fixed, every byte of them; contents and padding are free.
    const std::pair<std::size_t, std::size_t> fixed[] = {{0, 160},   {160, 192}, {256, 288},
                                                         {320, 352}, {384, 416}, {512, 544}};
    for (std::size_t at = 0; at < good.size(); ++at) {
        Bytes changed = good;
        changed[at] ^= 0x40;
        const bool is_fixed = std::any_of(std::begin(fixed), std::end(fixed), [&](const auto& r) {
            return at >= r.first && at < r.second;
        });
        EXPECT_EQ(append_deposit(out, changed), !is_fixed) << at;
    }
}

TEST(Deposits, only_deposit_events_of_the_contract_count) {
    const Address other{std::array<std::uint8_t, 20>{2}};
    const Bytes data = event_data();
    const std::vector<Receipt> receipts{
        receipt_with(kContract, {deposit_event_topic()}, data),
        receipt_with(other, {deposit_event_topic()}, Bytes{1}),
        receipt_with(kContract, {Hash256{}}, Bytes{1}), receipt_with(kContract, {}, Bytes{1}),
        receipt_with(kContract, {deposit_event_topic(), Hash256{}}, data)};
    const auto deposits = collect_deposits(receipts, kContract);
    ASSERT_TRUE(deposits);
    EXPECT_EQ(deposits->size(), 2 * 192U);
    EXPECT_FALSE(collect_deposits(
        std::vector{receipt_with(kContract, {deposit_event_topic()}, Bytes{1})}, kContract));
}

TEST(RequestsHash, is_the_hash_of_the_hashes) {
    // EIP-7685: sha256 of nothing where there are no requests, as every Prague block without any
    // carries it.
    EXPECT_EQ(to_hex(requests_hash_of({})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const Bytes a{0, 1, 2};
    const Bytes b{1, 9};
    Bytes digests;
    append(digests, sha256(a));
    append(digests, sha256(b));
    EXPECT_EQ(requests_hash_of(std::vector{a, b}), sha256(digests));
}

}  // namespace
}  // namespace cairn::chain
