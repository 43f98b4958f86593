// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/rpc_compare/scene.hpp"

namespace cairn::bench {

/// One kind of question, asked over and over.
struct Load {
    std::string name;
    double aim = 0;             ///< least ratio to the other node's rate
    std::size_t calls = 1;      ///< in each request
    std::vector<std::string> bodies;  ///< JSON texts, asked in turn
    /// How often `needle` must occur in the answer to the first body: that both nodes do the same
    /// work.
    std::string needle;
    std::size_t needle_count = 1;
};

/// Everything that only reads, on a node with this scene.
[[nodiscard]] std::vector<Load> read_loads(const Scene& scene);

/// JSON text of a call, `params` being JSON text too.
[[nodiscard]] std::string call_text(const std::string& method, const std::string& params);

/// JSON text of a batch.
[[nodiscard]] std::string batch_text(const std::vector<std::string>& calls);

}  // namespace cairn::bench
