// SPDX-License-Identifier: MIT
// Writes a chain to import: FOLDER/genesis.json and FOLDER/chain.rlp. Not timed.
#include <charconv>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "bench/made_chain.hpp"
#include "core/base/hex.hpp"

namespace {

using namespace cairn::bench;

constexpr std::string_view kUsage =
    "usage: chain_maker FOLDER [workload=transfers|tokens|storage|creations] [accounts=N] "
    "[blocks=N] [gas=N]\n"
    "                   [reorg=DEPTH] [seed=N]\n\n"
    "Writes FOLDER/genesis.json and FOLDER/chain.rlp, for `cairn-node init` and `cairn-node "
    "import`.\n\n"
    "Example: 200 blocks of token transfers between 100,000 holders\n"
    "  chain_maker chain workload=tokens accounts=100000 blocks=200\n";

template <class Number>
bool set(std::string_view text, Number& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

bool set_option(ChainRequest& request, std::string_view option) {
    const auto at = option.find('=');
    if (at == std::string_view::npos) return false;
    const auto name = option.substr(0, at);
    const auto value = option.substr(at + 1);
    if (name == "workload") {
        const auto workload = find_workload(value);
        if (workload) request.workload = *workload;
        return workload.has_value();
    }
    if (name == "accounts") return set(value, request.accounts) && request.accounts > 0;
    if (name == "blocks") return set(value, request.blocks);
    if (name == "gas") return set(value, request.block_gas);
    if (name == "reorg") return set(value, request.reorg_depth);
    return name == "seed" && set(value, request.seed);
}

int run(int argc, char** argv) {
    ChainRequest request;
    bool is_right = argc >= 2 && std::string_view{argv[1]} != "--help";
    for (int i = 2; i < argc && is_right; ++i) is_right = set_option(request, argv[i]);
    if (!is_right) {
        fmt::print(stderr, "{}", kUsage);
        return 2;
    }
    const std::filesystem::path folder{argv[1]};
    std::filesystem::create_directories(folder);
    const MadeChain made = make_chain(request);
    std::ofstream{folder / "genesis.json"} << genesis_text(made.genesis);
    std::ofstream file{folder / "chain.rlp", std::ios::binary};
    for (const auto& block : made.blocks)
        file.write(reinterpret_cast<const char*>(block.data()),
                   static_cast<std::streamsize>(block.size()));
    if (!file.flush()) throw std::runtime_error{"cannot write " + (folder / "chain.rlp").string()};
    fmt::print("{} blocks, {} transactions, {} gas; head {} {}\n", made.blocks.size(),
               made.transactions, made.gas, made.head.number, cairn::to_hex0x(made.head.hash));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "chain_maker: {}\n", error.what());
        return 1;
    }
}
