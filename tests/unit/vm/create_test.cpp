// SPDX-License-Identifier: MIT
// Creations: addresses, prices and limits in every revision, and every way in which they fail.
#include "tests/unit/vm/vm_fixture.hpp"

namespace cairn::vm::test {
namespace {

Address address(std::string_view text) { return *fixed_from_hex<Address>(text); }

TEST(CreateAddress, of_nonce) {
    // Public vectors: the first contracts of 0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0.
    const Address creator = address("6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
    EXPECT_EQ(create_address(creator, 0), address("cd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"));
    EXPECT_EQ(create_address(creator, 1), address("343c43a37d37dff08ae8c4a11544c718abb4fcf8"));
    EXPECT_EQ(create_address(creator, 2), address("f778b86fa74e846c4f0a1fbd1335fe81c00a0c91"));
    EXPECT_EQ(create_address(creator, 3), address("fffd933a0bc612844eaf0c6fe3e5b8e9b6c1d19c"));
}

TEST(CreateAddress, nonce_is_rlp_at_every_length) {
    const Address creator = address_of(0x1234);
    // rlp([address, nonce]) written out.
    const std::pair<std::uint64_t, const char*> cases[] = {
        {0, "80"}, {1, "01"}, {0x7f, "7f"}, {0x80, "8180"}, {0xff, "81ff"}, {0x100, "820100"}, {0xffff, "82ffff"},
        {0x10000, "83010000"}, {0x1000000, "8401000000"}, {0x100000000, "850100000000"},
        {0x10000000000, "86010000000000"}, {0x1000000000000, "8701000000000000"},
        {0x100000000000000, "880100000000000000"}, {~0ULL, "88ffffffffffffffff"}};
    for (const auto& [nonce, item] : cases) {
        const Bytes tail = hex(item);
        Bytes rlp{static_cast<std::uint8_t>(0xc0 + 21 + tail.size()), 0x94};
        append(rlp, creator);
        append(rlp, tail);
        EXPECT_EQ(create_address(creator, nonce), Address::from(keccak256(rlp).view().subspan(12))) << nonce;
    }
}

// EIP-1014, "Examples".
struct Example {
    const char* creator;
    const char* salt;
    const char* init;
    std::int64_t gas;
    const char* result;
};
const Example kExamples[] = {
    {"0000000000000000000000000000000000000000", "0x0", "00", 32006, "4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38"},
    {"deadbeef00000000000000000000000000000000", "0x0", "00", 32006, "b928f69bb1d91cd65274e3c79d8986362984fda3"},
    {"deadbeef00000000000000000000000000000000", "0xfeed000000000000000000000000000000000000", "00", 32006,
     "d04116cdd17bebe565eb2422f2497e06cc1c9833"},
    {"0000000000000000000000000000000000000000", "0x0", "deadbeef", 32006, "70f2b2914a2a4b783faefb75f459a580616fcb5e"},
    {"00000000000000000000000000000000deadbeef", "0xcafebabe", "deadbeef", 32006,
     "60f3f640a8508fc6a86d45df051962668e1e8ac7"},
    {"00000000000000000000000000000000deadbeef", "0xcafebabe",
     "deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef", 32012,
     "1d8bfdc5d46dc4f61d6b6115972536ebe6a8854c"},
    {"0000000000000000000000000000000000000000", "0x0", "", 32000, "e33c0c7f7df4809055c3eba6c09cfe4baf1bd9e0"},
};

TEST(Create2Address, of_the_published_examples) {
    for (const Example& e : kExamples)
        EXPECT_EQ(create2_address(address(e.creator), *parse_uint256(e.salt), hex(e.init)), address(e.result));
}

class Creation : public VmTest {
  protected:
    Creation() { host.world.accounts[kSelf].nonce = 5; }

    /// CREATE (or CREATE2 with salt 0) of init code in memory from 0 on.
    static Bytecode create_sized(std::uint64_t size, std::uint64_t value = 0, Opcode op = OP_CREATE) {
        const Bytecode salt = op == OP_CREATE2 ? push(Uint256{0}) : Bytecode{};
        return salt + push(Uint256{size}) + push(Uint256{0}) + push(Uint256{value}) + op;
    }
    static Bytecode create(const Bytecode& init, std::uint64_t value = 0, Opcode op = OP_CREATE) {
        const Bytes bytes = init;
        return store_bytes(bytes) + create_sized(bytes.size(), value, op);
    }
    Address fresh() const { return create_address(kSelf, 5); }
    /// A creation transaction with this init code.
    ExecutionResult deploy(const Bytecode& init, std::int64_t gas = 10'000'000) {
        const Bytes code = init;
        message.kind = CallKind::Create;
        message.recipient = message.code_address = address_of(0x7000);
        message.input = code;
        message.gas = gas;
        const auto result = run();
        message.input = {};
        return result;
    }
    const MockAccount* deployed() const { return after.find(address_of(0x7000)); }
};

TEST_F(Creation, account_gets_code_nonce_and_value) {
    const Bytes code = hex("600160020300");
    for (const Revision r : all_revisions()) {
        use(r);
        EXPECT_EQ(top_of(create(deploys(code), 17)), word(fresh()));
        const MockAccount* a = after.find(fresh());
        ASSERT_NE(a, nullptr);
        EXPECT_EQ(to_bytes(a->code_view()), code);
        EXPECT_EQ(a->balance, Uint256{17});
        EXPECT_EQ(a->nonce, r >= Revision::Spurious ? 1U : 0U);  // EIP-161
        EXPECT_EQ(after.find(kSelf)->nonce, 6U);
        EXPECT_EQ(after.find(kSelf)->balance, Uint256{1'000'000 - 17});
    }
}

TEST_F(Creation, create2_costs_hashing_and_takes_the_salted_address) {
    for (const Example& e : kExamples) {
        use(Revision::Constantinople);
        message.recipient = message.code_address = address(e.creator);
        const Bytes init = hex(e.init);
        host.world.accounts[message.recipient].nonce = 1;
        const Bytecode code = store_bytes(init) + push(*parse_uint256(e.salt)) + push(Uint256{init.size()}) +
                              push(Uint256{0}) + push(Uint256{0}) + OP_CREATE2;
        host.put_code(message.recipient, code + return_top());
        auto result = run();
        const bool runs = init.empty() || init[0] == 0;  // deadbeef is undefined
        EXPECT_EQ(load_be256(result.output.data()), runs ? word(address(e.result)) : Uint256{});
        if (!runs) continue;
        host.put_code(message.recipient, code);
        result = run();
        // Three pushes for the word of init code and its memory, and four for the arguments.
        const std::int64_t args = 12 + (init.empty() ? 0 : 9 + 3);
        EXPECT_EQ(message.gas - result.gas_left, args + e.gas);
    }
}

// 32000; init code by the word from Shanghai on (EIP-3860: 2), and hashing for CREATE2 (EIP-1014: 6).
TEST_F(Creation, price_by_revision) {
    for (const Revision r : all_revisions()) {
        use(r);
        for (const std::uint64_t size : {0, 1, 32, 33, 1024}) {
            const auto words = static_cast<std::int64_t>((size + 31) / 32);
            const std::int64_t by_word = r >= Revision::Shanghai ? 2 * words : 0;
            EXPECT_EQ(cost(create_sized(size)), 9 + 32000 + memory_gas(words) + by_word);
            if (r >= Revision::Constantinople) {
                EXPECT_EQ(cost(create_sized(size, 0, OP_CREATE2)),
                          12 + 32000 + memory_gas(words) + by_word + 6 * words);
            }
        }
        // 200 for each byte of code.
        const Bytecode init = return_memory(Uint256{0}, Uint256{100});
        const Bytes bytes = init;
        const std::int64_t before = cost(store_bytes(bytes));
        EXPECT_EQ(cost(create(init)),
                  before + 9 + 32000 + (r >= Revision::Shanghai ? 2 : 0) + 6 + memory_gas(4) + 200 * 100);
    }
}

TEST_F(Creation, child_gets_all_but_a_64th_from_tangerine_on) {
    const Bytecode init = OP_GAS + (push(Uint256{0}) + OP_SSTORE);
    const Bytes bytes = init;
    for (const Revision r : {Revision::Homestead, Revision::Tangerine, Revision::Osaka}) {
        use(r);
        const auto result = run(create(init));
        EXPECT_EQ(result.status, Status::Success);
        const auto at_start = static_cast<std::int64_t>(after.slot(fresh(), Uint256{0}).low64()) + 2;
        const std::int64_t left =
            message.gas - cost(store_bytes(bytes)) - 9 - 32000 - (r >= Revision::Shanghai ? 2 : 0);
        (void)run(create(init));
        EXPECT_EQ(at_start, r >= Revision::Tangerine ? left - left / 64 : left);
    }
}

// EIP-3860: init code above 49152 bytes fails the creator.
TEST_F(Creation, init_code_limit_from_shanghai_on) {
    for (const Opcode op : {OP_CREATE, OP_CREATE2}) {
        use(Revision::Shanghai);
        EXPECT_EQ(status_of(create_sized(49152, 0, op)), Status::Success);
        EXPECT_EQ(status_of(create_sized(49153, 0, op)), Status::OutOfGas);
        use(Revision::Paris);
        EXPECT_EQ(status_of(create_sized(49153, 0, op)), Status::Success);
    }
}

// EIP-170: code above 24576 bytes fails the creation.
TEST_F(Creation, code_limit_from_spurious_dragon_on) {
    for (const Revision r : all_revisions()) {
        use(r);
        EXPECT_EQ(deploy(return_memory(Uint256{0}, Uint256{24576})).status, Status::Success);
        const auto over = deploy(return_memory(Uint256{0}, Uint256{24577}));
        EXPECT_EQ(over.status, r >= Revision::Spurious ? Status::CodeSizeExceeded : Status::Success);
        if (over.status != Status::Success) {
            EXPECT_EQ(over.gas_left, 0);
            EXPECT_EQ(over.created, Address{});
            EXPECT_EQ(after.world, host.world);
        }
    }
}

// EIP-3541.
TEST_F(Creation, code_that_begins_with_ef_is_refused_from_london_on) {
    const auto of = [](std::uint64_t first, std::uint64_t size) {
        return mstore(Uint256{0}, Uint256{first} << 248) + return_memory(Uint256{0}, Uint256{size});
    };
    for (const Revision r : all_revisions()) {
        use(r);
        const Status expected = r >= Revision::London ? Status::InvalidCodePrefix : Status::Success;
        EXPECT_EQ(deploy(of(0xef, 1)).status, expected);
        EXPECT_EQ(deploy(of(0xef, 32)).status, expected);
        EXPECT_EQ(deploy(of(0xef, 0)).status, Status::Success);
        EXPECT_EQ(deploy(of(0xee, 1)).status, Status::Success);
        EXPECT_EQ(deploy(of(0xfe, 1)).status, Status::Success);
    }
}

// EIP-2: from Homestead on a creation without gas for its code fails; before, the account stays without code.
TEST_F(Creation, deposit_that_cannot_be_paid) {
    const Bytecode init = return_memory(Uint256{0}, Uint256{10});
    const std::int64_t runs = 6 + memory_gas(1);
    for (const Revision r : all_revisions()) {
        use(r);
        const auto enough = deploy(init, runs + 2000);
        EXPECT_EQ(enough.status, Status::Success);
        EXPECT_EQ(enough.gas_left, 0);
        EXPECT_EQ(enough.created, address_of(0x7000));
        EXPECT_EQ(deployed()->code_view().size(), 10U);
        const auto little = deploy(init, runs + 1999);
        if (r == Revision::Frontier) {
            EXPECT_EQ(little.status, Status::Success);
            EXPECT_EQ(little.gas_left, 1999);
            ASSERT_NE(deployed(), nullptr);
            EXPECT_TRUE(deployed()->code_view().empty());
        } else {
            EXPECT_EQ(little.status, Status::CodeDepositOutOfGas);
            EXPECT_EQ(little.gas_left, 0);
            EXPECT_EQ(after.world, host.world);
        }
    }
}

TEST_F(Creation, failed_and_reverted_init_code) {
    use(Revision::Osaka);
    EXPECT_EQ(top_of(create(Bytecode{OP_INVALID}, 3)), Uint256{0});
    EXPECT_EQ(after.find(fresh()), nullptr);
    EXPECT_EQ(after.find(kSelf)->nonce, 6U);  // stays used
    EXPECT_EQ(after.find(kSelf)->balance, Uint256{1'000'000});
    EXPECT_TRUE(after.world.warm_accounts.contains(fresh()));  // EIP-2929: stays accessed
    EXPECT_EQ(top_of(create(sstore(Uint256{0}, Uint256{1}) + revert_memory(Uint256{0}, Uint256{0}), 3)), Uint256{0});
    EXPECT_EQ(after.find(fresh()), nullptr);
    // A revert gives gas back.
    EXPECT_LT(cost(create(revert_memory(Uint256{0}, Uint256{0}))), 33'000);
    EXPECT_GT(cost(create(Bytecode{OP_INVALID})), 9'000'000);
    // As a transaction: the output of a revert is kept, of a success it is none.
    const auto reverted = deploy(mstore(Uint256{0}, Uint256{9}) + revert_memory(Uint256{31}, Uint256{1}));
    EXPECT_EQ(reverted.status, Status::Revert);
    EXPECT_EQ(reverted.output, Bytes{9});
    EXPECT_EQ(reverted.created, Address{});
    const auto made = deploy(deploys(hex("00")));
    EXPECT_TRUE(made.output.empty());
    EXPECT_EQ(made.created, address_of(0x7000));
}

TEST_F(Creation, parents_memory_is_not_the_output_region_of_a_creation) {
    const Bytecode init = mstore(Uint256{0}, Uint256::max()) + revert_memory(Uint256{0}, Uint256{32});
    host.put_code(kOther, mstore(Uint256{0}, Uint256::max()) + return_memory(Uint256{0}, Uint256{32}));
    // A call with an output region first: a creation behind it must not write there, nor anywhere else.
    const auto out = words_of(call(OP_CALL, {.to = word(kOther), .out_offset = Uint256{320}, .out_size = Uint256{32}}) +
                              OP_POP + mstore(Uint256{320}, Uint256{5}) + create(init) + OP_POP +
                              return_memory(Uint256{0}, Uint256{352}));
    Bytes expected = init.bytes();
    expected.resize(352);
    expected.back() = 5;
    ASSERT_EQ(out.size(), 11U);
    for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], load_be256(expected.data() + 32 * i)) << i;
}

// EIP-684 (a nonce, code) and EIP-7610 (storage).
TEST_F(Creation, collision_takes_the_gas_handed_on) {
    for (int kind = 0; kind < 4; ++kind) {
        host.world.accounts.erase(fresh());
        MockAccount& a = host.world.accounts[fresh()];
        if (kind == 0) a.nonce = 1;
        if (kind == 1) a.code = std::make_shared<const Bytes>(Bytes{0});
        if (kind == 2) a.storage[Uint256{1}] = {Uint256{1}, Uint256{1}};
        if (kind == 3) a.balance = Uint256{4};  // a balance alone is none
        EXPECT_EQ(top_of(create_sized(0, 1)), kind == 3 ? word(fresh()) : Uint256{0}) << kind;
        EXPECT_EQ(after.find(kSelf)->nonce, 6U);
        const std::int64_t used = cost(create_sized(0, 1));
        const std::int64_t left = message.gas - 32009;
        EXPECT_EQ(used, 9 + 32000 + (kind == 3 ? 0 : left - left / 64));
    }
    host.world.accounts[address_of(0x7000)].nonce = 1;
    const auto result = deploy(OP_STOP);
    EXPECT_EQ(result.status, Status::ContractCollision);
    EXPECT_EQ(result.gas_left, 0);
    EXPECT_EQ(after.world, host.world);
}

TEST_F(Creation, refusals_cost_nothing_and_use_no_nonce) {
    host.world.accounts[kSelf].balance = Uint256{10};
    for (const Opcode op : {OP_CREATE, OP_CREATE2}) {
        const std::int64_t args = op == OP_CREATE2 ? 12 : 9;
        EXPECT_EQ(top_of(create_sized(0, 11, op)), Uint256{0});
        EXPECT_EQ(after.find(kSelf)->nonce, 5U);
        EXPECT_EQ(cost(create_sized(0, 11, op)), args + 32000);
        EXPECT_FALSE(top_of(create_sized(0, 10, op)).is_zero());
    }
    // EIP-2681.
    host.world.accounts[kSelf].nonce = ~0ULL;
    EXPECT_EQ(top_of(create_sized(0)), Uint256{0});
    EXPECT_EQ(cost(create_sized(0)), 9 + 32000);
    EXPECT_EQ(after.find(kSelf)->nonce, ~0ULL);
    host.world.accounts[kSelf].nonce = ~0ULL - 1;
    EXPECT_EQ(top_of(create_sized(0)), word(create_address(kSelf, ~0ULL - 1)));
}

// Gas that an earlier call was given must not come back with a refused creation.
TEST_F(Creation, refusal_behind_a_call_gives_nothing) {
    host.put_code(kOther, Bytecode{OP_INVALID});
    const Bytecode before = call(OP_CALL, {.gas = Uint256{50'000}, .to = word(kOther)}) + OP_POP;
    host.world.accounts[kSelf].balance = Uint256{};
    EXPECT_EQ(cost(before + create_sized(0, 1)), cost(before) + 9 + 32000);
}

TEST_F(Creation, created_code_runs_when_called_and_self_destroys_by_revision) {
    const Bytecode runtime = push(Uint256{42}) + return_top();
    EXPECT_EQ(words_of(create(deploys(runtime.bytes())) + push(Uint256{0}) + OP_MSTORE + push(Uint256{32}) +
                       push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) +
                       OP_MLOAD + OP_GAS + OP_CALL + OP_POP + return_memory(Uint256{0}, Uint256{32}))[0],
              Uint256{42});
    const Bytecode suicide = OP_ADDRESS + Bytecode{OP_SELFDESTRUCT};
    EXPECT_EQ(top_of(create(suicide, 5)), word(fresh()));
    EXPECT_TRUE(after.world.destructed.contains(fresh()));
}

TEST_F(Creation, init_code_is_code_and_sees_its_own_address) {
    EXPECT_EQ(top_of(create(OP_ADDRESS + (push(Uint256{1}) + OP_SSTORE))), word(fresh()));
    EXPECT_EQ(after.slot(fresh(), Uint256{1}), word(fresh()));
    // EXTCODESIZE of itself is 0 while it runs; the code it copies is the init code.
    EXPECT_EQ(top_of(create(OP_ADDRESS + Bytecode{OP_EXTCODESIZE} + push(Uint256{7}) + OP_ADD +
                            (push(Uint256{1}) + OP_SSTORE))),
              word(fresh()));
    EXPECT_EQ(after.slot(fresh(), Uint256{1}), Uint256{7});
    const Bytecode copier = push(Uint256{32}) + push(Uint256{0}) + push(Uint256{0}) + OP_CODECOPY + push(Uint256{0}) +
                            OP_MLOAD + (push(Uint256{1}) + OP_SSTORE);
    (void)run(create(copier));
    Bytes expected = copier.bytes();
    expected.resize(32);
    EXPECT_EQ(after.slot(fresh(), Uint256{1}), load_be256(expected.data()));
}

}  // namespace
}  // namespace cairn::vm::test
