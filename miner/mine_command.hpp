// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "miner/miner.hpp"
#include "miner/remote_session.hpp"

namespace cairn::miner {

/// What `cairn-miner --url` shall do.
struct MineOptions {
    std::vector<RemoteUrl> urls;  ///< in order of preference
    MinerOptions miner;
    bool json = false;      ///< one JSON object a line instead of text
    double interval = 0;    ///< seconds between status lines; 0: as the output suggests
    double seconds = 0;     ///< ends by itself after that long; 0: not
};

/// Mines until `stop`, writing to standard output; warns of an unauthorized user and the like as it goes.
/// @return the program's exit code: 0, also after an interruption; 1 where no server ever gave work
[[nodiscard]] int mine(const MineOptions& options, const std::atomic<bool>& stop);

/// `1.23 kH/s` and so on.
[[nodiscard]] std::string rate_text(double hashes_per_second);

}  // namespace cairn::miner
