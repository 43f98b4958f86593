// SPDX-License-Identifier: MIT
// Every precompiled contract on any input: prices are not negative, results have their contract's length, and both
// versions of the BN254 arithmetic agree. First byte: revision; second: contract; the rest is its input.
#include <algorithm>

#include "core/base/assert.hpp"
#include "core/crypto/bn254_kernels.hpp"
#include "vm/precompiles/registry.hpp"

namespace {

using namespace cairn;

/// Costlier inputs are not run: time, not reach, is what they take.
constexpr std::int64_t kGasMax = 1'000'000;

void compare_versions(ByteView input) {
    const auto* adx = bn254::adx_kernels();
    if (adx == nullptr) return;
    const auto& portable = bn254::portable_kernels();
    Bytes padded(input.begin(), input.end());
    padded.resize(std::max<std::size_t>(padded.size(), 192));
    Bytes a(64);
    Bytes b(64);
    CAIRN_ASSERT(portable.add(padded.data(), a.data()) == adx->add(padded.data(), b.data()));
    CAIRN_ASSERT(a == b);
    CAIRN_ASSERT(portable.mul(padded.data(), a.data()) == adx->mul(padded.data(), b.data()));
    CAIRN_ASSERT(a == b);
    bool x = false;
    bool y = false;
    CAIRN_ASSERT(portable.pairing(padded.data(), 1, &x) == adx->pairing(padded.data(), 1, &y));
    CAIRN_ASSERT(x == y);
}

void check_length(std::string_view name, ByteView input, ByteView output) {
    const std::size_t size = output.size();
    if (name == "ID") {
        CAIRN_ASSERT(equal(input, output));
    } else if (name == "ECREC" || name == "P256VERIFY") {
        CAIRN_ASSERT(size == 0 || size == 32);
    } else if (name == "SHA256" || name == "RIPEMD160" || name.ends_with("PAIRING") || name.ends_with("PAIRING_CHECK")) {
        CAIRN_ASSERT(size == 32);
    } else if (name.starts_with("BLS12_G1") || name.ends_with("_G1")) {
        CAIRN_ASSERT(size == 128);
    } else if (name.starts_with("BLS12_G2") || name.ends_with("_G2")) {
        CAIRN_ASSERT(size == 256);
    } else if (name != "MODEXP") {
        CAIRN_ASSERT(size == 64);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto revision = static_cast<Revision>(data[0] % kRevisionCount);
    const auto addresses = vm::precompile_addresses(revision);
    const auto* contract = vm::find_precompile(revision, addresses[data[1] % addresses.size()]);
    CAIRN_ASSERT(contract != nullptr);
    const ByteView input{data + 2, size - 2};
    const std::int64_t gas = contract->gas(input, revision);
    CAIRN_ASSERT(gas >= 0);
    if (contract->name.starts_with("BN254")) compare_versions(input);
    if (gas > kGasMax) return 0;
    Bytes output;
    if (contract->run(input, revision, output)) check_length(contract->name, input, output);
    return 0;
}
