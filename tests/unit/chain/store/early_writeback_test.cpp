// SPDX-License-Identifier: MIT
#include "chain/store/early_writeback.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "chain/store/lmdb.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::TempFolder;

TEST(EarlyWriteback, does_nothing_where_there_is_no_file) {
    const TempFolder folder;
    EarlyWriteback writeback{folder.path() / "nothing"};
    for (int i = 0; i < 3; ++i) const EarlyWriteback::Span span{writeback};
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "nothing"));
}

TEST(EarlyWriteback, leaves_what_is_written_meanwhile_as_it_is) {
    const TempFolder folder;
    const auto path = folder.path() / "file";
    std::string expected;
    {
        std::ofstream file{path, std::ios::binary};
        EarlyWriteback writeback{path};
        for (int round = 0; round < 5; ++round) {
            const EarlyWriteback::Span span{writeback};
            for (int i = 0; i < 200; ++i) {
                const std::string piece(4096, static_cast<char>('a' + (round + i) % 26));
                file << piece;
                expected += piece;
            }
        }
    }
    std::ifstream file{path, std::ios::binary};
    const std::string found{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_TRUE(found == expected);
}

TEST(EarlyWriteback, goes_beside_large_commits_which_are_whole_afterwards) {
    const TempFolder folder;
    const auto value_of = [](int round, int row) {
        return Bytes(1000, static_cast<std::uint8_t>(round * 31 + row));
    };
    const auto key_of = [](int row) { return to_bytes(as_bytes(std::to_string(row))); };
    for (int round = 0; round < 3; ++round) {
        Env env{folder.path(), {}};
        for (int commit = 0; commit < 2; ++commit) {
            Txn txn{env, Txn::Kind::Write};
            // Over the size from which it is worth while.
            for (int row = 0; row < 6000; ++row)
                txn.put(Table::Code, key_of(row), value_of(round + commit, row));
            txn.commit();
        }
    }
    Env env{folder.path(), {}};
    const Txn txn{env, Txn::Kind::Read};
    for (int row = 0; row < 6000; ++row) {
        const auto found = txn.find(Table::Code, key_of(row));
        ASSERT_TRUE(found);
        ASSERT_EQ(to_bytes(*found), value_of(3, row));
    }
}

}  // namespace
