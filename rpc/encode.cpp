// SPDX-License-Identifier: MIT
#include "rpc/encode.hpp"

#include <algorithm>

#include "chain/rules/base_fee.hpp"
#include "core/base/assert.hpp"
#include "vm/vm.hpp"

namespace cairn::rpc {
namespace {

void write_signature(JsonWriter& out, const SignedTx& tx) {
    const auto& signature = tx.signature();
    const std::uint64_t parity = signature.y_parity ? 1 : 0;
    if (tx->type == TxType::Legacy) {
        // EIP-155; the sum is written with 256 bits since chain ids come near 2^64.
        const auto v = tx->chain_id ? Uint256{*tx->chain_id} * Uint256{2} + Uint256{35 + parity}
                                    : Uint256{27 + parity};
        out.quantity("v", v);
    } else {
        out.quantity("v", parity);
        out.quantity("yParity", parity);
    }
    out.quantity("r", signature.r);
    out.quantity("s", signature.s);
}

void write_authorizations(JsonWriter& out, const std::vector<Authorization>& list) {
    out.begin_array();
    for (const auto& each : list) {
        out.begin_object();
        out.quantity("chainId", each.chain_id);
        out.data("address", each.address);
        out.quantity("nonce", each.nonce);
        out.quantity("yParity", each.y_parity);
        out.quantity("r", each.r);
        out.quantity("s", each.s);
        out.end_object();
    }
    out.end_array();
}

void write_to(JsonWriter& out, const std::optional<Address>& to) {
    if (to) {
        out.data("to", *to);
    } else {
        out.null("to");
    }
}

/// What only some types have.
void write_type_fields(JsonWriter& out, const Transaction& tx) {
    if (tx.type == TxType::Legacy) {
        if (tx.chain_id) out.quantity("chainId", *tx.chain_id);
        return;
    }
    out.quantity("chainId", tx.chain_id.value_or(0));
    out.key("accessList");
    write_access_list(out, tx.access_list);
    if (tx.type == TxType::AccessList) return;
    out.quantity("maxFeePerGas", tx.max_fee_per_gas);
    out.quantity("maxPriorityFeePerGas", tx.max_priority_fee_per_gas);
    if (tx.type == TxType::Blob) {
        out.quantity("maxFeePerBlobGas", tx.max_fee_per_blob_gas);
        out.key("blobVersionedHashes").begin_array();
        for (const auto& hash : tx.blob_hashes) out.data(hash);
        out.end_array();
    }
    if (tx.type == TxType::SetCode) {
        out.key("authorizationList");
        write_authorizations(out, tx.authorization_list);
    }
}

/// Where the element `index` of an array stands, that was written from `before` on.
TextSlice element_since(std::size_t before, std::size_t index, const JsonWriter& out) {
    return {before + (index > 0 ? 1 : 0), out.size()};  // behind its comma
}

TxPlace place_of(const HashedHeader& header, std::size_t index) {
    return {header.hash(), header->number, header->timestamp, index, header->base_fee};
}

}  // namespace

Wei price_paid(const Transaction& tx, const std::optional<Wei>& base_fee) {
    if (!base_fee || tx.type == TxType::Legacy || tx.type == TxType::AccessList)
        return tx.max_fee_per_gas;
    return effective_gas_price(tx, *base_fee);
}

void write_access_list(JsonWriter& out, const AccessList& list) {
    out.begin_array();
    for (const auto& entry : list) {
        out.begin_object();
        out.data("address", entry.address);
        out.key("storageKeys").begin_array();
        for (const auto& key : entry.storage_keys) out.data(key);
        out.end_array();
        out.end_object();
    }
    out.end_array();
}

void write_tx(JsonWriter& out, const SignedTx& tx, const Address& sender,
              const std::optional<TxPlace>& place) {
    out.begin_object();
    if (place) {
        out.data("blockHash", place->block_hash);
        out.quantity("blockNumber", place->block_number);
        out.quantity("blockTimestamp", place->block_timestamp);
    } else {
        out.null("blockHash").null("blockNumber").null("blockTimestamp");
    }
    out.data("from", sender);
    out.quantity("gas", tx->gas_limit);
    out.quantity("gasPrice", price_paid(tx.tx(), place ? place->base_fee : std::nullopt));
    out.data("hash", tx.hash());
    out.data("input", tx->data);
    out.quantity("nonce", tx->nonce);
    write_to(out, tx->to);
    if (place) {
        out.quantity("transactionIndex", place->index);
    } else {
        out.null("transactionIndex");
    }
    out.quantity("value", tx->value);
    out.quantity("type", static_cast<std::uint64_t>(tx->type));
    write_type_fields(out, tx.tx());
    write_signature(out, tx);
    out.end_object();
}

void write_unsigned_tx(JsonWriter& out, const Transaction& tx, const TxHash& hash) {
    out.begin_object();
    out.quantity("type", static_cast<std::uint64_t>(tx.type));
    out.quantity("nonce", tx.nonce);
    write_to(out, tx.to);
    out.quantity("gas", tx.gas_limit);
    const bool has_one_price = tx.type == TxType::Legacy || tx.type == TxType::AccessList;
    if (has_one_price) out.quantity("gasPrice", tx.max_fee_per_gas);
    out.quantity("value", tx.value);
    out.data("input", tx.data);
    if (tx.type != TxType::Legacy) {
        write_type_fields(out, tx);
        out.quantity("yParity", 0);
    }
    out.quantity("v", 0).quantity("r", 0).quantity("s", 0);
    out.data("hash", hash);
    out.end_object();
}

void write_header_fields(JsonWriter& out, const HashedHeader& header) {
    out.quantity("number", header->number);
    out.data("parentHash", header->parent_hash);
    out.data("mixHash", header->mix_hash);
    out.data("sha3Uncles", header->ommers_hash);
    out.data("logsBloom", header->logs_bloom);
    out.data("stateRoot", header->state_root);
    out.quantity("difficulty", header->difficulty.value);
    out.data("extraData", header->extra_data);
    out.quantity("gasLimit", header->gas_limit);
    out.quantity("gasUsed", header->gas_used);
    out.quantity("timestamp", header->timestamp);
    out.data("transactionsRoot", header->transactions_root);
    out.data("receiptsRoot", header->receipts_root);
    if (header->base_fee) out.quantity("baseFeePerGas", *header->base_fee);
    if (header->withdrawals_root) out.data("withdrawalsRoot", *header->withdrawals_root);
    if (header->blob_gas_used) out.quantity("blobGasUsed", *header->blob_gas_used);
    if (header->excess_blob_gas) out.quantity("excessBlobGas", *header->excess_blob_gas);
    if (header->parent_beacon_root) out.data("parentBeaconBlockRoot", *header->parent_beacon_root);
    if (header->requests_hash) out.data("requestsHash", *header->requests_hash);
}

namespace {

void write_identity(JsonWriter& out, const HashedHeader& header, bool is_pending) {
    if (is_pending) {
        out.null("hash").null("nonce").null("miner");
        return;
    }
    out.data("hash", header.hash());
    out.data("nonce", header->nonce);
    out.data("miner", header->beneficiary);
}

}  // namespace

void write_header(JsonWriter& out, const HashedHeader& header) {
    out.begin_object();
    write_identity(out, header, false);
    write_header_fields(out, header);
    out.end_object();
}

void write_ommer(JsonWriter& out, const HashedHeader& header) {
    out.begin_object();
    write_identity(out, header, false);
    write_header_fields(out, header);
    out.quantity("size", encoded_size(Block{header, {}}));
    out.key("uncles").begin_array().end_array();
    out.end_object();
}

void write_block(JsonWriter& out, const Block& block, std::span<const Address> senders,
                 TxDetail detail, bool is_pending, std::vector<TextSlice>* marks) {
    out.begin_object();
    write_block_fields(out, block, senders, detail, is_pending, marks);
    out.end_object();
}

void write_block_fields(JsonWriter& out, const Block& block, std::span<const Address> senders,
                        TxDetail detail, bool is_pending, std::vector<TextSlice>* marks) {
    CAIRN_ASSERT(senders.size() == block.body.transactions.size());
    write_identity(out, block.header, is_pending);
    write_header_fields(out, block.header);
    out.quantity("size", encoded_size(block));
    out.key("transactions").begin_array();
    for (std::size_t i = 0; i < senders.size(); ++i) {
        const auto& tx = block.body.transactions[i];
        const auto before = out.size();
        if (detail == TxDetail::Hashes) {
            out.data(tx.hash());
        } else {
            write_tx(out, tx, senders[i], place_of(block.header, i));
        }
        if (marks != nullptr) marks->push_back(element_since(before, i, out));
    }
    out.end_array();
    out.key("uncles").begin_array();
    for (const auto& ommer : block.body.ommers) out.data(ommer.hash());
    out.end_array();
    if (block.body.withdrawals) {
        out.key("withdrawals");
        write_withdrawals(out, *block.body.withdrawals);
    }
}

void write_withdrawals(JsonWriter& out, std::span<const Withdrawal> withdrawals) {
    out.begin_array();
    for (const auto& each : withdrawals) {
        out.begin_object();
        out.quantity("index", each.index);
        out.quantity("validatorIndex", each.validator_index);
        out.data("address", each.address);
        out.quantity("amount", each.amount_gwei);
        out.end_object();
    }
    out.end_array();
}

void write_log(JsonWriter& out, const Log& log, const LogPlace& place) {
    out.begin_object();
    out.data("address", log.address);
    out.key("topics").begin_array();
    for (const auto& topic : log.topics) out.data(topic);
    out.end_array();
    out.data("data", log.data);
    out.quantity("blockNumber", place.block_number);
    out.data("transactionHash", place.tx_hash);
    out.quantity("transactionIndex", place.tx_index);
    out.data("blockHash", place.block_hash);
    out.quantity("blockTimestamp", place.block_timestamp);
    out.quantity("logIndex", place.log_index);
    out.boolean("removed", place.is_removed);
    out.end_object();
}

void write_receipt(JsonWriter& out, const Receipt& receipt, const ReceiptPlace& at,
                   ReceiptMarks* marks) {
    const auto& tx = at.tx;
    out.begin_object();
    out.data("blockHash", at.place.block_hash);
    out.quantity("blockNumber", at.place.block_number);
    out.data("transactionHash", tx.hash());
    out.quantity("transactionIndex", at.place.index);
    out.data("from", at.sender);
    write_to(out, tx->to);
    out.quantity("gasUsed", at.gas_used);
    out.quantity("cumulativeGasUsed", receipt.cumulative_gas_used);
    if (tx->is_creation()) {
        out.data("contractAddress", vm::create_address(at.sender, tx->nonce));
    } else {
        out.null("contractAddress");
    }
    out.key("logs").begin_array();
    for (std::size_t i = 0; i < receipt.logs.size(); ++i) {
        const auto before = out.size();
        write_log(out, receipt.logs[i],
                  {at.place.block_hash, at.place.block_number, at.place.block_timestamp, tx.hash(),
                   at.place.index, at.first_log + i, false});
        if (marks != nullptr) marks->logs.push_back(element_since(before, i, out));
    }
    out.end_array();
    out.data("logsBloom", receipt.bloom);
    out.quantity("type", static_cast<std::uint64_t>(tx->type));
    out.quantity("effectiveGasPrice", price_paid(tx.tx(), at.place.base_fee));
    if (receipt.state_root) {
        out.data("root", *receipt.state_root);
    } else {
        out.quantity("status", receipt.success ? 1U : 0U);
    }
    if (tx->type == TxType::Blob) {
        out.quantity("blobGasUsed", chain::blob_gas_of(tx->blob_hashes.size()));
        if (at.blob_price) out.quantity("blobGasPrice", *at.blob_price);
    }
    out.end_object();
}

namespace {

/// Writes receipts [first, last) of a block.
void write_receipt_range(JsonWriter& out, const Block& block, std::span<const Address> senders,
                         std::span<const Receipt> receipts, const chain::RuleSet& rules,
                         std::size_t first, std::size_t last, ReceiptMarks* marks) {
    const auto& transactions = block.body.transactions;
    CAIRN_ASSERT(last <= receipts.size() && last <= transactions.size() && last <= senders.size());
    std::optional<Wei> blob_price;
    if (block.header->excess_blob_gas && rules.has_blobs)
        blob_price = chain::blob_base_fee(rules.blobs, *block.header->excess_blob_gas);
    std::size_t first_log = 0;
    Gas gas_before = 0;
    for (std::size_t i = 0; i < last; ++i) {
        const auto& receipt = receipts[i];
        if (i >= first) {
            const auto before = out.size();
            write_receipt(out, receipt,
                          {transactions[i], senders[i], place_of(block.header, i),
                           receipt.cumulative_gas_used - gas_before, first_log, blob_price},
                          marks);
            if (marks != nullptr)
                marks->receipts.push_back(element_since(before, i - first, out));
        }
        first_log += receipt.logs.size();
        gas_before = receipt.cumulative_gas_used;
    }
}

}  // namespace

void write_receipts(JsonWriter& out, const Block& block, std::span<const Address> senders,
                    std::span<const Receipt> receipts, const chain::RuleSet& rules,
                    ReceiptMarks* marks) {
    out.begin_array();
    write_receipt_range(out, block, senders, receipts, rules, 0, receipts.size(), marks);
    out.end_array();
}

void write_receipt_at(JsonWriter& out, const Block& block, std::span<const Address> senders,
                      std::span<const Receipt> receipts, const chain::RuleSet& rules,
                      std::size_t index) {
    write_receipt_range(out, block, senders, receipts, rules, index, index + 1, nullptr);
}

}  // namespace cairn::rpc
