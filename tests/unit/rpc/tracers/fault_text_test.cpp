// SPDX-License-Identifier: MIT
// geth's words for failures (core/vm/errors.go as clients see them in traces).
#include "rpc/tracers/fault_text.hpp"

#include "tests/unit/rpc/tracers/tracer_fixture.hpp"
#include "vm/precompiles/refusal.hpp"

namespace cairn::rpc::test {
namespace {

class FaultWords : public TracerTest {
protected:
    std::string error_of(const Bytes& code, Gas gas = 100'000) {
        base.set_account(kMain, 1, {}, code);
        return trace_with({{"tracer", "callTracer"}}, gas).value("error", "");
    }
};

TEST_F(FaultWords, name_opcode_and_stack) {
    EXPECT_EQ(error_of(Bytes{vm::OP_INVALID}), "invalid opcode: INVALID");
    EXPECT_EQ(error_of(Bytes{0x0c}), "invalid opcode: opcode 0xc not defined");
    EXPECT_EQ(error_of(push(Uint256{1}) + vm::OP_ADD), "stack underflow (1 <=> 2)");
    EXPECT_EQ(error_of(1025 * push(Uint256{1})), "stack limit reached 1024 (1023)");
    EXPECT_EQ(error_of(push(Uint256{99}) + vm::OP_JUMP), "invalid jump destination");
    EXPECT_EQ(error_of(Bytes{vm::OP_STOP}), "");
    EXPECT_EQ(error_of(revert_memory(Uint256{}, Uint256{})), "execution reverted");
    EXPECT_EQ(error_of(push(Uint256{1}) + push(Uint256{}) + push(Uint256{}) + vm::OP_RETURNDATACOPY),
              "return data out of bounds");
}

// EIP-2200: at 2300 gas or less SSTORE is refused whatever it costs. Two pushes cost 6.
TEST_F(FaultWords, tell_the_sentry_of_sstore_from_its_price) {
    const auto code = sstore(Uint256{1}, Uint256{1});
    EXPECT_EQ(error_of(code, 21'000 + 6 + 2300), "out of gas: not enough gas for reentrancy sentry");
    EXPECT_EQ(error_of(code, 21'000 + 6 + 2301), "out of gas");
    revision = Revision::Byzantium;
    EXPECT_EQ(error_of(code, 21'000 + 6 + 2300), "out of gas");
}

TEST_F(FaultWords, say_what_a_precompile_disliked) {
    const auto call_error = [&](std::uint64_t precompile, std::uint64_t input_size) {
        base.set_account(kMain, 1, {},
                         call(vm::OP_CALL, {.to = Uint256{precompile}, .in_size = Uint256{input_size}}) + vm::OP_STOP);
        const auto result = trace_with({{"tracer", "callTracer"}}, 1'000'000);
        return result.at("calls").at(0).value("error", "");
    };
    EXPECT_EQ(call_error(9, 212), "invalid input length");
    EXPECT_EQ(call_error(8, 191), "bad elliptic curve pairing size");
    EXPECT_EQ(call_error(10, 191), "invalid input length");
    // 192 zero bytes: their commitment does not hash to the versioned hash.
    EXPECT_EQ(call_error(10, 192), "mismatched versioned hash");
    EXPECT_EQ(call_error(8, 0), "");
    revision = Revision::Prague;
    EXPECT_EQ(call_error(11, 255), "invalid input length");
}

// The words are in the ExpectedError of geth's precompile vectors, but for BN254's, which are those
// of its gnark wrapper.
TEST(PrecompileRefusal, has_words_for_each_cause) {
    const auto words = [](std::uint8_t precompile, Bytes input, std::size_t size) {
        Address address;
        address.bytes[19] = precompile;
        input.resize(size);
        return vm::precompile_refusal(Revision::Osaka, address, input);
    };
    Bytes top(16);
    top[0] = 1;
    const Bytes ones(64, 0xff);
    const Bytes low_ones = [] {
        Bytes out(16);
        out.resize(64, 0xff);
        return out;
    }();
    EXPECT_EQ(words(6, ones, 128), "invalid fp.Element encoding");
    EXPECT_EQ(words(7, {0x31}, 96), "invalid fp.Element encoding");
    EXPECT_EQ(words(7, Bytes(31), 96), "");
    EXPECT_EQ(words(11, top, 256), "invalid field element top bytes");
    EXPECT_EQ(words(11, low_ones, 256), "invalid fp.Element encoding");
    EXPECT_EQ(words(4, {}, 0), "");
    Bytes one(63);
    one.push_back(1);
    EXPECT_EQ(words(11, one, 256), "invalid point: not on curve");
    Bytes bn_one(31);
    bn_one.push_back(1);
    EXPECT_EQ(words(6, bn_one, 128), "point is not on curve");
    Address none;
    none.bytes[19] = 0x12;
    EXPECT_EQ(vm::precompile_refusal(Revision::Osaka, none, {}), "");
    // No precompile there yet.
    none.bytes[19] = 11;
    EXPECT_EQ(vm::precompile_refusal(Revision::Cancun, none, {}), "");
}

}  // namespace
}  // namespace cairn::rpc::test
