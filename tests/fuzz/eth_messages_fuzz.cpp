// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "node/net/enr.hpp"
#include "node/net/eth_messages.hpp"
#include "node/net/p2p_messages.hpp"

// Every decoder of the stream protocols. What decodes must encode to the same bytes, since their
// RLP is strict; Hello and Disconnect are lenient by EIP-8 and need only not crash.

namespace {

using namespace cairn;        // NOLINT: a program of one file
using namespace cairn::node;  // NOLINT

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::uint32_t code = data[0] & 0x1f;
    const auto version = static_cast<EthVersion>(66 + (data[0] >> 5) % 3);
    const ByteView payload{data + 1, size - 1};
    const auto message = decode_eth_message(version, code, payload);
    if (message) {
        CAIRN_ASSERT(static_cast<std::uint32_t>(code_of(*message)) == code);
        CAIRN_ASSERT(equal(encode_eth_message(version, *message), payload));
    } else {
        CAIRN_ASSERT(!to_string(message.error()).empty());
    }
    if (const auto hello = decode_hello(payload))
        CAIRN_ASSERT(decode_hello(encode_hello(*hello)).has_value());
    (void)decode_disconnect(payload);
    if (const auto record = NodeRecord::decode(payload))
        CAIRN_ASSERT(NodeRecord::parse(record->to_string()).has_value());
    return 0;
}
