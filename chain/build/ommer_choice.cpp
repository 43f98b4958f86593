// SPDX-License-Identifier: MIT
#include "chain/build/ommer_choice.hpp"

#include "chain/rules/ommers.hpp"
#include "chain/rules/pow.hpp"

namespace cairn::chain {
namespace {

std::vector<OmmerAncestor> ancestors_of(const ChainReader& reader, const Header& header) {
    std::vector<OmmerAncestor> out;
    BlockHash hash = header.parent_hash;
    for (BlockNumber number = header.number; number-- > 0 && out.size() < kOmmerAncestors;) {
        auto found = reader.header(BlockRef{number, hash});
        const auto body = reader.body(BlockRef{number, hash});
        if (!found || !body) break;
        hash = (*found)->parent_hash;
        out.push_back({std::move(*found), {}});
        for (const HashedHeader& ommer : body->ommers) out.back().ommers.push_back(ommer.hash());
    }
    return out;
}

}  // namespace

std::vector<HashedHeader> choose_ommers(const ChainReader& reader, const ChainSpec& spec,
                                        const RuleSet& rules, const Header& header) {
    std::vector<HashedHeader> out;
    if (rules.ommers_max == 0) return out;
    const auto trusting = make_seal_engine(SealKind::None);
    const HashedHeader child{header};
    const auto ancestors = ancestors_of(reader, header);
    for (BlockNumber depth = 1; depth <= kOmmerDepthMax && depth < header.number; ++depth)
        for (const BlockHash& hash : reader.hashes_at(header.number - depth)) {
            if (out.size() == rules.ommers_max) return out;
            if (reader.is_canonical({header.number - depth, hash}) || reader.bad_block(hash))
                continue;
            auto candidate = reader.header(BlockRef{header.number - depth, hash});
            if (!candidate) continue;
            out.push_back(std::move(*candidate));
            if (!check_ommers(spec, rules, *trusting, child, out, ancestors)) out.pop_back();
        }
    return out;
}

}  // namespace cairn::chain
