// SPDX-License-Identifier: MIT
// Compares cairn-node's JSON-RPC with anvil's; bench/rpc starts it.
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>

#include "bench/rpc_compare/comparison.hpp"

namespace {

constexpr const char* kUsage =
    "usage: rpc_compare CAIRN_NODE ANVIL FOLDER [--connections N,…] [--rounds N] [--ms N]\n"
    "                   [--raw N] [--only TEXT] [--no-imports]\n";

std::vector<std::size_t> parse_counts(const std::string& text) {
    std::vector<std::size_t> out;
    std::stringstream in{text};
    for (std::string each; std::getline(in, each, ',');) out.push_back(std::stoul(each));
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> words{argv + 1, argv + argc};
        if (words.size() < 3) {
            std::fputs(kUsage, stderr);
            return 2;
        }
        cairn::bench::ComparisonOptions options;
        options.cairn_program = words[0];
        options.anvil_program = words[1];
        options.folder = words[2];
        for (std::size_t i = 3; i < words.size(); ++i) {
            const auto& flag = words[i];
            if (flag == "--no-imports") {
                options.with_imports = false;
                continue;
            }
            const auto value = i + 1 < words.size() ? words[++i] : "";
            if (flag == "--connections") {
                options.connections = parse_counts(value);
            } else if (flag == "--rounds") {
                options.rounds = static_cast<unsigned>(std::stoul(value));
            } else if (flag == "--ms") {
                options.time = std::chrono::milliseconds{std::stoul(value)};
            } else if (flag == "--raw") {
                options.raw_txs = std::stoul(value);
            } else if (flag == "--only") {
                options.only = value;
            } else {
                std::fputs(kUsage, stderr);
                return 2;
            }
        }
        cairn::bench::run_comparison(options);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "rpc_compare: %s\n", error.what());
        return 1;
    }
}
