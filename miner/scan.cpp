// SPDX-License-Identifier: MIT
#include "miner/scan.hpp"

#include <algorithm>
#include <bit>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "miner/kernel.hpp"
#include "miner/sha256_words.hpp"

namespace cairn::miner {
namespace {

constexpr std::size_t kBlockBytes = 64;

/// SHA-256's compression of a block of 64 bytes into a state (FIPS 180-4, section 6.2.2).
void compress(std::uint32_t (&state)[8], const std::uint8_t* block) noexcept {
    std::uint32_t w[16];
    for (unsigned t = 0; t < 16; ++t) w[t] = load_be32(block + 4 * t);
    std::uint32_t s[8];
    std::copy(state, state + 8, s);
    for (unsigned t = 0; t < 64; ++t) {
        if (t >= 16)
            w[t & 15] += small_sigma1(w[(t - 2) & 15]) + w[(t - 7) & 15] + small_sigma0(w[(t - 15) & 15]);
        sha256_round(s, kSha256K[t] + w[t & 15]);
    }
    for (unsigned i = 0; i < 8; ++i) state[i] += s[i];
}

/// Bits that are 0 in the last word of every winning digest. That word's bytes, reversed, are the number's highest.
std::uint32_t required_zeros_of(const Target& target) noexcept {
    const auto top = static_cast<std::uint32_t>(target.value.limb[3] >> 32);
    const auto width = static_cast<unsigned>(std::bit_width(top));
    const auto free_bits = static_cast<std::uint32_t>((std::uint64_t{1} << width) - 1);
    return __builtin_bswap32(~free_bits);
}

SharedWork make_shared_work(const Job& job) noexcept {
    SharedWork work;
    for (unsigned t = 0; t < 3; ++t) work.message[t] = load_be32(job.header.data() + kBlockBytes + 4 * t);
    work.message[4] = kPaddingWord;
    work.message[15] = kHeaderBits;
    const Addends addends = addends_of<NonceMessage>(work.message);
    for (unsigned t = 0; t < 64; ++t) {
        work.addend[t] = addends.word[t];
        work.round[t] = kSha256K[t] + (t < 18 ? addends.word[t] : 0);
    }
    work.required_zeros = required_zeros_of(job.target);
    return work;
}

/// The prefix (kernel.hpp) of one version, with `stride` words from one of its words to the next.
void make_prefix(const Job& job, std::uint32_t version, const SharedWork& shared, std::uint32_t* out,
                 unsigned stride) noexcept {
    std::uint8_t block[kBlockBytes];
    std::copy(job.header.data(), job.header.data() + kBlockBytes, block);
    store_le32(block, version);
    std::uint32_t midstate[8];
    std::copy(kSha256Iv, kSha256Iv + 8, midstate);
    compress(midstate, block);

    std::uint32_t s[8];
    std::copy(midstate, midstate + 8, s);
    for (unsigned t = 0; t < 3; ++t) sha256_round(s, shared.round[t]);
    sha256_round(s, kSha256K[3]);
    for (unsigned i = 0; i < 8; ++i) {
        out[(kPrefixMidstate + i) * stride] = midstate[i];
        out[(kPrefixState + i) * stride] = s[i];
    }
    for (unsigned t = 4; t < 7; ++t) out[(kPrefixRounds + t - 4) * stride] = shared.round[t] + s[7 - (t - 4)];
}

/// One call of scan.
class Scan {
  public:
    Scan(const Kernel& kernel, const Job& job, const ScanRange& range, const HitSink& sink,
         const std::atomic<bool>& stop) noexcept
        : kernel_{kernel}, job_{job}, range_{range}, sink_{sink}, stop_{stop}, shared_{make_shared_work(job)} {
        versions_.shared = &shared_;
        solo_.shared = &shared_;
    }

    std::uint64_t run() noexcept {
        const std::uint64_t end = range_.first_variant + range_.variant_count;
        std::uint64_t variant = range_.first_variant;
        while (variant < end && !stopped_) {
            const auto left = std::min<std::uint64_t>(end - variant, kChunkVariants);
            const auto groups = static_cast<unsigned>(left) / kernel_.lanes;
            // A single version shares nothing with others.
            if (groups == 0 || left == 1) {
                search_solo(static_cast<std::uint32_t>(variant));
                ++variant;
            } else {
                search_versions(static_cast<std::uint32_t>(variant), groups);
                variant += groups * kernel_.lanes;
            }
        }
        return hashes_;
    }

  private:
    void search_versions(std::uint32_t first_variant, unsigned groups) noexcept {
        const unsigned lanes = kernel_.lanes;
        const unsigned variants = groups * lanes;
        versions_.groups = groups;
        for (unsigned v = 0; v < variants; ++v)
            make_prefix(job_, version_of(job_, first_variant + v), shared_,
                        versions_.prefix + v / lanes * kPrefixWords * lanes + v % lanes, lanes);
        std::uint64_t candidates[kChunkNonces];
        for (std::uint64_t done = 0; done < range_.nonce_count && !stopped_; done += kChunkNonces) {
            if (stop_.load(std::memory_order_relaxed)) return halt();
            const std::uint32_t nonce = begin_chunk(done, kChunkNonces);
            const auto count = std::min<std::uint64_t>(range_.nonce_count - done, kChunkNonces);
            if (kernel_.search_versions(versions_, nonce_words_, candidates)) {
                for (unsigned i = 0; i < count; ++i)
                    for (std::uint64_t mask = candidates[i]; mask != 0; mask &= mask - 1)
                        check(first_variant + static_cast<unsigned>(std::countr_zero(mask)), nonce + i);
            }
            hashes_ += count * variants;
        }
    }

    void search_solo(std::uint32_t variant) noexcept {
        make_prefix(job_, version_of(job_, variant), shared_, solo_.prefix, 1);
        for (std::uint64_t done = 0; done < range_.nonce_count && !stopped_; done += kSoloNonces) {
            if (stop_.load(std::memory_order_relaxed)) return halt();
            const std::uint32_t nonce = begin_chunk(done, kSoloNonces);
            const auto count = std::min<std::uint64_t>(range_.nonce_count - done, kSoloNonces);
            std::uint64_t mask = kernel_.search_solo(solo_, nonce_words_);
            if (count < kSoloNonces) mask &= (std::uint64_t{1} << count) - 1;
            for (; mask != 0; mask &= mask - 1)
                check(variant, nonce + static_cast<std::uint32_t>(std::countr_zero(mask)));
            hashes_ += count;
        }
    }

    /// The first nonce of a chunk, whose words it lays out. Words behind the range's end may wrap; their results are
    /// not read.
    std::uint32_t begin_chunk(std::uint64_t done, unsigned count) noexcept {
        const std::uint32_t nonce = range_.first_nonce + static_cast<std::uint32_t>(done);
        for (unsigned i = 0; i < count; ++i) nonce_words_[i] = __builtin_bswap32(nonce + i);
        return nonce;
    }

    /// The whole comparison of a candidate, with another implementation of the hash.
    void check(std::uint32_t variant, std::uint32_t nonce) noexcept {
        if (stopped_) return;
        const Hit hit{version_of(job_, variant), nonce};
        WorkHeader header = job_.header;
        store_le32(header.data(), hit.version);
        store_le32(header.data() + kWorkNonceOffset, hit.nonce);
        if (pow_value(header) <= job_.target.value && !sink_.take(sink_.context, hit)) halt();
    }

    void halt() noexcept { stopped_ = true; }

    const Kernel& kernel_;
    const Job& job_;
    const ScanRange& range_;
    const HitSink& sink_;
    const std::atomic<bool>& stop_;
    const SharedWork shared_;
    VersionWork versions_;
    SoloWork solo_;
    alignas(64) std::uint32_t nonce_words_[kSoloNonces] = {};
    std::uint64_t hashes_ = 0;
    bool stopped_ = false;
};

}  // namespace

std::uint64_t variant_count_of(const Job& job) noexcept {
    return std::uint64_t{1} << std::popcount(job.version_mask);
}

std::uint32_t version_of(const Job& job, std::uint32_t variant) noexcept {
    std::uint32_t version = load_le32(job.header.data()) & ~job.version_mask;
    for (std::uint32_t mask = job.version_mask; mask != 0; mask &= mask - 1, variant >>= 1)
        if ((variant & 1) != 0) version |= mask & -mask;
    return version;
}

std::uint64_t scan(const Kernel& kernel, const Job& job, const ScanRange& range, const HitSink& sink,
                   const std::atomic<bool>& stop) noexcept {
    CAIRN_ASSERT(range.variant_count <= variant_count_of(job));
    CAIRN_ASSERT(range.first_variant + range.variant_count <= variant_count_of(job));
    CAIRN_ASSERT(range.nonce_count <= std::uint64_t{1} << 32);
    CAIRN_ASSERT(range.first_nonce + range.nonce_count <= std::uint64_t{1} << 32);
    CAIRN_ASSERT(sink.take != nullptr);
    return Scan{kernel, job, range, sink, stop}.run();
}

}  // namespace cairn::miner
