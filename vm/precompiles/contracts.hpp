// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/revision.hpp"

/// The precompiled contracts themselves, for registry.cpp and tests; the machine goes through registry.hpp.
///
/// `gas_*` is the price of a call, INT64_MAX where it exceeds every limit. `run_*` appends its result to `output`,
/// which the caller has cleared; an error means that the call fails with all its gas, and what `output` then holds is
/// meaningless. Addresses in brackets. All are pure and may run on any thread.
namespace cairn::vm::precompiles {

/// Why a precompiled contract refuses its input.
enum class Error : std::uint8_t {
    InputLength,             ///< EIP-152, EIP-4844, EIP-2537: not the length the contract asks for
    PairingLength,           ///< EIP-197: no multiple of 192 bytes
    ModexpLength,            ///< EIP-7823: base, exponent or modulus longer than 1024 bytes
    Blake2FinalFlag,         ///< EIP-152: final block indicator is neither 0 nor 1
    Bn254Coordinate,         ///< EIP-196: coordinate not below the field modulus
    Bn254NotOnCurve,         ///< EIP-196, EIP-197: point not on its curve
    Bn254NotInSubgroup,      ///< EIP-197: G2 point outside the subgroup
    BlsFieldTopBytes,        ///< EIP-2537: upper 16 bytes of a field element not zero
    BlsFieldElement,         ///< EIP-2537: field element not below the modulus
    BlsNotOnCurve,           ///< EIP-2537: point not on its curve
    BlsG1Subgroup,           ///< EIP-2537: point outside the subgroup G1
    BlsG2Subgroup,           ///< EIP-2537: point outside the subgroup G2
    KzgVersionedHash,        ///< EIP-4844: versioned hash is not the commitment's
    KzgProof,                ///< EIP-4844: malformed scalar or point, or the opening does not hold
};

using RunResult = Result<void, Error>;

/// ECRECOVER [0x01] (Yellow Paper, appendix E): hash ‖ v ‖ r ‖ s to the signer's address in 32 bytes; nothing for an
/// invalid signature. Never an error.
[[nodiscard]] std::int64_t gas_ecrecover(ByteView input, Revision revision) noexcept;
RunResult run_ecrecover(ByteView input, Revision revision, Bytes& output);

/// SHA256 [0x02] (Yellow Paper, appendix E): 32 bytes. Never an error.
[[nodiscard]] std::int64_t gas_sha256(ByteView input, Revision revision) noexcept;
RunResult run_sha256(ByteView input, Revision revision, Bytes& output);

/// RIPEMD160 [0x03] (Yellow Paper, appendix E): 20 bytes, left-padded to 32. Never an error.
[[nodiscard]] std::int64_t gas_ripemd160(ByteView input, Revision revision) noexcept;
RunResult run_ripemd160(ByteView input, Revision revision, Bytes& output);

/// ID [0x04] (Yellow Paper, appendix E): the input. Never an error.
[[nodiscard]] std::int64_t gas_identity(ByteView input, Revision revision) noexcept;
RunResult run_identity(ByteView input, Revision revision, Bytes& output);

/// MODEXP [0x05] (EIP-198; prices EIP-198, EIP-2565, EIP-7883; bounds EIP-7823): base^exponent mod modulus in as many
/// bytes as the modulus has. Allocates as much as the lengths in the input say, which gas_modexp has priced.
/// Errors: ModexpLength from Osaka on.
[[nodiscard]] std::int64_t gas_modexp(ByteView input, Revision revision) noexcept;
RunResult run_modexp(ByteView input, Revision revision, Bytes& output);

/// BN254_ADD [0x06] (EIP-196; prices EIP-196, EIP-1108): 64 bytes.
/// Errors: Bn254Coordinate, Bn254NotOnCurve.
[[nodiscard]] std::int64_t gas_bn254_add(ByteView input, Revision revision) noexcept;
RunResult run_bn254_add(ByteView input, Revision revision, Bytes& output);

/// BN254_MUL [0x07] (EIP-196; prices EIP-196, EIP-1108): 64 bytes.
/// Errors: Bn254Coordinate, Bn254NotOnCurve.
[[nodiscard]] std::int64_t gas_bn254_mul(ByteView input, Revision revision) noexcept;
RunResult run_bn254_mul(ByteView input, Revision revision, Bytes& output);

/// BN254_PAIRING [0x08] (EIP-197; prices EIP-197, EIP-1108): 32 bytes, 1 or 0.
/// Errors: PairingLength, Bn254Coordinate, Bn254NotOnCurve, Bn254NotInSubgroup.
[[nodiscard]] std::int64_t gas_bn254_pairing(ByteView input, Revision revision) noexcept;
RunResult run_bn254_pairing(ByteView input, Revision revision, Bytes& output);

/// BLAKE2F [0x09] (EIP-152): 64 bytes. Errors: InputLength, Blake2FinalFlag.
[[nodiscard]] std::int64_t gas_blake2f(ByteView input, Revision revision) noexcept;
RunResult run_blake2f(ByteView input, Revision revision, Bytes& output);

/// KZG_POINT_EVALUATION [0x0a] (EIP-4844): 64 bytes, the constants FIELD_ELEMENTS_PER_BLOB ‖ BLS_MODULUS.
/// Errors: InputLength, KzgVersionedHash, KzgProof.
[[nodiscard]] std::int64_t gas_point_evaluation(ByteView input, Revision revision) noexcept;
RunResult run_point_evaluation(ByteView input, Revision revision, Bytes& output);

/// BLS12_G1ADD [0x0b] (EIP-2537): 128 bytes. Errors: InputLength, Bls… but the subgroups'.
[[nodiscard]] std::int64_t gas_bls12_g1add(ByteView input, Revision revision) noexcept;
RunResult run_bls12_g1add(ByteView input, Revision revision, Bytes& output);

/// BLS12_G1MSM [0x0c] (EIP-2537): 128 bytes. Errors: InputLength, Bls… but BlsG2Subgroup.
[[nodiscard]] std::int64_t gas_bls12_g1msm(ByteView input, Revision revision) noexcept;
RunResult run_bls12_g1msm(ByteView input, Revision revision, Bytes& output);

/// BLS12_G2ADD [0x0d] (EIP-2537): 256 bytes. Errors: InputLength, Bls… but the subgroups'.
[[nodiscard]] std::int64_t gas_bls12_g2add(ByteView input, Revision revision) noexcept;
RunResult run_bls12_g2add(ByteView input, Revision revision, Bytes& output);

/// BLS12_G2MSM [0x0e] (EIP-2537): 256 bytes. Errors: InputLength, Bls… but BlsG1Subgroup.
[[nodiscard]] std::int64_t gas_bls12_g2msm(ByteView input, Revision revision) noexcept;
RunResult run_bls12_g2msm(ByteView input, Revision revision, Bytes& output);

/// BLS12_PAIRING_CHECK [0x0f] (EIP-2537): 32 bytes, 1 or 0. Errors: InputLength, Bls….
[[nodiscard]] std::int64_t gas_bls12_pairing_check(ByteView input, Revision revision) noexcept;
RunResult run_bls12_pairing_check(ByteView input, Revision revision, Bytes& output);

/// BLS12_MAP_FP_TO_G1 [0x10] (EIP-2537): 128 bytes. Errors: InputLength, BlsFieldTopBytes, BlsFieldElement.
[[nodiscard]] std::int64_t gas_bls12_map_fp_to_g1(ByteView input, Revision revision) noexcept;
RunResult run_bls12_map_fp_to_g1(ByteView input, Revision revision, Bytes& output);

/// BLS12_MAP_FP2_TO_G2 [0x11] (EIP-2537): 256 bytes. Errors: InputLength, BlsFieldTopBytes, BlsFieldElement.
[[nodiscard]] std::int64_t gas_bls12_map_fp2_to_g2(ByteView input, Revision revision) noexcept;
RunResult run_bls12_map_fp2_to_g2(ByteView input, Revision revision, Bytes& output);

/// P256VERIFY [0x100] (EIP-7951): hash ‖ r ‖ s ‖ x ‖ y to 1 in 32 bytes; nothing for an invalid signature or any
/// other length. Never an error.
[[nodiscard]] std::int64_t gas_p256verify(ByteView input, Revision revision) noexcept;
RunResult run_p256verify(ByteView input, Revision revision, Bytes& output);

/// `base + per_word · ceil(size / 32)`, the price form of the hash contracts and the identity.
[[nodiscard]] constexpr std::int64_t linear_gas(std::size_t size, std::int64_t base, std::int64_t per_word) noexcept {
    return base + per_word * static_cast<std::int64_t>(size / 32 + (size % 32 != 0 ? 1 : 0));
}

/// Appends 32 bytes holding 1 or 0.
inline void append_flag(Bytes& output, bool flag) {
    output.resize(output.size() + 32);
    output.back() = flag ? 1 : 0;
}

/// Copies up to `count` bytes of `input` from `offset` to `out`; the input continues with zero bytes without end, as
/// contracts older than EIP-152 read it.
inline void read_padded(ByteView input, std::size_t offset, std::size_t count, std::uint8_t* out) noexcept {
    const std::size_t available = offset < input.size() ? std::min(count, input.size() - offset) : 0;
    if (available != 0) std::memcpy(out, input.data() + offset, available);
    if (available != count) std::memset(out + available, 0, count - available);
}

}  // namespace cairn::vm::precompiles
