// SPDX-License-Identifier: MIT
#include "core/crypto/bn254.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/assert.hpp"
#include "core/crypto/bn254_kernels.hpp"

namespace cairn::bn254 {
namespace {

const Kernels& kernels() noexcept {
    static const Kernels& chosen = adx_kernels() != nullptr ? *adx_kernels() : portable_kernels();
    return chosen;
}

Error error_of(Status status) noexcept {
    switch (status) {
        case Status::Coordinate: return Error::Coordinate;
        case Status::NotOnCurve: return Error::NotOnCurve;
        case Status::NotInSubgroup: return Error::NotInSubgroup;
        case Status::Ok: break;
    }
    CAIRN_ASSERT(false && "no error");
    __builtin_unreachable();
}

/// The first N bytes of the input, continued with zero bytes (EIP-196, "Encoding").
template <std::size_t N>
std::array<std::uint8_t, N> fixed_input(ByteView input) noexcept {
    std::array<std::uint8_t, N> out{};
    if (!input.empty()) std::memcpy(out.data(), input.data(), std::min(N, input.size()));
    return out;
}

}  // namespace

Result<G1Encoding, Error> add(ByteView input) {
    const auto in = fixed_input<2 * kG1Bytes>(input);
    G1Encoding out;
    if (const Status s = kernels().add(in.data(), out.data()); s != Status::Ok) return Unexpected{error_of(s)};
    return out;
}

Result<G1Encoding, Error> mul(ByteView input) {
    const auto in = fixed_input<kG1Bytes + kScalarBytes>(input);
    G1Encoding out;
    if (const Status s = kernels().mul(in.data(), out.data()); s != Status::Ok) return Unexpected{error_of(s)};
    return out;
}

Result<bool, Error> pairing_check(ByteView input) {
    if (input.size() % kPairBytes != 0) return Unexpected{Error::InputLength};
    bool is_one = false;
    const Status s = kernels().pairing(input.data(), input.size() / kPairBytes, &is_one);
    if (s != Status::Ok) return Unexpected{error_of(s)};
    return is_one;
}

}  // namespace cairn::bn254
