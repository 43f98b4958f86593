// SPDX-License-Identifier: MIT
#include "chain/import/verify.hpp"

#include <utility>

#include "chain/rules/body_check.hpp"
#include "chain/rules/header_check.hpp"
#include "chain/rules/ommers.hpp"
#include "chain/rules/pow.hpp"
#include "chain/rules/tx_check.hpp"

namespace cairn::chain {
namespace {

/// Stands in where seals are taken on trust.
class TrustingEngine final : public SealEngine {
public:
    [[nodiscard]] Result<void, BlockError> check(const Header&) const override { return {}; }
    [[nodiscard]] Hash256 seal_hash(const Header& header) const override {
        return cairn::seal_hash(header);
    }
};

[[nodiscard]] std::vector<OmmerAncestor> ancestors_of(const ChainReader& reader,
                                                      const HashedHeader& parent) {
    std::vector<OmmerAncestor> ancestors;
    HashedHeader at = parent;
    for (;;) {
        OmmerAncestor ancestor{at, {}};
        if (at->ommers_hash != kEmptyOmmersHash)
            if (const auto body = reader.body(BlockRef{at->number, at.hash()}))
                for (const HashedHeader& ommer : body->ommers)
                    ancestor.ommers.push_back(ommer.hash());
        ancestors.push_back(std::move(ancestor));
        if (ancestors.size() == kOmmerAncestors || at->number == 0) break;
        const auto next = reader.header(BlockRef{at->number - 1, at->parent_hash});
        if (!next) break;
        at = *next;
    }
    return ancestors;
}

[[nodiscard]] Result<void, BlockFault> check_txs(const ChainSpec& spec, const RuleSet& rules,
                                                 const PreparedBlock& prepared) {
    const auto& txs = prepared.block.body.transactions;
    for (std::size_t i = 0; i < txs.size(); ++i) {
        if (const auto checked = check_tx(rules, spec.chain_id(), txs[i]); !checked)
            return Unexpected{BlockFault{BlockError::TxInvalid, i, checked.error()}};
        if (i >= prepared.senders.size())
            return Unexpected{
                BlockFault{BlockError::TxInvalid, i, TxError::SignatureUnrecoverable}};
    }
    return {};
}

[[nodiscard]] Result<void, BlockFault> check_rest(const ChainReader& reader, const ChainSpec& spec,
                                                  const RuleSet& rules, const SealEngine* engine,
                                                  const PreparedBlock& prepared,
                                                  const ParentInfo& parent) {
    const Block& block = prepared.block;
    if (prepared.body_fault) return Unexpected{*prepared.body_fault};
    if (auto checked = check_matched_body(rules, block); !checked) return checked;
    if (auto checked = check_txs(spec, rules, prepared); !checked) return checked;
    if (block.body.ommers.empty()) return {};
    static const TrustingEngine kTrusting;
    const SealEngine& ommer_engine = engine != nullptr ? *engine : kTrusting;
    return check_ommers(spec, rules, ommer_engine, block.header, block.body.ommers,
                        ancestors_of(reader, parent.header));
}

}  // namespace

PreparedBlock prepare_block(Block block, const SealEngine* engine,
                            std::optional<std::vector<Address>> senders) {
    PreparedBlock out{std::move(block), {}};
    const Header& header = *out.block.header;
    if (engine != nullptr && header.difficulty != Difficulty{}) {
        if (const auto checked = engine->check(header); !checked) {
            out.seal_error = checked.error();
            return out;
        }
    }
    if (const auto checked = check_body_matches(header, out.block.body); !checked) {
        out.body_fault = checked.error();
        return out;
    }
    if (senders) {
        out.senders = *std::move(senders);
        return out;
    }
    out.senders.reserve(out.block.body.transactions.size());
    for (const SignedTx& tx : out.block.body.transactions) {
        const auto recovered = recover_sender(tx);
        if (!recovered) break;
        out.senders.push_back(recovered->sender());
    }
    return out;
}

Result<void, ChainFault> check_on_parent(const ChainReader& reader, const ChainSpec& spec,
                                         const RuleSet& rules, const SealEngine* engine,
                                         const PreparedBlock& prepared, const ParentInfo& parent,
                                         GasPolicy gas) {
    const Header& header = *prepared.block.header;
    if (const auto checked = check_header(spec, rules, header, parent.header, gas); !checked)
        return Unexpected{ChainFault{BlockFault{checked.error()}, false}};
    if (prepared.seal_error)
        return Unexpected{ChainFault{BlockFault{*prepared.seal_error}, false}};
    if (const auto checked = check_rest(reader, spec, rules, engine, prepared, parent); !checked)
        return Unexpected{ChainFault{checked.error(), true}};
    return {};
}

}  // namespace cairn::chain
