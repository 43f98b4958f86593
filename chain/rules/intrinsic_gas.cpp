// SPDX-License-Identifier: MIT
#include "chain/rules/intrinsic_gas.hpp"

#include <algorithm>

namespace cairn::chain {
namespace {

/// Zero bytes of the data. Counted in runs that fit a byte, so that the compiler adds whole vectors
/// of bytes instead of widening each to 64 bits: data of 100 kB is common in blocks full of it.
Gas count_zeros(ByteView data) noexcept {
    constexpr std::size_t kRun = 255;
    Gas total = 0;
    while (!data.empty()) {
        const ByteView run = data.first(std::min(kRun, data.size()));
        std::uint8_t zeros = 0;
        for (const std::uint8_t byte : run) zeros = static_cast<std::uint8_t>(zeros + (byte == 0));
        total += zeros;
        data = data.subspan(run.size());
    }
    return total;
}

}  // namespace

IntrinsicGas intrinsic_gas(const RuleSet& rules, const Transaction& tx) noexcept {
    const Gas zeros = count_zeros(tx.data);
    const Gas nonzeros = tx.data.size() - zeros;
    Gas gas = rules.tx_gas + zeros * rules.tx_data_zero_gas + nonzeros * rules.tx_data_nonzero_gas;
    if (tx.is_creation()) {
        const Gas words = (tx.data.size() + 31) / 32;
        gas += rules.tx_creation_gas + words * rules.initcode_word_gas;
    }
    for (const AccessListEntry& entry : tx.access_list)
        gas += rules.access_list_address_gas +
               entry.storage_keys.size() * rules.access_list_storage_key_gas;
    gas += tx.authorization_list.size() * rules.authorization_gas;
    if (rules.floor_gas_per_token == 0) return {.intrinsic = gas, .floor = 0};
    const Gas tokens = zeros + 4 * nonzeros;
    return {.intrinsic = gas, .floor = rules.tx_gas + tokens * rules.floor_gas_per_token};
}

}  // namespace cairn::chain
