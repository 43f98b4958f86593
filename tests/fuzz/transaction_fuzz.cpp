// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "core/types/account.hpp"
#include "core/types/block.hpp"
#include "core/types/receipt.hpp"
#include "core/types/transaction_rlp.hpp"

// Every decoder of core/types on the same bytes: none may crash, and what decodes must encode to
// the bytes it came from, so that no object has two encodings and hence two hashes.

namespace {

using namespace cairn;  // NOLINT: a program of one file

void check_tx(ByteView bytes) {
    const auto tx = decode_tx(bytes);
    if (!tx) {
        (void)to_string(tx.error());
        return;
    }
    CAIRN_ASSERT(equal(tx->bytes(), bytes));
    CAIRN_ASSERT(encode_tx(tx->tx(), tx->signature()) == to_bytes(bytes));
    (void)signing_hash(tx->tx());
    (void)recover_sender(*tx);
    for (const Authorization& authorization : (*tx)->authorization_list)
        (void)recover_authority(authorization);
    Bytes item;
    append_tx_item(item, *tx);
    CAIRN_ASSERT(item.size() == tx_item_size(*tx));
    const auto back = decode_tx_item(item);
    CAIRN_ASSERT(back.has_value() && back->hash() == tx->hash());
}

void check_pooled_tx(ByteView bytes) {
    const auto tx = decode_pooled_tx(bytes);
    if (tx) CAIRN_ASSERT(encode_pooled_tx(*tx) == to_bytes(bytes));
}

void check_blocks(ByteView bytes) {
    if (const auto header = decode_header(bytes))
        CAIRN_ASSERT(encode_header(*header) == to_bytes(bytes));
    if (const auto body = decode_body(bytes)) CAIRN_ASSERT(encode_body(*body) == to_bytes(bytes));
    if (const auto block = decode_block(bytes)) {
        CAIRN_ASSERT(encode_block(*block) == to_bytes(bytes));
        CAIRN_ASSERT(encoded_size(*block) == bytes.size());
    }
}

void check_receipts(ByteView bytes) {
    if (const auto receipt = decode_receipt(bytes))
        CAIRN_ASSERT(encode_receipt(*receipt) == to_bytes(bytes));
    if (const auto receipts = decode_receipts(bytes))
        CAIRN_ASSERT(encode_receipts(*receipts) == to_bytes(bytes));
    if (const auto account = decode_account(bytes))
        CAIRN_ASSERT(encode_account(*account) == to_bytes(bytes));
}

/// Takes fields off the input; zeros once it is used up.
class Source {
public:
    explicit Source(ByteView rest) : rest_{rest} {}
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const std::uint8_t out = rest_[0];
        rest_ = rest_.subspan(1);
        return out;
    }
    Bytes bytes(std::size_t size) {
        Bytes out(size);
        for (auto& b : out) b = byte();
        return out;
    }
    /// Of every width, so that lengths of integers vary.
    Uint256 number(std::size_t width_max) { return from_be(bytes(byte() % (width_max + 1))); }
    std::uint64_t number64() { return number(8).low64(); }
    template <class Fixed>
    Fixed fixed() {
        return Fixed::from(bytes(Fixed::kSize));
    }

private:
    ByteView rest_;
};

Transaction make_tx(Source& source) {
    Transaction tx;
    tx.type = static_cast<TxType>(source.byte() % kTxTypeCount);
    if (tx.type != TxType::Legacy || source.byte() % 2 == 0) tx.chain_id = source.number64();
    tx.nonce = source.number64();
    tx.max_fee_per_gas = source.number(32);
    const bool has_one_price = tx.type == TxType::Legacy || tx.type == TxType::AccessList;
    tx.max_priority_fee_per_gas = has_one_price ? tx.max_fee_per_gas : source.number(32);
    tx.gas_limit = source.number64();
    if (source.byte() % 2 == 0) tx.to = source.fixed<Address>();
    tx.value = source.number(32);
    tx.data = source.bytes(source.byte());
    if (tx.type == TxType::Legacy) return tx;
    tx.access_list.resize(source.byte() % 4);
    for (AccessListEntry& entry : tx.access_list) {
        entry.address = source.fixed<Address>();
        entry.storage_keys.assign(source.byte() % 4, source.fixed<Hash256>());
    }
    if (tx.type == TxType::Blob) {
        tx.max_fee_per_blob_gas = source.number(32);
        tx.blob_hashes.assign(source.byte() % 4, source.fixed<Hash256>());
    }
    if (tx.type == TxType::SetCode) {
        tx.authorization_list.resize(source.byte() % 4);
        for (Authorization& a : tx.authorization_list)
            a = {source.number(32), source.fixed<Address>(), source.number64(),
                 source.byte(),     source.number(32),       source.number(32)};
    }
    return tx;
}

/// A transaction made of the input survives its encoding, and the encoding with one byte changed is
/// decoded safely.
void check_made_tx(ByteView bytes) {
    Source source{bytes};
    const Transaction tx = make_tx(source);
    const TxSignature signature{source.number(32), source.number(32), source.byte() % 2 == 0};
    const SignedTx made{tx, signature};
    const auto back = decode_tx(made.bytes());
    CAIRN_ASSERT(back.has_value());
    CAIRN_ASSERT(back->tx() == tx && back->signature() == signature && back->hash() == made.hash());
    Bytes changed = to_bytes(made.bytes());
    const std::size_t at = (source.byte() * 256U + source.byte()) % changed.size();
    changed[at] = source.byte();
    check_tx(changed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes{data, size};
    check_tx(bytes);
    check_made_tx(bytes);
    check_pooled_tx(bytes);
    check_blocks(bytes);
    check_receipts(bytes);
    return 0;
}
