// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

#include "chain/build/job_board.hpp"
#include "chain/rules/pow.hpp"

namespace cairn::node {

/// A block to be sealed, of this difficulty; `salt` makes it another.
inline Block unsealed_block(std::uint64_t difficulty, std::uint8_t salt = 0, BlockNumber number = 7) {
    Header header;
    header.parent_hash.bytes.fill(0x11);
    header.difficulty = {Uint256{difficulty}};
    header.number = number;
    header.timestamp = 1'800'000'000;
    header.extra_data = {salt};
    return {.header = HashedHeader{std::move(header)}, .body = {}};
}

/// A board whose sealed blocks are kept.
class BoardFixture : public testing::Test {
  protected:
    std::vector<Block> sealed() const {
        const std::scoped_lock lock{mutex};
        return blocks;
    }

    mutable std::mutex mutex;
    std::vector<Block> blocks;
    std::unique_ptr<chain::SealEngine> engine = chain::make_seal_engine(chain::SealKind::Sha256d);
    chain::JobBoard board{*engine, [this](Block block) {
                              const std::scoped_lock lock{mutex};
                              blocks.push_back(std::move(block));
                          }};
};

}  // namespace cairn::node
