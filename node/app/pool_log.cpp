// SPDX-License-Identifier: MIT
#include "node/app/pool_log.hpp"

#include "core/base/hex.hpp"
#include "core/base/log.hpp"

namespace cairn::node {
namespace {

void tell(const chain::DoubleSpend& record) {
    std::string contenders;
    for (const auto& one : record.contenders)
        contenders += (contenders.empty() ? "" : " ") + to_hex0x(one.hash);
    if (record.settled_by && record.winner) {
        log::info("Double spend settled", {{"sender", to_hex0x(record.sender)},
                                           {"nonce", record.nonce},
                                           {"winner", to_hex0x(*record.winner)},
                                           {"number", record.settled_by->number},
                                           {"block", to_hex0x(record.settled_by->hash)}});
        return;
    }
    log::warn("Two transactions of one sender and nonce", {{"sender", to_hex0x(record.sender)},
                                                           {"nonce", record.nonce},
                                                           {"transactions", contenders}});
}

}  // namespace

chain::EventBus<chain::PoolEvent>::Subscription log_double_spends(chain::TxPool& pool) {
    return pool.events().subscribe([](const chain::PoolEvent& event) {
        if (const auto* seen = std::get_if<chain::DoubleSpendSeen>(&event)) tell(seen->record);
    });
}

}  // namespace cairn::node
