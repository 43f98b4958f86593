// SPDX-License-Identifier: MIT
// cairn_lint ROOT: applies every rule to the sources below ROOT; one check is one rule.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "tests/lint/lint.hpp"

namespace {

using namespace cairn::lint;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

// All text files of ours: not what is built or fetched, no hidden folders but .ci.
std::vector<SourceFile> read_tree(const fs::path& root) {
    static const std::set<std::string> kExtensions = {".hpp", ".h",  ".cpp", ".c",   ".S",   ".txt", ".cmake",
                                                      ".md",  ".sh", ".json", ".toml", ".sol", ""};
    std::vector<SourceFile> files;
    for (fs::recursive_directory_iterator it{root}, end; it != end; ++it) {
        const std::string name = it->path().filename().string();
        if (it->is_directory()) {
            // chain/build is a room, unlike the folder of that name at the root.
            const bool is_build = name == "build" && it.depth() == 0;
            const bool is_hidden = name.starts_with('.') && name != ".ci";
            if (is_build || is_hidden || name == "node_modules") it.disable_recursion_pending();
        } else if (it->is_regular_file() && kExtensions.contains(it->path().extension().string()) &&
                   !name.starts_with('.')) {
            files.push_back({fs::relative(it->path(), root).generic_string(), read(it->path())});
        }
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 || !fs::is_regular_file(fs::path{argv[1]} / "tests/lint/layers.txt")) {
        fmt::print(stderr, "usage: cairn_lint REPOSITORY\n");
        return 2;
    }
    const fs::path root{argv[1]};
    const auto layers = Layers::parse(read(root / "tests/lint/layers.txt"));
    const auto cages = Cages::parse(read(root / "tests/lint/cages.txt"));
    if (!layers || !cages) {
        if (!layers) fmt::print("tests/lint/layers.txt: {}\n", layers.error());
        if (!cages) fmt::print("tests/lint/cages.txt: {}\n", cages.error());
        return 1;
    }
    const auto files = read_tree(root);

    struct Rule {
        const char* name;
        std::function<Findings()> check;
    };
    const std::vector<Rule> rules = {
        {"arrows", [&] { return check_arrows(files, *layers); }},
        {"cycles", [&] { return check_cycles(files, *layers); }},
        {"cages", [&] { return check_cages(files, *cages); }},
        {"length", [&] { return check_length(files); }},
        {"licence", [&] { return check_licence(files); }},
        {"pragma once", [&] { return check_pragma_once(files); }},
        {"local paths", [&] { return check_local_paths(files); }},
        {"rooted includes", [&] { return check_rooted_includes(files); }},
        {"listed sources", [&] { return check_listed_sources(files); }},
    };
    std::size_t passed = 0;
    std::size_t failed = 0;
    for (const auto& rule : rules) {
        const auto findings = rule.check();
        for (const auto& finding : findings)
            fmt::print("{}:{}: [{}] {}\n", finding.path, finding.line, rule.name, finding.message);
        ++(findings.empty() ? passed : failed);
    }
    fmt::print("{} files\n{} passed, {} failed\n", files.size(), passed, failed);
    return failed == 0 && !files.empty() ? 0 : 1;
}
