// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <utility>

#include "chain/rules/body_check.hpp"
#include "chain/rules/header_check.hpp"
#include "chain/rules/tx_check.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/base/assert.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/types/block.hpp"

// Bytes as a block and as a body, and as changes of single bytes of a whole block, which come
// further in: decoding never crashes, what decodes encodes to the same bytes, and the checks that
// need nothing but the block are functions of it under every row of rules.

namespace {

using namespace cairn;  // NOLINT: a program of one file
using namespace cairn::chain;

void check_body_bytes(ByteView bytes) {
    const auto body = decode_body(bytes);
    if (body) CAIRN_ASSERT(equal(encode_body(*body), bytes));
}

void check_under(const RuleSet& rules, const Block& block) {
    const auto spec = ChainSpec::with_single_rules(rules, 1, SealKind::None);
    const auto header = check_header_alone(spec, rules, *block.header);
    CAIRN_ASSERT(header.has_value() == check_header_alone(spec, rules, *block.header).has_value());
    const auto body = check_body(rules, block);
    const auto again = check_body(rules, block);
    CAIRN_ASSERT(body.has_value() == again.has_value());
    if (!body) CAIRN_ASSERT(body.error() == again.error());
    for (const SignedTx& tx : block.body.transactions) (void)check_and_recover(rules, 1, tx);
}

/// With the roots that its body has, a block passes at least the check of those.
void check_with_own_roots(const Block& block) {
    Header header = *block.header;
    header.ommers_hash = ommers_hash_of(block.body.ommers);
    header.transactions_root = transactions_root_of(block.body.transactions);
    header.withdrawals_root.reset();
    if (block.body.withdrawals)
        header.withdrawals_root = withdrawals_root_of(*block.body.withdrawals);
    CAIRN_ASSERT(check_body_matches(header, block.body).has_value());
}

void check_block_bytes(ByteView bytes) {
    const auto block = decode_block(bytes);
    if (!block) return;
    CAIRN_ASSERT(equal(encode_block(*block), bytes));
    CAIRN_ASSERT(encoded_size(*block) == bytes.size());
    CAIRN_ASSERT(block->header.hash() == hash_of(*block->header));
    check_with_own_roots(*block);
    for (std::size_t r = 0; r < kRevisionCount; ++r)
        check_under(rules_of(static_cast<Revision>(r)), *block);
    check_under(cairn_testnet_rules(), *block);
}

/// A block with everything that a block may have.
Bytes make_template() {
    Header header;
    header.number = 1000;
    header.gas_limit = 30'000'000;
    header.extra_data = {1, 2, 3};
    header.base_fee = Wei{7};
    header.withdrawals_root = kEmptyTrieRoot;
    header.blob_gas_used = kGasPerBlob;
    header.excess_blob_gas = 0;
    header.parent_beacon_root = Hash256{};
    header.requests_hash = Hash256{};
    BlockBody body;
    for (const TxType type :
         {TxType::Legacy, TxType::AccessList, TxType::DynamicFee, TxType::Blob, TxType::SetCode}) {
        Transaction tx;
        tx.type = type;
        tx.chain_id = 1;
        tx.gas_limit = 100'000;
        tx.to = Address{{0x70}};
        tx.data = {9, 8, 7};
        if (type != TxType::Legacy) tx.access_list.push_back({Address{{0x71}}, {Hash256{}}});
        if (type == TxType::Blob) tx.blob_hashes.push_back(Hash256{{0x01}});
        if (type == TxType::SetCode) tx.authorization_list.push_back({});
        body.transactions.emplace_back(std::move(tx), TxSignature{Uint256{5}, Uint256{6}, true});
    }
    body.ommers.emplace_back(Header{});
    body.withdrawals = {Withdrawal{1, 2, Address{{0x72}}, 3}};
    Bytes bytes = encode_block({HashedHeader{std::move(header)}, std::move(body)});
    CAIRN_ASSERT(decode_block(bytes).has_value());
    return bytes;
}

/// Each three bytes of the input: a place (two bytes, big-endian) and what stands there instead.
Bytes patch_template(ByteView patches) {
    static const Bytes kTemplate = make_template();
    Bytes bytes = kTemplate;
    for (; patches.size() >= 3; patches = patches.subspan(3)) {
        const std::size_t place = (std::size_t{patches[0]} << 8 | patches[1]) % bytes.size();
        bytes[place] = patches[2];
    }
    return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes{data, size};
    check_body_bytes(bytes);
    check_block_bytes(bytes);
    check_block_bytes(patch_template(bytes));
    return 0;
}
