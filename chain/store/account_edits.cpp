// SPDX-License-Identifier: MIT
#include "chain/store/account_edits.hpp"

#include "chain/store/store_error.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

[[nodiscard]] std::optional<AccountEdit::Fields> fields_of(
    const std::optional<AccountRecord>& record) {
    if (!record) return std::nullopt;
    return AccountEdit::Fields{record->nonce, record->balance, record->code_hash};
}

}  // namespace

AccountEdits account_edits(const StateDiff& diff, const AccountLookup& before) {
    AccountEdits out;
    out.slots.reserve(diff.storage.size());
    for (const auto& change : diff.storage) out.slots.push_back({change.key, change.after});
    auto account = diff.accounts.begin();
    for (std::size_t i = 0; account != diff.accounts.end() || i < diff.storage.size();) {
        AccountEdit edit;
        const bool has_account =
            account != diff.accounts.end() &&
            (i == diff.storage.size() || account->address <= diff.storage[i].address);
        edit.address = has_account ? account->address : diff.storage[i].address;
        const std::size_t begin = i;
        while (i < diff.storage.size() && diff.storage[i].address == edit.address) ++i;
        edit.slots = std::span{out.slots}.subspan(begin, i - begin);
        if (has_account) {
            edit.fields = fields_of(account->after);
            ++account;
        } else {
            edit.fields = fields_of(before(edit.address));
            if (!edit.fields)
                throw StoreError{StoreFault::Corrupt, "a diff changes storage of the account " +
                                                          to_hex0x(edit.address) +
                                                          ", which is not there"};
        }
        // A vanished account takes its trie with it; the diff zeroes each of its slots besides.
        if (!edit.fields) {
            edit.is_storage_wiped = true;
            edit.slots = {};
        }
        out.edits.push_back(edit);
    }
    return out;
}

AccountEdits account_edits(const StateDiff& diff, const StateReader& before) {
    return account_edits(diff, [&](const Address& address) { return before.account(address); });
}

}  // namespace cairn::chain
