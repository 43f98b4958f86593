// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/sync/sync_manager.hpp"
#include "tests/sim/light_chain.hpp"

namespace cairn::sim {

/// How a node lies, if it does. Its chain and its machine are those of an honest one; the lie is in
/// what it mines or in what it sends.
enum class Mischief : std::uint8_t {
    None,
    WrongRoots,       ///< mines blocks whose state root is wrong, and follows them
    WrongDifficulty,  ///< mines blocks that claim more difficulty than the rule gives
    Withholder,       ///< mines alone, more than all others, and gives no body
    Liar,             ///< claims a total that no chain has
    EndlessHeaders,   ///< answers any question by number with headers far into the future
    Garbler,          ///< answers with headers and bodies that were not asked for
    Silent,           ///< answers nothing
    Equivocator,      ///< gives different peers different transactions for one coin
};
inline constexpr std::size_t kMischiefCount = 9;
[[nodiscard]] std::string_view to_string(Mischief mischief) noexcept;

/// What is thrown at a world, drawn from its seed.
struct Faults {
    std::uint64_t delay_ms_max = 200;  ///< of one message
    double loss = 0;                   ///< of one message
    double duplication = 0;            ///< of one message
    double break_per_minute = 0;       ///< of one connection
    bool has_partition = false;
    bool has_crash = false;
    std::int64_t clock_skew_seconds_max = 0;
};

struct WorldOptions {
    std::uint64_t seed = 1;
    std::size_t honest = 5;
    std::vector<Mischief> liars;
    Faults faults;
    std::uint64_t mine_ms = 250'000;  ///< blocks are mined until then
    std::uint64_t calm_ms = 200'000;  ///< faults end then
    std::uint64_t end_ms = 360'000;   ///< the world ends then
    std::uint64_t block_ms = 8'000;   ///< between two blocks of all honest nodes, on average
    bool has_newcomer = false;        ///< one honest node comes when half the time is over
};

/// Nodes in one process over a virtual clock. Two worlds of equal options live equal lives.
class World {
public:
    explicit World(WorldOptions options);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void run();

    /// What is wrong afterwards, in words; empty where all holds: honest nodes share the head of
    /// the heaviest valid chain, no mined transaction is lost or pooled still, nobody honest was
    /// blamed, nothing outgrew its bound.
    [[nodiscard]] std::vector<std::string> complaints() const;
    /// Folds every message into one number: equal for equal lives.
    [[nodiscard]] std::uint64_t fingerprint() const noexcept { return fingerprint_; }

    [[nodiscard]] std::size_t messages() const noexcept { return messages_; }
    [[nodiscard]] BlockNumber final_number() const;
    [[nodiscard]] std::size_t deepest_reorg() const;
    [[nodiscard]] std::size_t bans() const noexcept { return bans_; }

private:
    struct Node {
        std::size_t index = 0;
        Mischief mischief = Mischief::None;
        std::int64_t skew_seconds = 0;
        bool is_up = true;
        LightChain chain;
        LightPool pool;
        std::unique_ptr<node::SyncManager> sync;
        std::uint64_t imported_at = 0;                ///< when its import queue is empty
        std::map<std::size_t, std::uint32_t> scores;  ///< points given, by node
        std::optional<node::GetBlockHeaders> asked;   ///< EndlessHeaders: the last question
        std::map<BlockNumber, HashedHeader> invented;
        unsigned lives = 0;  ///< answers to an earlier life are dropped
    };
    struct Link {
        std::size_t a = 0;
        std::size_t b = 0;
        node::PeerId id = 0;
        std::uint64_t arrival[2] = {0, 0};  ///< last one to a, to b: a stream keeps its order
    };
    struct Event {
        std::uint64_t at = 0;
        std::uint64_t sequence = 0;
        std::function<void()> run;
        friend bool operator>(const Event& x, const Event& y) noexcept {
            return x.at != y.at ? x.at > y.at : x.sequence > y.sequence;
        }
    };

    void at(std::uint64_t when, std::function<void()> run);
    [[nodiscard]] node::SyncTime time_of(const Node& node) const noexcept;
    [[nodiscard]] bool is_honest(std::size_t index) const noexcept {
        return index < options_.honest;
    }
    [[nodiscard]] bool are_apart(std::size_t a, std::size_t b) const noexcept;
    [[nodiscard]] bool is_calm() const noexcept { return now_ >= options_.calm_ms; }
    [[nodiscard]] bool happens(double probability) noexcept;

    void start(Node& node);
    void connect(std::size_t a, std::size_t b);
    void disconnect(node::PeerId id, std::uint64_t again_ms);
    void schedule_connect(std::size_t a, std::size_t b, std::uint64_t in_ms);
    void crash(std::size_t index);
    void tick(std::size_t index, unsigned life);
    void mine(std::size_t index);
    void spend();
    void maybe_break_links();
    void add_txs(Node& node, const std::vector<SignedTx>& txs,
                 std::vector<node::TxJudgement>* judgements);
    void take_import(Node& node, LightChain::Imported imported);
    void carry_out(Node& node);
    void carry_out(Node& node, node::SendMessage& action);
    void carry_out(Node& node, node::DisconnectPeer& action);
    void carry_out(Node& node, node::PenalisePeer& action);
    void carry_out(Node& node, node::CheckHeaders& action);
    void carry_out(Node& node, node::ImportBlock& action);
    void carry_out(Node& node, node::JudgeTxs& action);
    void check_bounds(const Node& node);
    /// Headers that keep every rule, one second after the other, as many as are asked for.
    [[nodiscard]] static std::vector<HashedHeader> invent_headers(Node& node, BlockNumber first,
                                                                  std::uint64_t amount);
    /// What the node really sends instead; false: nothing.
    [[nodiscard]] bool falsify(Node& node, std::size_t to, node::EthMessage& message);
    void fold(std::uint64_t value) noexcept;

    WorldOptions options_;
    node::SyncRandom random_;
    std::uint64_t now_ = 0;
    std::uint64_t sequence_ = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::map<node::PeerId, Link> links_;
    node::PeerId last_link_ = 0;
    std::set<std::pair<std::size_t, std::size_t>> banned_;
    std::uint64_t partition_from_ = 0;
    std::uint64_t partition_until_ = 0;
    std::uint64_t next_nonce_ = 0;
    std::map<BlockHash, TotalDifficulty> honest_blocks_;  ///< all mined by honest nodes
    std::vector<SignedTx> spent_txs_;
    std::vector<std::string> complaints_;
    std::uint64_t fingerprint_ = 0;
    std::size_t messages_ = 0;
    std::size_t bans_ = 0;
};

}  // namespace cairn::sim
