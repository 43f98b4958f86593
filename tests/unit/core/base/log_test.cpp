// SPDX-License-Identifier: MIT
#include "core/base/log.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/system_error.hpp"

namespace cairn::log {
namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ifstream in{path};
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

/// A file in a folder of its own; afterwards the log writes to stderr alone again.
class LogFileTest : public testing::Test {
protected:
    LogFileTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cairn-XXXXXX").string();
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        file = folder / "node.log";
    }
    ~LogFileTest() override {
        configure({});
        std::filesystem::remove_all(folder);
    }
    std::filesystem::path folder;
    std::filesystem::path file;
};

TEST(LogText, fields_stand_in_columns_and_odd_values_in_quotes) {
    EXPECT_EQ(to_text("plain", {}), "plain");
    EXPECT_EQ(to_text("Imported", {{"number", 12}, {"hash", "ab"}}),
              "Imported" + std::string(32, ' ') + " number=12 hash=ab");
    EXPECT_EQ(to_text(std::string(50, 'x'), {{"a", "b c"}, {"d", ""}, {"e", "f=g"}}),
              std::string(50, 'x') + R"( a="b c" d="" e="f=g")");
}

TEST(LogText, what_a_peer_says_cannot_begin_a_line) {
    const std::string name = "geth\nERROR \xff forged \x1b[31m\"";
    EXPECT_EQ(to_text("m\n", {{"name", name}}),
              "m\\u000a" + std::string(33, ' ') +
                  R"( name="geth\u000aERROR \u00ff forged \u001b[31m\"")");
    EXPECT_EQ(to_json_members("m", {{"name", name}}),
              R"("message":"m","name":"geth\u000aERROR \u00ff forged \u001b[31m\"")");
}

TEST(LogText, numbers_and_truth_values_stay_such_in_json) {
    EXPECT_EQ(to_json_members("m", {{"n", 3}, {"x", 1.5}, {"b", true}, {"s", "3"}}),
              R"("message":"m","n":3,"x":1.5,"b":true,"s":"3")");
}

TEST_F(LogFileTest, the_verbosity_decides_what_is_written) {
    configure({.verbosity = Level::Warn, .file = file});
    EXPECT_TRUE(is_enabled(Level::Error));
    EXPECT_FALSE(is_enabled(Level::Info));
    info("quiet");
    warn("heard", {{"n", 1}});
    const auto text = content_of(file);
    EXPECT_EQ(text.find("quiet"), std::string::npos);
    EXPECT_NE(text.find("heard"), std::string::npos);
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << "no colours in a file";
}

TEST_F(LogFileTest, json_is_one_object_a_line) {
    configure({.is_json = true, .file = file});
    info("hello", {{"n", 1}});
    flush();
    const auto text = content_of(file);
    EXPECT_EQ(text.rfind(R"({"time":"20)", 0), 0U);
    EXPECT_NE(text.find(R"(Z","level":"info","message":"hello","n":1})"), std::string::npos);
}

TEST_F(LogFileTest, a_full_file_makes_room_for_the_next) {
    configure({.file = file, .rotate_bytes = 200});
    for (int i = 0; i < 8; ++i) info(std::string(100, 'x'));
    EXPECT_TRUE(std::filesystem::exists(folder / "node.1.log"));
    EXPECT_LE(std::filesystem::file_size(file), 200U);
}

TEST_F(LogFileTest, a_file_that_cannot_be_opened_is_an_error) {
    EXPECT_THROW(configure({.file = "/proc/none/node.log"}), SystemError);
}

}  // namespace
}  // namespace cairn::log
