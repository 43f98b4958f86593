// SPDX-License-Identifier: MIT
#include "chain/store/account_changes.hpp"

#include <algorithm>

#include "chain/store/keys.hpp"

namespace cairn::chain {

std::optional<BlockNumber> next_account_change(const Txn& txn, const Address& address,
                                               BlockNumber number) {
    Cursor cursor{txn, Table::AccountHistory};
    if (!cursor.seek(account_history_key(address, number))) return std::nullopt;
    (void)cursor.value();  // verifies the key
    const ByteView key = cursor.key();
    if (!std::ranges::equal(key.first(Address::kSize), address)) return std::nullopt;
    return load_be64(key.data() + Address::kSize);
}

}  // namespace cairn::chain
