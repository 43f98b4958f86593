// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/types/block.hpp"
#include "core/types/transaction.hpp"
#include "tests/functional/network/wire.hpp"
#include "tests/functional/node/running_node.hpp"

namespace cairn::test {

/// Whether the long form of these tests is asked for, by CAIRN_NETWORK_LONG in the environment: more
/// nodes, more blocks, minutes instead of seconds.
[[nodiscard]] bool is_long_form();

/// Several real nodes of one network on 127.0.0.1, which know only whom they are told and reach one
/// another over wires of the test. Blocks are made when the test says so: their seals are not
/// checked, so that eth_getWork is answered at once.
class Farm {
public:
    using Json = nlohmann::json;

    /// @param genesis  a geth genesis file's text
    explicit Farm(std::string genesis);

    /// A node on an empty data folder; not started. Its place.
    std::size_t add_node(std::vector<std::string> arguments = {});
    /// Two nodes dial each other over a wire from here on, as soon as both were started once.
    void join(std::size_t a, std::size_t b);

    void start(std::size_t node);
    /// SIGKILL. What it had not on disk is gone.
    void kill(std::size_t node);
    [[nodiscard]] bool is_running(std::size_t node) const { return nodes_[node].running != nullptr; }
    [[nodiscard]] RunningNode& at(std::size_t node) { return *nodes_[node].running; }
    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
    /// Blocks from a file, into a node that is not running.
    void import(std::size_t node, const std::vector<Block>& blocks);

    /// Cuts every wire between nodes of different sides.
    void part(const std::function<bool(std::size_t)>& is_on_first_side);
    void mend();
    /// Wires that end at this node.
    void slow_down(std::size_t node, std::chrono::milliseconds delay, std::uint64_t bytes_per_second);

    /// Makes one block at a node out of what its pool has. A failed test where it is not taken.
    void mine(std::size_t node);
    /// Mines as many, each as soon as the clock allows, and waits until all of `followers` have each.
    void mine(std::size_t node, std::size_t count, const std::vector<std::size_t>& followers);
    /// Hash of the head.
    [[nodiscard]] std::string head(std::size_t node);
    [[nodiscard]] std::uint64_t height(std::size_t node);
    [[nodiscard]] std::uint64_t peer_count(std::size_t node);
    /// Waits until all of them have one head.
    /// @return false where they do not in time
    [[nodiscard]] bool meet(const std::vector<std::size_t>& nodes, std::chrono::seconds patience);
    /// Each with its head and peers, for a failure's message.
    [[nodiscard]] std::string situation();

private:
    struct Member {
        std::string data;
        std::vector<std::string> arguments;
        std::unique_ptr<RunningNode> running;
        std::string id;          ///< public key, hex; empty until it was started once
        std::uint16_t port = 0;  ///< its own
    };
    struct Link {
        std::size_t from = 0;
        std::size_t to = 0;
        std::unique_ptr<Wire> wire;
    };
    [[nodiscard]] std::string url_over(const Link& link) const;
    void tell(const Link& link);

    TemporaryFolder folder_;
    std::string genesis_file_;
    std::vector<Member> nodes_;
    std::vector<Link> links_;
};

/// Waits as long as it takes, up to `patience`; whether it holds.
[[nodiscard]] bool wait_for(std::chrono::seconds patience, const std::function<bool()>& holds);

/// A transaction as eth_sendRawTransaction takes it.
[[nodiscard]] std::string raw(const SignedTx& tx);

}  // namespace cairn::test
