// SPDX-License-Identifier: MIT
#include "chain/spec/test_networks.hpp"

#include <array>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

constexpr std::array<std::pair<std::string_view, Revision>, 19> kRevisionNames{{
    {"Frontier", Revision::Frontier},
    {"Homestead", Revision::Homestead},
    {"EIP150", Revision::Tangerine},
    {"Tangerine", Revision::Tangerine},
    {"EIP158", Revision::Spurious},
    {"Spurious", Revision::Spurious},
    {"Byzantium", Revision::Byzantium},
    {"Constantinople", Revision::Constantinople},
    {"ConstantinopleFix", Revision::Petersburg},
    {"Petersburg", Revision::Petersburg},
    {"Istanbul", Revision::Istanbul},
    {"Berlin", Revision::Berlin},
    {"London", Revision::London},
    {"Merge", Revision::Paris},
    {"Paris", Revision::Paris},
    {"Shanghai", Revision::Shanghai},
    {"Cancun", Revision::Cancun},
    {"Prague", Revision::Prague},
    {"Osaka", Revision::Osaka},
}};

struct BombFork {
    std::string_view name;
    Revision revision;
    BlockNumber bomb_delay;
};
/// Forks that did nothing but set the difficulty bomb back: EIP-2384, EIP-4345, EIP-5133.
constexpr std::array<BombFork, 3> kBombForks{{
    {"MuirGlacier", Revision::Istanbul, 9'000'000},
    {"ArrowGlacier", Revision::London, 10'700'000},
    {"GrayGlacier", Revision::London, 11'400'000},
}};

struct BlobFork {
    std::string_view name;
    std::uint64_t target;
    std::uint64_t max;
    std::uint64_t base_fee_update_fraction;
};
/// Forks after Osaka that change nothing but the blob schedule (EIP-7892).
constexpr std::array<BlobFork, 2> kBlobForks{{
    {"BPO1", 10, 15, 8346193},
    {"BPO2", 14, 21, 11684671},
}};

/// Where the second fork of a transition network begins.
struct Place {
    ForkTrigger trigger;
    Uint256 at;
};

std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Place> parse_place(std::string_view text) {
    constexpr std::string_view kTime = "Time";
    constexpr std::string_view kDiff = "Diff";
    if (text.starts_with(kTime) && text.ends_with('k')) {
        const auto thousands =
            parse_decimal(text.substr(kTime.size(), text.size() - kTime.size() - 1));
        if (!thousands) return std::nullopt;
        return Place{ForkTrigger::Time, Uint256{*thousands} * Uint256{1000}};
    }
    if (text.starts_with(kDiff)) {
        const auto total = parse_uint256("0x" + std::string{text.substr(kDiff.size())});
        if (!total) return std::nullopt;
        return Place{ForkTrigger::TotalDifficulty, *total};
    }
    const auto number = parse_decimal(text);
    if (!number) return std::nullopt;
    return Place{ForkTrigger::Number, Uint256{*number}};
}

}  // namespace

std::optional<RuleSet> find_fork_rules(std::string_view fork) noexcept {
    for (const auto& [name, revision] : kRevisionNames)
        if (name == fork) return rules_of(revision);
    for (const BombFork& bomb : kBombForks) {
        if (bomb.name != fork) continue;
        RuleSet rules = rules_of(bomb.revision);
        rules.bomb_delay = bomb.bomb_delay;
        return rules;
    }
    for (const BlobFork& blob : kBlobForks) {
        if (blob.name != fork) continue;
        RuleSet rules = rules_of(Revision::Osaka);
        rules.blobs.target = blob.target;
        rules.blobs.max = blob.max;
        rules.blobs.base_fee_update_fraction = blob.base_fee_update_fraction;
        return rules;
    }
    return std::nullopt;
}

std::optional<ChainSpec> find_test_network(std::string_view network, std::uint64_t chain_id) {
    if (const auto rules = find_fork_rules(network))
        return ChainSpec::with_single_rules(*rules, chain_id, SealKind::None);
    const std::size_t to = network.find("To");
    const std::size_t at = network.rfind("At");
    if (to == std::string_view::npos || at == std::string_view::npos || at < to + 2)
        return std::nullopt;
    const std::string_view second_name = network.substr(to + 2, at - to - 2);
    const auto first = find_fork_rules(network.substr(0, to));
    const bool is_dao = second_name == "Dao";
    const auto second = find_fork_rules(is_dao ? "Homestead" : second_name);
    const auto place = parse_place(network.substr(at + 2));
    if (!first || !second || !place) return std::nullopt;

    ChainParameters p;
    p.chain_id = chain_id;
    p.steps.push_back({.trigger = ForkTrigger::Number, .at = 0, .rules = *first});
    if (place->trigger == ForkTrigger::TotalDifficulty)
        p.terminal_total_difficulty = TotalDifficulty{place->at};
    if (!place->at.fits_u64() && place->trigger != ForkTrigger::TotalDifficulty)
        return std::nullopt;
    p.steps.push_back({.trigger = place->trigger, .at = place->at.low64(), .rules = *second});
    if (is_dao) p.dao_fork_block = place->at.low64();
    return ChainSpec{std::move(p)};
}

}  // namespace cairn::chain
