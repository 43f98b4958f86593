// SPDX-License-Identifier: MIT
#include "miner/kernel.hpp"
#include "miner/sha256_lanes.hpp"

namespace cairn::miner {
namespace {

/// One lane in plain C++: runs everywhere.
struct PortableOps {
    using V = std::uint32_t;
    static constexpr unsigned kLanes = 1;
    static constexpr unsigned kStreams = 1;
    static constexpr bool kTernary = false;

    static V load(const std::uint32_t* p) noexcept { return *p; }
    static void store(std::uint32_t* p, V x) noexcept { *p = x; }
    static V broadcast(const std::uint32_t* p) noexcept { return *p; }
    static V add(V a, V b) noexcept { return a + b; }
    static V bxor(V a, V b) noexcept { return a ^ b; }
    static V band(V a, V b) noexcept { return a & b; }
    template <unsigned N>
    static V rotr(V x) noexcept {
        return miner::rotr(x, N);
    }
    template <unsigned N>
    static V shr(V x) noexcept {
        return x >> N;
    }
    static V xor3(V a, V b, V c) noexcept { return a ^ b ^ c; }
    static V choose(V e, V f, V g) noexcept { return miner::choose(e, f, g); }
    static std::uint32_t zero_lanes(V x, V mask) noexcept { return (x & mask) == 0 ? 1 : 0; }
};

}  // namespace

const Kernel kKernelPortable{"portable", PortableOps::kLanes, []() noexcept { return true; },
                             Lanes<PortableOps>::search_versions, Lanes<PortableOps>::search_solo};

}  // namespace cairn::miner
