// SPDX-License-Identifier: MIT
// Arithmetic, comparison and bit instructions against GMP, in every shape that decoding treats in its own way.
#include <functional>

#include "tests/unit/vm/vm_fixture.hpp"

namespace cairn::vm::test {
namespace {

using Model = std::function<Uint256(const Uint256&, const Uint256&)>;

Uint256 big(void (*f)(mpz_t, const mpz_t, const mpz_t), const Uint256& a, const Uint256& b, bool is_signed = false) {
    Big x{a}, y{b}, r;
    if (is_signed) {
        x.make_signed();
        y.make_signed();
    }
    f(r.z, x.z, y.z);
    return r.wrapped();
}
Uint256 truth(bool b) { return Uint256{b ? 1U : 0U}; }
int compare(const Uint256& a, const Uint256& b, bool is_signed) {
    Big x{a}, y{b};
    if (is_signed) {
        x.make_signed();
        y.make_signed();
    }
    return mpz_cmp(x.z, y.z);
}
/// x · 2^count rounded down, for a count of either sign.
Uint256 shifted(const Uint256& count, const Uint256& x, bool left, bool is_signed) {
    Big value{x}, r;
    if (is_signed) value.make_signed();
    // 600 is as good as any larger count.
    const unsigned long n = count < Uint256{600} ? count.low64() : 600;
    if (left)
        mpz_mul_2exp(r.z, value.z, n);
    else
        mpz_fdiv_q_2exp(r.z, value.z, n);
    return r.wrapped();
}
Uint256 power(const Uint256& base, const Uint256& exponent) {
    Big b{base}, e{exponent}, modulus, r;
    mpz_setbit(modulus.z, 256);
    mpz_powm(r.z, b.z, e.z, modulus.z);
    return r.wrapped();
}
// Byte by byte, as the Yellow Paper writes them.
Uint256 byte_model(const Uint256& index, const Uint256& x) {
    std::uint8_t be[32];
    store_be256(be, x);
    return index < Uint256{32} ? Uint256{be[index.low64()]} : Uint256{};
}
Uint256 sign_extend_model(const Uint256& index, const Uint256& x) {
    if (!(index < Uint256{31})) return x;
    std::uint8_t be[32];
    store_be256(be, x);
    const std::size_t sign = 31 - index.low64();
    for (std::size_t i = 0; i < sign; ++i) be[i] = (be[sign] & 0x80) != 0 ? 0xff : 0;
    return load_be256(be);
}

struct Binary {
    const char* name;
    Opcode opcode;
    Model model;  ///< of the top item and the one below it
};

const Binary kBinaries[] = {
    {"ADD", OP_ADD, [](auto& a, auto& b) { return big(mpz_add, a, b); }},
    {"MUL", OP_MUL, [](auto& a, auto& b) { return big(mpz_mul, a, b); }},
    {"SUB", OP_SUB, [](auto& a, auto& b) { return big(mpz_sub, a, b); }},
    {"DIV", OP_DIV, [](auto& a, auto& b) { return b.is_zero() ? Uint256{} : big(mpz_tdiv_q, a, b); }},
    {"SDIV", OP_SDIV, [](auto& a, auto& b) { return b.is_zero() ? Uint256{} : big(mpz_tdiv_q, a, b, true); }},
    {"MOD", OP_MOD, [](auto& a, auto& b) { return b.is_zero() ? Uint256{} : big(mpz_tdiv_r, a, b); }},
    {"SMOD", OP_SMOD, [](auto& a, auto& b) { return b.is_zero() ? Uint256{} : big(mpz_tdiv_r, a, b, true); }},
    {"EXP", OP_EXP, power},
    {"SIGNEXTEND", OP_SIGNEXTEND, sign_extend_model},
    {"LT", OP_LT, [](auto& a, auto& b) { return truth(compare(a, b, false) < 0); }},
    {"GT", OP_GT, [](auto& a, auto& b) { return truth(compare(a, b, false) > 0); }},
    {"SLT", OP_SLT, [](auto& a, auto& b) { return truth(compare(a, b, true) < 0); }},
    {"SGT", OP_SGT, [](auto& a, auto& b) { return truth(compare(a, b, true) > 0); }},
    {"EQ", OP_EQ, [](auto& a, auto& b) { return truth(compare(a, b, false) == 0); }},
    {"AND", OP_AND, [](auto& a, auto& b) { return big(mpz_and, a, b); }},
    {"OR", OP_OR, [](auto& a, auto& b) { return big(mpz_ior, a, b); }},
    {"XOR", OP_XOR, [](auto& a, auto& b) { return big(mpz_xor, a, b); }},
    {"BYTE", OP_BYTE, byte_model},
    {"SHL", OP_SHL, [](auto& a, auto& b) { return shifted(a, b, true, false); }},
    {"SHR", OP_SHR, [](auto& a, auto& b) { return shifted(a, b, false, false); }},
    {"SAR", OP_SAR, [](auto& a, auto& b) { return shifted(a, b, false, true); }},
};

/// 0, 1, and both sides of where limbs, bytes and signs end; shift counts among them.
std::vector<Uint256> edges() {
    const Uint256 one{1};
    std::vector<Uint256> out{Uint256{}, one, Uint256{2}, Uint256{7}, Uint256{8}, Uint256{15}, Uint256{30},
                             Uint256{31}, Uint256{32}, Uint256{63}, Uint256{65}, Uint256{127}, Uint256{191},
                             Uint256{192}, Uint256{255}, Uint256{256}, Uint256{257}, Uint256{0x8000}};
    for (const unsigned bit : {64U, 128U, 192U, 255U}) {
        out.push_back((one << bit) - one);
        out.push_back(one << bit);
        out.push_back((one << bit) + one);
    }
    out.push_back(Uint256::max());
    out.push_back(Uint256::max() - one);
    out.push_back(-(one << 64));
    out.push_back("0x80818283848586878889008b8c8d8e8f107172737475767778797a7b7c7d7e7f"_u256);
    return out;
}

class Arithmetic : public VmTest {
  protected:
    /// Code with the two arguments in the input's first words.
    static Bytecode a() { return push(Uint256{0}) + OP_CALLDATALOAD; }
    static Bytecode b() { return push(Uint256{32}) + OP_CALLDATALOAD; }

    /// op(a, b) with arguments that decoding knows, does not know, finds copied and finds swapped.
    static std::vector<Bytecode> shapes(Opcode op, const Uint256& x, const Uint256& y) {
        const Bytecode o{op};
        return {
            b() + a() + o,
            push(y) + push(x) + o,
            b() + push(x) + o,
            push(y) + a() + o,
            a() + push(y) + OP_SWAP1 + o,
            push(x) + b() + OP_SWAP1 + o,
            a() + b() + OP_SWAP1 + o,
            a() + b() + dup(2) + o + OP_SWAP1 + OP_POP,
            a() + push(Uint256{7}) + b() + dup(3) + o + swap(2) + OP_POP + OP_POP,
            a() + push(y) + dup(2) + o + OP_SWAP1 + OP_POP,
            push(x) + push(y) + dup(2) + o + OP_SWAP1 + OP_POP,
            push_wide(32, y) + push_wide(32, x) + o,
            b() + push_wide(32, x) + o,
            // In two's company: the constant is the second one pushed.
            push(Uint256{5}) + push(y) + push(x) + o + OP_SWAP1 + OP_POP,
        };
    }
    static Bytecode all_shapes(Opcode op, const Uint256& x, const Uint256& y) {
        Bytecode code;
        std::uint64_t at = 0;
        for (const Bytecode& shape : shapes(op, x, y)) {
            code += shape + push(Uint256{at}) + OP_MSTORE;
            at += 32;
        }
        return code + return_memory(Uint256{0}, Uint256{at});
    }
};

TEST_F(Arithmetic, two_arguments_in_every_shape_equal_the_model) {
    host.records = false;
    for (const Binary& op : kBinaries) {
        for (const Uint256& x : edges()) {
            for (const Uint256& y : edges()) {
                set_input({x, y});
                const auto words = words_of(all_shapes(op.opcode, x, y));
                const Uint256 expected = op.model(x, y);
                for (std::size_t i = 0; i < words.size(); ++i)
                    ASSERT_EQ(words[i], expected) << op.name << " of " << to_quantity(x) << " and " << to_quantity(y)
                                                  << ", shape " << i;
            }
        }
    }
}

TEST_F(Arithmetic, random_arguments_equal_the_model) {
    host.records = false;
    cairn::test::Numbers numbers{1};
    for (int i = 0; i < 400; ++i) {
        const Uint256 x = numbers.next(), y = i % 5 == 0 ? Uint256{numbers.word() % 300} : numbers.next();
        set_input({x, y});
        for (const Binary& op : kBinaries) {
            const auto words = words_of(all_shapes(op.opcode, x, y));
            for (std::size_t k = 0; k < words.size(); ++k)
                ASSERT_EQ(words[k], op.model(x, y))
                    << op.name << " of " << to_quantity(x) << " and " << to_quantity(y) << ", shape " << k;
        }
    }
}

TEST_F(Arithmetic, sums_and_products_are_reduced_in_full_width) {
    host.records = false;
    std::vector<Uint256> some;
    for (const Uint256& x : edges())
        if (some.size() % 2 == 0 || x.limb[3] != 0 || x.is_zero()) some.push_back(x);
    for (const Uint256& x : some) {
        for (const Uint256& y : some) {
            for (const Uint256& m : some) {
                set_input({x, y, m});
                const Bytecode args = push(Uint256{64}) + OP_CALLDATALOAD + b() + a();
                // Twice each: the second finds the modulus known.
                const auto words = words_of(args + OP_ADDMOD + push(Uint256{0}) + OP_MSTORE + args + OP_MULMOD +
                                            push(Uint256{32}) + OP_MSTORE + args + OP_ADDMOD + push(Uint256{64}) +
                                            OP_MSTORE + return_memory(Uint256{0}, Uint256{96}));
                Big p{x}, q{y}, n{m}, sum, product;
                if (!m.is_zero()) {
                    mpz_add(sum.z, p.z, q.z);
                    mpz_mod(sum.z, sum.z, n.z);
                    mpz_mul(product.z, p.z, q.z);
                    mpz_mod(product.z, product.z, n.z);
                }
                ASSERT_EQ(words, (std::vector<Uint256>{sum.wrapped(), product.wrapped(), sum.wrapped()}))
                    << to_quantity(x) << " " << to_quantity(y) << " " << to_quantity(m);
            }
        }
    }
}

TEST_F(Arithmetic, one_argument_equals_the_model) {
    for (const Uint256& x : edges()) {
        set_input({x, x});
        Big complement{x};
        mpz_com(complement.z, complement.z);
        for (const Bytecode& arg : {a(), push(x)}) {
            EXPECT_EQ(top_of(arg + OP_NOT), complement.wrapped());
            EXPECT_EQ(top_of(arg + OP_ISZERO), truth(x.is_zero()));
            EXPECT_EQ(top_of(arg + OP_ISZERO + OP_ISZERO), truth(!x.is_zero()));
            EXPECT_EQ(top_of(arg + 7 * Bytecode{OP_ISZERO}), truth(x.is_zero()));
            unsigned width = 0;
            for (Uint256 rest = x; !rest.is_zero(); rest = rest >> 1) ++width;
            EXPECT_EQ(top_of(arg + OP_CLZ), Uint256{256 - width});
        }
    }
}

// EIP-7939, "Test Cases".
TEST_F(Arithmetic, leading_zeros_of_the_published_cases) {
    const Uint256 top = Uint256{1} << 255;
    EXPECT_EQ(top_of(push(Uint256{0}) + OP_CLZ), Uint256{256});
    EXPECT_EQ(top_of(push(top) + OP_CLZ), Uint256{0});
    EXPECT_EQ(top_of(push(Uint256::max()) + OP_CLZ), Uint256{0});
    EXPECT_EQ(top_of(push(Uint256{1} << 254) + OP_CLZ), Uint256{1});
    EXPECT_EQ(top_of(push(top - Uint256{1}) + OP_CLZ), Uint256{1});
    EXPECT_EQ(top_of(push(Uint256{1}) + OP_CLZ), Uint256{255});
}

// EIP-145's test cases whose outcome is not a plain shift's; the rest are among the edges.
TEST_F(Arithmetic, arithmetic_shift_rounds_down_where_division_rounds_to_zero) {
    const Uint256 minus_one = Uint256::max();
    EXPECT_EQ(top_of(push(minus_one) + push(Uint256{1}) + OP_SAR), minus_one);
    EXPECT_EQ(top_of(push(Uint256{2}) + push(minus_one) + OP_SDIV), Uint256{0});
    EXPECT_EQ(top_of(push(Uint256{1} << 255) + push(Uint256{1}) + OP_SAR), Uint256{3} << 254);
    EXPECT_EQ(top_of(push((Uint256{1} << 255) - Uint256{1}) + push(Uint256{0xf8}) + OP_SAR), Uint256{0x7f});
}

// EIP-160 from Spurious Dragon on: 50 for each byte of the exponent, 10 before.
TEST_F(Arithmetic, power_costs_by_the_bytes_of_its_exponent) {
    for (const Revision r : all_revisions()) {
        use(r);
        const std::int64_t byte = r >= Revision::Spurious ? 50 : 10;
        for (unsigned bytes = 0; bytes <= 32; ++bytes) {
            const Uint256 low = bytes == 0 ? Uint256{} : Uint256{1} << 8 * (bytes - 1);
            const Uint256 high = bytes == 32 ? Uint256::max() : (Uint256{1} << 8 * bytes) - Uint256{1};
            for (const Uint256& e : {low, high})
                EXPECT_EQ(cost(push(e) + push(Uint256{3}) + OP_EXP), 3 + 3 + 10 + byte * bytes);
        }
        expect_cost(push(Uint256{256}) + push(Uint256{3}) + OP_EXP, 16 + 2 * byte);
    }
}

}  // namespace
}  // namespace cairn::vm::test
