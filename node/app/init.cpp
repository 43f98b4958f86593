// SPDX-License-Identifier: MIT
#include "node/app/init.hpp"

#include <cstdio>
#include <system_error>

#include <fmt/format.h>

#include "chain/import/chain_manager.hpp"
#include "chain/rules/fork_id.hpp"
#include "chain/store/store.hpp"
#include "core/base/hex.hpp"
#include "node/app/console.hpp"

namespace cairn::node {
namespace {

/// Whether two specs of one genesis agree on every fork that the head has passed.
bool agree_up_to_head(const chain::Genesis& kept, const chain::Genesis& wanted,
                      const chain::ChainManager& manager) {
    const auto view = manager.view();
    const auto head = view.head();
    if (!head) return true;
    const auto header = view.header(*head);
    const auto& genesis = manager.genesis_block().header;
    const auto passed = [&](const chain::Genesis& side) {
        return chain::ForkSchedule{side.spec, genesis.hash(), genesis->timestamp}
            .id_at((*header)->number, (*header)->timestamp)
            .hash;
    };
    return passed(kept) == passed(wanted);
}

}  // namespace

ExitCode run(const InitCommand& command) {
    const auto& folder = command.folder;
    const auto file = read_genesis_file(command.genesis);
    if (!file) return bad_request(file.error());
    std::error_code code;
    std::filesystem::create_directories(folder.root, code);
    if (code)
        return failed(fmt::format("cannot make {}: {}", folder.root.string(), code.message()));

    chain::Store store{folder.store_folder()};
    const auto manager = chain::ChainManager::open(store, file->genesis);
    if (!manager)
        return bad_request(
            fmt::format("{} belongs to another network: its genesis is {}, that of {} is {}",
                        folder.root.string(), to_hex0x(manager.error().stored),
                        command.genesis.string(), to_hex0x(manager.error().wanted)));
    if (const auto kept = read_genesis_file(folder.genesis_file());
        kept && !agree_up_to_head(kept->genesis, file->genesis, **manager))
        return bad_request(fmt::format("{} changes rules of blocks that {} has imported",
                                       command.genesis.string(), folder.root.string()));
    if (const auto written = write_file_whole(folder.genesis_file(), file->text); !written)
        return failed(written.error());
    fmt::print("chain {}, genesis {}, in {}\n", file->genesis.spec.chain_id(),
               to_hex0x((*manager)->genesis_block().header.hash()), folder.root.string());
    return ExitCode::Ok;
}

}  // namespace cairn::node
