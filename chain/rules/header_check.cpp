// SPDX-License-Identifier: MIT
#include "chain/rules/header_check.hpp"

#include <string_view>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/difficulty.hpp"
#include "core/base/bytes.hpp"

namespace cairn::chain {
namespace {

using Verdict = Result<void, BlockError>;

constexpr std::string_view kDaoExtraData = "dao-hard-fork";

/// Which of the optional fields there are. A later one is never there without the earlier ones, as
/// the encoding has no way to say so.
Verdict check_fields(const RuleSet& rules, const Header& h) noexcept {
    const auto check = [](bool is_there, bool is_wanted, BlockError missing,
                          BlockError unexpected) -> Verdict {
        if (is_there == is_wanted) return {};
        return Unexpected{is_wanted ? missing : unexpected};
    };
    using enum BlockError;
    if (auto v =
            check(h.base_fee.has_value(), rules.has_base_fee, BaseFeeMissing, BaseFeeUnexpected);
        !v)
        return v;
    if (auto v = check(h.withdrawals_root.has_value(), rules.has_withdrawals,
                       WithdrawalsRootMissing, WithdrawalsRootUnexpected);
        !v)
        return v;
    if (auto v = check(h.blob_gas_used.has_value(), rules.has_blobs, BlobFieldsMissing,
                       BlobFieldsUnexpected);
        !v)
        return v;
    if (auto v = check(h.excess_blob_gas.has_value(), rules.has_blobs, BlobFieldsMissing,
                       BlobFieldsUnexpected);
        !v)
        return v;
    if (auto v = check(h.parent_beacon_root.has_value(), rules.has_beacon_root, BeaconRootMissing,
                       BeaconRootUnexpected);
        !v)
        return v;
    return check(h.requests_hash.has_value(), rules.has_requests, RequestsHashMissing,
                 RequestsHashUnexpected);
}

/// EIP-3675: what is left of proof of work after it.
Verdict check_merged(const Header& header) noexcept {
    if (!header.difficulty.value.is_zero()) return Unexpected{BlockError::DifficultyNotZero};
    if (!header.nonce.is_zero()) return Unexpected{BlockError::NonceNotZero};
    if (header.ommers_hash != kEmptyOmmersHash) return Unexpected{BlockError::OmmersHashNotEmpty};
    return {};
}

bool is_in_dao_range(const ChainSpec& spec, BlockNumber number) noexcept {
    const auto& fork = spec.parameters().dao_fork_block;
    return fork && number >= *fork && number - *fork < kDaoExtraDataBlocks;
}

Verdict check_gas_limit_step(const RuleSet& rules, const Header& header,
                             const Header& parent) noexcept {
    // EIP-1559: at the fork block the limit is that of twice as much, so that the target stays.
    const bool is_first_with_base_fee = rules.has_base_fee && !parent.base_fee;
    const Gas base = is_first_with_base_fee && parent.gas_limit <= kGasLimitMax
                         ? parent.gas_limit * kElasticityMultiplier
                         : parent.gas_limit;
    const Gas distance =
        header.gas_limit > base ? header.gas_limit - base : base - header.gas_limit;
    if (distance >= base / kGasLimitBoundDivisor)
        return Unexpected{BlockError::GasLimitStepTooLarge};
    return {};
}

}  // namespace

Verdict check_header_alone(const ChainSpec& spec, const RuleSet& rules, const Header& header) {
    if (header.extra_data.size() > rules.extra_data_size_max)
        return Unexpected{BlockError::ExtraDataTooLong};
    if (header.gas_limit < kGasLimitMin) return Unexpected{BlockError::GasLimitTooLow};
    if (header.gas_limit > kGasLimitMax) return Unexpected{BlockError::GasLimitTooHigh};
    if (header.gas_used > header.gas_limit) return Unexpected{BlockError::GasUsedAboveLimit};
    if (auto v = check_fields(rules, header); !v) return v;
    if (rules.has_blobs) {
        if (*header.blob_gas_used % kGasPerBlob != 0)
            return Unexpected{BlockError::BlobGasNotMultiple};
        if (*header.blob_gas_used / kGasPerBlob > rules.blobs.max)
            return Unexpected{BlockError::BlobGasAboveMax};
    }
    if (rules.difficulty_rule == DifficultyRule::Zero)
        if (auto v = check_merged(header); !v) return v;
    if (is_in_dao_range(spec, header.number) && as_text(header.extra_data) != kDaoExtraData)
        return Unexpected{BlockError::DaoExtraDataWrong};
    return {};
}

Verdict check_header(const ChainSpec& spec, const RuleSet& rules, const Header& header,
                     const HashedHeader& parent, GasPolicy gas) {
    if (auto v = check_header_alone(spec, rules, header); !v) return v;
    if (header.parent_hash != parent.hash()) return Unexpected{BlockError::ParentHashWrong};
    // Not number + 1, which wraps for a parent at the top.
    if (header.number == 0 || header.number - 1 != parent->number)
        return Unexpected{BlockError::NumberNotNext};
    if (header.timestamp <= parent->timestamp)
        return Unexpected{BlockError::TimestampNotAfterParent};
    if (gas == GasPolicy::FollowsParent) {
        if (auto v = check_gas_limit_step(rules, header, *parent); !v) return v;
        if (rules.has_base_fee && *header.base_fee != next_base_fee(*parent))
            return Unexpected{BlockError::BaseFeeWrong};
    }
    if (rules.has_blobs && *header.excess_blob_gas != next_excess_blob_gas(rules.blobs, *parent))
        return Unexpected{BlockError::ExcessBlobGasWrong};
    if (header.difficulty != next_difficulty(spec, rules, *parent, header.timestamp))
        return Unexpected{BlockError::DifficultyWrong};
    return {};
}

Verdict check_header(const ChainSpec& spec, const Header& header, const HashedHeader& parent,
                     const TotalDifficulty& parent_total) {
    return check_header(spec, spec.rules_at(header.number, header.timestamp, parent_total), header,
                        parent);
}

Verdict check_not_early(const Header& header, UnixSeconds now) noexcept {
    if (header.timestamp > now && header.timestamp - now > kFutureSecondsMax)
        return Unexpected{BlockError::TimestampEarly};
    return {};
}

}  // namespace cairn::chain
