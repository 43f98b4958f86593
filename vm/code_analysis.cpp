// SPDX-License-Identifier: MIT
#include "vm/code_analysis.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "vm/fast_ops.hpp"
#include "vm/frame.hpp"

namespace cairn::vm {
namespace {

/// What the decoder does with an opcode.
enum class Shape : std::uint8_t {
    Plain,     ///< one Inst, execution goes on
    Push,      ///< immediate data; may fuse with what follows
    JumpDest,  ///< a place to arrive at, no Inst
    Pc,        ///< a constant
    Observes,  ///< sees the gas that is left: the stretch ends behind it
    JumpI,     ///< the stretch ends, execution may go on
    Ends,      ///< execution does not go on
};

struct Decoding {
    Handler handler = nullptr;
    std::int16_t gas = 0;
    std::uint8_t pops = 0;
    std::uint8_t pushes = 0;
    Shape shape = Shape::Ends;
    std::uint8_t immediate = 0;
};

using DecodeTable = std::array<Decoding, 256>;

struct Kind {
    FastOp op;
    Shape shape;
};

/// The handler and shape of every opcode that is not PUSH1–PUSH32, DUP or SWAP.
Kind kind_of(std::uint8_t opcode) {
    switch (opcode) {
        case OP_STOP: return {FastOp::stop, Shape::Ends};
        case OP_ADD: return {FastOp::add, Shape::Plain};
        case OP_MUL: return {FastOp::mul, Shape::Plain};
        case OP_SUB: return {FastOp::sub, Shape::Plain};
        case OP_DIV: return {FastOp::div, Shape::Plain};
        case OP_SDIV: return {FastOp::sdiv, Shape::Plain};
        case OP_MOD: return {FastOp::mod, Shape::Plain};
        case OP_SMOD: return {FastOp::smod, Shape::Plain};
        case OP_ADDMOD: return {FastOp::addmod, Shape::Plain};
        case OP_MULMOD: return {FastOp::mulmod, Shape::Plain};
        case OP_EXP: return {FastOp::exp, Shape::Plain};
        case OP_SIGNEXTEND: return {FastOp::signextend, Shape::Plain};
        case OP_LT: return {FastOp::lt, Shape::Plain};
        case OP_GT: return {FastOp::gt, Shape::Plain};
        case OP_SLT: return {FastOp::slt, Shape::Plain};
        case OP_SGT: return {FastOp::sgt, Shape::Plain};
        case OP_EQ: return {FastOp::eq, Shape::Plain};
        case OP_ISZERO: return {FastOp::iszero, Shape::Plain};
        case OP_AND: return {FastOp::and_, Shape::Plain};
        case OP_OR: return {FastOp::or_, Shape::Plain};
        case OP_XOR: return {FastOp::xor_, Shape::Plain};
        case OP_NOT: return {FastOp::not_, Shape::Plain};
        case OP_BYTE: return {FastOp::byte, Shape::Plain};
        case OP_SHL: return {FastOp::shl, Shape::Plain};
        case OP_SHR: return {FastOp::shr, Shape::Plain};
        case OP_SAR: return {FastOp::sar, Shape::Plain};
        case OP_CLZ: return {FastOp::clz, Shape::Plain};
        case OP_KECCAK256: return {FastOp::keccak256, Shape::Plain};
        case OP_ADDRESS: return {FastOp::address, Shape::Plain};
        case OP_BALANCE: return {FastOp::balance, Shape::Plain};
        case OP_ORIGIN: return {FastOp::origin, Shape::Plain};
        case OP_CALLER: return {FastOp::caller, Shape::Plain};
        case OP_CALLVALUE: return {FastOp::callvalue, Shape::Plain};
        case OP_CALLDATALOAD: return {FastOp::calldataload, Shape::Plain};
        case OP_CALLDATASIZE: return {FastOp::calldatasize, Shape::Plain};
        case OP_CALLDATACOPY: return {FastOp::calldatacopy, Shape::Plain};
        case OP_CODESIZE: return {FastOp::codesize, Shape::Plain};
        case OP_CODECOPY: return {FastOp::codecopy, Shape::Plain};
        case OP_GASPRICE: return {FastOp::gasprice, Shape::Plain};
        case OP_EXTCODESIZE: return {FastOp::extcodesize, Shape::Plain};
        case OP_EXTCODECOPY: return {FastOp::extcodecopy, Shape::Plain};
        case OP_RETURNDATASIZE: return {FastOp::returndatasize, Shape::Plain};
        case OP_RETURNDATACOPY: return {FastOp::returndatacopy, Shape::Plain};
        case OP_EXTCODEHASH: return {FastOp::extcodehash, Shape::Plain};
        case OP_BLOCKHASH: return {FastOp::blockhash, Shape::Plain};
        case OP_COINBASE: return {FastOp::coinbase, Shape::Plain};
        case OP_TIMESTAMP: return {FastOp::timestamp, Shape::Plain};
        case OP_NUMBER: return {FastOp::number, Shape::Plain};
        case OP_PREVRANDAO: return {FastOp::prevrandao, Shape::Plain};
        case OP_GASLIMIT: return {FastOp::gaslimit, Shape::Plain};
        case OP_CHAINID: return {FastOp::chainid, Shape::Plain};
        case OP_SELFBALANCE: return {FastOp::selfbalance, Shape::Plain};
        case OP_BASEFEE: return {FastOp::basefee, Shape::Plain};
        case OP_BLOBHASH: return {FastOp::blobhash, Shape::Plain};
        case OP_BLOBBASEFEE: return {FastOp::blobbasefee, Shape::Plain};
        case OP_POP: return {FastOp::pop, Shape::Plain};
        case OP_MLOAD: return {FastOp::mload, Shape::Plain};
        case OP_MSTORE: return {FastOp::mstore, Shape::Plain};
        case OP_MSTORE8: return {FastOp::mstore8, Shape::Plain};
        case OP_SLOAD: return {FastOp::sload, Shape::Plain};
        case OP_SSTORE: return {FastOp::sstore, Shape::Observes};
        case OP_JUMP: return {FastOp::jump, Shape::Ends};
        case OP_JUMPI: return {FastOp::jumpi, Shape::JumpI};
        case OP_PC: return {FastOp::push, Shape::Pc};
        case OP_MSIZE: return {FastOp::msize, Shape::Plain};
        case OP_GAS: return {FastOp::gas, Shape::Observes};
        case OP_JUMPDEST: return {FastOp::stop, Shape::JumpDest};
        case OP_TLOAD: return {FastOp::tload, Shape::Plain};
        case OP_TSTORE: return {FastOp::tstore, Shape::Plain};
        case OP_MCOPY: return {FastOp::mcopy, Shape::Plain};
        case OP_PUSH0: return {FastOp::push, Shape::Push};
        case OP_LOG0: return {FastOp::log0, Shape::Plain};
        case OP_LOG0 + 1: return {FastOp::log1, Shape::Plain};
        case OP_LOG0 + 2: return {FastOp::log2, Shape::Plain};
        case OP_LOG0 + 3: return {FastOp::log3, Shape::Plain};
        case OP_LOG4: return {FastOp::log4, Shape::Plain};
        case OP_CREATE: return {FastOp::create, Shape::Observes};
        case OP_CALL: return {FastOp::call, Shape::Observes};
        case OP_CALLCODE: return {FastOp::callcode, Shape::Observes};
        case OP_RETURN: return {FastOp::return_, Shape::Ends};
        case OP_DELEGATECALL: return {FastOp::delegatecall, Shape::Observes};
        case OP_CREATE2: return {FastOp::create2, Shape::Observes};
        case OP_STATICCALL: return {FastOp::staticcall, Shape::Observes};
        case OP_REVERT: return {FastOp::revert, Shape::Ends};
        case OP_INVALID: return {FastOp::invalid, Shape::Ends};
        case OP_SELFDESTRUCT: return {FastOp::selfdestruct, Shape::Ends};
        default: return {FastOp::undefined, Shape::Ends};
    }
}

Kind any_kind_of(std::uint8_t opcode) {
    const auto nth = [](FastOp first, int n) {
        return static_cast<FastOp>(static_cast<int>(first) + n);
    };
    if (opcode > OP_PUSH0 && opcode <= OP_PUSH32)
        return {opcode <= OP_PUSH8 ? FastOp::push : FastOp::pushw, Shape::Push};
    if (opcode >= OP_DUP1 && opcode <= OP_DUP16) return {nth(FastOp::dup1, opcode - OP_DUP1), Shape::Plain};
    if (opcode >= OP_SWAP1 && opcode <= OP_SWAP16)
        return {nth(FastOp::swap1, opcode - OP_SWAP1), Shape::Plain};
    return kind_of(opcode);
}

DecodeTable make_decode_table(Revision revision) {
    DecodeTable table;
    const RevisionTable& rules = revision_table(revision);
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto opcode = static_cast<std::uint8_t>(i);
        Decoding& d = table[i];
        d.immediate = kOpcodeTraits[i].immediate;
        if (rules.gas[i] == kUndefined) {
            d = {fast_handler(FastOp::undefined), 0, 0, 0, Shape::Ends, 0};
            continue;
        }
        const Kind kind = any_kind_of(opcode);
        d.handler = fast_handler(kind.op);
        d.shape = kind.shape;
        d.gas = rules.gas[i];
        d.pops = kOpcodeTraits[i].pops;
        d.pushes = kOpcodeTraits[i].pushes;
    }
    return table;
}

const DecodeTable& decode_table(Revision revision) {
    static const auto kTables = [] {
        std::array<DecodeTable, kRevisionCount> tables;
        for (std::size_t i = 0; i < kRevisionCount; ++i)
            tables[i] = make_decode_table(static_cast<Revision>(i));
        return tables;
    }();
    return kTables[static_cast<std::size_t>(revision)];
}

/// An Entry whose stretch is still being read.
struct OpenEntry {
    std::uint32_t index;
    std::int64_t gas;    ///< running total at the entry
    std::int32_t height; ///< running height at the entry
    std::int32_t low;    ///< least height reached, before pushes, until the next open entry
    std::int32_t high;   ///< greatest height until the next open entry
};

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// A jump whose target is known by position only: of an Inst (push_jump), or of an Entry (`taken`); the other is kNone.
struct Fixup {
    std::uint32_t inst;
    std::uint32_t entry;
    std::uint64_t target;
};
/// An Inst whose operand is an Entry.
struct Link {
    std::uint32_t inst;
    std::uint32_t entry;
};

class Decoder {
  public:
    Decoder(ByteView code, Revision revision)
        : code_{code}, table_{decode_table(revision)}, out_{std::make_shared<AnalyzedCode>()} {}

    std::shared_ptr<const AnalyzedCode> run();

  private:
    void open_entry(std::uint64_t pc);
    void close_stretch();
    void account(const Decoding& d) {
        gas_ += d.gas;
        OpenEntry& last = open_.back();
        last.low = std::min(last.low, height_ - d.pops);
        height_ += int{d.pushes} - int{d.pops};
        last.high = std::max(last.high, height_);
    }
    void emit(Handler handler, std::uint64_t value = 0) {
        Inst inst;
        inst.handler = handler;
        inst.value = value;
        insts_.push_back(inst);
    }
    void decode_push(const Decoding& d);
    void decode_push_jump(std::uint64_t target, const Decoding& jump);
    void skip_dead_code();
    void resolve();

    /// The number behind a PUSH at `pc`, zeros where the code has ended.
    [[nodiscard]] Uint256 immediate(std::uint64_t pc, unsigned count) const {
        std::uint8_t bytes[32] = {};
        const std::uint64_t have = std::min<std::uint64_t>(count, code_.size() - std::min(pc + 1, code_.size()));
        if (have != 0) std::memcpy(bytes + 32 - count, code_.data() + pc + 1, have);
        return load_be256(bytes);
    }

    ByteView code_;
    const DecodeTable& table_;
    std::shared_ptr<AnalyzedCode> out_;
    // Scratch that keeps its capacity between runs of one thread.
    static thread_local std::vector<Inst> insts_;
    static thread_local std::vector<Entry> entries_;
    static thread_local std::vector<std::uint32_t> entry_insts_;
    static thread_local std::vector<OpenEntry> open_;
    static thread_local std::vector<Fixup> fixups_;
    static thread_local std::vector<Link> links_;
    std::int64_t gas_ = 0;
    std::int32_t height_ = 0;
    std::uint64_t pc_ = 0;
    /// Insts whose operand is the entry that opens right behind them.
    std::uint32_t waiting_ = kNone;
};

thread_local std::vector<Inst> Decoder::insts_;
thread_local std::vector<Entry> Decoder::entries_;
thread_local std::vector<std::uint32_t> Decoder::entry_insts_;
thread_local std::vector<OpenEntry> Decoder::open_;
thread_local std::vector<Fixup> Decoder::fixups_;
thread_local std::vector<Link> Decoder::links_;

void Decoder::open_entry(std::uint64_t pc) {
    const auto index = static_cast<std::uint32_t>(entries_.size());
    entries_.emplace_back().pc = pc;
    entry_insts_.push_back(static_cast<std::uint32_t>(insts_.size()));
    open_.push_back({index, gas_, height_, height_, height_});
    if (waiting_ != kNone) {
        links_.push_back({waiting_, index});
        waiting_ = kNone;
    }
}

void Decoder::close_stretch() {
    if (open_.empty()) return;
    std::int32_t low = open_.back().low;
    std::int32_t high = open_.back().high;
    for (auto it = open_.rbegin(); it != open_.rend(); ++it) {
        low = std::min(low, it->low);
        high = std::max(high, it->high);
        Entry& e = entries_[it->index];
        e.gas = gas_ - it->gas;
        const std::int64_t needed = it->height - low;
        const std::int64_t most = std::int64_t{kStackItemsMax} - (high - it->height);
        // Heights as the Entry counts them: top minus bottom item, one item less than the depth. A stretch that fits no
        // height gets a range that none reaches.
        e.depth_min = static_cast<std::uint64_t>((needed - 1) * std::int64_t{sizeof(Uint256)});
        e.depth_range = static_cast<std::uint64_t>((most - needed) * std::int64_t{sizeof(Uint256)});
        if (most < needed) {
            e.depth_min = std::uint64_t{1} << 62;
            e.depth_range = 0;
        }
    }
    open_.clear();
    gas_ = 0;
    height_ = 0;
}

void Decoder::decode_push_jump(std::uint64_t target, const Decoding& jump) {
    const auto at = static_cast<std::uint32_t>(insts_.size());
    account(jump);
    if (jump.shape == Shape::Ends) {
        emit(fast_handler(FastOp::push_jump));
        fixups_.push_back({at, kNone, target});
        close_stretch();
        skip_dead_code();
        return;
    }
    emit(fast_handler(FastOp::push_jumpi));
    close_stretch();
    waiting_ = at;
    fixups_.push_back({kNone, static_cast<std::uint32_t>(entries_.size()), target});
    open_entry(pc_);
}

void Decoder::decode_push(const Decoding& d) {
    const Uint256 value = immediate(pc_, d.immediate);
    account(d);
    pc_ += 1 + d.immediate;
    if (pc_ < code_.size() && (code_[pc_] == OP_JUMP || code_[pc_] == OP_JUMPI) && value.fits_u64()) {
        const Decoding& jump = table_[code_[pc_++]];
        decode_push_jump(value.low64(), jump);
        return;
    }
    emit(d.handler, value.limb[0]);
    if (d.immediate > 8) {
        emit(reinterpret_cast<Handler>(value.limb[1]), value.limb[2]);
        emit(reinterpret_cast<Handler>(value.limb[3]));
    }
}

void Decoder::skip_dead_code() {
    while (pc_ < code_.size() && table_[code_[pc_]].shape != Shape::JumpDest)
        pc_ += 1 + table_[code_[pc_]].immediate;
}

// Turns positions into pointers, once nothing moves any more.
void Decoder::resolve() {
    // Where jumps to places that are no JUMPDEST go: a handler that fails, for any gas and any stack.
    const auto bad_jump = static_cast<std::uint32_t>(entries_.size());
    Entry& bad = entries_.emplace_back();
    bad.depth_min = static_cast<std::uint64_t>(-static_cast<std::int64_t>(sizeof(Uint256)));
    bad.depth_range = std::uint64_t{1} << 62;
    entry_insts_.push_back(static_cast<std::uint32_t>(insts_.size()));
    emit(fast_handler(FastOp::bad_jump));

    out_->insts.assign(insts_.begin(), insts_.end());
    out_->entries.assign(entries_.begin(), entries_.end());
    for (std::size_t i = 0; i < entry_insts_.size(); ++i)
        out_->entries[i].inst = &out_->insts[entry_insts_[i]];
    for (const Link& link : links_) out_->insts[link.inst].entry = &out_->entries[link.entry];
    for (const Fixup& fixup : fixups_) {
        const std::uint32_t known = fixup.target < code_.size() ? out_->jump_table[fixup.target] : 0;
        const Entry* const target = &out_->entries[known != 0 ? known - 1 : bad_jump];
        if (fixup.inst != kNone)
            out_->insts[fixup.inst].entry = target;
        else
            out_->entries[fixup.entry].taken = target;
    }
}

std::shared_ptr<const AnalyzedCode> Decoder::run() {
    insts_.clear();
    entries_.clear();
    entry_insts_.clear();
    open_.clear();
    fixups_.clear();
    links_.clear();
    insts_.reserve(code_.size() + 4);
    out_->jump_table.assign(code_.size(), 0);
    open_entry(0);
    while (pc_ < code_.size()) {
        const Decoding& d = table_[code_[pc_]];
        switch (d.shape) {
            case Shape::JumpDest:
                // Code that cannot be fallen into has no open stretch here.
                if (open_.empty() || entries_[open_.back().index].pc != pc_ || open_.back().gas != gas_)
                    open_entry(pc_);
                out_->jump_table[pc_] = open_.back().index + 1;
                account(d);
                ++pc_;
                break;
            case Shape::Push: decode_push(d); break;
            case Shape::Pc:
                account(d);
                emit(d.handler, pc_++);
                break;
            case Shape::Plain:
                account(d);
                emit(d.handler);
                ++pc_;
                break;
            case Shape::Observes:
            case Shape::JumpI:
                account(d);
                waiting_ = static_cast<std::uint32_t>(insts_.size());
                emit(d.handler);
                close_stretch();
                open_entry(++pc_);
                break;
            case Shape::Ends:
                account(d);
                emit(d.handler);
                close_stretch();
                pc_ += 1 + d.immediate;
                skip_dead_code();
                break;
        }
    }
    emit(fast_handler(FastOp::stop));
    close_stretch();
    resolve();
    return out_;
}

}  // namespace

std::shared_ptr<const AnalyzedCode> analyze(ByteView code, Revision revision) {
    return Decoder{code, revision}.run();
}

}  // namespace cairn::vm
