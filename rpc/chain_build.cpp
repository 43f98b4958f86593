// SPDX-License-Identifier: MIT
#include "rpc/chain_build.hpp"

#include "chain/build/block_builder.hpp"
#include "chain/store/read_view.hpp"

namespace cairn::rpc {
namespace {

chain::BlockAttributes attributes_of(const BuildRequest& request) {
    chain::BlockAttributes out;
    out.parent = request.parent;
    out.timestamp = request.timestamp;
    out.beneficiary = request.beneficiary;
    out.extra_data = request.extra_data.value_or(Bytes{});
    out.takes_ommers = false;
    out.prev_randao = request.prev_randao;
    out.withdrawals = request.withdrawals;
    out.parent_beacon_root = request.parent_beacon_root.value_or(Hash256{});
    return out;
}

}  // namespace

Result<BuiltBlock, RpcError> ChainBuild::build(const BuildRequest& request) {
    std::vector<RecoveredTx> transactions;
    for (const auto& tx : request.transactions.value_or(std::vector<SignedTx>{})) {
        auto recovered = recover_sender(tx);
        if (!recovered) return server_error("invalid transaction v, r, s values");
        transactions.push_back(std::move(*recovered));
    }
    const chain::ReadView view{store_};
    chain::BlockBuilder builder{spec_};
    const auto attributes = attributes_of(request);
    auto built = request.transactions ? builder.build(view, attributes, transactions)
                                      : builder.build(view, attributes, pool_);
    if (!built) return server_error(to_string(built.error()));
    return BuiltBlock{built->block(), built->fees, std::move(built->requests),
                      std::move(built->sidecars)};
}

}  // namespace cairn::rpc
