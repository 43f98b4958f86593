// SPDX-License-Identifier: MIT
#include "chain/pool/pool_head.hpp"

#include <algorithm>

#include "chain/rules/base_fee.hpp"

namespace cairn::chain {

PoolHead make_pool_head(const ChainSpec& spec, const HashedHeader& head,
                        const TotalDifficulty& total, UnixSeconds now) {
    PoolHead out;
    out.ref = {head->number, head.hash()};
    out.rules = &spec.rules_at(head->number + 1, std::max(now, head->timestamp + 1), total);
    out.gas_limit = head->gas_limit;
    if (out.rules->has_base_fee) out.base_fee = next_base_fee(*head);
    if (out.rules->has_blobs)
        out.blob_base_fee =
            blob_base_fee(out.rules->blobs, next_excess_blob_gas(out.rules->blobs, *head));
    return out;
}

}  // namespace cairn::chain
