// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "wallet/commands/accounts.hpp"
#include "wallet/commands/node_client.hpp"

namespace cairn::wallet {

/// What a command wants to have done on the ledger.
struct TxRequest {
    std::string summary;        ///< one line for people: "send 1.5 coin to 0x…"
    std::optional<Address> to;  ///< absent: a contract creation
    Wei value;
    Bytes data;
    Abi abi;  ///< names custom errors
};

/// A transaction that the node has taken.
struct SentTx {
    TxHash hash;
    std::uint64_t nonce = 0;
    Address from;
    std::optional<Address> created;     ///< where a contract creation will be
    nlohmann::json receipt() const;     ///< null unless --wait
    std::string receipt_json = "null";  ///< JSON text of the receipt; null unless it was waited for
};

/// The whole way of a transaction: fees, nonce and gas are asked for where the options leave them
/// open; funds are checked; what it does and costs is shown and agreed to; only then is the key
/// opened, the transaction signed and handed over, and with --wait its block waited for.
///
/// Fails with NodeDown, WrongNetwork, InsufficientFunds, Reverted, Declined, WrongPassword,
/// DamagedKey, Refused, TimedOut. Until it is handed over nothing has happened.
[[nodiscard]] SentTx send_transaction(const GlobalOptions& options, NodeClient& node,
                                      const Account& account, const TxRequest& request,
                                      const TxOptions& choices);

/// A transaction's facts as JSON: hash, from, nonce, and once mined block, status, gas and logs.
[[nodiscard]] nlohmann::json to_json(const SentTx& sent);

/// The same for people; ends in a line feed.
[[nodiscard]] std::string to_text(const SentTx& sent);

/// Address of the contract that `sender`'s transaction with this nonce creates: the last 20 bytes
/// of keccak256(rlp([sender, nonce])) (Yellow Paper, section 7).
[[nodiscard]] Address creation_address(const Address& sender, std::uint64_t nonce);

}  // namespace cairn::wallet
