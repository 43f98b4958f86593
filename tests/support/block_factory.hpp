// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "chain/exec/block_executor.hpp"
#include "chain/spec/genesis.hpp"
#include "chain/state/memory_state.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/types/block.hpp"

namespace cairn::test {

/// What a child is made of.
struct BlockPlan {
    std::vector<SignedTx> transactions{};
    std::vector<HashedHeader> ommers{};
    UnixSeconds seconds = 10;  ///< after the parent
    Bytes extra_data{};        ///< tells apart blocks that are otherwise the same
    Address beneficiary{};
    /// Changes the finished header, which is then no longer valid.
    std::function<void(Header&)> spoil{};
};

/// Makes valid blocks on any block it made before, with nothing but the rules, the machine and
/// states in maps: what import says of them can be held against it.
class BlockFactory {
public:
    using Plan = BlockPlan;
    explicit BlockFactory(chain::Genesis genesis);

    /// A block on `parent`, with its roots. The transactions must be executable there (asserted).
    /// A spoilt block can have no children.
    [[nodiscard]] Block make(const Block& parent, const Plan& plan = {});

    [[nodiscard]] const Block& genesis_block() const noexcept { return genesis_block_; }
    [[nodiscard]] const chain::Genesis& genesis() const noexcept { return genesis_; }
    /// The state after a block made here, or genesis.
    [[nodiscard]] const chain::MemoryState& state_after(const BlockHash& block) const {
        return *states_.at(block);
    }
    /// Receipts of a block made here.
    [[nodiscard]] const std::vector<Receipt>& receipts_of(const BlockHash& block) const {
        return receipts_.at(block);
    }
    /// The total of a block made here, or genesis.
    [[nodiscard]] TotalDifficulty total_of(const BlockHash& block) const {
        return totals_.at(block);
    }

private:
    chain::Genesis genesis_;
    Block genesis_block_;
    vm::Vm vm_;
    std::unordered_map<BlockHash, std::shared_ptr<const chain::MemoryState>> states_;
    std::unordered_map<BlockHash, std::vector<Receipt>> receipts_;
    std::unordered_map<BlockHash, TotalDifficulty> totals_;
    std::unordered_map<BlockHash, HashedHeader> headers_;
};

/// Root of a state in a map, made from nothing.
[[nodiscard]] Hash256 root_of(const chain::MemoryState& state);

/// A key for tests: `index` (from 1) as the secret, and its address.
struct TestKey {
    explicit TestKey(std::uint64_t index);
    secp256k1::SecretKey secret;
    Address address;
};

/// A genesis of one revision without seals, where the keys 1 to `keys` have 10^24 wei each.
[[nodiscard]] chain::Genesis test_genesis(Revision revision, std::size_t keys);

/// A signed legacy transaction (chain id 1 where the rules protect against replay).
[[nodiscard]] SignedTx make_tx(const TestKey& from, std::uint64_t nonce,
                               const std::optional<Address>& to, const Wei& value, Bytes data = {},
                               Gas gas_limit = 21000, std::uint64_t gas_price = 2'000'000'000,
                               bool is_protected = true);

}  // namespace cairn::test
