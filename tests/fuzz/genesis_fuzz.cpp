// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>

#include "chain/rules/fork_id.hpp"
#include "chain/rules/genesis.hpp"
#include "chain/spec/genesis_json.hpp"
#include "core/base/assert.hpp"

// Any text as a genesis file: none may crash the reader, every refusal names a line, and what is
// read makes a block and a fork schedule.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cairn;  // NOLINT: a program of one file
    const auto genesis = chain::parse_genesis(as_text({data, size}));
    if (!genesis) {
        CAIRN_ASSERT(genesis.error().line >= 1);
        CAIRN_ASSERT(!genesis.error().text().empty());
        return 0;
    }
    const Block block = chain::make_genesis_block(*genesis);
    const auto decoded = decode_block(encode_block(block));
    CAIRN_ASSERT(decoded.has_value() && *decoded == block);
    const chain::ForkSchedule forks{genesis->spec, block.header.hash(), block.header->timestamp};
    (void)forks.id_at(0, block.header->timestamp);
    return 0;
}
