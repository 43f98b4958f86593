// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/rpc_compare/node_process.hpp"
#include "core/types/ids.hpp"

namespace cairn::bench {

/// Chain id of both nodes, so that one signed transaction serves both.
inline constexpr std::uint64_t kChainId = 1337;
/// Transactions of each full block that is set up.
inline constexpr std::size_t kBlockTxs = 62;
/// Transfer events of the token from genesis to the head.
inline constexpr std::size_t kTokenLogs = 1100;

/// What is the same on every node after set_up_scene.
struct Scene {
    std::vector<std::string> accounts;  ///< the ten funded ones
    std::string token;                  ///< an ERC-20 contract; accounts[0] holds all of it
    std::string lone_receiver;          ///< got one token once
    std::string full_block;             ///< number, as a quantity, of a block with kBlockTxs
    std::string last_block;             ///< likewise, of the last that was set up
    std::vector<std::string> tx_hashes;  ///< of that block
};

/// Deploys bench/contracts/token.sol and makes 18 blocks of transfers of it, kTokenLogs in all, by
/// the node's own JSON-RPC: deployments and transfers by eth_sendTransaction, balances by
/// anvil_setStorageAt, blocks by evm_mine.
/// Throws std::runtime_error where the node refuses or ends up with something else.
[[nodiscard]] Scene set_up_scene(NodeProcess& node);

/// Transactions that a node has mined of those that it accepted, and when the last of them was.
struct MinedTxs {
    std::uint64_t count = 0;
    std::chrono::steady_clock::time_point at;
};

/// Senders of raw transactions, and what they have sent so far. All their transactions go to every
/// node, in the same order.
class RawSenders {
public:
    /// @param first_key  their secrets are this number and those after it
    explicit RawSenders(std::size_t count, std::uint64_t first_key = 0x10000);

    /// Gives each of them coins by anvil_setBalance, and tokens of the scene.
    void fund(NodeProcess& node, const Scene& scene) const;
    /// The sender's next transaction, a transfer of one wei, as the parameter of
    /// eth_sendRawTransaction.
    [[nodiscard]] std::string sign_next(std::size_t sender);
    /// The same with a transfer of one token.
    [[nodiscard]] std::string sign_next_token(std::size_t sender, const Scene& scene);
    /// Waits until the node has mined everything that was signed, or stands still.
    [[nodiscard]] MinedTxs wait_mined(NodeProcess& node) const;

    [[nodiscard]] std::size_t size() const noexcept { return senders_.size(); }

private:
    struct Sender {
        std::uint64_t key = 0;
        Address address;
        std::uint64_t nonce = 0;
    };
    std::string sign(Sender& sender, const Address& to, std::uint64_t value, const std::string& data,
                     std::uint64_t gas);
    std::vector<Sender> senders_;
};

}  // namespace cairn::bench
