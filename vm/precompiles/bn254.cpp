// SPDX-License-Identifier: MIT
#include "core/crypto/bn254.hpp"

#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {
namespace {

/// A price of EIP-196 or EIP-197 and what EIP-1108 made of it.
constexpr std::int64_t priced(Revision revision, std::int64_t byzantium, std::int64_t istanbul) noexcept {
    return revision >= Revision::Istanbul ? istanbul : byzantium;
}

Error contract_error(bn254::Error e) noexcept {
    switch (e) {
        case bn254::Error::InputLength: return Error::PairingLength;
        case bn254::Error::Coordinate: return Error::Bn254Coordinate;
        case bn254::Error::NotOnCurve: return Error::Bn254NotOnCurve;
        case bn254::Error::NotInSubgroup: return Error::Bn254NotInSubgroup;
    }
    CAIRN_ASSERT(false && "unknown BN254 error");
    __builtin_unreachable();
}

RunResult deliver(const Result<bn254::G1Encoding, bn254::Error>& result, Bytes& output) {
    if (!result) return Unexpected{contract_error(result.error())};
    append(output, *result);
    return {};
}

}  // namespace

std::int64_t gas_bn254_add(ByteView, Revision revision) noexcept { return priced(revision, 500, 150); }
RunResult run_bn254_add(ByteView input, Revision, Bytes& output) { return deliver(bn254::add(input), output); }

std::int64_t gas_bn254_mul(ByteView, Revision revision) noexcept { return priced(revision, 40'000, 6'000); }
RunResult run_bn254_mul(ByteView input, Revision, Bytes& output) { return deliver(bn254::mul(input), output); }

std::int64_t gas_bn254_pairing(ByteView input, Revision revision) noexcept {
    const auto pairs = static_cast<std::int64_t>(input.size() / bn254::kPairBytes);
    return priced(revision, 100'000, 45'000) + priced(revision, 80'000, 34'000) * pairs;
}
RunResult run_bn254_pairing(ByteView input, Revision, Bytes& output) {
    const auto holds = bn254::pairing_check(input);
    if (!holds) return Unexpected{contract_error(holds.error())};
    append_flag(output, *holds);
    return {};
}

}  // namespace cairn::vm::precompiles
