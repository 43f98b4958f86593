// SPDX-License-Identifier: MIT
// testing_buildBlockV1 of the execution API: builds a block on request, for conformance tests.
#include <nlohmann/json.hpp>

#include "rpc/bind.hpp"
#include "rpc/call_args.hpp"
#include "rpc/encode.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/raw_tx.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

/// The engine API's payload attributes.
struct PayloadAttributes {
    UnixSeconds timestamp = 0;
    Hash256 prev_randao;
    Address fee_recipient;
    std::vector<Withdrawal> withdrawals{};
    std::optional<Hash256> parent_beacon_root{};
};

/// Transactions as raw bytes.
struct RawTxs {
    std::vector<SignedTx> transactions{};
};

}  // namespace

CAIRN_PARAM_CODEC(PayloadAttributes);
CAIRN_PARAM_CODEC(RawTxs);

Decoded<PayloadAttributes> ParamCodec<PayloadAttributes>::decode(const Json& in) {
    constexpr std::string_view kName = "PayloadAttributes";
    if (!in.is_object()) return Unexpected{std::string{"payload attributes must be an object"}};
    const auto timestamp = decode_member<std::uint64_t>(in, "timestamp", kName);
    if (!timestamp) return Unexpected{timestamp.error()};
    const auto randao = decode_member<Hash256>(in, "prevRandao", kName);
    if (!randao) return Unexpected{randao.error()};
    const auto recipient = decode_member<Address>(in, "suggestedFeeRecipient", kName);
    if (!recipient) return Unexpected{recipient.error()};
    auto withdrawals = decode_member<std::vector<Withdrawal>>(in, "withdrawals", kName);
    if (!withdrawals) return Unexpected{withdrawals.error()};
    const auto root = decode_member<Hash256>(in, "parentBeaconBlockRoot", kName);
    if (!root) return Unexpected{root.error()};
    if (!*timestamp || !*randao || !*recipient)
        return Unexpected{std::string{"missing required field for PayloadAttributes"}};
    return PayloadAttributes{**timestamp, **randao, **recipient,
                             withdrawals->value_or(std::vector<Withdrawal>{}), *root};
}
std::string ParamCodec<PayloadAttributes>::schema() {
    return R"({"title":"payload attributes","type":"object","required":["timestamp","prevRandao","suggestedFeeRecipient"]})";
}

Decoded<RawTxs> ParamCodec<RawTxs>::decode(const Json& in) {
    if (!in.is_array()) return Unexpected{std::string{"transactions must be an array"}};
    RawTxs out;
    for (const auto& each : in) {
        const auto raw = ParamCodec<Bytes>::decode(each);
        if (!raw) return Unexpected{raw.error()};
        auto tx = decode_tx(*raw);
        if (!tx) return Unexpected{to_string(tx.error())};
        out.transactions.push_back(std::move(*tx));
    }
    return out;
}
std::string ParamCodec<RawTxs>::schema() {
    return R"({"type":"array","items":{"type":"string"}})";
}

namespace {

void write_payload(JsonWriter& out, const Block& block) {
    const auto& header = block.header;
    out.begin_object();
    out.data("parentHash", header->parent_hash);
    out.data("feeRecipient", header->beneficiary);
    out.data("stateRoot", header->state_root);
    out.data("receiptsRoot", header->receipts_root);
    out.data("logsBloom", header->logs_bloom);
    out.data("prevRandao", header->mix_hash);
    out.quantity("blockNumber", header->number);
    out.quantity("gasLimit", header->gas_limit);
    out.quantity("gasUsed", header->gas_used);
    out.quantity("timestamp", header->timestamp);
    out.data("extraData", header->extra_data);
    out.quantity("baseFeePerGas", header->base_fee.value_or(Wei{}));
    out.data("blockHash", header.hash());
    out.key("transactions").begin_array();
    for (const auto& tx : block.body.transactions) out.data(tx.bytes());
    out.end_array();
    out.key("withdrawals");
    write_withdrawals(out, block.body.withdrawals.value_or(std::vector<Withdrawal>{}));
    if (header->blob_gas_used) out.quantity("blobGasUsed", *header->blob_gas_used);
    if (header->excess_blob_gas) out.quantity("excessBlobGas", *header->excess_blob_gas);
    out.end_object();
}

/// Commitments, proofs and blobs of the block's blob transactions, each in one list.
void write_blobs(JsonWriter& out, const std::vector<std::shared_ptr<const BlobSidecar>>& sidecars) {
    const auto write_all = [&](const char* name, auto member) {
        out.key(name).begin_array();
        for (const auto& sidecar : sidecars)
            for (const auto& each : (*sidecar).*member) out.data(each);
        out.end_array();
    };
    out.begin_object();
    write_all("commitments", &BlobSidecar::commitments);
    write_all("proofs", &BlobSidecar::proofs);
    write_all("blobs", &BlobSidecar::blobs);
    out.end_object();
}

Reply build_block(EthContext& context, Call&, JsonWriter& out, BlockHash parent,
                  PayloadAttributes attributes, std::optional<RawTxs> transactions,
                  std::optional<Bytes> extra_data) {
    if (context.build == nullptr) return server_error("this node builds no blocks on request");
    BuildRequest request{parent,
                         attributes.timestamp,
                         attributes.prev_randao,
                         attributes.fee_recipient,
                         std::move(attributes.withdrawals),
                         attributes.parent_beacon_root,
                         std::nullopt,
                         std::move(extra_data)};
    if (transactions) request.transactions = std::move(transactions->transactions);
    const auto built = context.build->build(request);
    if (!built) return Unexpected{built.error()};
    out.begin_object();
    out.key("executionPayload");
    write_payload(out, built->block);
    out.quantity("blockValue", built->block_value);
    out.key("blobsBundle");
    write_blobs(out, built->sidecars);
    out.key("executionRequests").begin_array();
    for (const auto& each : built->requests) out.data(each);
    out.end_array();
    out.boolean("shouldOverrideBuilder", false);
    out.end_object();
    return {};
}

}  // namespace

std::vector<Method> testing_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(
        context,
        {"testing_buildBlockV1", "Builds a block on a parent and gives it, unsealed.", "object"},
        {"parentBlockHash", "payloadAttributes", "transactions", "extraData"}, build_block));
    return rows;
}

}  // namespace cairn::rpc
