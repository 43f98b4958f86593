// SPDX-License-Identifier: MIT
#include "chain/rules/intrinsic_gas.hpp"

#include <algorithm>

namespace cairn::chain {

IntrinsicGas intrinsic_gas(const RuleSet& rules, const Transaction& tx) noexcept {
    const auto zeros = static_cast<Gas>(std::ranges::count(tx.data, std::uint8_t{0}));
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
