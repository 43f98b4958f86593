// SPDX-License-Identifier: MIT
// Memory: what it holds, what it costs (Yellow Paper, equation 326), and that nobody finds another's bytes in it.
#include "tests/unit/vm/vm_fixture.hpp"

namespace cairn::vm::test {
namespace {

using Memory = VmTest;

TEST_F(Memory, words_and_bytes_are_big_endian_at_any_offset) {
    const Uint256 x = "0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"_u256;
    set_input({x});
    for (const unsigned offset : {0U, 1U, 31U, 32U, 33U, 1000U}) {
        for (const Bytecode& value : {push(x), push(Uint256{0}) + OP_CALLDATALOAD}) {
            const Bytecode stored = value + push(Uint256{offset}) + OP_MSTORE;
            EXPECT_EQ(top_of(stored + push(Uint256{offset}) + OP_MLOAD), x);
            EXPECT_EQ(top_of(stored + push(Uint256{offset + 8}) + OP_MLOAD), x << 64);
            if (offset >= 8) {
                EXPECT_EQ(top_of(stored + push(Uint256{offset - 8}) + OP_MLOAD), x >> 64);
            }
            // The offset from the stack, by DUP.
            EXPECT_EQ(top_of(push(Uint256{offset}) + value + dup(2) + OP_MSTORE + OP_DUP1 + OP_MLOAD), x);
            EXPECT_EQ(top_of(value + push(Uint256{offset}) + OP_SWAP1 + dup(2) + OP_MSTORE + OP_POP +
                             push(Uint256{offset}) + push(Uint256{1}) + dup(2) + OP_MLOAD), x);
        }
        EXPECT_EQ(top_of(push(Uint256{0xffee}) + push(Uint256{offset}) + OP_MSTORE8 + push(Uint256{offset}) + OP_MLOAD),
                  Uint256{0xee} << 248);
    }
}

TEST_F(Memory, store_then_step_the_pointer) {
    // MSTORE PUSH ADD with memory there, and with memory to grow.
    const Bytecode step = push(Uint256{64}) + push(Uint256{7}) + dup(2) + OP_MSTORE + push(Uint256{32}) + OP_ADD;
    EXPECT_EQ(top_of(step), Uint256{96});
    EXPECT_EQ(top_of(push(Uint256{1}) + push(Uint256{200}) + OP_MSTORE + step), Uint256{96});
    EXPECT_EQ(top_of(step + OP_POP + push(Uint256{64}) + OP_MLOAD), Uint256{7});
    const Bytecode deep =
        push(Uint256{11}) + push(Uint256{7}) + push(Uint256{64}) + OP_MSTORE + push(Uint256{5}) + OP_ADD;
    EXPECT_EQ(top_of(deep), Uint256{16});
}

TEST_F(Memory, growth_costs_by_words) {
    for (const std::int64_t words : {1, 2, 22, 23, 24, 32, 100, 724, 1000, 10000}) {
        const Uint256 last{static_cast<std::uint64_t>(32 * words - 32)};
        message.gas = 1'000'000;
        expect_cost(push(last) + OP_MLOAD, 3 + 3 + memory_gas(words));
        expect_cost(push(Uint256{0}) + push(last) + OP_MSTORE, 6 + 3 + memory_gas(words));
        expect_cost(push(Uint256{0}) + push(last) + OP_MSTORE8, 6 + 3 + memory_gas(words));
        expect_cost(push(Uint256{0}) + push(last + Uint256{31}) + OP_MSTORE8, 6 + 3 + memory_gas(words));
        expect_cost(push(Uint256{0}) + push(last + Uint256{1}) + OP_MSTORE, 6 + 3 + memory_gas(words + 1));
        expect_cost(push(Uint256{32}) + push(last) + OP_RETURN, 6 + memory_gas(words));
        expect_cost(push(Uint256{32}) + push(last) + OP_KECCAK256, 6 + 30 + 6 + memory_gas(words));
        // Only what is beyond has to be paid.
        expect_cost(push(last) + OP_MLOAD + push(Uint256{0}) + OP_MLOAD, 12 + memory_gas(words));
        expect_cost(push(Uint256{0}) + OP_MLOAD + push(last) + OP_MLOAD, 12 + memory_gas(words));
    }
}

TEST_F(Memory, size_is_of_whole_words_touched) {
    EXPECT_EQ(top_of(OP_MSIZE), Uint256{0});
    EXPECT_EQ(top_of(push(Uint256{0}) + OP_MLOAD + OP_MSIZE), Uint256{32});
    EXPECT_EQ(top_of(push(Uint256{1}) + OP_MLOAD + OP_MSIZE), Uint256{64});
    EXPECT_EQ(top_of(push(Uint256{0}) + push(Uint256{31}) + OP_MSTORE8 + OP_MSIZE), Uint256{32});
    EXPECT_EQ(top_of(push(Uint256{0}) + push(Uint256{32}) + OP_MSTORE8 + OP_MSIZE), Uint256{64});
    EXPECT_EQ(top_of(push(Uint256{0}) + push(Uint256{9999}) + OP_KECCAK256 + OP_POP + OP_MSIZE), Uint256{0});
    EXPECT_EQ(top_of(push(Uint256{1}) + push(Uint256{64}) + OP_KECCAK256 + OP_POP + OP_MSIZE), Uint256{96});
}

/// Instructions with a region: code that runs one on (offset, size).
std::vector<Bytecode> with_region(const Uint256& offset, const Uint256& size) {
    const Bytecode o = push(offset), n = push(size), z = push(Uint256{0});
    return {
        n + o + OP_KECCAK256,
        n + z + o + OP_CALLDATACOPY,
        n + z + o + OP_CODECOPY,
        n + z + o + z + OP_EXTCODECOPY,
        n + z + o + OP_MCOPY,
        n + o + z + OP_MCOPY,
        n + o + OP_LOG0,
        n + o + OP_RETURN,
        n + o + z + OP_CREATE,
        z + z + n + o + z + z + z + OP_CALL,
        n + o + z + z + z + z + z + OP_CALL,
        n + o + z + z + z + z + OP_STATICCALL,
        z + z + n + o + z + z + OP_DELEGATECALL,
    };
}

TEST_F(Memory, empty_region_is_free_wherever_it_lies) {
    for (const Bytecode& code : with_region(Uint256::max(), Uint256{0})) {
        const std::int64_t far = cost(code);
        EXPECT_EQ(status_of(code), Status::Success);
        EXPECT_LT(far, 40'000);
    }
    const auto near = with_region(Uint256{0}, Uint256{0}), far = with_region(Uint256::max(), Uint256{0});
    for (std::size_t i = 0; i < near.size(); ++i) EXPECT_EQ(cost(near[i]), cost(far[i])) << i;
    EXPECT_EQ(status_of(push(Uint256{0}) + push(Uint256::max()) + OP_REVERT), Status::Revert);
}

TEST_F(Memory, absurd_regions_run_out_of_any_gas) {
    message.gas = INT64_MAX;
    const Uint256 one{1};
    for (const Uint256& huge :
         {one << 32, (one << 32) - one, one << 63, one << 64, (one << 64) - one, one << 128, Uint256::max()}) {
        const Uint256 beyond = huge < (one << 33) ? (one << 32) + one : huge;
        for (const Bytecode& code : with_region(beyond, one)) EXPECT_EQ(status_of(code), Status::OutOfGas);
        for (const Bytecode& code : with_region(Uint256{0}, beyond)) EXPECT_EQ(status_of(code), Status::OutOfGas);
        for (const Bytecode& code : with_region(one, beyond)) EXPECT_EQ(status_of(code), Status::OutOfGas);
        EXPECT_EQ(status_of(push(beyond) + OP_MLOAD), Status::OutOfGas);
        EXPECT_EQ(status_of(push(one) + push(beyond) + OP_MSTORE), Status::OutOfGas);
        EXPECT_EQ(status_of(push(one) + push(beyond) + OP_MSTORE8), Status::OutOfGas);
        EXPECT_EQ(status_of(push(one) + push(beyond) + OP_REVERT), Status::OutOfGas);
    }
}

TEST_F(Memory, copies_cost_three_for_each_word_and_fill_with_zeros) {
    set_input(Bytes(40, 0xaa));
    for (const unsigned size : {1U, 31U, 32U, 33U, 64U, 65U}) {
        const std::int64_t words = (size + 31) / 32;
        const Bytecode args = push(Uint256{size}) + push(Uint256{0}) + push(Uint256{0});
        expect_cost(args + OP_CALLDATACOPY, 9 + 3 + 3 * words + memory_gas(words));
        expect_cost(args + OP_CODECOPY, 9 + 3 + 3 * words + memory_gas(words));
        expect_cost(args + OP_MCOPY, 9 + 3 + 3 * words + memory_gas(words));
        expect_cost(push(Uint256{size}) + push(Uint256{0}) + OP_KECCAK256, 6 + 30 + 6 * words + memory_gas(words));
    }
    const Bytecode ones = mstore(Uint256{0}, Uint256::max()) + mstore(Uint256{32}, Uint256::max());
    const auto copy = [&](std::uint64_t size, const Uint256& from, std::uint64_t to) {
        return words_of(ones + push(Uint256{size}) + push(from) + push(Uint256{to}) + OP_CALLDATACOPY +
                        return_memory(Uint256{0}, Uint256{64}));
    };
    const Uint256 a = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"_u256;
    EXPECT_EQ(copy(32, Uint256{0}, 0), (std::vector{a, Uint256::max()}));
    EXPECT_EQ(copy(32, Uint256{38}, 0), (std::vector{Uint256{0xaaaa} << 240, Uint256::max()}));
    EXPECT_EQ(copy(32, Uint256{40}, 32), (std::vector{Uint256::max(), Uint256{}}));
    EXPECT_EQ(copy(32, Uint256::max(), 32), (std::vector{Uint256::max(), Uint256{}}));
    EXPECT_EQ(copy(64, Uint256{39}, 0), (std::vector{Uint256{0xaa} << 248, Uint256{}}));
    EXPECT_EQ(copy(0, Uint256{0}, 0), (std::vector{Uint256::max(), Uint256::max()}));
    EXPECT_EQ(copy(1, Uint256{1} << 64, 0), (std::vector{Uint256::max() >> 8, Uint256::max()}));
}

TEST_F(Memory, code_copy_reads_the_running_code) {
    const Bytecode code = push(Uint256{64}) + push(Uint256{0}) + push(Uint256{0}) + OP_CODECOPY +
                          return_memory(Uint256{0}, Uint256{64});
    Bytes expected = code.bytes();
    expected.resize(64);
    EXPECT_EQ(run(code).output, expected);
}

TEST_F(Memory, overlapping_copies_are_as_through_a_buffer) {
    Bytes pattern(96);
    for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<std::uint8_t>(i + 1);
    for (const std::size_t to : {0U, 1U, 31U, 32U, 40U, 95U}) {
        for (const std::size_t from : {0U, 1U, 32U, 33U, 64U, 90U}) {
            for (const std::size_t size : {0U, 1U, 32U, 33U, 60U}) {
                Bytes expected(256);
                std::copy(pattern.begin(), pattern.end(), expected.begin());
                const Bytes source(expected.begin() + static_cast<std::ptrdiff_t>(from),
                                   expected.begin() + static_cast<std::ptrdiff_t>(from + size));
                std::copy(source.begin(), source.end(), expected.begin() + static_cast<std::ptrdiff_t>(to));
                EXPECT_EQ(run(store_bytes(pattern) + push(Uint256{size}) + push(Uint256{from}) + push(Uint256{to}) +
                              OP_MCOPY + return_memory(Uint256{0}, Uint256{256}))
                              .output,
                          expected);
            }
        }
    }
    // The farther end is what has to be paid.
    expect_cost(push(Uint256{32}) + push(Uint256{64}) + push(Uint256{0}) + OP_MCOPY, 9 + 3 + 3 + memory_gas(3));
    expect_cost(push(Uint256{32}) + push(Uint256{0}) + push(Uint256{64}) + OP_MCOPY, 9 + 3 + 3 + memory_gas(3));
}

// Keccak-256 of nothing and of 32 zero bytes, as published with the Yellow Paper's clients.
TEST_F(Memory, hash_is_of_the_region) {
    EXPECT_EQ(top_of(push(Uint256{0}) + push(Uint256{0}) + OP_KECCAK256),
              "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"_u256);
    EXPECT_EQ(top_of(push(Uint256{32}) + push(Uint256{0}) + OP_KECCAK256),
              "0x290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563"_u256);
    // keccak256("abc")
    EXPECT_EQ(top_of(mstore(Uint256{0}, Uint256{0x616263}) + push(Uint256{3}) + push(Uint256{29}) + OP_KECCAK256),
              "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"_u256);
}

/// Fills memory with ones up to `size` bytes, by a loop.
Bytecode fill(std::uint64_t size) {
    return push(Uint256{0}) + label("fill") + push(Uint256::max()) + dup(2) + OP_MSTORE + push(Uint256{32}) + OP_ADD +
           push(Uint256{size}) + dup(2) + OP_LT + jumpi("fill") + OP_POP;
}
/// Leaves the bitwise or of the first `words` words.
Bytecode gather(std::uint64_t words) {
    Bytecode code = push(Uint256{0});
    for (std::uint64_t i = 0; i < words; ++i) code += push(Uint256{32 * i}) + OP_MLOAD + OP_OR;
    return code;
}

TEST_F(Memory, next_frame_and_next_execution_find_zeros) {
    host.put_code(kOther, gather(40) + return_top());
    host.put_code(kThird, fill(2048) + return_memory(Uint256{0}, Uint256{32}));
    host.put_code(address_of(0x1010), fill(2048) + OP_INVALID);
    host.put_code(address_of(0x1011), fill(2048) + revert_memory(Uint256{0}, Uint256{32}));
    host.put_code(address_of(0x1012), fill(5 << 20) + OP_STOP);
    message.gas = 2'000'000'000;
    for (const std::uint16_t dirty : {0x1002, 0x1010, 0x1011, 0x1012}) {
        const Bytecode code = call(OP_CALL, {.gas = Uint256{500'000'000}, .to = Uint256{dirty}}) + OP_POP +
                              call(OP_CALL, {.to = word(kOther), .out_size = Uint256{32}}) + OP_POP +
                              push(Uint256{0}) + OP_MLOAD + gather(40) + OP_OR;
        EXPECT_EQ(top_of(code), Uint256{0}) << dirty;
    }
    // The same machines again: what the last execution wrote is gone, however it ended.
    for (const Bytecode& end : {Bytecode{OP_STOP}, Bytecode{OP_INVALID}, revert_memory(Uint256{0}, Uint256{1}),
                                jump("fill"), push(Uint256{1} << 200) + OP_MLOAD}) {
        message.gas = 30'000'000;
        (void)run(fill(70'000) + end);
        EXPECT_EQ(top_of(gather(60)), Uint256{0});
    }
}

TEST_F(Memory, caller_keeps_its_memory_over_a_call) {
    host.put_code(kOther, fill(4096) + return_memory(Uint256{0}, Uint256{64}));
    const auto out = words_of(mstore(Uint256{0}, Uint256{7}) + mstore(Uint256{64}, Uint256{8}) +
                              call(OP_CALL, {.to = word(kOther), .out_offset = Uint256{32}, .out_size = Uint256{32}}) +
                              OP_POP + return_memory(Uint256{0}, Uint256{128}));
    EXPECT_EQ(out, (std::vector{Uint256{7}, Uint256::max(), Uint256{8}, Uint256{}}));
}

}  // namespace
}  // namespace cairn::vm::test
