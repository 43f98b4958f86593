// SPDX-License-Identifier: MIT
#include "chain/state/index_table.hpp"

#include <array>
#include <random>

namespace cairn::chain {
namespace {

std::array<std::uint64_t, 4> process_seed() {
    std::random_device device;
    std::array<std::uint64_t, 4> seed{};
    // Odd, so that no factor of a product is 0 for the commonest keys.
    for (auto& word : seed) word = (std::uint64_t{device()} << 32 | device()) | 1;
    return seed;
}

}  // namespace

KeyHasher::KeyHasher() noexcept {
    static const auto seed = process_seed();
    std::copy(seed.begin(), seed.end(), seed_);
}

}  // namespace cairn::chain
