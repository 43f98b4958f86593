// SPDX-License-Identifier: MIT
#include "node/sync/header_verify.hpp"

#include "chain/rules/header_check.hpp"
#include "chain/rules/pow.hpp"

namespace cairn::node {
namespace {

[[nodiscard]] Result<void, chain::BlockError> check_one(const chain::ChainSpec& spec,
                                                        const chain::SealEngine& engine,
                                                        const Header& header,
                                                        const CheckedHeader& parent,
                                                        UnixSeconds now) {
    const chain::RuleSet& rules = spec.rules_at(header.number, header.timestamp, parent.total);
    if (auto checked = chain::check_header(spec, rules, header, parent.header); !checked)
        return checked;
    if (auto checked = chain::check_seal(engine, rules, header); !checked) return checked;
    // A beacon chain has its own clock.
    if (rules.difficulty_rule == chain::DifficultyRule::Zero) return {};
    return chain::check_not_early(header, now);
}

}  // namespace

HeadersChecked check_headers(const chain::ChainSpec& spec, const chain::SealEngine& engine,
                             const CheckHeaders& job) {
    HeadersChecked result{.job = job.job};
    CheckedHeader parent = job.parent;
    for (const HashedHeader& header : job.headers) {
        if (const auto checked = check_one(spec, engine, *header, parent, job.now); !checked) {
            result.error = checked.error();
            return result;
        }
        ++result.valid_count;
        parent = {header, parent.total + header->difficulty};
    }
    return result;
}

bool are_linked(const std::vector<HashedHeader>& headers) noexcept {
    for (std::size_t i = 1; i < headers.size(); ++i)
        if (headers[i]->parent_hash != headers[i - 1].hash() ||
            headers[i]->number != headers[i - 1]->number + 1)
            return false;
    return true;
}

}  // namespace cairn::node
