// SPDX-License-Identifier: MIT
#include "chain/state/state_diff.hpp"

#include <utility>

#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

bool same_key(const AccountChange& a, const AccountChange& b) { return a.address == b.address; }
bool less_key(const AccountChange& a, const AccountChange& b) { return a.address < b.address; }
bool same_key(const StorageChange& a, const StorageChange& b) {
    return a.address == b.address && a.key == b.key;
}
bool less_key(const StorageChange& a, const StorageChange& b) {
    const auto order = a.address <=> b.address;
    return order != 0 ? order < 0 : a.key < b.key;
}

template <class Change>
std::vector<Change> merge_sorted(const std::vector<Change>& first, const std::vector<Change>& second) {
    std::vector<Change> out;
    out.reserve(first.size() + second.size());
    auto a = first.begin();
    auto b = second.begin();
    while (a != first.end() || b != second.end()) {
        if (b == second.end() || (a != first.end() && less_key(*a, *b))) {
            out.push_back(*a++);
        } else if (a == first.end() || !same_key(*a, *b)) {
            out.push_back(*b++);
        } else {
            CAIRN_ASSERT(a->after == b->before);
            if (a->before != b->after) {
                out.push_back(*a);
                out.back().after = b->after;
            }
            ++a;
            ++b;
        }
    }
    return out;
}

}  // namespace

StateDiff merge(const StateDiff& first, const StateDiff& second) {
    StateDiff out;
    out.accounts = merge_sorted(first.accounts, second.accounts);
    out.storage = merge_sorted(first.storage, second.storage);
    auto a = first.codes.begin();
    auto b = second.codes.begin();
    while (a != first.codes.end() || b != second.codes.end()) {
        if (b == second.codes.end() || (a != first.codes.end() && a->hash < b->hash)) {
            out.codes.push_back(*a++);
        } else {
            if (a != first.codes.end() && a->hash == b->hash) ++a;
            out.codes.push_back(*b++);
        }
    }
    return out;
}

StateDiff inverse(const StateDiff& diff) {
    StateDiff out{diff.accounts, diff.storage, {}};
    for (auto& change : out.accounts) std::swap(change.before, change.after);
    for (auto& change : out.storage) std::swap(change.before, change.after);
    return out;
}

}  // namespace cairn::chain
