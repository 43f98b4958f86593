// SPDX-License-Identifier: MIT
#include "node/app/mining_door.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/log.hpp"

namespace cairn::node {
namespace {

/// A miner that has not reported for this long counts no more (geth: ten seconds).
constexpr std::chrono::seconds kReportTime{10};
/// Miners whose reports are kept.
constexpr std::size_t kReportsMax = 256;

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
    return static_cast<std::uint64_t>(sum);
}

std::optional<Address> MiningDoor::coinbase() {
    return maker_.beneficiary();
}

Result<std::array<Hash256, 3>, rpc::RpcError> MiningDoor::work() {
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
    const std::lock_guard lock{mutex_};
    auto options = options_;
    if (threads && *threads > 0)
        options.threads = static_cast<unsigned>(std::min<std::uint64_t>(*threads, 1024));
    if (options.threads == 0) options.threads = std::max(1U, std::thread::hardware_concurrency());
    miner_.reset();
    source_ = std::make_unique<LocalWork>(board_, seal_);
    miner_ = std::make_unique<miner::Miner>(*source_, options);
    return {};
}

void MiningDoor::stop() {
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
