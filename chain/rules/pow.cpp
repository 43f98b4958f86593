// SPDX-License-Identifier: MIT
#include "chain/rules/pow.hpp"

#include <mutex>
#include <optional>

#include "core/base/assert.hpp"
#include "core/base/lru_map.hpp"
#include "core/crypto/ethash.hpp"
#include "core/types/mining_job.hpp"

namespace cairn::chain {
namespace {

using Verdict = Result<void, BlockError>;

class Sha256dEngine final : public SealEngine {
public:
    Verdict check(const Header& header) const override {
        const WorkBase base = work_base_of(header);
        if (pow_value(make_work_header(base, seal_of(header))) > base.target.value)
            return Unexpected{BlockError::SealAboveTarget};
        return {};
    }
    Hash256 seal_hash(const Header& header) const override { return cairn::seal_hash(header); }
};

/// Caches by epoch. The map's mutex is held for look-ups only; a cache is made under its own
/// entry's flag, so that headers of other epochs go on meanwhile.
class EthashCaches {
public:
    /// The epoch's cache, made if need be. Any thread; waits while another makes it.
    std::shared_ptr<const EthashCache> get(std::uint64_t epoch) {
        const std::shared_ptr<Entry> entry = find_or_add(epoch);
        // Where making it throws (no memory), the next caller tries again.
        std::call_once(entry->once, [&] { entry->cache.emplace(epoch); });
        return {entry, &*entry->cache};
    }

private:
    struct Entry {
        std::once_flag once;
        std::optional<EthashCache> cache;
    };

    std::shared_ptr<Entry> find_or_add(std::uint64_t epoch) {
        const std::scoped_lock lock{mutex_};
        if (const auto* found = entries_.find(epoch)) return *found;
        return *entries_.put(epoch, std::make_shared<Entry>());
    }

    std::mutex mutex_;
    LruMap<std::uint64_t, std::shared_ptr<Entry>> entries_{kEthashCachesMax};
};

class EthashEngine final : public SealEngine {
public:
    Verdict check(const Header& header) const override {
        const std::uint64_t epoch = ethash_epoch(header.number);
        if (epoch >= kEthashEpochsMax) return Unexpected{BlockError::SealEpochTooHigh};
        const Hash256 committed = cairn::seal_hash(header);
        const std::uint64_t nonce = load_be64(header.nonce.data());
        const Target target = target_of(header.difficulty);
        // A claimed mix that misses the target is refused before anything costly is done.
        const Hash256 value = ethash_value(committed, nonce, header.mix_hash);
        if (load_be256(value.data()) > target.value) return Unexpected{BlockError::SealAboveTarget};
        if (caches_.get(epoch)->hash(committed, nonce).mix != header.mix_hash)
            return Unexpected{BlockError::SealMixWrong};
        return {};
    }
    Hash256 seal_hash(const Header& header) const override { return cairn::seal_hash(header); }

private:
    mutable EthashCaches caches_;
};

class NoSealEngine final : public SealEngine {
public:
    Verdict check(const Header&) const override { return {}; }
    Hash256 seal_hash(const Header& header) const override { return cairn::seal_hash(header); }
};

}  // namespace

std::unique_ptr<SealEngine> make_seal_engine(SealKind kind) {
    switch (kind) {
        case SealKind::Sha256d:
            return std::make_unique<Sha256dEngine>();
        case SealKind::Ethash:
            return std::make_unique<EthashEngine>();
        case SealKind::None:
            return std::make_unique<NoSealEngine>();
    }
    CAIRN_ASSERT(!"no kind of seal");
    return nullptr;
}

Verdict check_seal(const SealEngine& engine, const RuleSet& rules, const Header& header) {
    if (rules.difficulty_rule == DifficultyRule::Zero) return {};
    return engine.check(header);
}

}  // namespace cairn::chain
