// SPDX-License-Identifier: MIT
#include "chain/build/block_header.hpp"

#include <algorithm>
#include <string_view>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/body_check.hpp"
#include "chain/rules/difficulty.hpp"
#include "chain/rules/header_check.hpp"

namespace cairn::chain {
namespace {

constexpr std::string_view kDaoExtraData = "dao-hard-fork";

bool is_in_dao_range(const ChainSpec& spec, BlockNumber number) noexcept {
    const auto& fork = spec.parameters().dao_fork_block;
    return fork && number >= *fork && number - *fork < kDaoExtraDataBlocks;
}

}  // namespace

Gas next_gas_limit(const RuleSet& rules, const Header& parent, Gas target) noexcept {
    const bool is_first_with_base_fee = rules.has_base_fee && !parent.base_fee;
    const Gas base = is_first_with_base_fee && parent.gas_limit <= kGasLimitMax
                         ? parent.gas_limit * kElasticityMultiplier
                         : parent.gas_limit;
    const Gas bound = base / kGasLimitBoundDivisor;
    const Gas step = bound == 0 ? 0 : bound - 1;
    const Gas wanted = std::clamp(target, kGasLimitMin, kGasLimitMax);
    return std::clamp(wanted, base - step, base + step);
}

Result<Header, BuildFault> make_header(const ChainSpec& spec, const RuleSet& rules,
                                       const HashedHeader& parent,
                                       const BlockAttributes& attributes) {
    if (attributes.timestamp <= parent->timestamp)
        return Unexpected{BuildFault{BuildError::TimestampNotAfterParent}};
    if (attributes.extra_data.size() > rules.extra_data_size_max)
        return Unexpected{BuildFault{BuildError::ExtraDataTooLong}};
    Header out;
    out.parent_hash = parent.hash();
    out.beneficiary = attributes.beneficiary;
    out.number = parent->number + 1;
    out.timestamp = attributes.timestamp;
    out.gas_limit = attributes.is_gas_limit_exact
                        ? std::clamp(attributes.gas_limit_target, kGasLimitMin, kGasLimitMax)
                        : next_gas_limit(rules, *parent, attributes.gas_limit_target);
    out.difficulty = next_difficulty(spec, rules, *parent, attributes.timestamp);
    out.extra_data = is_in_dao_range(spec, out.number) ? to_bytes(as_bytes(kDaoExtraData))
                                                       : attributes.extra_data;
    if (rules.has_prev_randao) out.mix_hash = attributes.prev_randao;
    if (rules.has_base_fee) out.base_fee = attributes.base_fee.value_or(next_base_fee(*parent));
    if (rules.has_withdrawals) out.withdrawals_root = withdrawals_root_of(attributes.withdrawals);
    if (rules.has_blobs) {
        out.blob_gas_used = 0;
        out.excess_blob_gas = next_excess_blob_gas(rules.blobs, *parent);
    }
    if (rules.has_beacon_root) out.parent_beacon_root = attributes.parent_beacon_root;
    return out;
}

}  // namespace cairn::chain
