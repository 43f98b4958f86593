// SPDX-License-Identifier: MIT
#include "wallet/private_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

namespace cairn::wallet {
namespace {

namespace fs = std::filesystem;

class PrivateFile : public testing::Test {
protected:
    PrivateFile() {
        std::string name = (fs::temp_directory_path() / "cairn-wallet-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
    }
    ~PrivateFile() override {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    static unsigned mode_of(const fs::path& path) {
        struct stat info{};
        EXPECT_EQ(::stat(path.c_str(), &info), 0);
        return info.st_mode & 07777;
    }
    fs::path folder;
};

TEST_F(PrivateFile, is_written_whole_for_its_owner_only) {
    ::umask(0);
    const auto path = folder / "a" / "b" / "key";
    ASSERT_TRUE(write_private_file(path, "secret\n").has_value());
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_EQ(mode_of(folder / "a"), 0700U);
    EXPECT_EQ(mode_of(folder / "a" / "b"), 0700U);
    const auto read = read_private_file(path, 7);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->reveal(), "secret\n");
    const auto entries = fs::directory_iterator{path.parent_path()};
    EXPECT_EQ(std::distance(fs::begin(entries), fs::end(entries)), 1) << "a temporary file is left";
}

TEST_F(PrivateFile, an_existing_file_is_kept) {
    const auto path = folder / "key";
    ASSERT_TRUE(write_private_file(path, "first").has_value());
    const auto again = write_private_file(path, "second");
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error(), FileError::Exists);
    EXPECT_EQ(read_private_file(path, 100)->reveal(), "first");
    const auto entries = fs::directory_iterator{folder};
    EXPECT_EQ(std::distance(fs::begin(entries), fs::end(entries)), 1);
}

TEST_F(PrivateFile, both_sides_of_the_size_limit) {
    const auto path = folder / "key";
    ASSERT_TRUE(write_private_file(path, std::string(5000, 'x')).has_value());
    EXPECT_TRUE(read_private_file(path, 5000).has_value());
    EXPECT_EQ(read_private_file(path, 4999).error(), FileError::TooLarge);
}

TEST_F(PrivateFile, faults_are_named) {
    EXPECT_EQ(read_private_file(folder / "nothing", 100).error(), FileError::NotFound);
    EXPECT_EQ(read_private_file(folder, 100).error(), FileError::Unreadable);
    ASSERT_TRUE(write_private_file(folder / "file", "x").has_value());
    EXPECT_EQ(write_private_file(folder / "file" / "key", "x").error(), FileError::NotFound);
    if (::geteuid() != 0) {
        fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
        EXPECT_EQ(write_private_file(folder / "key", "x").error(), FileError::Forbidden);
        fs::permissions(folder, fs::perms::owner_all);
    }
}

}  // namespace
}  // namespace cairn::wallet
