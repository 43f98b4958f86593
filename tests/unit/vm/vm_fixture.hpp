// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "core/base/hex.hpp"
#include "tests/support/bytecode.hpp"
#include "tests/support/three_machines.hpp"
#include "tests/unit/core/math/model.hpp"

namespace cairn::vm {
/// How GoogleTest prints a status.
inline void PrintTo(Status status, std::ostream* out) { *out << to_string(status); }
}  // namespace cairn::vm

namespace cairn::vm::test {

using cairn::test::Big;

inline constexpr Address kSelf = address_of(0x1000);
inline constexpr Address kOther = address_of(0x1001);
inline constexpr Address kThird = address_of(0x1002);
inline constexpr Address kNobody = address_of(0x1003);  ///< no account
inline constexpr Address kSender = address_of(0x5000);

inline std::vector<Revision> revisions_from(Revision first, Revision last = kLatestRevision) {
    std::vector<Revision> out;
    for (auto r = static_cast<unsigned>(first); r <= static_cast<unsigned>(last); ++r)
        out.push_back(static_cast<Revision>(r));
    return out;
}
inline std::vector<Revision> all_revisions() { return revisions_from(Revision::Frontier); }

/// Runs code of kSelf on all three machines, which must agree to the name of a failure. `host` is the world before, and
/// stays as it is; `after` is the one behind the last run.
class VmTest : public testing::Test {
  protected:
    VmTest() {
        host.context.origin = address_of(0x0091);
        host.context.number = 1000;
        message.sender = kSender;
        message.recipient = message.code_address = kSelf;
        message.gas = 10'000'000;
        host.world.accounts[kSelf].balance = Uint256{1'000'000};
        host.world.accounts[kSelf].nonce = 1;
        host.world.accounts[kSender].balance = Uint256{1'000'000};
    }

    void use(Revision revision) { host.revision = revision; }

    ExecutionResult run(const Bytes& code) {
        host.put_code(kSelf, code);
        return run();
    }
    /// Runs `message` as it stands.
    ExecutionResult run() {
        auto out = machines.run(host, message);
        for (const Outcome* fast : {&out.cached, &out.uncached}) {
            EXPECT_EQ(difference(out.plain, *fast), "") << "revision " << int(host.revision);
            EXPECT_EQ(out.plain.result.status, fast->result.status) << "revision " << int(host.revision);
        }
        after = std::move(out.cached.host);
        return out.cached.result;
    }
    ExecutionResult run_with(std::int64_t gas, const Bytes& code) {
        const std::int64_t before = std::exchange(message.gas, gas);
        const auto result = run(code);
        message.gas = before;
        return result;
    }
    Status status_of(const Bytes& code) { return run(code).status; }
    /// Gas of code that must succeed.
    std::int64_t cost(const Bytes& code) {
        const auto result = run(code);
        EXPECT_EQ(result.status, Status::Success) << "revision " << int(host.revision);
        return message.gas - result.gas_left;
    }
    /// What the code leaves on top of the stack.
    Uint256 top_of(const Bytecode& code) {
        const auto result = run(code + return_top());
        EXPECT_EQ(result.status, Status::Success) << "revision " << int(host.revision);
        return result.output.size() == 32 ? load_be256(result.output.data()) : Uint256{};
    }
    /// The words that the code returns.
    std::vector<Uint256> words_of(const Bytecode& code) {
        const auto result = run(code);
        EXPECT_EQ(result.status, Status::Success) << "revision " << int(host.revision);
        std::vector<Uint256> out;
        for (std::size_t i = 0; i + 32 <= result.output.size(); i += 32)
            out.push_back(load_be256(result.output.data() + i));
        return out;
    }
    /// The least gas with which the code succeeds is what it costs: one less is out of gas.
    void expect_cost(const Bytecode& code, std::int64_t expected) {
        EXPECT_EQ(cost(code), expected) << "revision " << int(host.revision) << " " << to_hex(code.bytes());
        EXPECT_EQ(run_with(expected, code).status, Status::Success);
        EXPECT_EQ(run_with(expected - 1, code).status, Status::OutOfGas);
    }
    void set_input(Bytes bytes) {
        input = std::move(bytes);
        message.input = input;
    }
    void set_input(const std::vector<Uint256>& words) {
        Bytes bytes(32 * words.size());
        for (std::size_t i = 0; i < words.size(); ++i) store_be256(bytes.data() + 32 * i, words[i]);
        set_input(std::move(bytes));
    }
    void warm(const Address& address) { host.world.warm_accounts.insert(address); }
    void warm(const Address& address, const Uint256& key) { host.world.warm_slots.insert({address, key}); }

    ThreeMachines machines;
    MockHost host;
    MockHost after;
    Message message;
    Bytes input;
};

inline Uint256 operator""_u256(const char* text, std::size_t size) { return *parse_uint256({text, size}); }
inline Bytes hex(std::string_view text) { return *from_hex(text); }
/// Memory's price for `words` words (Yellow Paper, equation 326).
inline std::int64_t memory_gas(std::int64_t words) { return 3 * words + words * words / 512; }

}  // namespace cairn::vm::test
