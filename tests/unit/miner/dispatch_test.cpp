// SPDX-License-Identifier: MIT
#include "miner/dispatch.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace cairn::miner {
namespace {

TEST(Dispatch, names_are_unique_and_found) {
    std::set<std::string> names;
    for (const Kernel* kernel : kernels()) {
        EXPECT_TRUE(names.insert(kernel->name).second);
        EXPECT_EQ(find_kernel(kernel->name), kernel);
        EXPECT_EQ(kChunkVariants % kernel->lanes, 0U);
    }
    EXPECT_EQ(find_kernel("portable"), &kKernelPortable);
    EXPECT_EQ(find_kernel("abacus"), nullptr);
    EXPECT_EQ(find_kernel(""), nullptr);
}

TEST(Dispatch, supported_kernels_pass_and_the_choice_is_one_of_them) {
    for (const Kernel* kernel : kernels())
        if (kernel->is_supported()) {
            EXPECT_TRUE(passes_self_test(*kernel)) << kernel->name;
        }
    for (const bool rolls : {false, true}) {
        const Kernel& chosen = choose_kernel(rolls);
        EXPECT_TRUE(chosen.is_supported());
        EXPECT_EQ(find_kernel(chosen.name), &chosen);
    }
}

bool miss_one_version(const VersionWork& work, const std::uint32_t* nonce_words, std::uint64_t* candidates) noexcept {
    const bool any = kKernelPortable.search_versions(work, nonce_words, candidates);
    for (unsigned i = 0; i < kChunkNonces; ++i) candidates[i] &= ~(std::uint64_t{1} << 63);
    return any;
}
std::uint64_t miss_one_nonce(const SoloWork& work, const std::uint32_t* nonce_words) noexcept {
    return kKernelPortable.search_solo(work, nonce_words) & ~(std::uint64_t{1} << 40);
}

/// Kernels that lose one lane are the mistake that hashing at random rarely shows.
TEST(Dispatch, self_test_sees_a_kernel_that_misses_a_lane) {
    Kernel broken = kKernelPortable;
    EXPECT_TRUE(passes_self_test(broken));
    broken.search_versions = miss_one_version;
    EXPECT_FALSE(passes_self_test(broken));
    broken = kKernelPortable;
    broken.search_solo = miss_one_nonce;
    EXPECT_FALSE(passes_self_test(broken));
}

}  // namespace
}  // namespace cairn::miner
