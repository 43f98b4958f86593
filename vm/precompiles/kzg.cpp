// SPDX-License-Identifier: MIT
#include "core/crypto/kzg.hpp"

#include <array>

#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {
namespace {

/// EIP-4844, POINT_EVALUATION_PRECOMPILE_GAS.
constexpr std::int64_t kPointEvaluationGas = 50'000;

// Input: versioned hash ‖ z ‖ y ‖ commitment ‖ proof.
constexpr std::size_t kScalarBytes = kzg::Scalar::kSize;
constexpr std::size_t kPointBytes = kzg::Commitment::kSize;
constexpr std::size_t kZOffset = 32;
constexpr std::size_t kYOffset = kZOffset + kScalarBytes;
constexpr std::size_t kCommitmentOffset = kYOffset + kScalarBytes;
constexpr std::size_t kProofOffset = kCommitmentOffset + kPointBytes;
constexpr std::size_t kInputBytes = kProofOffset + kPointBytes;
static_assert(kInputBytes == 192);

/// FIELD_ELEMENTS_PER_BLOB (4096) ‖ BLS_MODULUS, 32 bytes each, big-endian (EIP-4844).
constexpr std::array<std::uint8_t, 64> kReturnValue = {
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10, 0x00,
    0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05,
    0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01};

}  // namespace

std::int64_t gas_point_evaluation(ByteView, Revision) noexcept { return kPointEvaluationGas; }

RunResult run_point_evaluation(ByteView input, Revision, Bytes& output) {
    if (input.size() != kInputBytes) return Unexpected{Error::InputLength};
    const kzg::Opening opening{
        .commitment = kzg::Commitment::from(input.subspan(kCommitmentOffset, kPointBytes)),
        .z = kzg::Scalar::from(input.subspan(kZOffset, kScalarBytes)),
        .y = kzg::Scalar::from(input.subspan(kYOffset, kScalarBytes)),
        .proof = kzg::Proof::from(input.subspan(kProofOffset, kPointBytes)),
    };
    if (!equal(input.first(kZOffset), kzg::versioned_hash(opening.commitment)))
        return Unexpected{Error::KzgVersionedHash};
    if (!kzg::verify_opening(opening)) return Unexpected{Error::KzgProof};
    append(output, kReturnValue);
    return {};
}

}  // namespace cairn::vm::precompiles
