// SPDX-License-Identifier: MIT
#include "vm/precompiles/refusal.hpp"

#include "vm/precompiles/contracts.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::vm {
namespace {

namespace pc = precompiles;

using Run = pc::RunResult (*)(ByteView input, Revision revision, Bytes& output);

/// The contracts that refuse some inputs, by the last byte of their addresses; null for those that take all.
Run find_run(std::uint8_t address) noexcept {
    switch (address) {
        case 0x05: return pc::run_modexp;
        case 0x06: return pc::run_bn254_add;
        case 0x07: return pc::run_bn254_mul;
        case 0x08: return pc::run_bn254_pairing;
        case 0x09: return pc::run_blake2f;
        case 0x0a: return pc::run_point_evaluation;
        case 0x0b: return pc::run_bls12_g1add;
        case 0x0c: return pc::run_bls12_g1msm;
        case 0x0d: return pc::run_bls12_g2add;
        case 0x0e: return pc::run_bls12_g2msm;
        case 0x0f: return pc::run_bls12_pairing_check;
        case 0x10: return pc::run_bls12_map_fp_to_g1;
        case 0x11: return pc::run_bls12_map_fp2_to_g2;
        default: return nullptr;
    }
}

std::string_view words_for(pc::Error error) noexcept {
    switch (error) {
        case pc::Error::InputLength: return "invalid input length";
        case pc::Error::PairingLength: return "bad elliptic curve pairing size";
        case pc::Error::ModexpLength: return "one or more of base/exponent/modulus length exceeded 1024 bytes";
        case pc::Error::Blake2FinalFlag: return "invalid final flag";
        case pc::Error::Bn254Coordinate:
        case pc::Error::BlsFieldElement: return "invalid fp.Element encoding";
        case pc::Error::Bn254NotOnCurve: return "point is not on curve";
        case pc::Error::Bn254NotInSubgroup: return "point is not in correct subgroup";
        case pc::Error::BlsFieldTopBytes: return "invalid field element top bytes";
        case pc::Error::BlsNotOnCurve: return "invalid point: not on curve";
        case pc::Error::BlsG1Subgroup: return "g1 point is not on correct subgroup";
        case pc::Error::BlsG2Subgroup: return "g2 point is not on correct subgroup";
        case pc::Error::KzgVersionedHash: return "mismatched versioned hash";
        case pc::Error::KzgProof: return "error verifying kzg proof";
    }
    return {};
}

}  // namespace

std::string_view precompile_refusal(Revision revision, const Address& address, ByteView input) {
    if (find_precompile(revision, address) == nullptr || address.bytes[18] != 0) return {};
    const auto run = find_run(address.bytes[19]);
    if (run == nullptr) return {};
    Bytes output;
    const auto result = run(input, revision, output);
    return result ? std::string_view{} : words_for(result.error());
}

}  // namespace cairn::vm
