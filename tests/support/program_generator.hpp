// SPDX-License-Identifier: MIT
#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/support/bytecode.hpp"
#include "tests/support/mock_host.hpp"

namespace cairn::vm::test {

/// Where a generator's choices come from: a seeded engine, or the bytes of a fuzzer, which then steers every choice.
class Choices {
  public:
    explicit Choices(std::uint64_t seed) : random_{seed}, is_random_{true} {}
    /// The bytes are taken one after another; zeros when they are used up.
    explicit Choices(ByteView data) : data_{data}, is_random_{false} {}

    std::uint8_t byte() {
        if (is_random_) return static_cast<std::uint8_t>(random_());
        if (data_.empty()) return 0;
        const std::uint8_t b = data_[0];
        data_ = data_.subspan(1);
        return b;
    }
    /// 0 … n - 1, for n up to 2^16.
    std::uint32_t below(std::uint32_t n) {
        const std::uint32_t x = n <= 256 ? byte() : byte() << 8U | byte();
        return x % n;
    }
    bool one_in(std::uint32_t n) { return below(n) == n - 1; }
    std::uint64_t word() {
        std::uint64_t x = 0;
        for (int i = 0; i < 8; ++i) x = x << 8 | byte();
        return x;
    }
    template <class T, std::size_t N>
    const T& pick(const T (&list)[N]) {
        return list[below(N)];
    }
    [[nodiscard]] bool is_used_up() const { return !is_random_ && data_.empty(); }

  private:
    ByteView data_;
    std::mt19937_64 random_;
    bool is_random_;
};

/// Accounts of the generated worlds.
inline constexpr Address kContracts[] = {address_of(0x1000), address_of(0x1001), address_of(0x1002)};
inline constexpr Address kPlainAccount = address_of(0x2000);
inline constexpr Address kAbsentAccount = address_of(0x2001);
inline constexpr Address kDelegating = address_of(0x3000);           ///< to kContracts[1] (EIP-7702)
inline constexpr Address kDelegatingToBuiltIn = address_of(0x3001);  ///< to the identity precompile
inline constexpr Address kDelegatingTwice = address_of(0x3002);      ///< to kDelegating
inline constexpr Address kCaller = address_of(0x5000);

inline Bytes designator(const Address& to) {
    Bytes code{0xef, 0x01, 0x00};
    append(code, to);
    return code;
}

/// Writes code as compilers and attackers would: mostly sound, with a view to where decoding joins instructions, where
/// stretches begin and end, and what the bounds are.
class ProgramGenerator {
  public:
    ProgramGenerator(Choices& choices, Revision revision) : c_{choices}, revision_{revision} {}

    [[nodiscard]] Bytes make(std::uint32_t pieces) {
        const std::uint32_t first = c_.below(12);
        for (std::uint32_t i = 0; i < first; ++i) constant();
        for (std::uint32_t i = 0; i < pieces; ++i) {
            if (c_.below(pieces) < kLabels && next_label_ < kLabels) place_label();
            refill();
            piece();
        }
        while (next_label_ < kLabels) place_label();
        if (!c_.one_in(6)) dump();
        code_ += tail_;
        return code_;
    }

  private:
    static constexpr std::uint32_t kLabels = 6;

    void op(Opcode opcode) { code_ += opcode; }
    bool since(Revision r) const { return revision_ >= r; }
    static std::string name(std::uint32_t n) { return std::string(1, static_cast<char>('a' + n)); }

    /// Constants where the stack seems low: about as high as running straight through makes it.
    void refill() {
        const Bytes& code = code_.raw();
        while (seen_ < code.size()) {
            const OpcodeTraits t = kOpcodeTraits[code[seen_]];
            height_ += int{t.pushes} - int{t.pops};
            seen_ += 1U + t.immediate;
        }
        const int low = static_cast<int>(c_.below(12));
        if (c_.one_in(16)) return;
        for (; height_ < low; ++height_) {
            const std::size_t before = code_.size();
            constant();
            seen_ += code_.size() - before;
        }
    }

    void place_label() {
        // Sometimes several in a row, or behind code that never runs.
        if (c_.one_in(12)) {
            code_ += jump(name(next_label_));
            for (std::uint32_t i = 0; i < c_.below(6); ++i) op(static_cast<Opcode>(c_.byte()));
            op(OP_STOP);
            if (c_.one_in(3)) code_ += push_wide(3, Uint256{0x5b5b5b});
        }
        do code_ += label(name(next_label_++));
        while (next_label_ < kLabels && c_.one_in(4));
    }
    std::string some_label() {
        // Forward mostly: backward jumps without a counter end in out-of-gas.
        if (next_label_ < kLabels && !c_.one_in(6)) return name(next_label_ + c_.below(kLabels - next_label_));
        return name(c_.below(kLabels));
    }

    Uint256 number() {
        const Uint256 one{1};
        switch (c_.below(12)) {
            case 0: return Uint256{};
            case 1: return Uint256{c_.below(4)};
            case 2: return Uint256{c_.below(33)};
            case 3: return Uint256{c_.below(300)};
            case 4: return one << c_.below(256);
            case 5: return (one << c_.below(256)) - one;
            case 6: return -(one << c_.below(256));
            case 7: return Uint256{c_.word()};
            case 8: return Uint256{c_.word(), c_.word(), 0, 0};
            case 9: return Uint256{~0ULL} << 64 * c_.below(4);
            case 10: return Uint256{c_.word()} << c_.below(200);
            default: return Uint256{c_.word(), c_.word(), c_.word(), c_.word()};
        }
    }
    Bytecode push_number(const Uint256& x) {
        if (x.is_zero() && since(Revision::Shanghai) && c_.one_in(2)) return OP_PUSH0;
        // Leading zeros in the data change what decoders see, not what is pushed.
        if (c_.one_in(8))
            return push_wide(std::max(1U, x.byte_width()) + c_.below(33 - std::max(1U, x.byte_width())), x);
        return push(x);
    }
    void constant() { code_ += push_number(number()); }
    void small(std::uint32_t below) { code_ += push_number(Uint256{c_.below(below)}); }
    void offset() {
        switch (c_.below(10)) {
            case 0: small(600); break;
            case 1: code_ += push(Uint256{c_.below(2000)}); break;
            case 2:
                if (c_.one_in(8)) {
                    constant();
                    break;
                }
                [[fallthrough]];
            default: code_ += push_number(Uint256{32 * c_.below(12)});
        }
    }

    Opcode binary() {
        static constexpr Opcode kOld[] = {OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_SDIV, OP_MOD, OP_SMOD, OP_SIGNEXTEND,
                                          OP_LT, OP_GT, OP_SLT, OP_SGT, OP_EQ, OP_AND, OP_OR, OP_XOR, OP_BYTE};
        static constexpr Opcode kShifts[] = {OP_SHL, OP_SHR, OP_SAR};
        if (since(Revision::Constantinople) && c_.one_in(4)) return c_.pick(kShifts);
        return c_.pick(kOld);
    }
    void unary() {
        if (since(Revision::Osaka) && c_.one_in(4)) return op(OP_CLZ);
        op(c_.one_in(3) ? OP_NOT : OP_ISZERO);
    }

    void arithmetic() {
        switch (c_.below(6)) {
            case 0: constant(); break;
            case 1: constant(); constant(); break;
            case 2: code_ += dup(1 + c_.below(6)); break;
            case 3: constant(); op(OP_SWAP1); break;
            case 4: op(OP_SWAP1); break;
            default: break;
        }
        switch (c_.below(12)) {
            case 0: op(OP_ADDMOD); break;
            case 1: op(OP_MULMOD); break;
            case 2: unary(); break;
            case 3:
                small(40);
                op(OP_SWAP1);
                op(OP_EXP);
                break;
            default: op(binary());
        }
    }
    void folding() {
        const std::uint32_t n = 2 + c_.below(4);
        for (std::uint32_t i = 0; i < n; ++i) constant();
        static constexpr Opcode kFolded[] = {OP_ADD, OP_SUB, OP_MUL, OP_AND, OP_OR, OP_NOT, OP_DIV, OP_XOR};
        for (std::uint32_t i = 0; i < 1 + c_.below(n); ++i)
            op(since(Revision::Constantinople) && c_.one_in(3) ? (c_.one_in(2) ? OP_SHL : OP_SHR) : c_.pick(kFolded));
    }
    void moves() {
        for (std::uint32_t i = 0; i < 1 + c_.below(5); ++i) {
            switch (c_.below(4)) {
                case 0: code_ += dup(1 + c_.below(c_.one_in(3) ? 16 : 4)); break;
                case 1: code_ += swap(1 + c_.below(c_.one_in(3) ? 16 : 4)); break;
                case 2: code_ += c_.below(5) * Bytecode{OP_POP}; break;
                default: constant();
            }
        }
    }

    void target() {
        if (!c_.one_in(24)) {
            code_ += push_label(some_label());
            return;
        }
        switch (c_.below(3)) {
            case 0: code_ += push_label(some_label()) + push(Uint256{1}) + OP_ADD; break;
            case 1: constant(); break;
            default: code_ += push(Uint256{c_.below(2000)});
        }
    }
    void conditional_jump() {
        switch (c_.below(6)) {
            case 0:
                op(OP_DUP1);
                small(4);
                op(c_.one_in(2) ? OP_EQ : OP_GT);
                break;
            case 1:
                op(OP_DUP1);
                op(OP_ISZERO);
                break;
            case 2: constant(); op(binary()); break;
            case 3: op(binary()); break;
            case 4: op(OP_CALLDATASIZE); break;
            default: break;
        }
        code_ += c_.below(4) * Bytecode{OP_ISZERO};
        target();
        op(OP_JUMPI);
    }
    void jump_on() {
        switch (c_.below(4)) {
            case 0: target(); op(OP_JUMP); break;
            case 1:
                // A place from a table of two, by call data.
                code_ += push_label(some_label()) + push_label(some_label()) + push(Uint256{0}) + OP_CALLDATALOAD +
                         push(Uint256{1}) + OP_AND + OP_MUL + OP_ADD + OP_JUMP;
                break;
            case 2: target(); constant(); op(OP_POP); op(OP_JUMP); break;
            default: chain();
        }
    }
    // Blocks behind the code that only jump on, once in a while in a circle.
    void chain() {
        const std::uint32_t n = 1 + c_.below(7);
        const std::string stem = "chain" + std::to_string(chains_++);
        for (std::uint32_t i = 0; i < n; ++i) {
            tail_ += label(stem + std::to_string(i));
            if (c_.one_in(6)) tail_ += OP_JUMPDEST;
            if (c_.one_in(8)) tail_ += push(Uint256{7}) + OP_POP;
            const bool last = i + 1 == n;
            const std::string next = stem + std::to_string(i + 1 < n ? i + 1 : 0);
            if (!last || c_.one_in(8))
                tail_ += jump(next);
            else
                tail_ += jump(some_label());
        }
        code_ += c_.one_in(3) ? jumpi(stem + "0") : jump(stem + "0");
    }
    void counted_loop() {
        const std::string top = "loop" + std::to_string(chains_++);
        code_ += push(Uint256{1 + c_.below(6)}) + label(top);
        for (std::uint32_t i = 0; i < c_.below(4); ++i) {
            constant();
            op(binary());
        }
        code_ += push(Uint256{1}) + OP_SWAP1 + OP_SUB + OP_DUP1 + jumpi(top) + OP_POP;
    }

    void memory() {
        switch (c_.below(9)) {
            case 0: offset(); op(OP_MLOAD); break;
            case 1: offset(); op(OP_MSTORE8); break;
            case 2: offset(); constant(); code_ += dup(2); op(OP_MSTORE); break;
            case 3: offset(); op(OP_MSTORE); constant(); op(OP_ADD); break;
            case 4: {
                // The offset waits somewhere below the top.
                offset();
                const std::uint32_t above = 1 + c_.below(4);
                for (std::uint32_t i = 0; i < above; ++i) constant();
                code_ += dup(above + 1);
                op(c_.one_in(3) ? OP_MLOAD : OP_MSTORE);
                break;
            }
            case 5:
                code_ += push_number(Uint256{c_.below(100)});
                offset();
                op(OP_KECCAK256);
                break;
            case 6: op(OP_MSIZE); break;
            case 7: copy(); break;
            default: offset(); op(OP_MSTORE);
        }
    }
    void copy() {
        small(80);
        offset();
        offset();
        switch (c_.below(5)) {
            case 0: op(OP_CALLDATACOPY); break;
            case 1: op(since(Revision::Cancun) ? OP_MCOPY : OP_CODECOPY); break;
            case 2: op(since(Revision::Byzantium) && c_.one_in(3) ? OP_RETURNDATACOPY : OP_CODECOPY); break;
            case 3: code_ += push(account()) + OP_EXTCODECOPY; break;
            default:
                code_ += OP_POP + push(Uint256{}) + OP_SWAP1;
                op(since(Revision::Byzantium) ? OP_RETURNDATACOPY : OP_CODECOPY);
        }
    }
    void storage() {
        switch (c_.below(6)) {
            case 0: small(4); op(OP_SLOAD); break;
            case 1: small(4); op(OP_SSTORE); break;
            case 2:
                small(3);
                op(since(Revision::Cancun) ? OP_TLOAD : OP_SLOAD);
                break;
            case 3:
                small(3);
                op(since(Revision::Cancun) ? OP_TSTORE : OP_SSTORE);
                break;
            default: small(3); small(4); op(OP_SSTORE);
        }
    }
    void environment() {
        static constexpr Opcode kOld[] = {OP_ADDRESS, OP_ORIGIN, OP_CALLER, OP_CALLVALUE, OP_CALLDATASIZE, OP_CODESIZE,
                                          OP_GASPRICE, OP_COINBASE, OP_TIMESTAMP, OP_NUMBER, OP_PREVRANDAO,
                                          OP_GASLIMIT, OP_PC, OP_MSIZE, OP_GAS};
        static constexpr Opcode kAccount[] = {OP_BALANCE, OP_EXTCODESIZE, OP_EXTCODEHASH};
        switch (c_.below(7)) {
            case 0:
                code_ += push(account()) + kAccount[c_.below(since(Revision::Constantinople) ? 3 : 2)];
                break;
            case 1: small(40); op(OP_CALLDATALOAD); break;
            case 2: code_ += push(Uint256{c_.below(400)}) + OP_BLOCKHASH; break;
            case 3: op(since(Revision::Byzantium) ? OP_RETURNDATASIZE : OP_PC); break;
            case 4: {
                // From CHAINID to BLOBBASEFEE: so many has the revision; rarely one that it has not.
                const std::uint32_t count = since(Revision::Cancun)     ? 5
                                            : since(Revision::London)   ? 3
                                            : since(Revision::Istanbul) ? 2
                                                                        : 0;
                if (count == 0 && !c_.one_in(16)) return op(OP_PC);
                op(static_cast<Opcode>(OP_CHAINID + c_.below(count + (c_.one_in(32) ? 1 : 0) + (count == 0 ? 1 : 0))));
                break;
            }
            default: op(c_.pick(kOld));
        }
    }
    void log() {
        const std::uint32_t topics = c_.below(5);
        for (std::uint32_t i = 0; i < topics; ++i) small(5);
        small(70);
        offset();
        op(nth(OP_LOG0, topics));
    }

    Address account() {
        static constexpr Address kOthers[] = {kPlainAccount, kAbsentAccount, kDelegating, kDelegatingToBuiltIn,
                                              kDelegatingTwice, kCaller};
        switch (c_.below(6)) {
            case 0: return c_.pick(kOthers);
            case 1: return address_of(static_cast<std::uint16_t>(1 + c_.below(5)));
            default: return c_.pick(kContracts);
        }
    }
    void call_out() {
        small(100);
        offset();
        small(70);
        offset();
        Opcode opcode = OP_CALL;
        switch (c_.below(6)) {
            case 0: opcode = OP_CALLCODE; break;
            case 1: opcode = since(Revision::Homestead) ? OP_DELEGATECALL : OP_CALL; break;
            case 2: opcode = since(Revision::Byzantium) ? OP_STATICCALL : OP_CALL; break;
            default: break;
        }
        if (opcode == OP_CALL || opcode == OP_CALLCODE) small(c_.one_in(4) ? 200 : 1);
        code_ += push(account());
        switch (c_.below(4)) {
            case 0: op(OP_GAS); break;
            case 1: code_ += push(Uint256{c_.below(3000)}); break;
            case 2: code_ += push(Uint256{c_.below(60000)}); break;
            default: constant();
        }
        op(opcode);
    }
    void create() {
        static const Bytecode kInit[] = {
            deploys(Bytecode{OP_STOP}.bytes()),
            deploys(Bytes(3, OP_GAS)),
            revert_memory(Uint256{0}, Uint256{40}),
            sstore(Uint256{1}, Uint256{2}) + deploys((push(Uint256{1}) + return_top()).bytes()),
            OP_ADDRESS + Bytecode{OP_SELFDESTRUCT},
            return_memory(Uint256{0}, Uint256{0x6001}),
            deploys(Bytes{0xef, 0x00}),
        };
        const Bytes init = c_.pick(kInit);
        if (!c_.one_in(5)) code_ += store_bytes(init);
        const bool second = since(Revision::Constantinople) && c_.one_in(2);
        if (second) small(2);
        code_ += push(Uint256{c_.one_in(6) ? c_.below(100) : init.size()}) + push(Uint256{0});
        small(c_.one_in(4) ? 100 : 1);
        op(second ? OP_CREATE2 : OP_CREATE);
    }
    void deep_stack() {
        const std::uint32_t n = 1000 + c_.below(30);
        code_ += n * Bytecode{c_.one_in(2) ? OP_DUP1 : OP_CALLVALUE};
        moves();
        if (c_.one_in(2)) code_ += (n - c_.below(20)) * Bytecode{OP_POP};
    }
    void end() {
        switch (c_.below(8)) {
            case 0: op(OP_STOP); break;
            case 1: small(64); offset(); op(OP_RETURN); break;
            case 2:
            case 3:
                small(64);
                offset();
                op(since(Revision::Byzantium) ? OP_REVERT : OP_RETURN);
                break;
            case 4: code_ += push(account()) + OP_SELFDESTRUCT; break;
            case 5: op(OP_INVALID); break;
            default: dump();
        }
    }
    // Mostly jumped over, so that what follows is seen too.
    void conditional_end() {
        if (c_.one_in(4)) return end();
        const std::string over = "over" + std::to_string(chains_++);
        constant();
        code_ += jumpi(over);
        end();
        code_ += label(over);
    }
    // What is left becomes visible: the gas, the top of the stack and the memory.
    void dump() {
        op(OP_GAS);
        code_ += push(Uint256{0x300}) + OP_MSTORE;
        const std::uint32_t items = c_.below(8);
        for (std::uint32_t i = 0; i < items; ++i) code_ += push(Uint256{0x320 + 32 * i}) + OP_MSTORE;
        const bool reverts = since(Revision::Byzantium) && c_.one_in(8);
        const Uint256 size{0x320 + 32 * items};
        code_ += reverts ? revert_memory(Uint256{0}, size) : return_memory(Uint256{0}, size);
    }

    void piece() {
        switch (c_.below(32)) {
            case 0: case 1: case 2: case 3: case 4: case 5: arithmetic(); break;
            case 6: case 7: folding(); break;
            case 8: case 9: case 10: moves(); break;
            case 11: case 12: case 13: conditional_jump(); break;
            case 14: jump_on(); break;
            case 15: counted_loop(); break;
            case 16: case 17: case 18: memory(); break;
            case 19: case 20: storage(); break;
            case 21: case 22: environment(); break;
            case 23: log(); break;
            case 24: case 25: call_out(); break;
            case 26: c_.one_in(3) ? create() : call_out(); break;
            case 27: c_.one_in(8) ? deep_stack() : constant(); break;
            case 28: c_.one_in(4) ? conditional_end() : constant(); break;
            case 29: c_.one_in(16) ? op(static_cast<Opcode>(c_.byte())) : constant(); break;
            case 30: op(OP_JUMPDEST); break;
            default: constant();
        }
    }

    Choices& c_;
    Revision revision_;
    Bytecode code_;
    Bytecode tail_;
    std::uint32_t next_label_ = 0;
    std::uint32_t chains_ = 0;
    std::size_t seen_ = 0;
    int height_ = 0;
};

/// A world and a message into it. The message's views live as long as the scenario.
struct Scenario {
    MockHost host;
    Message message;
    Bytes input;
};

/// Code of any bytes, with instructions more often than not.
inline Bytes random_bytes_as_code(Choices& c, std::uint32_t size) {
    Bytes code(size);
    for (auto& b : code) b = c.one_in(3) ? static_cast<std::uint8_t>(OP_PUSH0 + c.below(8)) : c.byte();
    return code;
}

/// The world around some codes: one each for kContracts.
inline void fill_world(MockHost& host, Choices& c, const std::array<Bytes, 3>& codes) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
        MockAccount& a = host.world.accounts[kContracts[i]];
        a.nonce = c.one_in(32) ? ~std::uint64_t{0} : 1;
        a.balance = Uint256{c.below(300)};
        a.code = std::make_shared<const Bytes>(codes[i]);
        for (std::uint32_t k = 0; k < 3; ++k)
            if (c.one_in(2)) a.storage[Uint256{k}] = {Uint256{c.below(3)}, Uint256{c.below(3)}};
    }
    host.world.accounts[kPlainAccount].balance = Uint256{5};
    host.world.accounts[kCaller].balance = Uint256{1000};
    if (host.revision >= Revision::Prague) {
        host.put_code(kDelegating, designator(kContracts[1]));
        host.put_code(kDelegatingToBuiltIn, designator(address_of(4)));
        host.put_code(kDelegatingTwice, designator(kDelegating));
    }
    host.context.origin = kCaller;
    host.context.gas_price = Uint256{10};
    host.context.chain_id = Uint256{1};
    host.context.coinbase = address_of(0xc01b);
    host.context.number = 300;
    host.context.timestamp = 1'700'000'000;
    host.context.gas_limit = 30'000'000;
    host.context.prev_randao = Uint256{c.word()};
    host.context.base_fee = Uint256{7};
    host.context.blob_base_fee = Uint256{1};
}

/// A scenario of generated programs, or one time in eight of arbitrary bytes.
inline void make_scenario(Choices& c, Scenario& s) {
    s.host.revision = static_cast<Revision>(c.below(static_cast<std::uint32_t>(kRevisionCount)));
    std::array<Bytes, 3> codes;
    const bool raw = c.one_in(8);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (raw && i == 0)
            codes[i] = random_bytes_as_code(c, 1 + c.below(300));
        else
            codes[i] = ProgramGenerator{c, s.host.revision}.make((i == 0 ? 3 : 1) + c.below(i == 0 ? 24 : 8));
    }
    fill_world(s.host, c, codes);
    s.input.resize(c.below(70));
    for (auto& b : s.input) b = c.byte();
    Message& m = s.message;
    static constexpr std::uint32_t kGas[] = {1000, 8000, 30000, 60000, 0, 0, 0, 0};
    const std::uint32_t bound = c.pick(kGas);
    m.gas = bound == 0 ? std::int64_t{20} * c.below(60000) : c.below(bound);
    m.sender = kCaller;
    m.recipient = m.code_address = kContracts[0];
    m.value = Uint256{c.one_in(4) ? c.below(9) : 0};
    m.is_static = s.host.revision >= Revision::Byzantium && c.one_in(12);
    if (m.is_static) m.value = {};
    m.input = s.input;
    if (c.one_in(16)) {
        // The same code as init code.
        m.kind = CallKind::Create;
        m.is_static = false;
        m.recipient = address_of(0x7000);
        s.input = codes[0];
        m.input = s.input;
    }
}

}  // namespace cairn::vm::test
