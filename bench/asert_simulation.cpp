// SPDX-License-Identifier: MIT
// How the testnet's difficulty answers to hash rate: writes one CSV per scenario into the folder
// named on the command line (docs/asert/). Deterministic: the same seed, the same files.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "chain/rules/difficulty.hpp"
#include "chain/spec/rule_table.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;

constexpr UnixSeconds kGenesisTime = 1'800'000'000;
constexpr double kBlockTime = 10;
constexpr double kBaseHashRate = 1e9;  // hashes per second

/// What a scenario decides.
struct Scenario {
    std::string name;
    double hours;
    /// Hashes per second at so many seconds after genesis.
    std::function<double(double seconds)> hash_rate;
    /// The timestamp that the miner of the block writes, given the true time, the parent's
    /// timestamp and whether the liar found it.
    double liar_share = 0;
    std::function<double(double truth, double parent)> lie;
};

struct Sample {
    double time;      ///< true seconds since genesis
    double interval;  ///< true seconds since the parent
    double difficulty;
    double ideal;  ///< difficulty at which blocks would take kBlockTime
};

ChainSpec testnet() {
    ChainParameters p;
    p.steps.push_back({ForkTrigger::Number, 0, cairn_testnet_rules()});
    p.asert_anchor = AsertAnchor{
        .number = 0,
        .timestamp = kGenesisTime,
        .difficulty = {Uint256{static_cast<std::uint64_t>(kBaseHashRate * kBlockTime)}}};
    return ChainSpec{std::move(p)};
}

double to_double(const Uint256& x) {
    double out = 0;
    for (int i = 3; i >= 0; --i) out = out * 0x1p64 + static_cast<double>(x.limb[i]);
    return out;
}

std::vector<Sample> run(const Scenario& scenario) {
    const ChainSpec spec = testnet();
    std::mt19937_64 random{73127};
    // Drawn by hand, since the library's distributions differ between implementations.
    const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; };
    std::vector<Sample> out;
    Header parent;
    parent.timestamp = kGenesisTime;
    double now = 0;
    double claimed = 0;
    while (now < scenario.hours * 3600) {
        const Difficulty difficulty =
            next_difficulty(spec, cairn_testnet_rules(), parent, parent.timestamp + 1);
        const double work = to_double(difficulty.value);
        // An exponential wait at the present hash rate, in slices of a second so that a step in
        // the rate takes hold within it.
        const double start = now;
        double left = -std::log(uniform()) * work;
        for (;;) {
            const double rate = scenario.hash_rate(now);
            const double slice = std::floor(now) + 1 - now;
            if (left <= rate * slice) {
                now += left / rate;
                break;
            }
            left -= rate * slice;
            now += slice;
        }
        const bool is_liar = uniform() < scenario.liar_share;
        const double wished = is_liar ? scenario.lie(now, claimed) : now;
        // Rules of timestamps: after the parent's, at most 15 s ahead.
        claimed = std::max(claimed + 1, std::min(std::floor(wished), std::floor(now) + 15));
        parent.number += 1;
        parent.timestamp = kGenesisTime + static_cast<UnixSeconds>(claimed);
        out.push_back({now, now - start, work, scenario.hash_rate(now) * kBlockTime});
    }
    return out;
}

/// One line per 30 blocks: their mean interval, and where the difficulty stands.
void write_csv(const std::filesystem::path& file, const std::vector<Sample>& samples) {
    constexpr std::size_t kBlocks = 30;
    std::ofstream out{file};
    out << "block,hours,mean_interval_s,difficulty,ideal_difficulty\n";
    double sum = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        sum += samples[i].interval;
        if ((i + 1) % kBlocks != 0) continue;
        char line[160];
        std::snprintf(line, sizeof line, "%zu,%.4f,%.3f,%.6g,%.6g\n", i + 1, samples[i].time / 3600,
                      sum / kBlocks, samples[i].difficulty, samples[i].ideal);
        out << line;
        sum = 0;
    }
}

void print_summary(const Scenario& scenario, const std::vector<Sample>& samples) {
    double error = 0;
    double worst = 0;
    for (const Sample& s : samples) {
        error += std::abs(std::log2(s.difficulty / s.ideal));
        worst = std::max(worst, s.interval);
    }
    const auto count = static_cast<double>(samples.size());
    std::printf(
        "%-12s blocks %6zu  mean interval %7.3f s  longest %7.1f s  mean |log2(d/ideal)| %.3f\n",
        scenario.name.c_str(), samples.size(), samples.back().time / count, worst, error / count);
}

std::vector<Scenario> scenarios() {
    const auto steady = [](double) { return kBaseHashRate; };
    const auto with_step = [](double factor) {
        return [factor](double t) {
            return t >= 6 * 3600.0 && t < 30 * 3600.0 ? kBaseHashRate * factor : kBaseHashRate;
        };
    };
    return {
        {"steady", 48, steady, 0, {}},
        {"step_up", 48, with_step(100), 0, {}},
        {"step_down", 48, with_step(0.01), 0, {}},
        {"lie_future", 48, steady, 0.4, [](double truth, double) { return truth + 15; }},
        {"lie_past", 48, steady, 0.4, [](double, double parent) { return parent + 1; }},
    };
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: asert_simulation FOLDER\n";
        return 2;
    }
    for (const Scenario& scenario : scenarios()) {
        const auto samples = run(scenario);
        write_csv(std::filesystem::path{argv[1]} / (scenario.name + ".csv"), samples);
        print_summary(scenario, samples);
    }
    return 0;
}
