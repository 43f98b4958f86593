// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"
#include "rpc/client/client.hpp"
#include "wallet/abi.hpp"
#include "wallet/commands/options.hpp"

namespace cairn::wallet {

/// What gas costs: prices in wei per gas.
struct FeeQuote {
    std::optional<Wei> base_fee;  ///< of the newest block; absent before London
    Wei tip;                      ///< that the node suggests; the whole price where no base fee is
};

/// The node as commands see it: typed questions, and every fault turned into a Failure that names
/// the next step. One thread.
class NodeClient {
public:
    /// Connects nowhere yet. Fails with BadRequest for a URL or a genesis hash that is none.
    explicit NodeClient(const GlobalOptions& options);

    /// The chain the node is on; asked once. Fails with WrongNetwork where the options name
    /// another, by its id or by the hash of its block 0.
    [[nodiscard]] std::uint64_t chain_id();

    [[nodiscard]] Wei balance(const Address& address, const std::string& block = "latest");
    [[nodiscard]] std::uint64_t nonce(const Address& address, const std::string& block = "pending");
    [[nodiscard]] Bytes code(const Address& address);
    [[nodiscard]] std::uint64_t block_number();
    [[nodiscard]] FeeQuote fees();

    /// Gas that the call would take (eth_estimateGas). Fails with Reverted, InsufficientFunds.
    /// @param errors  custom errors to name in the failure
    [[nodiscard]] std::uint64_t estimate_gas(const nlohmann::json& call, const Abi& errors);

    /// Output of a call that is not mined (eth_call). Fails with Reverted.
    [[nodiscard]] Bytes call(const nlohmann::json& call, const std::string& block,
                             const Abi& errors);

    /// Hands over a signed transaction. Fails with InsufficientFunds, Refused.
    [[nodiscard]] TxHash send_raw(ByteView transaction);

    /// eth_getTransactionReceipt: null while it is in no block.
    [[nodiscard]] nlohmann::json receipt(const TxHash& hash);

    /// eth_getBlockByNumber; null where there is none.
    [[nodiscard]] nlohmann::json block(const std::string& number, bool with_transactions);

    /// Any method; the result as JSON.
    [[nodiscard]] nlohmann::json ask(std::string_view method, const nlohmann::json& params,
                                     const Abi& errors = {});

private:
    void check_genesis();
    [[noreturn]] void fail(const rpc::ClientError& error, std::string_view method,
                           const Abi& errors) const;

    std::string url_;
    std::optional<std::uint64_t> expected_chain_;
    std::optional<BlockHash> expected_genesis_;
    std::optional<std::uint64_t> chain_id_;
    rpc::Client client_;
};

/// A JSON-RPC quantity, "0x1f". Fails with Failed where the node sent something else.
[[nodiscard]] Uint256 quantity_of(const nlohmann::json& value, const char* what);

/// What a contract's refusal says: the text of Error(string), the meaning of Panic(uint256), a
/// custom error of `errors` with its arguments, or the bytes.
[[nodiscard]] std::string describe_revert(ByteView data, const Abi& errors);

/// A block argument of JSON-RPC: "latest", "earliest", "pending", "safe", "finalized", or a number
/// in decimal or hex. Fails with BadRequest.
[[nodiscard]] std::string block_argument(const std::string& text);

}  // namespace cairn::wallet
