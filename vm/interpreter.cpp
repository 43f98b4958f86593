// SPDX-License-Identifier: MIT

// The fast interpreter: threaded code over a decoded stream (code_analysis.hpp).
//
// Machine state lives in registers from handler to handler: ip (current Inst), sp (stack slot of the top item, whose value is
// not in memory but in t0..t3, least significant limb first), gas and the frame. Under clang every handler is a
// function that tail-calls the next with all of these as arguments (preserve_none: no register is saved for a
// caller); elsewhere handlers are labels in one function and the state its locals. fast_handlers.hpp is
// written once for both with the macros below, the one place where macros stand for more than assertions.
//
// Stack words are moved as four 8-byte accesses each: a 16- or 32-byte load after 8-byte stores cannot be
// forwarded from the store buffer. The build turns vectorising off for this file.

#include "vm/interpreter.hpp"

#include "vm/fast_ops.hpp"
#include "vm/plain_ops.hpp"

namespace cairn::vm {
namespace {

using U64 = std::uint64_t;

[[gnu::always_inline]] inline U64 any(U64 a, U64 b, U64 c) noexcept { return a | b | c; }

/// The high word of (high ‖ low) << n, and the low word of (high ‖ low) >> n; n < 64.
[[gnu::always_inline]] inline U64 shift_left(U64 high, U64 low, U64 n) noexcept {
    return static_cast<U64>(((static_cast<Uint128>(high) << 64 | low) << n) >> 64);
}
[[gnu::always_inline]] inline U64 shift_right(U64 high, U64 low, U64 n) noexcept {
    return static_cast<U64>((static_cast<Uint128>(high) << 64 | low) >> n);
}

/// The item `bytes` below the top.
[[gnu::always_inline]] inline const Uint256* below(const Uint256* sp, U64 bytes) noexcept {
    return reinterpret_cast<const Uint256*>(reinterpret_cast<const char*>(sp) - bytes);
}

/// The entry in a slot of the frame's stream.
[[gnu::always_inline]] inline const Entry* entry_at(const Frame& f, std::uint32_t slot) noexcept {
    return reinterpret_cast<const Entry*>(f.slots + slot);
}

/// Pays for memory to reach the word at `offset`, as Frame::grow_to with the gas that the handlers hold.
[[gnu::always_inline]] inline bool grow_to_word(Frame& f, U64 offset, std::int64_t& gas) noexcept {
    if (offset > kMemoryBytesMax || offset + 32 > f.memory_limit) return false;
    const U64 old_words = f.memory_size / 32;
    const U64 words = (offset + 63) / 32;
    if (words <= old_words) return true;
    gas -= static_cast<std::int64_t>(memory_cost(words) - memory_cost(old_words));
    if (gas < 0) return false;
    f.set_memory_size(words * 32);
    return true;
}

/// Ends a frame that failed: all gas is gone.
[[gnu::noinline]] void fail_frame(Frame* f, Status status) noexcept {
    f->gas = 0;
    instr::end_frame(*f, status);
}

/// Leaves the stretch at `e` to the plain interpreter.
[[gnu::noinline]] void leave_to_plain(Frame* f, Uint256* sp, std::int64_t gas, const Entry* e) noexcept {
    f->gas = gas;
    f->sp = sp;
    f->pc = f->analysis->pc_of(e);
    f->exit = Exit::Plain;
}

/// Whether the stack is neither too low nor too high for the stretch at `e`.
[[gnu::always_inline]] inline bool fits(const Frame& f, const Uint256* sp, const Entry& e) noexcept {
    const auto height = static_cast<std::int32_t>(reinterpret_cast<const char*>(sp) -
                                                  reinterpret_cast<const char*>(f.stack));
    return static_cast<std::uint32_t>(height) - static_cast<std::uint32_t>(e.depth_min) <= e.depth_range;
}

/// Runs both halves of a plain instruction on the stack in memory.
template <std::uint8_t kOpcode>
[[gnu::always_inline]] inline Status run_plain_op(Frame& f, Uint256* top) {
    constexpr PlainOp kOp = kPlainOps[kOpcode];
    if constexpr (kOp.charges) {
        if (const Status s = kOp.charge(f, top); s != Status::Success) return s;
    }
    return kOp.run(f, top);
}

template <std::uint8_t kOpcode>
inline constexpr int kStackDelta = int{kOpcodeTraits[kOpcode].pushes} - int{kOpcodeTraits[kOpcode].pops};

}  // namespace

#if defined(__clang__) && __clang_major__ >= 19 && defined(__x86_64__)
#define CAIRN_TAIL_CALLS 1
#endif

// The top item as a number, and how to set it.
#define TOP \
    Uint256 { t0, t1, t2, t3 }
#define SET_TOP(value)              \
    do {                            \
        const Uint256 v_ = (value); \
        t0 = v_.limb[0];            \
        t1 = v_.limb[1];            \
        t2 = v_.limb[2];            \
        t3 = v_.limb[3];            \
    } while (0)
#define SET_TOP64(value) \
    do {                 \
        t0 = (value);    \
        t1 = 0;          \
        t2 = 0;          \
        t3 = 0;          \
    } while (0)
// The top item goes to memory, or comes from there.
#define SPILL()          \
    do {                 \
        sp->limb[0] = t0; \
        sp->limb[1] = t1; \
        sp->limb[2] = t2; \
        sp->limb[3] = t3; \
    } while (0)
#define RELOAD() SET_TOP(*sp)

#ifdef CAIRN_TAIL_CALLS

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CAIRN_HANDLER_CONVENTION
#endif
#endif
#ifndef CAIRN_HANDLER_CONVENTION
#define CAIRN_HANDLER_CONVENTION __attribute__((preserve_none))
#endif

#define STATE_PARAMETERS \
    [[maybe_unused]] const Inst *ip, [[maybe_unused]] Uint256 *sp, [[maybe_unused]] std::int64_t gas, \
        [[maybe_unused]] Frame *f, [[maybe_unused]] U64 t0, [[maybe_unused]] U64 t1,                  \
        [[maybe_unused]] U64 t2, [[maybe_unused]] U64 t3
#define STATE ip, sp, gas, f, t0, t1, t2, t3

namespace {

using HandlerFn = CAIRN_HANDLER_CONVENTION void (*)(STATE_PARAMETERS);

[[gnu::always_inline]] inline HandlerFn as_function(Handler h) noexcept {
    return reinterpret_cast<HandlerFn>(const_cast<void*>(h));
}

#define DECLARE_HANDLER(name) CAIRN_HANDLER_CONVENTION void op_##name(STATE_PARAMETERS);
CAIRN_FAST_OPS(DECLARE_HANDLER)
#undef DECLARE_HANDLER

#define HANDLER(name) CAIRN_HANDLER_CONVENTION void op_##name(STATE_PARAMETERS)
#define DISPATCH() [[clang::musttail]] return as_function(ip->handler)(STATE)
#define CONTINUE_AT(name) [[clang::musttail]] return op_##name(STATE)
#define LEAVE() return

#else

#define HANDLER(name) op_##name:
#define DISPATCH() goto* const_cast<void*>(ip->handler)
#define CONTINUE_AT(name) goto op_##name
#define LEAVE() return

#endif

// Goes on with the Inst `slots` further.
#define NEXT(slots)   \
    do {              \
        ip += (slots); \
        DISPATCH();   \
    } while (0)

#define FAIL(status)           \
    do {                       \
        fail_frame(f, status); \
        LEAVE();               \
    } while (0)

// Arrives at an Entry: stack height and gas of its stretch are checked once.
#define ENTER(entry_)                                                                                   \
    do {                                                                                                \
        const Entry* const e_ = (entry_);                                                               \
        if (__builtin_expect(!fits(*f, sp, *e_) || gas < e_->gas, 0)) {                                 \
            SPILL();                                                                                    \
            leave_to_plain(f, sp, gas, e_);                                                             \
            LEAVE();                                                                                    \
        }                                                                                               \
        gas -= e_->gas;                                                                                 \
        ip = e_->inst;                                                                                  \
        DISPATCH();                                                                                     \
    } while (0)

#ifdef CAIRN_TAIL_CALLS

#include "vm/fast_handlers.hpp"

Handler handler_address(HandlerFn fn) noexcept { return reinterpret_cast<Handler>(fn); }

}  // namespace

const Handler* fast_handlers() noexcept {
#define HANDLER_ADDRESS(name) handler_address(op_##name),
    static const Handler kHandlers[] = {CAIRN_FAST_OPS(HANDLER_ADDRESS)};
#undef HANDLER_ADDRESS
    return kHandlers;
}

namespace {

// The first handler of a run: it arrives at the frame's entry.
CAIRN_HANDLER_CONVENTION void start(STATE_PARAMETERS) {
    RELOAD();
    ENTER(f->resume);
}

}  // namespace

void run_fast(Frame& f) {
    f.exit = Exit::Done;
    start(nullptr, f.sp, f.gas, &f, 0, 0, 0, 0);
}

#else

namespace {

/// The interpreter's loop; with no frame it tells the handlers' addresses, which are labels inside it.
// Labels as values are GCC's; nothing else gives threaded code here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
void run_labels(Frame* f, const Handler** table) {
#define HANDLER_ADDRESS(name) &&op_##name,
    static const Handler kHandlers[] = {CAIRN_FAST_OPS(HANDLER_ADDRESS)};
#undef HANDLER_ADDRESS
    if (table != nullptr) {
        *table = kHandlers;
        return;
    }
    const Inst* ip = nullptr;
    Uint256* sp = f->sp;
    std::int64_t gas = f->gas;
    U64 t0, t1, t2, t3;
    RELOAD();
    ENTER(f->resume);

#include "vm/fast_handlers.hpp"
}
#pragma GCC diagnostic pop

}  // namespace

const Handler* fast_handlers() noexcept {
    static const Handler* const kTable = [] {
        const Handler* table = nullptr;
        run_labels(nullptr, &table);
        return table;
    }();
    return kTable;
}

void run_fast(Frame& f) {
    f.exit = Exit::Done;
    run_labels(&f, nullptr);
}

#endif

}  // namespace cairn::vm
