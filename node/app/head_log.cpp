// SPDX-License-Identifier: MIT
#include "node/app/head_log.hpp"

#include <fmt/format.h>

#include "chain/import/reorg.hpp"
#include "core/base/hex.hpp"
#include "core/base/log.hpp"

namespace cairn::node {
namespace {

/// Between two lines about many blocks.
constexpr std::chrono::seconds kLineEvery{8};

}  // namespace

HeadLog::HeadLog(chain::ChainManager& chain, bool is_dev)
    : is_dev_{is_dev},
      heads_{chain.head_events().subscribe([this](const chain::HeadChangedPtr& event) {
          executor_.post([this, event] { on_head(*event); });
      })} {}

void HeadLog::stop() {
    heads_.reset();
    executor_.stop();
}

void HeadLog::on_head(const chain::HeadChanged& event) {
    if (event.is_reorg()) {
        const bool is_deep = event.reverted.size() >= chain::kDeepReorg;
        log::write(is_deep ? log::Level::Error : log::Level::Warn,
                   is_deep ? "Deep reorganisation of the chain" : "Chain reorganised",
                   {{"number", event.head.number},
                    {"hash", to_hex0x(event.head.hash)},
                    {"reverted", event.reverted.size()},
                    {"applied", event.applied.size()}});
        return;
    }
    if (event.applied.empty()) return;
    // A block that comes alone is the tip moving.
    if (event.applied.size() > 1 || (!is_dev_ && Clock::now() - since_ < std::chrono::seconds{1}))
        return tell_many(event);
    const auto& block = *event.applied.back();
    log::info("Imported block", {{"number", event.head.number},
                                 {"hash", to_hex0x(event.head.hash)},
                                 {"txs", block.senders.size()},
                                 {"gas", block.block.header->gas_used}});
    since_ = Clock::now();
}

void HeadLog::tell_many(const chain::HeadChanged& event) {
    for (const auto& block : event.applied) {
        ++blocks_;
        txs_ += block->senders.size();
        gas_ += block->block.header->gas_used;
    }
    const auto now = Clock::now();
    const std::chrono::duration<double> passed = now - since_;
    if (passed < kLineEvery) return;
    log::info("Imported blocks",
              {{"number", event.head.number},
               {"count", blocks_},
               {"txs", txs_},
               {"mgas/s", fmt::format("{:.1f}", static_cast<double>(gas_) / passed.count() / 1e6)},
               {"blocks/s", fmt::format("{:.1f}", static_cast<double>(blocks_) / passed.count())}});
    since_ = now;
    blocks_ = txs_ = gas_ = 0;
}

}  // namespace cairn::node
