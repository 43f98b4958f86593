// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"
#include "vm/opcodes.hpp"

namespace cairn::vm::test {

/// Code put together with `+`: `push(2) + push(3) + OP_ADD + label("end") + …`. Labels are JUMPDESTs; jumps to them are
/// resolved when the code is read as bytes, and may stand before or behind them.
class Bytecode {
  public:
    Bytecode() = default;
    Bytecode(Opcode opcode) : bytes_{opcode} {}  // NOLINT: an instruction is code
    explicit Bytecode(Bytes bytes) : bytes_{std::move(bytes)} {}

    Bytecode& operator+=(const Bytecode& tail) {
        for (const auto& [at, name] : tail.labels_) labels_.emplace_back(bytes_.size() + at, name);
        for (const auto& [at, name] : tail.uses_) uses_.emplace_back(bytes_.size() + at, name);
        append(bytes_, tail.bytes_);
        return *this;
    }
    friend Bytecode operator+(Bytecode head, const Bytecode& tail) { return head += tail; }
    /// The code `times` times over.
    friend Bytecode operator*(std::size_t times, const Bytecode& code) {
        Bytecode out;
        while (times-- > 0) out += code;
        return out;
    }

    /// The bytes, with every jump to a label filled in.
    operator Bytes() const {  // NOLINT: this is what code is for
        Bytes out = bytes_;
        for (const auto& [at, name] : uses_) {
            const std::size_t pc = place(name);
            CAIRN_ASSERT(pc <= 0xffff);
            out[at] = static_cast<std::uint8_t>(pc >> 8);
            out[at + 1] = static_cast<std::uint8_t>(pc & 0xff);
        }
        return out;
    }
    [[nodiscard]] Bytes bytes() const { return *this; }
    /// The bytes with zeros where jumps to labels go.
    [[nodiscard]] const Bytes& raw() const { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    /// Position of a label.
    [[nodiscard]] std::size_t place(const std::string& name) const {
        for (const auto& [at, label] : labels_)
            if (label == name) return at;
        CAIRN_ASSERT(!"a jump to a label that is not there");
        return 0;
    }

    friend Bytecode label(const std::string& name);
    friend Bytecode push_label(const std::string& name);

  private:
    Bytes bytes_;
    std::vector<std::pair<std::size_t, std::string>> labels_;
    std::vector<std::pair<std::size_t, std::string>> uses_;  // of two bytes of PUSH2 data each
};

/// PUSHn with exactly `width` bytes of data, 1 to 32.
inline Bytecode push_wide(unsigned width, const Uint256& value) {
    std::uint8_t be[32];
    store_be256(be, value);
    Bytes b{static_cast<std::uint8_t>(OP_PUSH0 + width)};
    append(b, ByteView{be, 32}.last(width));
    return Bytecode{std::move(b)};
}
/// The shortest PUSHn of a value; PUSH1 for 0, which every revision has.
inline Bytecode push(const Uint256& value) {
    const unsigned width = value.byte_width();
    return push_wide(width == 0 ? 1 : width, value);
}
inline Bytecode push(const Address& address) { return push_wide(20, from_be(address.view())); }

inline Opcode nth(Opcode first, unsigned n) { return static_cast<Opcode>(first + n); }
inline Bytecode dup(unsigned n) { return nth(OP_DUP1, n - 1); }
inline Bytecode swap(unsigned n) { return nth(OP_SWAP1, n - 1); }

/// A JUMPDEST that jumps may name.
inline Bytecode label(const std::string& name) {
    Bytecode b{OP_JUMPDEST};
    b.labels_.emplace_back(0, name);
    return b;
}
/// PUSH2 of a label's position.
inline Bytecode push_label(const std::string& name) {
    Bytecode b{Bytes{OP_PUSH2, 0, 0}};
    b.uses_.emplace_back(1, name);
    return b;
}
inline Bytecode jump(const std::string& name) { return push_label(name) + OP_JUMP; }
inline Bytecode jumpi(const std::string& name) { return push_label(name) + OP_JUMPI; }

inline Bytecode mstore(const Uint256& offset, const Bytecode& value) { return value + push(offset) + OP_MSTORE; }
inline Bytecode mstore(const Uint256& offset, const Uint256& value) { return mstore(offset, push(value)); }
inline Bytecode sstore(const Uint256& key, const Bytecode& value) { return value + push(key) + OP_SSTORE; }
inline Bytecode sstore(const Uint256& key, const Uint256& value) { return sstore(key, push(value)); }
inline Bytecode return_memory(const Uint256& offset, const Uint256& size) {
    return push(size) + push(offset) + OP_RETURN;
}
inline Bytecode revert_memory(const Uint256& offset, const Uint256& size) {
    return push(size) + push(offset) + OP_REVERT;
}
/// Ends the frame with the top item as 32 bytes of output.
inline Bytecode return_top() { return push(Uint256{0}) + OP_MSTORE + return_memory(Uint256{0}, Uint256{32}); }

/// What a call takes; `value` only where the instruction has it.
struct CallArgs {
    Uint256 gas{100'000};
    Uint256 to;
    Uint256 value{};
    Uint256 in_offset{};
    Uint256 in_size{};
    Uint256 out_offset{};
    Uint256 out_size{};
};
inline Bytecode call(Opcode opcode, const CallArgs& a) {
    Bytecode b = push(a.out_size) + push(a.out_offset) + push(a.in_size) + push(a.in_offset);
    if (opcode == OP_CALL || opcode == OP_CALLCODE) b += push(a.value);
    return b + push_wide(20, a.to) + push(a.gas) + opcode;
}
inline Uint256 word(const Address& address) { return from_be(address.view()); }

/// Code that leaves `bytes` in memory from 0 on.
inline Bytecode store_bytes(ByteView bytes) {
    Bytecode out;
    for (std::size_t i = 0; i < bytes.size(); i += 32) {
        std::uint8_t chunk[32] = {};
        const std::size_t n = std::min<std::size_t>(32, bytes.size() - i);
        std::copy_n(bytes.data() + i, n, chunk);
        out += mstore(Uint256{i}, load_be256(chunk));
    }
    return out;
}
/// Init code that deploys `code`.
inline Bytecode deploys(ByteView code) { return store_bytes(code) + return_memory(Uint256{0}, Uint256{code.size()}); }

}  // namespace cairn::vm::test
