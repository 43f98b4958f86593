// SPDX-License-Identifier: MIT
#include "node/app/mining_door.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <thread>
#include <utility>

#include "core/base/hex.hpp"
#include "core/base/log.hpp"

namespace cairn::node {
namespace {

/// A miner that has not reported for this long counts no more (geth: ten seconds).
constexpr std::chrono::seconds kReportTime{10};
/// Miners whose reports are kept.
constexpr std::size_t kReportsMax = 256;
/// What is told at most, hashes a second: miners report what they like, and a larger sum would not
/// fit the answer.
constexpr double kHashrateMax = 1e19;

/// Until the threads' speed is told: long enough to be measured.
constexpr std::chrono::milliseconds kMeasureTime{1000};
/// After which nothing is told, since there is nothing to mine.
constexpr std::chrono::seconds kAnnounceTime{60};

/// For logs: the upper 64 bits count.
double approximate(const Uint256& x) noexcept {
    const unsigned shift = x.bit_width() > 64 ? x.bit_width() - 64 : 0;
    return std::ldexp(static_cast<double>((x >> shift).low64()), static_cast<int>(shift));
}

}  // namespace

MiningDoor::MiningDoor(BlockMaker& maker, chain::JobBoard& board, chain::SealKind seal,
                       miner::MinerOptions options)
    : maker_{maker}, board_{board}, seal_{seal}, options_{options} {}

bool MiningDoor::is_mining() {
    const std::lock_guard lock{mutex_};
    return miner_ != nullptr;
}

std::uint64_t MiningDoor::hashrate() {
    const std::lock_guard lock{mutex_};
    double sum = miner_ ? miner_->stats().hashes_per_second : 0.0;
    const auto now = Clock::now();
    for (const auto& [id, report] : reports_)
        if (now - report.at < kReportTime) sum += static_cast<double>(report.hashes_per_second);
    return static_cast<std::uint64_t>(std::min(sum, kHashrateMax));
}

std::optional<Address> MiningDoor::coinbase() {
    return maker_.beneficiary();
}

Result<std::array<Hash256, 3>, rpc::RpcError> MiningDoor::work() {
    if (seal_ == chain::SealKind::Sha256d)
        return rpc::server_error(
            "eth_getWork is for Ethash and this network is sealed by SHA-256d: miners find work at "
            "/mine (HTTP) and by Stratum");
    if (const auto ready = maker_.ensure_work(); !ready) return rpc::server_error(ready.error());
    const auto work = chain::eth_work_of(board_.current());
    if (!work) return rpc::server_error("no mining work available yet");
    return std::array<Hash256, 3>{work->seal_hash, work->seed_hash, work->boundary};
}

BlockNumber MiningDoor::work_number() {
    const auto posting = board_.current();
    return posting.job ? posting.job->number : 0;
}

bool MiningDoor::submit_work(const SealNonce& nonce, const Hash256& seal_hash,
                             const Hash256& mix_hash) {
    return board_.submit(seal_hash, Seal{mix_hash, nonce}) == chain::SealOutcome::Accepted;
}

void MiningDoor::submit_hashrate(std::uint64_t hashes_per_second, const Hash256& miner) {
    const std::lock_guard lock{mutex_};
    const auto now = Clock::now();
    std::erase_if(reports_, [&](const auto& one) { return now - one.second.at >= kReportTime; });
    if (reports_.size() < kReportsMax || reports_.contains(miner))
        reports_[miner] = {hashes_per_second, now};
}

rpc::Reply MiningDoor::start(std::optional<std::uint64_t> threads) {
    if (seal_ == chain::SealKind::None)
        return rpc::server_error("this network's blocks carry no proof of work");
    if (const auto ready = maker_.ensure_work(); !ready) return rpc::server_error(ready.error());
    stop_announcing();
    {
        const std::lock_guard lock{mutex_};
        start_threads(threads);
    }
    const std::lock_guard lock{announcer_mutex_};
    announcer_ = std::jthread{[this](const std::stop_token& stop) { announce(stop); }};
    return {};
}

void MiningDoor::start_threads(std::optional<std::uint64_t> threads) {
    auto options = options_;
    const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
    // Searchers beyond the processors find nothing more; starting thousands takes its time.
    if (threads && *threads > 0)
        options.threads =
            static_cast<unsigned>(std::min<std::uint64_t>(*threads, std::max(processors, 16U)));
    if (options.threads == 0) options.threads = processors;
    miner_.reset();
    source_ = std::make_unique<LocalWork>(board_, seal_);
    miner_ = std::make_unique<miner::Miner>(*source_, options);
}

void MiningDoor::announce(const std::stop_token& stop) {
    const auto began = Clock::now();
    std::mutex mutex;
    std::condition_variable_any stopped;
    // Of the last job: where blocks are found at once and the next one waits for the clock, there is
    // hardly ever a job to be seen.
    std::atomic<double> difficulty_seen{approximate(board_.current().difficulty.value)};
    const auto subscription = board_.subscribe([&difficulty_seen](const chain::JobPosting& posting) {
        if (posting.job) difficulty_seen = approximate(posting.difficulty.value);
    });
    while (!stop.stop_requested() && Clock::now() - began < kAnnounceTime) {
        std::unique_lock lock{mutex};
        stopped.wait_for(lock, stop, kMeasureTime, [] { return false; });
        const double speed = miner_stats().hashes_per_second;
        const double difficulty = difficulty_seen;
        if (stop.stop_requested() || speed <= 0 || difficulty <= 0) continue;
        log::info("Mining", {{"threads", threads()},
                             {"coinbase", to_hex0x(maker_.beneficiary().value_or(Address{}))},
                             {"hashrate", static_cast<std::uint64_t>(speed)},
                             {"difficulty", static_cast<std::uint64_t>(difficulty)},
                             {"secondsPerBlock", fmt::format("{:.1f}", difficulty / speed)}});
        return;
    }
}

void MiningDoor::stop_announcing() {
    const std::lock_guard lock{announcer_mutex_};
    announcer_ = {};
}

void MiningDoor::stop() {
    stop_announcing();
    const std::lock_guard lock{mutex_};
    miner_.reset();
    source_.reset();
}

void MiningDoor::set_coinbase(const Address& address) {
    maker_.set_beneficiary(address);
}

rpc::Reply MiningDoor::set_extra_data(const Bytes& data) {
    if (data.size() > 32) return rpc::server_error("extra exceeds max length. 32 bytes");
    maker_.set_extra_data(data);
    return {};
}

void MiningDoor::set_gas_price(const Wei& price) {
    maker_.set_tip_min(price);
}
void MiningDoor::set_gas_limit(Gas limit) {
    maker_.set_gas_limit_target(limit);
}

miner::MinerStats MiningDoor::miner_stats() const {
    const std::lock_guard lock{mutex_};
    return miner_ ? miner_->stats() : miner::MinerStats{};
}

unsigned MiningDoor::threads() const {
    const std::lock_guard lock{mutex_};
    return miner_ ? miner_->threads() : 0;
}

}  // namespace cairn::node
