// SPDX-License-Identifier: MIT
#include "chain/store/pending_rows.hpp"

#include "chain/store/history.hpp"
#include "chain/store/log_index.hpp"
#include "chain/store/state_store.hpp"
#include "chain/store/tx_index.hpp"

namespace cairn::chain {

void PendingRows::put_state(BlockNumber number, const StateDiff& diff) {
    put_codes(txn_, diff);
    // A diff of a genesis' size gains nothing from being held.
    if (diff.accounts.size() * sizeof(AccountChange) + diff.storage.size() * sizeof(StorageChange) >
        kBytesMax) {
        settle();
        apply_flat(txn_, diff);
    } else {
        state_.put(diff);
    }
    put_history_entries(rows_, number, diff);
    if (state_.bytes() + rows_.bytes() > kBytesMax) settle();
}

void PendingRows::put_transactions(BlockNumber number, const std::vector<SignedTx>& transactions) {
    put_tx_index(rows_, number, transactions);
}

void PendingRows::put_logs(BlockNumber number, const std::vector<Receipt>& receipts) {
    put_log_index(rows_, number, receipts);
}

void PendingRows::settle() {
    state_.flush(txn_);
    rows_.flush(txn_);
}

void PendingRows::settle_all() {
    settle();
    tries_.flush(txn_);
}

}  // namespace cairn::chain
