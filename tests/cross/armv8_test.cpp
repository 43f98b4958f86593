// SPDX-License-Identifier: MIT
// The kernels of an Arm processor, cross-compiled and run by an emulator: against plain hashing, one hash at a time.
// There is no GoogleTest for a foreign processor; the last line has the counts.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/crypto/sha256.hpp"
#include "miner/dispatch.hpp"
#include "miner/scan.hpp"

namespace {

using namespace cairn;
using namespace cairn::miner;
using Found = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // version, nonce

int g_passed = 0;
int g_failed = 0;

void check(bool holds, const char* what) {
    ++(holds ? g_passed : g_failed);
    if (!holds) std::printf("FAILED: %s\n", what);
}

std::uint64_t next_random() {
    static std::uint64_t x = 1;
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    return x >> 32;
}

Job random_job(std::uint32_t mask, unsigned zero_bits) {
    Job job;
    for (auto& byte : job.header) byte = static_cast<std::uint8_t>(next_random());
    job.version_mask = mask;
    job.target.value = Uint256::max() >> zero_bits;
    return job;
}

Found search(const Kernel& kernel, const Job& job, const ScanRange& range) {
    Found found;
    const std::atomic<bool> go_on{false};
    const HitSink sink{[](void* context, const Hit& hit) noexcept {
                           static_cast<Found*>(context)->emplace_back(hit.version, hit.nonce);
                           return true;
                       },
                       &found};
    static_cast<void>(scan(kernel, job, range, sink, go_on));
    std::sort(found.begin(), found.end());
    return found;
}

Found plain_search(const Job& job, const ScanRange& range) {
    Found found;
    for (std::uint64_t v = 0; v < range.variant_count; ++v)
        for (std::uint64_t n = 0; n < range.nonce_count; ++n) {
            WorkHeader header = job.header;
            const auto version = version_of(job, static_cast<std::uint32_t>(range.first_variant + v));
            const auto nonce = static_cast<std::uint32_t>(range.first_nonce + n);
            store_le32(header.data(), version);
            store_le32(header.data() + 76, nonce);
            if (pow_value(header) <= job.target.value) found.emplace_back(version, nonce);
        }
    std::sort(found.begin(), found.end());
    return found;
}

/// FIPS 180-4's example: "abc".
void test_plain_hash() {
    constexpr std::uint8_t kWanted[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                        0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                        0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    check(equal(sha256(as_bytes("abc")), kWanted), "plain hash of abc");
}

/// Bitcoin's block 125552, a public fact.
void test_known_block(const Kernel& kernel) {
    Job job;
    constexpr std::uint8_t kHeader[80] = {
        0x01, 0x00, 0x00, 0x00, 0x81, 0xcd, 0x02, 0xab, 0x7e, 0x56, 0x9e, 0x8b, 0xcd, 0x93, 0x17, 0xe2,
        0xfe, 0x99, 0xf2, 0xde, 0x44, 0xd4, 0x9a, 0xb2, 0xb8, 0x85, 0x1b, 0xa4, 0xa3, 0x08, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0xe3, 0x20, 0xb6, 0xc2, 0xff, 0xfc, 0x8d, 0x75, 0x04, 0x23, 0xdb, 0x8b,
        0x1e, 0xb9, 0x42, 0xae, 0x71, 0x0e, 0x95, 0x1e, 0xd7, 0x97, 0xf7, 0xaf, 0xfc, 0x88, 0x92, 0xb0,
        0xf1, 0xfc, 0x12, 0x2b, 0xc7, 0xf5, 0xd7, 0x4d, 0xf2, 0xb9, 0x44, 0x1a, 0x42, 0xa1, 0x46, 0x95};
    std::memcpy(job.header.data(), kHeader, sizeof kHeader);
    job.target = *target_of_compact(load_le32(kHeader + 72));
    constexpr std::uint32_t kNonce = 2504433986;
    check(search(kernel, job, {0, 1, kNonce - 500, 1000}) == Found{{1, kNonce}}, "block 125552 at a fixed version");
    job.version_mask = 0x3f;
    check(search(kernel, job, {0, 64, kNonce - 5, 6}) == Found{{1, kNonce}}, "block 125552 among rolled versions");
}

void test_ranges(const Kernel& kernel) {
    for (unsigned i = 0; i < 24; ++i) {
        const bool rolls = i % 2 == 0;
        const Job job = random_job(rolls ? kWorkVersionMask : 0, 1 + i % 5);
        ScanRange range;
        range.first_variant = rolls ? static_cast<std::uint32_t>(next_random() % 60'000) : 0;
        range.variant_count = rolls ? 1 + i * 5 : 1;
        range.first_nonce = static_cast<std::uint32_t>(next_random());
        range.nonce_count = rolls ? 15 + i : 50 + 7 * i;
        range.first_nonce &= 0x7fffffff;
        check(search(kernel, job, range) == plain_search(job, range), "a range of versions and nonces");
    }
    const Job all = random_job(kWorkVersionMask, 0);
    check(search(kernel, all, {65536 - 65, 65, 0xfffffff0, 16}).size() == 65U * 16, "the last versions and nonces");
}

}  // namespace

int main() {
    test_plain_hash();
    check(find_kernel("armv8") != nullptr && find_kernel("armv8")->is_supported(), "the kernel armv8 is there");
    for (const Kernel* kernel : kernels()) {
        std::printf("kernel %s\n", kernel->name);
        check(kernel->is_supported(), "is supported");
        if (!kernel->is_supported()) continue;
        check(passes_self_test(*kernel), "passes its self-test");
        test_known_block(*kernel);
        test_ranges(*kernel);
    }
    std::printf("%d passed, %d failed\n", g_passed, g_failed);
    return g_failed == 0 ? 0 : 1;
}
