// SPDX-License-Identifier: MIT
#include "chain/spec/spec_json.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
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

/// Thrown and caught within this file: a configuration's fault, in one line.
struct ConfigError {
    std::string why;
};

const Json* find(const Json& object, const char* key) {
    const auto it = object.find(key);
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

std::optional<Uint256> find_number(const Json& object, const char* key) {
    const Json* value = find(object, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_number_unsigned()) return Uint256{value->get<std::uint64_t>()};
    if (value->is_number_integer() && value->get<std::int64_t>() >= 0)
        return Uint256{static_cast<std::uint64_t>(value->get<std::int64_t>())};
    if (value->is_string())
        if (const auto number = parse_uint256(value->get_ref<const std::string&>())) return number;
    // Large numbers without quotes are read as floating point, which has lost digits: refuse them.
    throw ConfigError{std::string{key} + " is not a number"};
}

std::optional<std::uint64_t> find_u64(const Json& object, const char* key) {
    const auto number = find_number(object, key);
    if (!number) return std::nullopt;
    if (!number->fits_u64()) throw ConfigError{std::string{key} + " is above 64 bits"};
    return number->low64();
}

std::uint64_t get_u64(const Json& object, const char* key) {
    const auto number = find_u64(object, key);
    if (!number) throw ConfigError{std::string{key} + " is missing"};
    return *number;
}

/// Overwrites what the fork's entry in blobSchedule says. A fork that is a revision may go without
/// an entry.
void apply_blob_schedule(const Json& config, const Fork& fork, BlobSchedule& blobs) {
    const Json* schedules = find(config, "blobSchedule");
    if (schedules != nullptr && !schedules->is_object())
        throw ConfigError{"blobSchedule is not an object"};
    const Json* entry =
        schedules == nullptr ? nullptr : find(*schedules, std::string{fork.blob_schedule}.c_str());
    if (entry == nullptr) {
        if (fork.revision) return;
        throw ConfigError{std::string{fork.key} + " has no entry in blobSchedule"};
    }
    if (!entry->is_object())
        throw ConfigError{"blobSchedule." + std::string{fork.blob_schedule} + " is not an object"};
    const bool is_bounded_by_max = blobs.max_per_tx == blobs.max;
    blobs.target = get_u64(*entry, "target");
    blobs.max = get_u64(*entry, "max");
    blobs.base_fee_update_fraction = get_u64(*entry, "baseFeeUpdateFraction");
    if (blobs.base_fee_update_fraction == 0 || blobs.max < blobs.target || blobs.max == 0 ||
        blobs.max > std::numeric_limits<std::uint32_t>::max())
        throw ConfigError{"blobSchedule." + std::string{fork.blob_schedule} + " is out of range"};
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
            throw ConfigError{std::string{fork.key} + " comes before " + previous_key};
        if (fork.revision && !follows(*fork.revision, last.rules.revision))
            throw ConfigError{std::string{fork.key} + " is dated, but not the fork before it"};
        out.steps.push_back({fork.trigger, *start, rules_after(config, fork, last.rules)});
        previous_key = fork.key;
    }
    write_merge();
}

}  // namespace

Result<ChainParameters, std::string> parse_chain_config(const Json& config) {
    if (!config.is_object()) return Unexpected{std::string{"config is not an object"}};
    ChainParameters out;
    try {
        out.chain_id = get_u64(config, "chainId");
        out.seal = find(config, "ethash") != nullptr ? SealKind::Ethash : SealKind::None;
        if (const auto total = find_number(config, "terminalTotalDifficulty"))
            out.terminal_total_difficulty = TotalDifficulty{*total};
        if (find_u64(config, "eip155Block") != find_u64(config, "eip158Block"))
            throw ConfigError{"eip155Block and eip158Block differ, which no revision has"};
        const Json* supports_dao = find(config, "daoForkSupport");
        if (supports_dao != nullptr && !supports_dao->is_boolean())
            throw ConfigError{"daoForkSupport is not a boolean"};
        if (supports_dao != nullptr && supports_dao->get<bool>())
            out.dao_fork_block = find_u64(config, "daoForkBlock");
        if (const Json* contract = find(config, "depositContractAddress")) {
            const auto address =
                contract->is_string()
                    ? fixed_from_hex<Address>(contract->get_ref<const std::string&>())
                    : std::nullopt;
            if (!address) throw ConfigError{"depositContractAddress is not an address"};
            out.deposit_contract = *address;
        }
        read_steps(config, out);
    } catch (const ConfigError& error) {
        return Unexpected{error.why};
    }
    return out;
}

}  // namespace cairn::chain
