// SPDX-License-Identifier: MIT
#include "chain/exec/requests.hpp"

#include <array>
#include <cstddef>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/math/uint256.hpp"

namespace cairn::chain {
namespace {

constexpr std::size_t kWord = 32;

/// One of the event's five byte strings: its length word stands at `offset`, its bytes after that.
struct Field {
    std::size_t offset;
    std::size_t size;
};
// The ABI encoding of five byte strings of these sizes; no other layout is valid (EIP-6110,
// is_valid_deposit_event_data).
constexpr std::array<Field, 5> kFields{{{160, 48}, {256, 32}, {320, 8}, {384, 96}, {512, 8}}};
constexpr std::size_t kEventDataSize = 576;

[[nodiscard]] bool is_word(ByteView data, std::size_t at, std::size_t value) {
    return load_be256(data.data() + at) == Uint256{value};
}

}  // namespace

const Hash256& deposit_event_topic() noexcept {
    static const Hash256 kTopic = [] {
        const auto topic = fixed_from_hex<Hash256>(
            "649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5");
        CAIRN_ASSERT(topic);
        return *topic;
    }();
    return kTopic;
}

bool append_deposit(Bytes& out, ByteView event_data) {
    if (event_data.size() != kEventDataSize) return false;
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        if (!is_word(event_data, i * kWord, kFields[i].offset) ||
            !is_word(event_data, kFields[i].offset, kFields[i].size))
            return false;
    }
    for (const Field& field : kFields) {
        const auto bytes = event_data.subspan(field.offset + kWord, field.size);
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    return true;
}

std::optional<Bytes> collect_deposits(std::span<const Receipt> receipts,
                                      const Address& deposit_contract) {
    Bytes out;
    for (const Receipt& receipt : receipts) {
        for (const Log& log : receipt.logs) {
            if (log.address != deposit_contract || log.topics.empty() ||
                log.topics.front() != deposit_event_topic())
                continue;
            if (!append_deposit(out, log.data)) return std::nullopt;
        }
    }
    return out;
}

}  // namespace cairn::chain
