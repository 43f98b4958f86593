// SPDX-License-Identifier: MIT
#include "rpc/trace_words.hpp"

#include <algorithm>

namespace cairn::rpc {

Address address_of_word(const Uint256& word) noexcept {
    return Address::from(hash_of_word(word).view().last(20));
}

Hash256 hash_of_word(const Uint256& word) noexcept {
    Hash256 out;
    store_be256(out.data(), word);
    return out;
}

Bytes memory_at(ByteView memory, const Uint256& offset, const Uint256& size) {
    constexpr std::uint64_t kMemoryMax = std::uint64_t{1} << 32;
    if (!size.fits_u64() || size.low64() > kMemoryMax) return {};
    Bytes out(size.low64());
    if (!offset.fits_u64() || offset.low64() >= memory.size()) return out;
    const auto there = memory.subspan(offset.low64());
    std::copy_n(there.begin(), std::min(there.size(), out.size()), out.begin());
    return out;
}

}  // namespace cairn::rpc
