// SPDX-License-Identifier: MIT
// Each rule must fail on a bad example, name the place, and accept the same example put right.
#include "tests/lint/lint.hpp"

#include <gtest/gtest.h>

namespace {

using namespace cairn::lint;

constexpr std::string_view kLayers =
    "# a comment\n"
    "core/base:\n"
    "core/math: core/base\n"
    "vm: core\n"
    "chain/spec: core\n"
    "chain/rules: chain/spec+   # brings core\n"
    "chain/exec: chain/rules\n"
    "left: right\n"
    "right: left\n"
    "node: *\n";

Layers layers() {
    auto parsed = Layers::parse(kLayers);
    EXPECT_TRUE(parsed.has_value());
    return *parsed;
}

Cages cages() {
    auto parsed = Cages::parse(
        "openssl | openssl/ | core/crypto/*.cpp\n"
        "lmdb | lmdb.h | chain/store/lmdb.cpp tests/\n"
        "fmt | fmt/ | *\n");
    EXPECT_TRUE(parsed.has_value());
    return *parsed;
}

std::vector<SourceFile> one(std::string path, std::string text) { return {{std::move(path), std::move(text)}}; }

std::string lines(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "int x;\n";
    return text;
}

TEST(Layers, longest_name_is_the_room) {
    EXPECT_EQ(layers().room_of("core/math/uint256.hpp"), "core/math");
    EXPECT_EQ(layers().room_of("vm/vm.hpp"), "vm");
    EXPECT_EQ(layers().room_of("vmx/vm.hpp"), "");
    EXPECT_EQ(layers().room_of("core/other.hpp"), "");
}

TEST(Layers, plus_brings_what_the_room_may_include_and_its_absence_does_not) {
    EXPECT_TRUE(layers().allows("chain/rules", "chain/spec"));
    EXPECT_TRUE(layers().allows("chain/rules", "core/math"));
    EXPECT_TRUE(layers().allows("chain/exec", "chain/rules"));
    EXPECT_FALSE(layers().allows("chain/exec", "chain/spec"));
}

TEST(Layers, star_is_every_room_and_nobody_is_allowed_by_silence) {
    EXPECT_TRUE(layers().allows("node", "chain/exec"));
    EXPECT_FALSE(layers().allows("core/base", "node"));
    EXPECT_FALSE(layers().allows("unknown", "core/base"));
}

TEST(Layers, malformed_tables_are_refused_with_their_line) {
    EXPECT_EQ(Layers::parse("a:\nb c\n").error(), "line 2: no `:`");
    EXPECT_EQ(Layers::parse("a b: c\n").error(), "line 1: one room stands before `:`");
    EXPECT_EQ(Layers::parse("a:\n\na:\n").error(), "line 3: a is there twice");
    EXPECT_EQ(Layers::parse("a: b\n").error(), "line 1: no room is called b");
    EXPECT_EQ(Layers::parse("a: b+\nb: a+\n").error(), "line 1: `+` leads from a back to it");
}

TEST(Arrows, unlisted_arrow_fails_with_file_and_line) {
    const auto findings = check_arrows(
        one("core/math/a.cpp", "// x\n#include \"core/base/b.hpp\"\n#  include \"vm/vm.hpp\"\n"), layers());
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].path, "core/math/a.cpp");
    EXPECT_EQ(findings[0].line, 3U);
    EXPECT_EQ(findings[0].message, "core/math must not include vm (\"vm/vm.hpp\")");
}

TEST(Arrows, listed_arrow_and_own_room_pass) {
    EXPECT_TRUE(check_arrows(one("vm/a.cpp", "#include \"core/math/b.hpp\"\n#include \"vm/a.hpp\"\n"), layers()).empty());
}

TEST(Arrows, source_outside_every_room_fails) {
    EXPECT_EQ(check_arrows(one("stray/a.cpp", ""), layers()).size(), 1U);
}

TEST(Cycles, rooms_that_include_each_other_fail_though_both_arrows_are_listed) {
    const std::vector<SourceFile> files = {{"left/a.cpp", "#include \"right/b.hpp\"\n"},
                                           {"right/c.cpp", "#include \"left/d.hpp\"\n"}};
    EXPECT_TRUE(check_arrows(files, layers()).empty());
    const auto findings = check_cycles(files, layers());
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].message, "rooms include each other: left → right → left");
    EXPECT_EQ(findings[0].path, "right/c.cpp");
}

TEST(Cycles, headers_of_one_room_that_include_each_other_fail) {
    const std::vector<SourceFile> files = {{"vm/a.hpp", "#include \"vm/b.hpp\"\n"},
                                           {"vm/b.hpp", "\n#include \"vm/c.hpp\"\n"},
                                           {"vm/c.hpp", "#include \"vm/a.hpp\"\n"}};
    const auto findings = check_cycles(files, layers());
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].message, "headers include each other: vm/a.hpp → vm/b.hpp → vm/c.hpp → vm/a.hpp");
}

TEST(Cycles, header_included_twice_by_different_ways_passes) {
    const std::vector<SourceFile> files = {{"vm/a.hpp", "#include \"vm/b.hpp\"\n#include \"vm/c.hpp\"\n"},
                                           {"vm/b.hpp", "#include \"vm/c.hpp\"\n"},
                                           {"vm/c.hpp", ""}};
    EXPECT_TRUE(check_cycles(files, layers()).empty());
}

TEST(CagesRule, library_outside_its_cage_fails) {
    const auto findings = check_cages(one("core/crypto/a.hpp", "#include <openssl/evp.h>\n"), cages());
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].message, "<openssl/evp.h> is outside its cage");
}

TEST(CagesRule, library_in_its_cage_and_free_or_standard_header_pass) {
    EXPECT_TRUE(check_cages(one("core/crypto/a.cpp", "#include <openssl/evp.h>\n#include <vector>\n"), cages()).empty());
    EXPECT_TRUE(check_cages(one("tests/unit/a.cpp", "#include <lmdb.h>\n#include <fmt/format.h>\n"), cages()).empty());
}

TEST(CagesRule, unlisted_library_fails) {
    EXPECT_EQ(check_cages(one("vm/a.cpp", "#include <boost/asio.hpp>\n"), cages()).size(), 1U);
    EXPECT_EQ(check_cages(one("vm/a.cpp", "#include <gmp.h>\n"), cages()).size(), 1U);
}

TEST(CagesRule, malformed_table_is_refused_with_its_line) {
    EXPECT_EQ(Cages::parse("\na | b\n").error(), "line 2: not LIBRARY | HEADER… | PLACE…");
    EXPECT_EQ(Cages::parse("a | | c\n").error(), "line 1: not LIBRARY | HEADER… | PLACE…");
}

TEST(Length, bound_is_exact) {
    EXPECT_TRUE(check_length(one("vm/a.cpp", lines(kFileLinesMax))).empty());
    EXPECT_EQ(check_length(one("vm/a.cpp", lines(kFileLinesMax + 1))).size(), 1U);
    EXPECT_TRUE(check_length(one("genesis/dev.json", lines(kFileLinesMax + 1))).empty());
}

TEST(Licence, missing_line_fails_in_sources_scripts_and_build_files) {
    EXPECT_EQ(check_licence(one("vm/a.cpp", "int x;\n")).size(), 1U);
    EXPECT_EQ(check_licence(one("vm/a.cpp", "int x;\n// SPDX-License-Identifier: MIT\n")).size(), 1U);
    EXPECT_EQ(check_licence(one("vm/CMakeLists.txt", "")).size(), 1U);
    EXPECT_EQ(check_licence(one("scripts/x", "#!/bin/sh\nexit 0\n")).size(), 1U);
}

TEST(Licence, line_in_its_place_passes) {
    EXPECT_TRUE(check_licence(one("vm/a.cpp", "// SPDX-License-Identifier: MIT\n")).empty());
    EXPECT_TRUE(check_licence(one("scripts/x", "#!/bin/sh\n# SPDX-License-Identifier: MIT\n")).empty());
    EXPECT_TRUE(check_licence(one("genesis/dev.json", "{}\n")).empty());
}

TEST(PragmaOnce, header_without_it_fails) {
    EXPECT_EQ(check_pragma_once(one("vm/a.hpp", "// #pragma once\n")).size(), 1U);
    EXPECT_TRUE(check_pragma_once(one("vm/a.hpp", "// x\n#pragma once\n")).empty());
    EXPECT_TRUE(check_pragma_once(one("vm/a.cpp", "")).empty());
}

TEST(LocalPaths, folder_of_a_machine_fails_and_a_relative_one_passes) {
    const std::string home = std::string{"/ho"} + "me/";
    const auto findings = check_local_paths(one("README.md", "x\nsee " + home + "me/cairn\n"));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].line, 2U);
    EXPECT_EQ(check_local_paths(one("scripts/x", "cd \"" + home + "me\"\n")).size(), 1U);
    EXPECT_TRUE(check_local_paths(one("docs/a.md", "https://example.org/a" + home + "b\n")).empty());
}

TEST(RootedIncludes, relative_or_missing_file_fails) {
    const std::vector<SourceFile> files = {{"vm/a.cpp", "#include \"a.hpp\"\n#include \"vm/a.hpp\"\n"}, {"vm/a.hpp", ""}};
    const auto findings = check_rooted_includes(files);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].line, 1U);
}

TEST(ListedSources, source_that_nothing_compiles_fails) {
    const std::vector<SourceFile> files = {{"vm/CMakeLists.txt", "SOURCES a.cpp sub/b.cpp\n"},
                                           {"vm/a.cpp", ""},
                                           {"vm/sub/b.cpp", ""},
                                           {"vm/c.cpp", ""},
                                           {"vm/cpp.cpp", ""}};
    const auto findings = check_listed_sources(files);
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].path, "vm/c.cpp");
    EXPECT_EQ(findings[1].path, "vm/cpp.cpp");
}

TEST(ListedSources, part_of_another_name_does_not_count) {
    const std::vector<SourceFile> files = {{"vm/CMakeLists.txt", "SOURCES my_a.cpp\n"}, {"vm/a.cpp", ""}};
    EXPECT_EQ(check_listed_sources(files).size(), 1U);
}

}  // namespace
