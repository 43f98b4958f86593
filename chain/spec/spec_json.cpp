// SPDX-License-Identifier: MIT
#include "chain/spec/spec_json.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"
#include "core/math/uint256.hpp"

namespace cairn::chain {
namespace {

using Json = nlohmann::json;

/// One fork that a configuration can date: what it makes of the rules of the fork before it.
struct Fork {
    const char* key;
    ForkTrigger trigger;
    /// The revision that begins, if any.
    std::optional<Revision> revision;
    /// The bomb's delay from here on, where the fork sets it (EIP-649, 1234, 2384, 3554, 4345,
    /// 5133).
    std::optional<BlockNumber> bomb_delay;
    /// Name in blobSchedule.
    std::string_view blob_schedule;
};

constexpr auto kByNumber = ForkTrigger::Number;
constexpr auto kByTime = ForkTrigger::Time;

/// Oldest first; each must not come before those above it.
constexpr std::array<Fork, 21> kForks{{
    {"homesteadBlock", kByNumber, Revision::Homestead, {}, {}},
    {"eip150Block", kByNumber, Revision::Tangerine, {}, {}},
    {"eip158Block", kByNumber, Revision::Spurious, {}, {}},
    {"byzantiumBlock", kByNumber, Revision::Byzantium, 3'000'000, {}},
    {"constantinopleBlock", kByNumber, Revision::Constantinople, 5'000'000, {}},
    {"petersburgBlock", kByNumber, Revision::Petersburg, {}, {}},
    {"istanbulBlock", kByNumber, Revision::Istanbul, {}, {}},
    {"muirGlacierBlock", kByNumber, {}, 9'000'000, {}},
    {"berlinBlock", kByNumber, Revision::Berlin, {}, {}},
    {"londonBlock", kByNumber, Revision::London, 9'700'000, {}},
    {"arrowGlacierBlock", kByNumber, {}, 10'700'000, {}},
    {"grayGlacierBlock", kByNumber, {}, 11'400'000, {}},
    {"shanghaiTime", kByTime, Revision::Shanghai, {}, {}},
    {"cancunTime", kByTime, Revision::Cancun, {}, "cancun"},
    {"pragueTime", kByTime, Revision::Prague, {}, "prague"},
    {"osakaTime", kByTime, Revision::Osaka, {}, "osaka"},
    {"bpo1Time", kByTime, {}, {}, "bpo1"},
    {"bpo2Time", kByTime, {}, {}, "bpo2"},
    {"bpo3Time", kByTime, {}, {}, "bpo3"},
    {"bpo4Time", kByTime, {}, {}, "bpo4"},
    {"bpo5Time", kByTime, {}, {}, "bpo5"},
}};

/// Thrown and caught within this file: a configuration's fault.
struct ConfigError {
    std::string field;
    std::string why;
};

const Json* find(const Json& object, std::string_view key) {
    const auto it = object.find(key);
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

/// `around` is the path of the object, with a dot behind it unless it is the configuration itself.
std::optional<Uint256> find_number(const Json& object, std::string_view key,
                                   const std::string& around = {}) {
    const Json* value = find(object, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_number_unsigned()) return Uint256{value->get<std::uint64_t>()};
    if (value->is_number_integer() && value->get<std::int64_t>() >= 0)
        return Uint256{static_cast<std::uint64_t>(value->get<std::int64_t>())};
    if (value->is_string())
        if (const auto number = parse_uint256(value->get_ref<const std::string&>())) return number;
    // Floating point has lost digits: refuse it.
    throw ConfigError{around + std::string{key}, "is not a number"};
}

std::optional<std::uint64_t> find_u64(const Json& object, std::string_view key,
                                      const std::string& around = {}) {
    const auto number = find_number(object, key, around);
    if (!number) return std::nullopt;
    if (!number->fits_u64()) throw ConfigError{around + std::string{key}, "is above 64 bits"};
    return number->low64();
}

std::uint64_t get_u64(const Json& object, std::string_view key, const std::string& around = {}) {
    const auto number = find_u64(object, key, around);
    if (!number) throw ConfigError{around + std::string{key}, "is missing"};
    return *number;
}

/// Overwrites what the fork's entry in blobSchedule says. A fork that is a revision may go without
/// an entry.
void apply_blob_schedule(const Json& config, const Fork& fork, BlobSchedule& blobs) {
    const Json* schedules = find(config, "blobSchedule");
    if (schedules != nullptr && !schedules->is_object())
        throw ConfigError{"blobSchedule", "is not an object"};
    const Json* entry = schedules == nullptr ? nullptr : find(*schedules, fork.blob_schedule);
    if (entry == nullptr) {
        if (fork.revision) return;
        throw ConfigError{fork.key, "has no entry in blobSchedule"};
    }
    const std::string path = "blobSchedule." + std::string{fork.blob_schedule};
    if (!entry->is_object()) throw ConfigError{path, "is not an object"};
    const bool is_bounded_by_max = blobs.max_per_tx == blobs.max;
    blobs.target = get_u64(*entry, "target", path + ".");
    blobs.max = get_u64(*entry, "max", path + ".");
    blobs.base_fee_update_fraction = get_u64(*entry, "baseFeeUpdateFraction", path + ".");
    if (blobs.base_fee_update_fraction == 0 || blobs.max < blobs.target || blobs.max == 0 ||
        blobs.max > std::numeric_limits<std::uint32_t>::max())
        throw ConfigError{path, "is out of range"};
    // Before EIP-7594 a transaction may have as many blobs as a block.
    blobs.max_per_tx = is_bounded_by_max ? blobs.max : std::min(blobs.max_per_tx, blobs.max);
}

/// Rules after this fork, from those before it.
RuleSet rules_after(const Json& config, const Fork& fork, const RuleSet& before) {
    RuleSet rules = before;
    if (fork.revision) {
        rules = rules_of(*fork.revision);
        // The table's row has the main network's dates for what is no revision; here the
        // configuration has them.
        if (rules.has_difficulty_bomb) rules.bomb_delay = before.bomb_delay;
    }
    if (fork.bomb_delay && rules.has_difficulty_bomb) rules.bomb_delay = *fork.bomb_delay;
    if (!fork.blob_schedule.empty()) apply_blob_schedule(config, fork, rules.blobs);
    return rules;
}

/// When the fork begins; nothing where the configuration does not have it.
std::optional<std::uint64_t> find_start(const Json& config, const Fork& fork) {
    const auto start = find_u64(config, fork.key);
    if (fork.revision == Revision::Petersburg && !start)
        return find_u64(config, "constantinopleBlock");
    return start;
}

/// Whether the later revision builds on the earlier one without a gap. Paris has no key: the merge
/// may lie in the past and need no mention.
bool follows(Revision later, Revision earlier) noexcept {
    if (later == Revision::Shanghai && earlier == Revision::London) return true;
    return static_cast<unsigned>(later) == static_cast<unsigned>(earlier) + 1;
}

void read_steps(const Json& config, ChainParameters& out) {
    out.steps.push_back({kByNumber, 0, rules_of(Revision::Frontier)});
    const char* previous_key = nullptr;
    bool is_merge_written = false;
    const auto write_merge = [&] {
        if (is_merge_written) return;
        is_merge_written = true;
        if (out.terminal_total_difficulty)
            out.steps.push_back({ForkTrigger::TotalDifficulty, 0, rules_of(Revision::Paris)});
    };
    for (const Fork& fork : kForks) {
        const auto start = find_start(config, fork);
        if (!start) continue;
        if (fork.trigger == kByTime) write_merge();
        const ForkStep& last = out.steps.back();
        if (last.trigger == fork.trigger && *start < last.at)
            throw ConfigError{fork.key, std::string{"comes before "} + previous_key};
        if (fork.revision && !follows(*fork.revision, last.rules.revision))
            throw ConfigError{fork.key, "is dated, but not the fork before it"};
        out.steps.push_back({fork.trigger, *start, rules_after(config, fork, last.rules)});
        previous_key = fork.key;
    }
    write_merge();
}

/// One of the texts, by its position.
template <std::size_t N>
std::size_t get_choice(const Json& value, const std::string& field,
                       const std::array<std::string_view, N>& choices) {
    if (value.is_string())
        for (std::size_t i = 0; i < N; ++i)
            if (value.get_ref<const std::string&>() == choices[i]) return i;
    std::string why = "is none of";
    for (const std::string_view choice : choices) why += " \"" + std::string{choice} + "\"";
    throw ConfigError{field, why};
}

void refuse_unknown(const Json& object, const std::string& around,
                    std::initializer_list<std::string_view> known) {
    for (const auto& item : object.items())
        if (std::ranges::find(known, item.key()) == known.end())
            throw ConfigError{around + item.key(), "is unknown"};
}

constexpr std::array<std::string_view, 3> kSeals{"sha256d", "ethash", "none"};
constexpr std::array<std::string_view, 2> kRules{"ethereum", "cairn"};
constexpr std::array<std::string_view, 2> kDifficultyRules{"asert", "constant"};

/// Rules of a network of Cairn's own kind: those of the testnet with its parameters.
RuleSet read_cairn_rules(const Json& cairn) {
    const std::string around = "cairn.difficulty.";
    const Json* difficulty = find(cairn, "difficulty");
    if (difficulty == nullptr) throw ConfigError{"cairn.difficulty", "is missing"};
    if (!difficulty->is_object()) throw ConfigError{"cairn.difficulty", "is not an object"};
    const Json* rule = find(*difficulty, "rule");
    if (rule == nullptr) throw ConfigError{around + "rule", "is missing"};
    const bool is_asert = get_choice(*rule, around + "rule", kDifficultyRules) == 0;
    RuleSet rules = is_asert ? cairn_testnet_rules() : cairn_dev_rules();
    const auto minimum = find_number(*difficulty, "minimum", around);
    if (!minimum) throw ConfigError{around + "minimum", "is missing"};
    if (minimum->is_zero()) throw ConfigError{around + "minimum", "is zero"};
    rules.difficulty_min = Difficulty{*minimum};
    if (is_asert) {
        refuse_unknown(*difficulty, around, {"rule", "minimum", "idealBlockTime", "halfLife"});
        rules.asert_ideal_block_time = get_u64(*difficulty, "idealBlockTime", around);
        rules.asert_half_life = get_u64(*difficulty, "halfLife", around);
        // Bounds that keep the schedule's arithmetic far from its own.
        constexpr std::uint64_t kSecondsMax = std::numeric_limits<std::uint32_t>::max();
        if (rules.asert_ideal_block_time == 0 || rules.asert_ideal_block_time > kSecondsMax)
            throw ConfigError{around + "idealBlockTime", "is out of range"};
        if (rules.asert_half_life == 0 || rules.asert_half_life > kSecondsMax)
            throw ConfigError{around + "halfLife", "is out of range"};
    } else {
        refuse_unknown(*difficulty, around, {"rule", "minimum"});
    }
    if (const auto reward = find_number(cairn, "blockReward", "cairn.")) {
        // All rewards of all blocks must stay far below 2^256 wei.
        if (reward->bit_width() > 128) throw ConfigError{"cairn.blockReward", "is out of range"};
        rules.block_reward = *reward;
    }
    return rules;
}

/// Whose seal and whose rules; returns whether the rules are Cairn's.
bool read_cairn(const Json& config, ChainParameters& out) {
    // Geth's engine without any key is Ethash's, and so are networks without a word about it.
    out.seal = SealKind::Ethash;
    if (find(config, "clique") != nullptr)
        throw ConfigError{"clique", "is proof of authority, which is not supported"};
    const Json* cairn = find(config, "cairn");
    if (cairn == nullptr) return false;
    if (!cairn->is_object()) throw ConfigError{"cairn", "is not an object"};
    refuse_unknown(*cairn, "cairn.", {"seal", "rules", "difficulty", "blockReward"});
    if (const Json* seal = find(*cairn, "seal")) {
        constexpr std::array kKinds{SealKind::Sha256d, SealKind::Ethash, SealKind::None};
        out.seal = kKinds[get_choice(*seal, "cairn.seal", kSeals)];
    }
    const Json* rules = find(*cairn, "rules");
    if (rules == nullptr || get_choice(*rules, "cairn.rules", kRules) == 0) {
        for (const auto* key : {"difficulty", "blockReward"})
            if (find(*cairn, key) != nullptr)
                throw ConfigError{std::string{"cairn."} + key, "is for cairn.rules \"cairn\" only"};
        return false;
    }
    for (const Fork& fork : kForks)
        if (find(config, fork.key) != nullptr)
            throw ConfigError{fork.key, "has no place under cairn.rules \"cairn\""};
    for (const auto* key : {"eip155Block", "daoForkBlock", "terminalTotalDifficulty"})
        if (find(config, key) != nullptr)
            throw ConfigError{key, "has no place under cairn.rules \"cairn\""};
    out.steps.push_back({kByNumber, 0, read_cairn_rules(*cairn)});
    return true;
}

bool read_boolean(const Json& config, const char* key) {
    const Json* value = find(config, key);
    if (value == nullptr) return false;
    if (!value->is_boolean()) throw ConfigError{key, "is not a boolean"};
    return value->get<bool>();
}

/// What the fork keys of an Ethereum network say.
void read_ethereum(const Json& config, ChainParameters& out) {
    if (const auto total = find_number(config, "terminalTotalDifficulty"))
        out.terminal_total_difficulty = TotalDifficulty{*total};
    // Clients before the merge wanted it; the total difficulty itself says as much.
    (void)read_boolean(config, "terminalTotalDifficultyPassed");
    if (find_u64(config, "eip155Block") != find_u64(config, "eip158Block"))
        throw ConfigError{"eip155Block", "and eip158Block differ, which no revision has"};
    const auto dao_fork = find_u64(config, "daoForkBlock");
    if (read_boolean(config, "daoForkSupport"))
        out.dao_fork_block = dao_fork;
    else if (dao_fork)
        out.fork_id_blocks.push_back(*dao_fork);
    if (const auto netsplit = find_u64(config, "mergeNetsplitBlock"))
        out.fork_id_blocks.push_back(*netsplit);
    if (const Json* contract = find(config, "depositContractAddress")) {
        const auto address = contract->is_string()
                                 ? fixed_from_hex<Address>(contract->get_ref<const std::string&>())
                                 : std::nullopt;
        if (!address) throw ConfigError{"depositContractAddress", "is not an address"};
        out.deposit_contract = *address;
    }
    read_steps(config, out);
}

}  // namespace

Result<ChainParameters, SpecError> parse_chain_config(const Json& config) {
    if (!config.is_object())
        return Unexpected{SpecError{.field = "config", .why = "is not an object"}};
    ChainParameters out;
    try {
        out.chain_id = get_u64(config, "chainId");
        if (!read_cairn(config, out)) read_ethereum(config, out);
    } catch (ConfigError& error) {
        return Unexpected{SpecError{.field = std::move(error.field), .why = std::move(error.why)}};
    }
    return out;
}

}  // namespace cairn::chain
