// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "node/net/enode.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {

/// One walk towards a target (discv4.md, "Recursive Lookup"): whom to ask next, and when it is
/// over. Knows neither time nor packets. One thread.
class Lookup {
public:
    /// @param start  nodes to begin with
    Lookup(const NodeId& target, const std::vector<Enode>& start);

    [[nodiscard]] const NodeId& target() const noexcept { return target_; }
    /// The next node to ask, which then counts as asked: one of the kBucketSize nearest that have
    /// not failed, while fewer than kLookupConcurrency are being asked. Nothing for the time being.
    [[nodiscard]] std::optional<Enode> next();
    /// A node that was asked told of these; they join where they are near enough.
    void on_answer(const NodeId& from, const std::vector<Enode>& nodes);
    /// A node that was asked did not answer.
    void on_silent(const NodeId& from);
    /// Nobody is being asked and nobody is left to ask.
    [[nodiscard]] bool is_done() const;
    /// The nearest nodes that answered, nearest first, at most kBucketSize.
    [[nodiscard]] std::vector<Enode> result() const;

private:
    enum class State : std::uint8_t { Heard, Asked, Answered, Failed };
    struct Candidate {
        Enode node;
        NodeAddress address;
        State state = State::Heard;
    };
    void add(const Enode& node);
    Candidate* find(const NodeId& id);
    /// Index of the first candidate not heard from or asked yet among the nearest; nothing if none.
    [[nodiscard]] std::optional<std::size_t> find_next() const;

    NodeId target_;
    NodeAddress target_address_;
    std::vector<Candidate> candidates_;  ///< nearest first, at most kLookupNodesMax
    std::size_t asking_ = 0;
};

}  // namespace cairn::node
