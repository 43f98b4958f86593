// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "chain/spec/rule_set.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Which proof of work seals blocks; checked in chain/rules/pow.hpp.
enum class SealKind : std::uint8_t {
    Sha256d,  ///< Cairn's own (docs: networks)
    Ethash,   ///< Yellow Paper, appendix J
    None,     ///< nothing is checked: the public tests, and chains after the merge
};

/// What a step of the schedule waits for.
enum class ForkTrigger : std::uint8_t {
    Number,           ///< the block's number reaches `at`
    TotalDifficulty,  ///< the parent's total difficulty reaches ChainSpec's terminal one (EIP-3675)
    Time,             ///< the block's timestamp reaches `at`
};

/// From some block on, these rules.
struct ForkStep {
    ForkTrigger trigger = ForkTrigger::Number;
    /// Block number, or seconds since 1970; unused with TotalDifficulty.
    std::uint64_t at = 0;
    RuleSet rules;
};

/// 0x00000000219ab540356cbb839cbe05303d7705fa (EIP-6110, DEPOSIT_CONTRACT_ADDRESS).
inline constexpr Address kMainnetDepositContract{
    std::array<std::uint8_t, 20>{0x00, 0x00, 0x00, 0x00, 0x21, 0x9a, 0xb5, 0x40, 0x35, 0x6c,
                                 0xbb, 0x83, 0x9c, 0xbe, 0x05, 0x30, 0x3d, 0x77, 0x05, 0xfa}};

/// Where an ASERT schedule begins (docs: networks): genesis.
struct AsertAnchor {
    BlockNumber number = 0;
    UnixSeconds timestamp = 0;
    Difficulty difficulty;
};

/// What makes a network: plain data, read once and then constant. Genesis block and boot nodes are
/// kept elsewhere.
struct ChainParameters {
    std::uint64_t chain_id = 1;
    SealKind seal = SealKind::None;
    /// First from block 0 on; then by number ascending, at most one by total difficulty, then by
    /// time ascending (asserted). A later step wins where several hold.
    std::vector<ForkStep> steps;
    /// Total difficulty that ends proof of work (EIP-3675); set when there is a step for it.
    std::optional<TotalDifficulty> terminal_total_difficulty;
    /// Block of the DAO transfer, whose extra data and that of the nine after it is fixed. No
    /// revision, since it moves balances once and changes no rule.
    std::optional<BlockNumber> dao_fork_block;
    /// Contract whose logs are deposit requests (EIP-6110); Ethereum's main network's unless said
    /// otherwise.
    Address deposit_contract = kMainnetDepositContract;
    /// Set where a step's difficulty rule is Asert.
    std::optional<AsertAnchor> asert_anchor;
    /// Block numbers that count for the fork identifier (EIP-2124) though no rule changes there:
    /// mergeNetsplitBlock, and the DAO fork on a chain that did not take it.
    std::vector<BlockNumber> fork_id_blocks;
};

/// A network's rules over its blocks. Immutable; any thread.
class ChainSpec {
public:
    explicit ChainSpec(ChainParameters parameters);

    /// One row of rules from genesis on (state tests, Cairn's networks).
    [[nodiscard]] static ChainSpec with_single_rules(const RuleSet& rules, std::uint64_t chain_id,
                                                     SealKind seal);

    [[nodiscard]] std::uint64_t chain_id() const noexcept { return parameters_.chain_id; }
    [[nodiscard]] SealKind seal() const noexcept { return parameters_.seal; }
    [[nodiscard]] const ChainParameters& parameters() const noexcept { return parameters_; }

    /// Rules of the block with this number and timestamp. A step by total difficulty counts as
    /// reached from the first step by time on, and not before. The reference lives as long as the
    /// spec.
    [[nodiscard]] const RuleSet& rules_at(BlockNumber number, UnixSeconds timestamp) const noexcept;

    /// The same with the parent's total difficulty known, which settles where the merge lies.
    [[nodiscard]] const RuleSet& rules_at(BlockNumber number, UnixSeconds timestamp,
                                          const TotalDifficulty& parent_total) const noexcept;

private:
    ChainParameters parameters_;
};

}  // namespace cairn::chain
