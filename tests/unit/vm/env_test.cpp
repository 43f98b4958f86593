// SPDX-License-Identifier: MIT
// What code learns about its frame, its transaction, its block and other accounts, and what asking costs.
#include "tests/unit/vm/vm_fixture.hpp"

namespace cairn::vm::test {
namespace {

using Environment = VmTest;

TEST_F(Environment, frame_transaction_and_block_are_told) {
    host.context.gas_price = Uint256{77};
    host.context.chain_id = Uint256{1337};
    host.context.coinbase = address_of(0xc0);
    host.context.number = 12345;
    host.context.timestamp = 1'700'000'000;
    host.context.gas_limit = 30'000'000;
    host.context.prev_randao = Uint256::max() - Uint256{5};
    host.context.base_fee = Uint256{1} << 70;
    host.context.blob_base_fee = Uint256{3};
    message.value = Uint256{99};
    set_input(Bytes(70, 1));
    host.world.accounts[kSelf].balance = Uint256{500};
    const std::pair<Opcode, Uint256> expected[] = {
        {OP_ADDRESS, word(kSelf)},          {OP_ORIGIN, Uint256{0x0091}},         {OP_CALLER, word(kSender)},
        {OP_CALLVALUE, Uint256{99}},        {OP_CALLDATASIZE, Uint256{70}},       {OP_GASPRICE, Uint256{77}},
        {OP_COINBASE, Uint256{0xc0}},       {OP_TIMESTAMP, Uint256{1'700'000'000}}, {OP_NUMBER, Uint256{12345}},
        {OP_PREVRANDAO, Uint256::max() - Uint256{5}}, {OP_GASLIMIT, Uint256{30'000'000}}, {OP_CHAINID, Uint256{1337}},
        {OP_SELFBALANCE, Uint256{599}},     {OP_BASEFEE, Uint256{1} << 70},       {OP_BLOBBASEFEE, Uint256{3}},
        {OP_RETURNDATASIZE, Uint256{0}},    {OP_CODESIZE, Uint256{9}},
    };
    for (const auto& [op, value] : expected) EXPECT_EQ(top_of(op), value) << int(op);
}

TEST_F(Environment, call_data_is_padded_with_zeros) {
    Bytes data(40);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i + 1);
    set_input(data);
    data.resize(100);
    for (const unsigned at : {0U, 1U, 7U, 8U, 9U, 39U, 40U, 41U, 64U})
        EXPECT_EQ(top_of(push(Uint256{at}) + OP_CALLDATALOAD), load_be256(data.data() + std::min(at, 60U))) << at;
    for (const Uint256& far : {Uint256{~0ULL}, Uint256{1} << 64, Uint256::max(), (Uint256{1} << 128)})
        EXPECT_EQ(top_of(push(far) + OP_CALLDATALOAD), Uint256{});
    set_input(Bytes{});
    EXPECT_EQ(top_of(push(Uint256{0}) + OP_CALLDATALOAD), Uint256{});
}

TEST_F(Environment, init_code_has_no_call_data) {
    const Bytecode init = OP_CALLDATASIZE + (OP_CODESIZE + return_top());
    const Bytes code = init;
    message.kind = CallKind::Create;
    message.recipient = message.code_address = address_of(0x7000);
    message.input = code;
    const auto result = run();
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(load_be256(after.find(message.recipient)->code_view().data()), Uint256{code.size()});
}

TEST_F(Environment, other_accounts_are_told_and_upper_address_bytes_ignored) {
    const Bytes code = hex("6001600255");
    host.put_code(kOther, code);
    host.world.accounts[kOther].balance = Uint256{4242};
    host.world.accounts[kThird].balance = Uint256{1};
    for (const Uint256& junk : {Uint256{}, Uint256{1} << 160, Uint256::max() << 160}) {
        const Bytecode other = push(word(kOther) | junk), third = push(word(kThird) | junk),
                       nobody = push(word(kNobody) | junk);
        EXPECT_EQ(top_of(other + OP_BALANCE), Uint256{4242});
        EXPECT_EQ(top_of(nobody + OP_BALANCE), Uint256{0});
        EXPECT_EQ(top_of(other + OP_EXTCODESIZE), Uint256{5});
        EXPECT_EQ(top_of(third + OP_EXTCODESIZE), Uint256{0});
        // EIP-1052: the hash of no code for an account without, zero for no account.
        EXPECT_EQ(top_of(other + OP_EXTCODEHASH), load_be256(keccak256(code).data()));
        EXPECT_EQ(top_of(third + OP_EXTCODEHASH),
                  "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"_u256);
        EXPECT_EQ(top_of(nobody + OP_EXTCODEHASH), Uint256{0});
        const auto copied =
            words_of(mstore(Uint256{0}, Uint256::max()) + push(Uint256{31}) + push(Uint256{1}) + push(Uint256{0}) +
                     other + OP_EXTCODECOPY + return_memory(Uint256{0}, Uint256{32}));
        EXPECT_EQ(copied, std::vector{(Uint256{0x01600255} << 224) + Uint256{0xff}});
    }
}

TEST_F(Environment, accounts_cost_by_revision_and_from_berlin_by_the_first_access) {
    // EIP-150, EIP-1884; EIP-2929: 2600 cold, 100 warm.
    for (const Revision r : all_revisions()) {
        use(r);
        const bool cold_is_dear = r >= Revision::Berlin;
        const int balance = r >= Revision::Istanbul ? 700 : r >= Revision::Tangerine ? 400 : 20;
        const int code = r >= Revision::Tangerine ? 700 : 20;
        const int hash = r >= Revision::Istanbul ? 700 : 400;
        const Bytecode other = push(kOther);
        const auto check = [&](const Bytecode& setup, Opcode op, int before_berlin) {
            host.world.warm_accounts.clear();
            const std::int64_t args =
                cost(setup + (op == OP_EXTCODECOPY ? 4 : 1) * Bytecode{OP_POP}) - (op == OP_EXTCODECOPY ? 8 : 2);
            expect_cost(setup + op, args + (cold_is_dear ? 2600 : before_berlin));
            // The second time in the same code, and warm from the start.
            const Bytecode again = op == OP_EXTCODECOPY ? Bytecode{} : Bytecode{OP_POP};
            expect_cost(setup + op + again + setup + op,
                        2 * args + (cold_is_dear ? 2700 : 2 * before_berlin) + (op == OP_EXTCODECOPY ? 0 : 2));
            warm(kOther);
            expect_cost(setup + op, args + (cold_is_dear ? 100 : before_berlin));
        };
        check(other, OP_BALANCE, balance);
        check(other, OP_EXTCODESIZE, code);
        check(push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) + other, OP_EXTCODECOPY, code);
        if (r >= Revision::Constantinople) check(other, OP_EXTCODEHASH, hash);
    }
    // EXTCODECOPY's words and memory come on top.
    use(Revision::Osaka);
    host.world.warm_accounts.clear();
    expect_cost(push(Uint256{33}) + push(Uint256{0}) + push(Uint256{0}) + push(kOther) + OP_EXTCODECOPY,
                12 + 2600 + 6 + memory_gas(2));
    // Precompiles are warm (EIP-2929).
    expect_cost(push(Uint256{1}) + OP_BALANCE, 103);
    expect_cost(push(Uint256{0x11}) + OP_BALANCE, 103);
    expect_cost(push(Uint256{0x12}) + OP_BALANCE, 2603);
}

TEST_F(Environment, block_hashes_reach_back_256_blocks) {
    for (const std::uint64_t current : {0ULL, 1ULL, 10ULL, 256ULL, 257ULL, 1000ULL}) {
        host.context.number = current;
        for (const std::uint64_t back : {0ULL, 1ULL, 2ULL, 255ULL, 256ULL, 257ULL}) {
            if (back > current) continue;
            const std::uint64_t n = current - back;
            const bool known = back >= 1 && back <= 256;
            EXPECT_EQ(top_of(push(Uint256{n}) + OP_BLOCKHASH),
                      known ? load_be256(MockHost::hash_of_block(n).data()) : Uint256{})
                << current << " " << back;
        }
        EXPECT_EQ(top_of(push(Uint256{current + 1}) + OP_BLOCKHASH), Uint256{});
    }
    EXPECT_EQ(top_of(push((Uint256{1} << 64) + Uint256{999}) + OP_BLOCKHASH), Uint256{});
    EXPECT_EQ(top_of(push(Uint256::max()) + OP_BLOCKHASH), Uint256{});
    // Outside of the window the host is not even asked.
    for (const Effect& e : after.effects) EXPECT_NE(e.kind, Effect::Kind::BlockHash);
}

TEST_F(Environment, blob_hashes_end_where_the_transaction_has_no_more) {
    std::array<Hash256, 2> hashes;
    hashes[0].bytes[0] = 1;
    hashes[1].bytes[31] = 2;
    host.context.blob_hashes = hashes;
    EXPECT_EQ(top_of(push(Uint256{0}) + OP_BLOBHASH), Uint256{1} << 248);
    EXPECT_EQ(top_of(push(Uint256{1}) + OP_BLOBHASH), Uint256{2});
    for (const Uint256& beyond : {Uint256{2}, Uint256{~0ULL}, Uint256{1} << 64, Uint256::max()})
        EXPECT_EQ(top_of(push(beyond) + OP_BLOBHASH), Uint256{});
}

class ReturnData : public VmTest {
  protected:
    ReturnData() {
        Bytes data(40);
        for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i + 1);
        host.put_code(kOther, store_bytes(data) + return_memory(Uint256{0}, Uint256{40}));
        host.put_code(kThird, store_bytes(data) + revert_memory(Uint256{0}, Uint256{39}));
        host.put_code(address_of(0x1010), Bytecode{OP_INVALID});
    }
    static Bytecode call_to(const Address& to) { return call(OP_CALL, {.to = word(to)}) + OP_POP; }
    static Bytecode copy(const Uint256& to, const Uint256& from, const Uint256& size) {
        return push(size) + push(from) + push(to) + OP_RETURNDATACOPY;
    }
};

// EIP-211.
TEST_F(ReturnData, buffer_is_of_the_last_call) {
    EXPECT_EQ(top_of(call_to(kOther) + OP_RETURNDATASIZE), Uint256{40});
    EXPECT_EQ(top_of(call_to(kThird) + OP_RETURNDATASIZE), Uint256{39});
    EXPECT_EQ(top_of(call_to(kOther) + call_to(kNobody) + OP_RETURNDATASIZE), Uint256{0});
    EXPECT_EQ(top_of(call_to(kOther) + call_to(address_of(0x1010)) + OP_RETURNDATASIZE), Uint256{0});
    // Identity of 5 bytes.
    EXPECT_EQ(
        top_of(call_to(kOther) + call(OP_CALL, {.to = Uint256{4}, .in_size = Uint256{5}}) + OP_POP + OP_RETURNDATASIZE),
        Uint256{5});
    for (const Opcode op : {OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL})
        EXPECT_EQ(top_of(call(op, {.to = word(kOther)}) + OP_POP + OP_RETURNDATASIZE), Uint256{40});
}

TEST_F(ReturnData, refused_call_leaves_an_empty_buffer) {
    const Bytecode poor = call(OP_CALL, {.to = word(kOther), .value = Uint256{1} << 100}) + OP_POP;
    EXPECT_EQ(top_of(call_to(kOther) + poor + OP_RETURNDATASIZE), Uint256{0});
    const Bytecode poor_create = push(Uint256{0}) + push(Uint256{0}) + push(Uint256{1} << 100) + OP_CREATE + OP_POP;
    EXPECT_EQ(top_of(call_to(kOther) + poor_create + OP_RETURNDATASIZE), Uint256{0});
    host.world.accounts[kSelf].nonce = ~0ULL;
    const Bytecode create = push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) + OP_CREATE + OP_POP;
    EXPECT_EQ(top_of(call_to(kOther) + create + OP_RETURNDATASIZE), Uint256{0});
}

TEST_F(ReturnData, creation_leaves_data_only_when_it_reverts) {
    const auto create = [](const Bytecode& init) {
        const Bytes bytes = init;
        return store_bytes(bytes) + push(Uint256{bytes.size()}) + push(Uint256{0}) + push(Uint256{0}) + OP_CREATE +
               OP_POP;
    };
    EXPECT_EQ(top_of(call_to(kOther) + create(return_memory(Uint256{0}, Uint256{7})) + OP_RETURNDATASIZE), Uint256{0});
    EXPECT_EQ(top_of(call_to(kOther) + create(OP_INVALID) + OP_RETURNDATASIZE), Uint256{0});
    EXPECT_EQ(top_of(call_to(kOther) + create(revert_memory(Uint256{0}, Uint256{7})) + OP_RETURNDATASIZE), Uint256{7});
    // A deployment that is refused for its code is a failure, not a revert.
    EXPECT_EQ(top_of(call_to(kOther) + create(mstore(Uint256{0}, Uint256{0xef} << 248) +
                                              return_memory(Uint256{0}, Uint256{1})) + OP_RETURNDATASIZE), Uint256{0});
}

TEST_F(ReturnData, copy_beyond_the_end_fails_even_of_nothing) {
    const Uint256 zero{}, one{1};
    const Bytecode before = call_to(kOther);
    EXPECT_EQ(status_of(before + copy(zero, zero, Uint256{40})), Status::Success);
    EXPECT_EQ(status_of(before + copy(zero, Uint256{40}, zero)), Status::Success);
    EXPECT_EQ(status_of(before + copy(zero, Uint256{39}, one)), Status::Success);
    EXPECT_EQ(status_of(before + copy(Uint256::max(), Uint256{40}, zero)), Status::Success);
    EXPECT_EQ(status_of(before + copy(zero, zero, Uint256{41})), Status::InvalidMemoryAccess);
    EXPECT_EQ(status_of(before + copy(zero, Uint256{40}, one)), Status::InvalidMemoryAccess);
    EXPECT_EQ(status_of(before + copy(zero, Uint256{41}, zero)), Status::InvalidMemoryAccess);
    for (const Uint256& huge : {Uint256{~0ULL}, Uint256{1} << 64, Uint256::max()}) {
        EXPECT_EQ(status_of(before + copy(zero, huge, zero)), Status::InvalidMemoryAccess);
        EXPECT_EQ(status_of(before + copy(zero, huge, one)), Status::InvalidMemoryAccess);
        EXPECT_EQ(status_of(before + copy(zero, one, huge)), Status::InvalidMemoryAccess);
        EXPECT_EQ(status_of(before + copy(zero, zero, huge)), Status::InvalidMemoryAccess);
    }
    // Before any call there is nothing.
    EXPECT_EQ(status_of(copy(zero, zero, zero)), Status::Success);
    EXPECT_EQ(status_of(copy(zero, zero, one)), Status::InvalidMemoryAccess);
}

TEST_F(ReturnData, copy_brings_the_bytes_at_the_price_of_a_copy) {
    const auto out =
        words_of(call_to(kOther) + copy(Uint256{1}, Uint256{8}, Uint256{31}) + return_memory(Uint256{0}, Uint256{32}));
    EXPECT_EQ(out, std::vector{"0x00090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"_u256});
    const Bytecode base = call_to(kOther);
    EXPECT_EQ(cost(base + copy(Uint256{0}, Uint256{0}, Uint256{40})) - cost(base), 9 + 3 + 6 + memory_gas(2));
}

}  // namespace
}  // namespace cairn::vm::test
