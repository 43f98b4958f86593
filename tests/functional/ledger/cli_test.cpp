// SPDX-License-Identifier: MIT
// cairn-node's commands as a person uses them: what they print, what they refuse, how they end.
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/hex.hpp"
#include "tests/functional/ledger/ledger_fixture.hpp"

namespace cairn::test {
namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string read_all(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

class NodeCommands : public testing::Test {
protected:
    ProgramResult node(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--datadir", folder.datadir()});
        return run_node(arguments);
    }
    std::string write(const std::string& name, const std::string& content) {
        const auto path = (folder.path() / name).string();
        std::ofstream{path, std::ios::binary} << content;
        return path;
    }

    LedgerScript script = make_ledger_script(31, 60);
    LedgerFolder folder{script};
};

TEST_F(NodeCommands, init_keeps_the_network_and_refuses_another) {
    const auto first = node({"init", folder.genesis_file()});
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_TRUE(contains(first.out, "chain 1, genesis 0x")) << first.out;
    EXPECT_EQ(node({"init", folder.genesis_file()}).exit_code, 0) << "again is no harm";

    auto text = ledger_genesis_text();
    text.replace(text.find("0xf4240"), 7, "0xf4241");
    const auto other = node({"init", write("other.json", text)});
    EXPECT_EQ(other.exit_code, 2);
    const std::string mine = first.out.substr(first.out.find("0x"), 66);
    EXPECT_TRUE(contains(other.err, mine)) << other.err;
    EXPECT_TRUE(contains(other.err.substr(other.err.find(mine) + 66), "0x")) << "both hashes";
}

TEST_F(NodeCommands, init_takes_forks_to_come_and_refuses_changes_of_what_was_judged) {
    ASSERT_EQ(node({"init", folder.genesis_file()}).exit_code, 0);
    ASSERT_EQ(node({"import", folder.block_file()}).exit_code, 0);
    const auto with_fork_at = [](const std::string& block) {
        auto text = ledger_genesis_text();
        const std::string key = "\"londonBlock\": 0";
        text.replace(text.find(key), key.size(), key + ", \"arrowGlacierBlock\": " + block);
        return text;
    };
    const auto later = with_fork_at("1000000");
    EXPECT_EQ(node({"init", write("later.json", later)}).exit_code, 0);
    EXPECT_EQ(read_all(folder.datadir() + "/genesis.json"), later);
    const auto past = node({"init", write("past.json", with_fork_at("3"))});
    EXPECT_EQ(past.exit_code, 2);
    EXPECT_TRUE(contains(past.err, "changes rules")) << past.err;
    EXPECT_EQ(read_all(folder.datadir() + "/genesis.json"), later);
}

TEST_F(NodeCommands, init_names_field_and_line_of_a_wrong_file) {
    const auto wrong =
        node({"init", write("wrong.json", "{\n \"config\": {\"chainId\": true}\n}")});
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_TRUE(contains(wrong.err, "wrong.json")) << wrong.err;
    EXPECT_TRUE(contains(wrong.err, "line 2")) << wrong.err;
    EXPECT_TRUE(contains(wrong.err, "chainId")) << wrong.err;
    EXPECT_EQ(node({"init", folder.path() / "absent.json"}).exit_code, 2);
}

TEST_F(NodeCommands, import_reaches_the_head_and_passes_over_what_it_knows) {
    folder.init();
    const auto first = folder.import();
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_TRUE(contains(first.out, "0 known before")) << first.out;
    EXPECT_TRUE(contains(first.out, to_hex0x(script.head.hash))) << first.out;
    const auto again = folder.import();
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_TRUE(contains(again.out, std::to_string(script.blocks.size()) + " known before"))
        << again.out;
    folder.expect_sound(script.head);
}

TEST_F(NodeCommands, import_goes_on_where_an_earlier_file_ended) {
    folder.init();
    std::vector<Block> half{script.blocks.begin(), script.blocks.begin() + 30};
    ASSERT_EQ(node({"import", write("half.rlp", file_of(half))}).exit_code, 0);
    const auto rest = folder.import();
    EXPECT_EQ(rest.exit_code, 0);
    EXPECT_TRUE(contains(rest.out, "30 known before")) << rest.out;
    folder.expect_sound(script.head);
}

TEST_F(NodeCommands, import_stops_at_a_block_that_is_not_valid_and_names_it) {
    folder.init();
    auto blocks = script.blocks;
    Header header = *blocks[20].header;
    header.state_root.bytes[3] ^= 1;
    blocks[20].header = HashedHeader{header};
    const auto result = node({"import", write("bad.rlp", file_of(blocks))});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(contains(result.err, "bad.rlp, block 20 at byte ")) << result.err;
    EXPECT_TRUE(contains(result.err, "state root wrong")) << result.err;
    EXPECT_EQ(folder.check().exit_code, 0);
}

TEST_F(NodeCommands, import_says_what_is_wrong_with_a_file) {
    folder.init();
    const auto whole = file_of(script.blocks);
    const auto first = encode_block(script.blocks[0]).size();
    const struct {
        std::string content;
        std::string words;
        int exit_code;
    } kCases[] = {
        {whole.substr(0, first + 5), "at byte " + std::to_string(first) + ": the block is cut off",
         1},
        {whole.substr(0, first) + "x",
         "at byte " + std::to_string(first) + ": no block begins here", 1},
        {"\xfb\xff\xff\xff\xff", "no block begins here", 1},
        {"\xc1", "cut off", 1},
        {"\xc1\x01", "invalid block bytes", 1},
        {"\x1f\x8b\x08", "gunzip", 2},
    };
    for (const auto& c : kCases) {
        const auto result = node({"import", write("file.rlp", c.content)});
        EXPECT_EQ(result.exit_code, c.exit_code) << c.words;
        if (c.words != "invalid block bytes") {
            EXPECT_TRUE(contains(result.err, c.words)) << result.err;
        }
        EXPECT_TRUE(contains(result.err, "file.rlp")) << result.err;
    }
    EXPECT_EQ(node({"import", folder.path() / "absent.rlp"}).exit_code, 2);
    EXPECT_EQ(node({"import", folder.path()}).exit_code, 2);
    EXPECT_EQ(node({"import", write("empty.rlp", "")}).exit_code, 0);
}

TEST_F(NodeCommands, import_without_init_says_what_to_do) {
    const auto result = folder.import();
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, "cairn-node init")) << result.err;
}

TEST_F(NodeCommands, export_gives_the_canonical_blocks_back) {
    folder.init();
    ASSERT_EQ(folder.import().exit_code, 0);
    const auto out = (folder.path() / "out.rlp").string();
    ASSERT_EQ(node({"export", out}).exit_code, 0);

    // All of it, genesis included, makes the same chain elsewhere.
    const LedgerFolder other{script};
    other.init();
    const auto imported = run_node({"import", out, "--datadir", other.datadir()});
    EXPECT_EQ(imported.exit_code, 0) << imported.err;
    other.expect_sound(script.head);

    // A range is that part of it.
    const auto part = (folder.path() / "part.rlp").string();
    ASSERT_EQ(node({"export", part, "3", "5"}).exit_code, 0);
    const auto bytes = read_all(part);
    EXPECT_FALSE(bytes.empty());
    EXPECT_TRUE(contains(read_all(out), bytes));
    ASSERT_EQ(node({"export", part, std::to_string(script.head.number)}).exit_code, 0);
    EXPECT_EQ(read_all(part), file_of({script.blocks.back()}));
}

TEST_F(NodeCommands, export_refuses_ranges_that_are_none) {
    folder.init();
    const auto out = (folder.path() / "out.rlp").string();
    EXPECT_EQ(node({"export", out, "0", "1"}).exit_code, 2);
    EXPECT_EQ(node({"export", out, "1"}).exit_code, 2);
    EXPECT_EQ(node({"export", out, "x"}).exit_code, 2);
    EXPECT_EQ(node({"export", (folder.path() / "no" / "out.rlp").string()}).exit_code, 2);
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_EQ(node({"export", out, "0", "0"}).exit_code, 0);
}

TEST_F(NodeCommands, db_commands_look_after_the_data) {
    folder.init();
    ASSERT_EQ(folder.import().exit_code, 0);
    const auto stats = node({"db", "stats"});
    EXPECT_EQ(stats.exit_code, 0);
    EXPECT_TRUE(contains(stats.out, "head     " + std::to_string(script.head.number))) << stats.out;
    EXPECT_TRUE(contains(stats.out, "change_log")) << stats.out;

    EXPECT_EQ(node({"db", "rebuild"}).exit_code, 0);
    folder.expect_sound(script.head);

    const auto replayed = node({"db", "replay"});
    EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
    EXPECT_TRUE(contains(replayed.out, std::to_string(script.head.number) + " blocks from 1,"))
        << replayed.out;
    EXPECT_TRUE(contains(node({"db", "replay", "--from", "3", "--to", "5"}).out,
                         "3 blocks from 3,"));
    const auto beyond =
        node({"db", "replay", "--from", std::to_string(script.head.number + 1)});
    EXPECT_EQ(beyond.exit_code, 2);
    EXPECT_TRUE(contains(beyond.err, "no such block")) << beyond.err;

    const auto pruned = node({"db", "prune", "--keep", "5"});
    EXPECT_EQ(pruned.exit_code, 0) << pruned.err;
    EXPECT_TRUE(contains(pruned.out, "from block " + std::to_string(script.head.number - 5)))
        << pruned.out;
    folder.expect_sound(script.head);
    EXPECT_TRUE(contains(node({"db", "replay"}).out, "5 blocks from ")) << "where state is kept";
    const auto rebuilt = node({"db", "rebuild"});
    EXPECT_EQ(rebuilt.exit_code, 1);
    EXPECT_TRUE(contains(rebuilt.err, "pruned")) << rebuilt.err;
    EXPECT_EQ(node({"db", "prune", "--keep", "1000000"}).exit_code, 0) << "nothing to do";
}

TEST_F(NodeCommands, without_a_chain_they_say_so_and_make_none) {
    for (const auto& command :
         std::vector<std::vector<std::string>>{{"db", "check"},
                                               {"db", "stats"},
                                               {"db", "rebuild"},
                                               {"db", "replay"},
                                               {"db", "prune", "--keep", "1"},
                                               {"export", (folder.path() / "out").string()}}) {
        const auto result = node(command);
        EXPECT_EQ(result.exit_code, 2) << command.back();
        EXPECT_TRUE(contains(result.err, "no chain in")) << result.err;
    }
    EXPECT_FALSE(std::filesystem::exists(folder.datadir()));
}

TEST_F(NodeCommands, wrong_command_lines_are_one_line_and_code_2) {
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{{"--no-such-flag"},
                                               {"fly"},
                                               {"import"},
                                               {"init"},
                                               {"db"},
                                               {"db", "fly"},
                                               {"db", "prune"},
                                               {"db", "prune", "--keep", "many"},
                                               {"db", "check", "--keep", "1"},
                                               {"import", "file", "--gcmode", "some"},
                                               {"import", "file", "--no-such-flag"}}) {
        const auto result = run_node(arguments);
        EXPECT_EQ(result.exit_code, 2) << result.err;
        EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
        EXPECT_TRUE(result.out.empty()) << result.out;
    }
}

TEST_F(NodeCommands, help_and_version_are_answers) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                      {"--version"},
                                                      {"import", "--help"},
                                                      {"db", "--help"}}) {
        const auto result = run_node(arguments);
        EXPECT_EQ(result.exit_code, 0);
        EXPECT_FALSE(result.out.empty());
        EXPECT_TRUE(result.err.empty()) << result.err;
    }
}

}  // namespace
}  // namespace cairn::test
