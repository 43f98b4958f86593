// SPDX-License-Identifier: MIT
#include "chain/store/stored_receipts.hpp"

#include <gtest/gtest.h>

#include "chain/store/store_error.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;

std::vector<Receipt> make_receipts() {
    std::vector<Receipt> receipts(3);
    receipts[0].state_root = Hash256{};
    receipts[0].state_root->bytes[31] = 7;
    receipts[0].cumulative_gas_used = 21000;
    receipts[1].type = TxType::SetCode;
    receipts[1].success = true;
    receipts[1].cumulative_gas_used = ~0ULL;
    Address address;
    address.bytes[0] = 1;
    Hash256 topic;
    topic.bytes[5] = 2;
    receipts[1].logs.push_back({address, {}, {}});
    receipts[1].logs.push_back({address, {topic, {}, topic, topic}, Bytes(200, 3)});
    receipts[2].type = TxType::Blob;
    for (auto& receipt : receipts) receipt.bloom = logs_bloom(receipt.logs);
    return receipts;
}

TEST(StoredReceipts, come_back_with_their_blooms) {
    const auto receipts = make_receipts();
    EXPECT_EQ(decode_stored_receipts(encode_stored_receipts(receipts)), receipts);
    EXPECT_TRUE(decode_stored_receipts(encode_stored_receipts({})).empty());
    // Those of the protocol, which tests of core/types hold to public vectors, say the same.
    EXPECT_EQ(*decode_receipts(encode_receipts(receipts)),
              decode_stored_receipts(encode_stored_receipts(receipts)));
}

TEST(StoredReceipts, cut_and_altered_rows_are_refused) {
    const auto bytes = encode_stored_receipts(make_receipts());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_THROW((void)decode_stored_receipts(ByteView{bytes}.first(size)), StoreError) << size;
    // [[type 5, status 1, gas 0, []]]; then status 2; then a list of three
    EXPECT_THROW((void)decode_stored_receipts(Bytes{0xc5, 0xc4, 5, 1, 0x80, 0xc0}), StoreError);
    EXPECT_NO_THROW((void)decode_stored_receipts(Bytes{0xc5, 0xc4, 4, 1, 0x80, 0xc0}));
    EXPECT_THROW((void)decode_stored_receipts(Bytes{0xc5, 0xc4, 4, 2, 0x80, 0xc0}), StoreError);
    EXPECT_THROW((void)decode_stored_receipts(Bytes{0xc4, 0xc3, 4, 1, 0x80}), StoreError);
    EXPECT_THROW((void)decode_stored_receipts(Bytes{0xc6, 0xc5, 4, 1, 0x80, 0xc0, 0x80}),
                 StoreError);
}

TEST(StoredReceipts, fifth_topic_is_refused) {
    Receipt receipt;
    receipt.logs.push_back({{}, std::vector<Hash256>(5), {}});
    EXPECT_THROW((void)decode_stored_receipts(encode_stored_receipts({receipt})), StoreError);
}

}  // namespace
