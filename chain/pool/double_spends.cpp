// SPDX-License-Identifier: MIT
#include "chain/pool/double_spends.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

Contender contender_of(const RecoveredTx& tx, UnixSeconds now) {
    return {.hash = tx.hash(),
            .to = tx->to,
            .value = tx->value,
            .max_fee_per_gas = tx->max_fee_per_gas,
            .max_priority_fee_per_gas = tx->max_priority_fee_per_gas,
            .seen_at = now};
}

/// Adds the transaction unless it is there; true where it was not.
bool add_contender(DoubleSpend& record, const RecoveredTx& tx, UnixSeconds now) {
    if (std::ranges::find(record.contenders, tx.hash(), &Contender::hash) !=
        record.contenders.end())
        return false;
    if (record.contenders.size() == kContendersMax)
        record.contenders.erase(record.contenders.begin() + 1);
    record.contenders.push_back(contender_of(tx, now));
    return true;
}

}  // namespace

std::size_t DoubleSpends::KeyHash::operator()(const Key& key) const noexcept {
    return std::hash<Address>{}(key.sender) ^
           static_cast<std::size_t>(key.nonce * 0x9e3779b97f4a7c15ULL);
}

const DoubleSpend* DoubleSpends::note(const RecoveredTx& first, const RecoveredTx& second,
                                      UnixSeconds now) {
    CAIRN_ASSERT(first.sender() == second.sender() && first->nonce == second->nonce &&
                 first.hash() != second.hash());
    const Key key{first.sender(), first->nonce};
    DoubleSpend* record = records_.find(key);
    if (record == nullptr) {
        ++total_;
        record = records_.put(key, DoubleSpend{key.sender, key.nonce, {}, {}, {}});
    }
    const bool is_first_news = add_contender(*record, first, now);
    const bool is_second_news = add_contender(*record, second, now);
    return is_first_news || is_second_news ? record : nullptr;
}

const DoubleSpend* DoubleSpends::settle(const BlockRef& block, const RecoveredTx& tx) {
    DoubleSpend* record = records_.find({tx.sender(), tx->nonce});
    if (record == nullptr) return nullptr;
    record->settled_by = block;
    record->winner = tx.hash();
    return record;
}

const DoubleSpend* DoubleSpends::unsettle(const BlockRef& block, const RecoveredTx& tx) {
    DoubleSpend* record = records_.find({tx.sender(), tx->nonce});
    if (record == nullptr || record->settled_by != block) return nullptr;
    record->settled_by.reset();
    record->winner.reset();
    return record;
}

const DoubleSpend* DoubleSpends::find(const Address& sender, std::uint64_t nonce) const {
    return records_.peek({sender, nonce});
}

std::vector<DoubleSpend> DoubleSpends::latest(std::size_t count_max) const {
    std::vector<DoubleSpend> out;
    records_.for_each([&](const Key&, const DoubleSpend& record) {
        if (out.size() < count_max) out.push_back(record);
    });
    return out;
}

}  // namespace cairn::chain
