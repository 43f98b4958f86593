// SPDX-License-Identifier: MIT
// A byte string read as blocks of insertions, deletions and changes over a small space of keys.
// After each block the incremental root and the rows equal a fresh build, and proofs show what is
// there; changed proofs, and a store with a changed row, never crash and never prove anything
// false.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

#include "chain/trie/proof.hpp"
#include "chain/trie/trie_update.hpp"
#include "chain/trie/trie_walk.hpp"
#include "core/base/assert.hpp"
#include "tests/support/trie_entries.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::build_trie;
using cairn::test::PlainEntries;
using cairn::test::TrieRows;

/// Takes small numbers off the input; zeros when it is used up.
class Input {
public:
    explicit Input(ByteView data) : data_{data} {}
    [[nodiscard]] bool is_empty() const noexcept { return data_.empty(); }
    std::uint8_t byte() noexcept {
        if (data_.empty()) return 0;
        const std::uint8_t b = data_[0];
        data_ = data_.subspan(1);
        return b;
    }

private:
    ByteView data_;
};

/// Keys share long prefixes: each byte is taken from a few, so that extensions, splits and merges
/// happen all the time.
Bytes take_key(Input& in, std::size_t fixed_size) {
    constexpr std::uint8_t kBytes[] = {0x00, 0x01, 0x10, 0x11, 0x1f, 0xf1, 0xff, 0x12};
    const std::uint8_t shape = in.byte();
    const std::size_t size = fixed_size != 0 ? fixed_size : shape % 6;
    Bytes key(size, kBytes[shape >> 5]);
    for (std::size_t i = 0; i < 2 && i < size; ++i) {
        const std::uint8_t b = in.byte();
        key[(b >> 3) % size] = kBytes[b & 7];
    }
    return key;
}

Bytes take_value(Input& in) {
    const std::uint8_t b = in.byte();
    if (b % 3 == 0) return {};
    return Bytes(b % 2 == 0 ? 1 + b % 4 : 20 + b % 60, b);
}

void check_proofs(const MemoryNodeStore& store, const Hash256& root, const PlainEntries& entries,
                  const Bytes& key, std::uint8_t change) {
    const Nibbles path = Nibbles::from_key(key);
    const auto proof = make_proof(store, std::nullopt, path);
    CAIRN_ASSERT(proof.has_value());
    const auto value = verify_proof(root, path, *proof);
    CAIRN_ASSERT(value.has_value());
    const auto entry = entries.find(key);
    CAIRN_ASSERT(value->has_value() == (entry != entries.end()));
    CAIRN_ASSERT(entry == entries.end() || equal(**value, entry->second));
    if (proof->empty()) return;
    Proof changed = *proof;
    Bytes& node = changed[change % changed.size()];
    node[change % node.size()] ^= static_cast<std::uint8_t>(1 + change % 255);
    CAIRN_ASSERT(!verify_proof(root, path, changed).has_value());
    changed = *proof;
    changed.pop_back();
    CAIRN_ASSERT(!verify_proof(root, path, changed).has_value());
}

/// Whatever a row holds, reading and updating end in a value or a typed error.
void poke(MemoryNodeStore store, const std::vector<TrieEdit>& edits, std::uint8_t which,
          std::uint8_t change) {
    const auto rows = store.rows(std::nullopt);
    if (rows.empty()) return;
    auto row = std::next(rows.begin(), which % static_cast<std::ptrdiff_t>(rows.size()));
    Bytes broken = row->second;
    broken[change % broken.size()] ^= static_cast<std::uint8_t>(1 + which % 255);
    store.put(std::nullopt, row->first, broken);
    NodeChanges changes;
    (void)update_trie(store, std::nullopt, edits, changes);
    for (const auto& edit : edits) {
        (void)make_proof(store, std::nullopt, edit.key);
        (void)find_next(store, std::nullopt, edit.key);
        (void)find_previous(store, std::nullopt, edit.key);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input in{{data, size}};
    const std::uint8_t mode = in.byte();
    const std::size_t key_size = mode % 3 == 0 ? 0 : mode % 3 == 1 ? 3 : 32;
    MemoryNodeStore store;
    PlainEntries entries;
    TrieUpdateOptions options;
    if ((mode & 0x80) != 0)
        options.parallel = [](std::size_t n, const std::function<void(std::size_t)>& job) {
            for (std::size_t i = n; i-- > 0;) job(i);
        };
    for (int block = 0; block < 40 && !in.is_empty(); ++block) {
        std::map<Bytes, Bytes> batch;
        const std::uint8_t count = in.byte();
        for (std::size_t i = 0; i <= count % 200U && !in.is_empty(); ++i) {
            const Bytes key = take_key(in, key_size);
            batch[key] = take_value(in);
        }
        std::vector<TrieEdit> edits;
        for (const auto& [key, value] : batch) {
            edits.push_back({Nibbles::from_key(key), value});
            if (value.empty())
                entries.erase(key);
            else
                entries[key] = value;
        }
        const std::uint8_t which = in.byte();
        poke(store, edits, which, count);
        NodeChanges changes;
        const auto root = update_trie(store, std::nullopt, edits, changes, options);
        CAIRN_ASSERT(root.has_value());
        TrieRows rows;
        CAIRN_ASSERT(*root == build_trie(entries, &rows));
        store.apply(std::nullopt, changes);
        CAIRN_ASSERT(store.rows(std::nullopt) == rows);
        for (const auto& [key, value] : batch) check_proofs(store, *root, entries, key, which);
    }
    // The same entries by the definition itself.
    std::map<Hash256, Bytes> nodes;
    CAIRN_ASSERT(build_trie(entries) == test::PlainTrie::root(entries, &nodes));
    return 0;
}
