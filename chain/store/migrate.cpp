// SPDX-License-Identifier: MIT
#include "chain/store/migrate.hpp"

#include <algorithm>
#include <string>

#include "chain/store/keys.hpp"

namespace cairn::chain {
namespace {

/// The store's version; 0 for a store without rows.
[[nodiscard]] std::uint32_t version_of(const Txn& txn, const Env& env) {
    const auto row = txn.find(Table::Meta, as_bytes(MetaKey::kSchema));
    if (row) {
        if (row->size() != 4) throw_malformed("the schema's version has not 4 bytes");
        return load_be32(row->data());
    }
    for (const auto& info : kTables)
        if (txn.stats(info.table).rows > 0)
            throw StoreError{StoreFault::VersionMismatch,
                             env.data_file().string() + " has rows but no schema version"};
    return 0;
}

[[noreturn]] void refuse(const Env& env, std::uint32_t found, std::uint32_t version) {
    throw StoreError{
        StoreFault::VersionMismatch,
        env.data_file().string() + " has schema version " + std::to_string(found) +
            ", this program has " + std::to_string(version) +
            (found > version ? "; use the newer program" : " and cannot bring it up to date")};
}

}  // namespace

void migrate(Env& env, std::span<const Migration> steps, std::uint32_t version) {
    {
        const Txn txn{env, Txn::Kind::Read};
        const auto found = version_of(txn, env);
        if (found == version) return;
        if (found > version || env.is_read_only()) refuse(env, found, version);
    }
    Txn txn{env, Txn::Kind::Write};
    const auto found = version_of(txn, env);
    for (auto at = found; found != 0 && at < version; ++at) {
        const auto step = std::find_if(steps.begin(), steps.end(),
                                       [&](const Migration& m) { return m.from == at; });
        if (step == steps.end()) refuse(env, found, version);
        step->run(txn);
    }
    std::array<std::uint8_t, 4> value;
    store_be32(value.data(), version);
    txn.put(Table::Meta, as_bytes(MetaKey::kSchema), value);
    txn.commit();
}

}  // namespace cairn::chain
