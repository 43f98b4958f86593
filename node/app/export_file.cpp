// SPDX-License-Identifier: MIT
#include "node/app/export_file.hpp"

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "chain/store/read_view.hpp"
#include "chain/store/store.hpp"
#include "node/app/block_file.hpp"
#include "node/app/console.hpp"
#include "node/app/signals.hpp"

namespace cairn::node {
namespace {

/// A canonical block, which is there.
Block get_block(const chain::ReadView& view, BlockNumber number) {
    const auto hash = view.canonical_hash(number);
    auto block = hash ? view.block({number, *hash}) : std::nullopt;
    if (!block)
        throw chain::StoreError{chain::StoreFault::Corrupt,
                                fmt::format("canonical block {} is missing", number)};
    return std::move(*block);
}

}  // namespace

ExitCode run(const ExportCommand& command) {
    if (!command.folder.has_store()) return no_chain(command.folder.root);
    chain::StoreOptions options;
    options.read_only = true;
    const chain::Store store{command.folder.store_folder(), options};
    const chain::ReadView view{store};
    const auto head = view.head();
    if (!head) return bad_request("the chain has no block yet");
    const BlockNumber last = command.last.value_or(head->number);
    if (command.first > last || last > head->number)
        return bad_request(
            fmt::format("no blocks {} to {}: the head is {}", command.first, last, head->number));
    auto file = BlockFileWriter::create(command.file);
    if (!file) return bad_request(file.error());
    ProgressLine progress;
    for (BlockNumber n = command.first; n <= last; ++n) {
        if (stop_requested()) {
            progress.clear();
            fmt::print(stderr, "cairn-node: stopped; nothing was written\n");
            return ExitCode::Interrupted;
        }
        if (const auto written = file->write(encode_block(get_block(view, n))); !written)
            return failed(written.error());
        if (progress.is_due()) progress.show(fmt::format("block {} of {}", n, last));
    }
    progress.clear();
    if (const auto finished = file->finish(); !finished) return failed(finished.error());
    fmt::print("blocks {} to {} in {}\n", command.first, last, command.file.string());
    return ExitCode::Ok;
}

}  // namespace cairn::node
