// SPDX-License-Identifier: MIT
// The public vectors of every precompiled contract (go-ethereum, core/vm/testdata/precompiles): results and gas must be
// equal, and what is refused must be refused for the stated reason.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/hex.hpp"
#include "tests/support/fixtures.hpp"
#include "vm/precompiles/contracts.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;
namespace pc = vm::precompiles;

/// The contract that a file's cases are for, in the revision whose prices they state.
struct Subject {
    std::string_view file;  ///< without extension; a file "fail-" + it holds refused inputs
    std::uint16_t address;
    Revision revision;
    pc::RunResult (*run)(ByteView input, Revision revision, Bytes& output);
};

constexpr std::array kSubjects = {
    Subject{"ecRecover", 0x01, Revision::Frontier, pc::run_ecrecover},
    Subject{"modexp", 0x05, Revision::Byzantium, pc::run_modexp},
    Subject{"modexp_eip2565", 0x05, Revision::Berlin, pc::run_modexp},
    Subject{"modexp_eip7883", 0x05, Revision::Osaka, pc::run_modexp},
    Subject{"bn256Add", 0x06, Revision::Istanbul, pc::run_bn254_add},
    Subject{"bn256ScalarMul", 0x07, Revision::Istanbul, pc::run_bn254_mul},
    Subject{"bn256Pairing", 0x08, Revision::Istanbul, pc::run_bn254_pairing},
    Subject{"blake2F", 0x09, Revision::Istanbul, pc::run_blake2f},
    Subject{"blake2f", 0x09, Revision::Istanbul, pc::run_blake2f},
    Subject{"pointEvaluation", 0x0a, Revision::Cancun, pc::run_point_evaluation},
    Subject{"blsG1Add", 0x0b, Revision::Prague, pc::run_bls12_g1add},
    // One multiplication is a sum of one term: its own contract left EIP-2537 before Prague.
    Subject{"blsG1Mul", 0x0c, Revision::Prague, pc::run_bls12_g1msm},
    Subject{"blsG1MultiExp", 0x0c, Revision::Prague, pc::run_bls12_g1msm},
    Subject{"blsG2Add", 0x0d, Revision::Prague, pc::run_bls12_g2add},
    Subject{"blsG2Mul", 0x0e, Revision::Prague, pc::run_bls12_g2msm},
    Subject{"blsG2MultiExp", 0x0e, Revision::Prague, pc::run_bls12_g2msm},
    Subject{"blsPairing", 0x0f, Revision::Prague, pc::run_bls12_pairing_check},
    Subject{"blsMapG1", 0x10, Revision::Prague, pc::run_bls12_map_fp_to_g1},
    Subject{"blsMapG2", 0x11, Revision::Prague, pc::run_bls12_map_fp2_to_g2},
    Subject{"p256Verify", 0x100, Revision::Osaka, pc::run_p256verify},
};

/// The words of the vectors for our reasons.
const std::map<std::string_view, pc::Error> kReasons = {
    {"invalid input length", pc::Error::InputLength},
    {"invalid final flag", pc::Error::Blake2FinalFlag},
    {"bad elliptic curve pairing input size", pc::Error::PairingLength},
    {"one or more of base/exponent/modulus length exceeded 1024 bytes", pc::Error::ModexpLength},
    {"invalid field element top bytes", pc::Error::BlsFieldTopBytes},
    {"invalid fp.Element encoding", pc::Error::BlsFieldElement},
    {"invalid point: not on curve", pc::Error::BlsNotOnCurve},
    {"g1 point is not on correct subgroup", pc::Error::BlsG1Subgroup},
    {"g2 point is not on correct subgroup", pc::Error::BlsG2Subgroup},
    {"mismatched versioned hash", pc::Error::KzgVersionedHash},
    {"error verifying kzg proof", pc::Error::KzgProof},
};

Address address_of(std::uint16_t low) {
    Address out;
    out.bytes[18] = static_cast<std::uint8_t>(low >> 8);
    out.bytes[19] = static_cast<std::uint8_t>(low & 0xff);
    return out;
}

const Subject* find_subject(std::string_view file) {
    constexpr std::string_view kRefused = "fail-";
    if (file.starts_with(kRefused)) file.remove_prefix(kRefused.size());
    const auto* const it =
        std::find_if(kSubjects.begin(), kSubjects.end(), [&](const Subject& s) { return s.file == file; });
    return it == kSubjects.end() ? nullptr : it;
}

void check_refused(const Subject& subject, const vm::Precompile& contract, ByteView input, const Json& test) {
    const auto reason = kReasons.find(test.at("ExpectedError").get<std::string>());
    ASSERT_NE(reason, kReasons.end()) << "a reason without a counterpart: " << test.at("ExpectedError");
    Bytes output;
    const auto result = subject.run(input, subject.revision, output);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error(), reason->second) << test.at("ExpectedError");
    EXPECT_FALSE(contract.run(input, subject.revision, output));
}

void check_accepted(const Subject& subject, const vm::Precompile& contract, ByteView input, const Json& test) {
    EXPECT_EQ(contract.gas(input, subject.revision), test.at("Gas").get<std::int64_t>());
    Bytes output = {1, 2, 3};  // what was there before must be gone
    ASSERT_TRUE(contract.run(input, subject.revision, output));
    EXPECT_EQ(to_hex(output), test.at("Expected").get<std::string>());
}

TEST(Precompiles, agree_with_all_public_vectors) {
    const auto folder = vectors();
    CAIRN_SKIP_WITHOUT(folder);
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (const auto& file : files_below(folder.path / "precompiles")) {
        const Subject* subject = find_subject(file.stem().string());
        ASSERT_NE(subject, nullptr) << "no contract for " << file;
        const vm::Precompile* contract = vm::find_precompile(subject->revision, address_of(subject->address));
        ASSERT_NE(contract, nullptr);
        for (const auto& test : Json::parse(read_text(file))) {
            SCOPED_TRACE(file.filename().string() + ": " + test.at("Name").get<std::string>());
            const auto input = from_hex(test.at("Input").get<std::string>());
            ASSERT_TRUE(input.has_value());
            if (test.contains("ExpectedError")) {
                check_refused(*subject, *contract, *input, test);
                ++refused;
            } else {
                check_accepted(*subject, *contract, *input, test);
                ++accepted;
            }
        }
    }
    RecordProperty("accepted", static_cast<int>(accepted));
    RecordProperty("refused", static_cast<int>(refused));
    EXPECT_GT(accepted, 0U);
    EXPECT_GT(refused, 0U);
}

}  // namespace
}  // namespace cairn::test
