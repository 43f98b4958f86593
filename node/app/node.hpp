// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "core/base/expected.hpp"
#include "node/app/exit_code.hpp"
#include "node/app/run_options.hpp"

namespace cairn::node {

/// A running node: every part of it, started in the order in which they need one another and
/// stopped in the other.
class Node {
public:
    /// @return the node, at work; or one line that says what cannot be had (a port, the data folder,
    ///         another network's data) and what to do
    /// @throws StoreError
    [[nodiscard]] static Result<std::unique_ptr<Node>, std::string> start(
        const RunCommand& command);
    /// Stops.
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Waits until somebody asks the node to stop: a signal, cairn_stop, or a part that failed.
    /// @return what the process ends with
    [[nodiscard]] ExitCode wait();

    /// Stops everything that writes, and waits a moment for the requests under way.
    /// @return whether none is left; else the process is to end without this object's destructor,
    ///         which would wait for them. They only read.
    [[nodiscard]] bool stop();

    /// What a person needs to know to use it, in lines: addresses, and keys on a developer's node.
    [[nodiscard]] std::string banner() const;

private:
    struct Parts;
    explicit Node(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Runs a node until it is stopped.
[[nodiscard]] ExitCode run(const RunCommand& command);

}  // namespace cairn::node
