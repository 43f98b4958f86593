// SPDX-License-Identifier: MIT
#include "miner/dispatch.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "miner/clock.hpp"
#include "miner/scan.hpp"

namespace cairn::miner {
namespace {

constexpr const Kernel* kKernels[] = {
    &kKernelPortable,
#if defined(__x86_64__)
    &kKernelSse41, &kKernelShaNi, &kKernelAvx2, &kKernelAvx512,
#elif defined(__aarch64__)
    &kKernelArmv8,
#endif
};

/// A header without regularity: the bytes of a multiplicative sequence.
Job make_test_job(std::uint32_t version_mask) noexcept {
    Job job;
    std::uint64_t x = 0x9e3779b97f4a7c15ULL;
    for (auto& byte : job.header) {
        x = x * 0xd6e8feb86659fd93ULL + 1;
        byte = static_cast<std::uint8_t>(x >> 56);
    }
    job.version_mask = version_mask;
    return job;
}

/// What a kernel found in a range, one flag a hash.
struct Found {
    const Job& job;
    const ScanRange& range;
    std::vector<unsigned> times;
    bool outside = false;
};

bool take(void* context, const Hit& hit) noexcept {
    auto& found = *static_cast<Found*>(context);
    for (std::uint64_t v = 0; v < found.range.variant_count; ++v) {
        if (version_of(found.job, static_cast<std::uint32_t>(found.range.first_variant + v)) != hit.version) continue;
        const std::uint64_t n = hit.nonce - std::uint64_t{found.range.first_nonce};
        if (n >= found.range.nonce_count) break;
        ++found.times[v * found.range.nonce_count + n];
        return true;
    }
    found.outside = true;
    return true;
}

bool finds_all(const Kernel& kernel, const Job& job, const ScanRange& range) {
    const std::uint64_t total = range.variant_count * range.nonce_count;
    Found found{job, range, std::vector<unsigned>(total), false};
    const std::atomic<bool> stop{false};
    if (scan(kernel, job, range, {take, &found}, stop) != total || found.outside) return false;
    WorkHeader header = job.header;
    for (std::uint64_t i = 0; i < total; ++i) {
        const auto variant = static_cast<std::uint32_t>(range.first_variant + i / range.nonce_count);
        store_le32(header.data(), version_of(job, variant));
        store_le32(header.data() + kWorkNonceOffset,
                   range.first_nonce + static_cast<std::uint32_t>(i % range.nonce_count));
        if (found.times[i] != (pow_value(header) <= job.target.value ? 1 : 0)) return false;
    }
    return true;
}

/// CPU seconds a hash, one run of about a millisecond or more.
double time_hash(const Kernel& kernel, bool version_rolls) noexcept {
    Job job = make_test_job(version_rolls ? kWorkVersionMask : 0);
    const ScanRange range{0, version_rolls ? std::uint64_t{kChunkVariants} : 1, 0,
                          version_rolls ? std::uint64_t{256} : 16384};
    const HitSink sink{[](void*, const Hit&) noexcept { return true; }, nullptr};
    const std::atomic<bool> stop{false};
    const double start = thread_cpu_seconds();
    const auto hashes = scan(kernel, job, range, sink, stop);
    return (thread_cpu_seconds() - start) / static_cast<double>(hashes);
}

}  // namespace

std::span<const Kernel* const> kernels() noexcept { return kKernels; }

const Kernel* find_kernel(std::string_view name) noexcept {
    const auto* const it = std::ranges::find_if(kKernels, [&](const Kernel* k) { return name == k->name; });
    return it == std::end(kKernels) ? nullptr : *it;
}

bool passes_self_test(const Kernel& kernel) {
    Job job = make_test_job(kWorkVersionMask);
    // Every second hash wins, so that no lane fails unseen; then few do, which looks at more of each hash.
    for (const unsigned zero_bits : {1, 7}) {
        job.target.value = Uint256::max() >> zero_bits;
        if (!finds_all(kernel, job, {.first_variant = 65000, .variant_count = 71, .first_nonce = 77, .nonce_count = 35}) ||
            !finds_all(kernel, job, {.variant_count = 1, .first_nonce = 0xfffff000, .nonce_count = 1000}))
            return false;
    }
    return true;
}

const Kernel& choose_kernel(bool version_rolls) {
    constexpr int kRuns = 4;
    const Kernel* best = nullptr;
    double best_seconds = std::numeric_limits<double>::max();
    for (const Kernel* kernel : kKernels) {
        if (!kernel->is_supported() || !passes_self_test(*kernel)) continue;
        for (int i = 0; i < kRuns; ++i) {
            const double seconds = time_hash(*kernel, version_rolls);
            if (seconds < best_seconds) {
                best_seconds = seconds;
                best = kernel;
            }
        }
    }
    CAIRN_ASSERT(best != nullptr);
    return *best;
}

}  // namespace cairn::miner
