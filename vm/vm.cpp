// SPDX-License-Identifier: MIT
#include "vm/vm.hpp"

#include <algorithm>
#include <vector>

#include "core/crypto/keccak.hpp"
#include "vm/analysis_cache.hpp"
#include "vm/interpreter.hpp"

namespace cairn::vm {
namespace {

constexpr std::int64_t kCodeDepositByteGas = 200;

/// Stack slots between a caller's top item and its callee's bottom: the callee's stack[-1] and a spare.
constexpr std::ptrdiff_t kStackGap = 2;
constexpr std::size_t kStackSlots = (kCallDepthMax + 1) * (kStackItemsMax + kStackGap) + kStackGap;

/// What a child hands back to the frame that called it.
struct ChildResult {
    Status status = Status::Success;
    std::int64_t gas_left = 0;
    ByteView output;
    Address created;
};

[[nodiscard]] bool is_failure(Status s) noexcept { return s != Status::Success; }

}  // namespace

struct Vm::Impl {
    explicit Impl(const Options& options)
        : warm_precompiles{options.warm_precompiles},
          cache{options.analysis_cache_bytes_max},
          use_cache{options.use_analysis_cache},
          precompiles{options.precompiles},
          stack_bytes{std::make_unique_for_overwrite<std::byte[]>(kStackSlots * sizeof(Uint256))} {}

    ExecutionResult execute(Host& host, Revision revision, const Message& message, Tracer* tracer);

    const PrecompileFinder warm_precompiles;

  private:
    /// What beginning a message leads to: a frame on top of `depth`, or at once a result.
    [[nodiscard]] bool begin(const Message& message, std::uint8_t opcode, std::int64_t refund, ChildResult& result);
    [[nodiscard]] bool begin_create(const Message& message, std::int64_t refund, ChildResult& result);
    [[nodiscard]] bool begin_call(const Message& message, std::int64_t refund, ChildResult& result);
    void run_precompile(const Precompile& precompile, const Message& message, ChildResult& result);
    void push_frame(const Message& message, std::int64_t refund, const CodeRef& code);
    [[nodiscard]] ChildResult end_frame(Frame& f);
    void finish_create(Frame& f, ChildResult& result);
    void deliver(Frame& parent, const ChildResult& result);
    void run(Frame& f);
    void trace_exit(const Message& message, const ChildResult& result, ByteView output);
    ExecutionResult finish(const ChildResult& result, std::int64_t refund);
    void reset_memory() noexcept;

    AnalysisCache cache;
    bool use_cache;
    PrecompileFinder precompiles;
    MemoryArena arena;
    /// The stacks of all frames, each above its caller's. Raw bytes: pages that no stack reaches are never touched.
    std::unique_ptr<std::byte[]> stack_bytes;
    std::vector<std::unique_ptr<Frame>> frames;  // by depth
    std::size_t live = 0;                        // frames that are running or waiting
    Machine machine;
    Tracer* tracer_ = nullptr;
    Bytes precompile_output;
};

void Vm::Impl::push_frame(const Message& message, std::int64_t refund, const CodeRef& code) {
    if (live == frames.size()) frames.push_back(std::make_unique<Frame>());
    Frame& f = *frames[live];
    const bool creates = is_create(message.kind);
    if (live == 0) {
        f.memory = arena.data();
        f.stack = reinterpret_cast<Uint256*>(stack_bytes.get()) + kStackGap;
    } else {

        const Frame& parent = *frames[live - 1];
        f.memory = parent.memory + parent.memory_size;
        f.stack = parent.sp + kStackGap;
    }
    f.memory_limit = static_cast<std::uint64_t>(arena.data() + arena.capacity() - f.memory);
    f.set_memory_size(0);
    f.sp = f.stack - 1;
    f.gas = message.gas;
    f.refund = refund;
    f.message = message;
    f.code = code.bytes;
    f.input = creates ? ByteView{} : message.input;
    f.return_data.clear();
    f.output_size = 0;
    f.pc = 0;
    f.machine = &machine;
    // Init code runs once, so its analysis is not worth a hash and a place in the cache.
    f.analysis_owner = creates || !use_cache ? analyze(code.bytes, machine.revision)
                                             : cache.get(code.hash, code.bytes, machine.revision);
    f.analysis = f.analysis_owner.get();
    f.jump_table = f.analysis->jump_table.data();
    f.slots = f.analysis->slots();
    f.resume = f.analysis->start();
    ++live;
}

void Vm::Impl::run(Frame& f) {
    if (tracer_ != nullptr) return run_plain(f, tracer_);
    run_fast(f);
    if (f.exit == Exit::Plain) run_plain(f, nullptr);
}

bool Vm::Impl::begin(const Message& message, std::uint8_t opcode, std::int64_t refund, ChildResult& result) {
    if (tracer_ != nullptr) tracer_->on_enter(message, opcode);
    const bool runs =
        is_create(message.kind) ? begin_create(message, refund, result) : begin_call(message, refund, result);
    if (!runs && tracer_ != nullptr) trace_exit(message, result, result.output);
    return runs;
}

bool Vm::Impl::begin_create(const Message& message, std::int64_t refund, ChildResult& result) {
    if (!machine.host->begin_create(message)) {
        result.status = Status::ContractCollision;
        return false;
    }
    push_frame(message, refund, CodeRef{message.input, {}});
    return true;
}

bool Vm::Impl::begin_call(const Message& message, std::int64_t refund, ChildResult& result) {
    Host& host = *machine.host;
    host.begin_call(message);
    if (const Precompile* p = precompiles(machine.revision, message.code_address)) {
        run_precompile(*p, message, result);
        host.end_frame(!is_failure(result.status));
        return false;
    }
    CodeRef code = host.code(message.code_address);
    if (machine.table->rules.delegation && is_delegation(code.bytes)) {
        // One step only; a delegate that is a precompile counts as empty code (EIP-7702).
        const Address delegate = Address::from(code.bytes.subspan(3));
        code = precompiles(machine.revision, delegate) != nullptr ? CodeRef{} : host.code(delegate);
    }
    if (code.bytes.empty()) {
        host.end_frame(true);
        result.gas_left = message.gas;
        return false;
    }
    push_frame(message, refund, code);
    return true;
}

void Vm::Impl::run_precompile(const Precompile& precompile, const Message& message, ChildResult& result) {
    const std::int64_t price = precompile.gas(message.input, machine.revision);
    if (price > message.gas) {
        result.status = Status::OutOfGas;
        return;
    }
    precompile_output.clear();
    if (!precompile.run(message.input, machine.revision, precompile_output)) {
        result.status = Status::PrecompileFailure;
        return;
    }
    result.gas_left = message.gas - price;
    result.output = precompile_output;
}

void Vm::Impl::finish_create(Frame& f, ChildResult& result) {
    const GasRules& rules = machine.table->rules;
    const ByteView code = result.output;
    const auto fail = [&result](Status status) {
        result.status = status;
        result.gas_left = 0;
    };
    result.output = {};
    if (rules.code_bytes_max != 0 && code.size() > static_cast<std::size_t>(rules.code_bytes_max))
        return fail(Status::CodeSizeExceeded);
    if (rules.reject_ef_code && !code.empty() && code[0] == 0xef) return fail(Status::InvalidCodePrefix);
    const std::int64_t deposit = kCodeDepositByteGas * static_cast<std::int64_t>(code.size());
    if (deposit > result.gas_left) {
        if (rules.create_deposit_required) return fail(Status::CodeDepositOutOfGas);
        // Frontier: the contract stays, without code.
    } else {
        result.gas_left -= deposit;
        machine.host->set_code(f.message.recipient, code);
    }
    result.created = f.message.recipient;
}

ChildResult Vm::Impl::end_frame(Frame& f) {
    ChildResult result;
    result.status = f.status;
    result.gas_left = f.gas;
    if (f.output_size != 0 && (f.status == Status::Success || f.status == Status::Revert))
        result.output = {f.memory + f.output_offset, f.output_size};
    const ByteView returned = result.output;
    if (is_create(f.message.kind) && f.status == Status::Success) finish_create(f, result);
    machine.host->end_frame(!is_failure(result.status));
    if (tracer_ != nullptr) trace_exit(f.message, result, returned);
    return result;
}

void Vm::Impl::trace_exit(const Message& message, const ChildResult& result, ByteView output) {
    ExecutionResult r;
    r.status = result.status;
    r.gas_left = result.gas_left;
    r.output = to_bytes(output);
    r.created = result.created;
    tracer_->on_exit(message, r);
}

void Vm::Impl::deliver(Frame& parent, const ChildResult& result) {
    const bool created = is_create(parent.call.kind);
    parent.gas += result.gas_left;
    // A creation gives return data only when it reverts (EIP-211).
    if (!created || result.status == Status::Revert)
        parent.return_data.assign(result.output.begin(), result.output.end());
    if (const std::size_t n = std::min<std::size_t>(parent.call_output_size, result.output.size()); n != 0)
        std::memcpy(parent.memory + parent.call_output_offset, result.output.data(), n);
    if (is_failure(result.status))
        *parent.sp = Uint256{};
    else
        *parent.sp = created ? to_word(result.created) : Uint256{1};
}

void Vm::Impl::reset_memory() noexcept {
    for (std::size_t i = 0; i < live; ++i) MemoryArena::clear(frames[i]->memory, frames[i]->memory_size);
    live = 0;
}

ExecutionResult Vm::Impl::finish(const ChildResult& result, std::int64_t refund) {
    ExecutionResult r;
    r.status = result.status;
    r.gas_left = result.gas_left;
    r.gas_refund = is_failure(result.status) ? 0 : refund;
    r.output = to_bytes(result.output);
    r.created = result.created;
    return r;
}

ExecutionResult Vm::Impl::execute(Host& host, Revision revision, const Message& message, Tracer* tracer) {
    CAIRN_ASSERT(live == 0);
    machine.host = &host;
    machine.tx = &host.tx_context();
    machine.revision = revision;
    machine.table = &revision_table(revision);
    tracer_ = tracer;
    // Whatever the host throws, memory is zero and no frame is live afterwards.
    struct Cleaner {
        Impl* impl;
        ~Cleaner() { impl->reset_memory(); }
    } cleaner{this};

    ChildResult result;
    if (!begin(message, is_create(message.kind) ? OP_CREATE : OP_CALL, 0, result)) return finish(result, 0);
    while (true) {
        Frame& f = *frames[live - 1];
        run(f);
        if (f.exit == Exit::Call) {
            result = ChildResult{};
            if (!begin(f.call, f.call_opcode, f.refund, result)) deliver(f, result);
            continue;
        }
        result = end_frame(f);
        if (live == 1) return finish(result, f.refund);
        Frame& parent = *frames[live - 2];
        if (!is_failure(result.status)) parent.refund = f.refund;
        deliver(parent, result);
        MemoryArena::clear(f.memory, f.memory_size);
        f.analysis_owner.reset();
        --live;
    }
}

Vm::Vm() : Vm{Options{}} {}
Vm::Vm(const Options& options) : impl_{std::make_unique<Impl>(options)} {}
Vm::~Vm() = default;
Vm::Vm(Vm&&) noexcept = default;
Vm& Vm::operator=(Vm&&) noexcept = default;

ExecutionResult Vm::execute(Host& host, Revision revision, const Message& message, Tracer* tracer) {
    return impl_->execute(host, revision, message, tracer);
}

PrecompileFinder Vm::warm_precompiles() const noexcept { return impl_->warm_precompiles; }

Address create_address(const Address& creator, std::uint64_t nonce) {
    // rlp([creator, nonce]): at most 1 + 21 + 9 bytes, so the list's prefix is one byte.
    std::uint8_t rlp[31];
    rlp[1] = 0x94;
    std::memcpy(rlp + 2, creator.data(), 20);
    std::size_t n = 22;
    if (nonce < 0x80) {
        rlp[n++] = nonce == 0 ? 0x80 : static_cast<std::uint8_t>(nonce);
    } else {
        std::uint8_t bytes[8];
        store_be64(bytes, nonce);
        const auto zeros = static_cast<std::size_t>(__builtin_clzll(nonce) / 8);
        rlp[n++] = static_cast<std::uint8_t>(0x80 + 8 - zeros);
        std::memcpy(rlp + n, bytes + zeros, 8 - zeros);
        n += 8 - zeros;
    }
    rlp[0] = static_cast<std::uint8_t>(0xc0 + n - 1);
    return Address::from(ByteView{keccak256({rlp, n})}.subspan(12));
}

Address create2_address(const Address& creator, const Uint256& salt, ByteView init_code) {
    std::uint8_t preimage[85];
    preimage[0] = 0xff;
    std::memcpy(preimage + 1, creator.data(), 20);
    store_be256(preimage + 21, salt);
    std::memcpy(preimage + 53, keccak256(init_code).data(), 32);
    return Address::from(ByteView{keccak256(preimage)}.subspan(12));
}

}  // namespace cairn::vm
