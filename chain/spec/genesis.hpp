// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "chain/spec/chain_spec.hpp"
#include "core/base/bytes.hpp"
#include "core/math/uint256.hpp"
#include "core/types/header.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// An account that exists from block 0 on.
struct GenesisAccount {
    Address address;
    Wei balance;
    std::uint64_t nonce = 0;
    Bytes code;
    /// Slot and value; each slot once, no zero values.
    std::vector<std::pair<Uint256, Uint256>> storage;

    friend bool operator==(const GenesisAccount&, const GenesisAccount&) noexcept = default;
};

/// What a genesis file says: a network and its first block.
struct Genesis {
    ChainSpec spec;
    /// As given; state root and absent optional fields are chain/rules/genesis.hpp's to fill.
    Header header;
    /// Sorted by address, each once.
    std::vector<GenesisAccount> accounts;
};

}  // namespace cairn::chain
