// SPDX-License-Identifier: MIT
#include "vm/code_analysis.hpp"

#include <new>

#include "vm/decoder.hpp"
#include "vm/frame.hpp"

namespace cairn::vm {

// --- Stretches ------------------------------------------------------------------------------------------------

// Opens an entry at pc_, with its place in the stream right here: control does not run into this place from the
// instruction above, which either ends there or goes on through the entry.
void Decoder::open_entry() {
    DraftEntry entry;
    entry.pc = static_cast<std::uint32_t>(pc_);
    entry.slot = next_slot();
    emit_data(0);
    emit_data(0);
    entry.inst = next_slot();
    s_.open.push_back({static_cast<std::uint32_t>(s_.entries.size()), height_, gas_, height_, height_});
    s_.entries.push_back(entry);
}

void Decoder::open_jump_dest() {
    if (s_.open.empty()) {
        open_entry();
    } else if (s_.entries[s_.open.back().index].pc != pc_) {
        // The code above runs on into this place and must not meet anything there.
        DraftEntry entry;
        entry.pc = static_cast<std::uint32_t>(pc_);
        entry.inst = next_slot();
        s_.open.push_back({static_cast<std::uint32_t>(s_.entries.size()), height_, gas_, height_, height_});
        s_.entries.push_back(entry);
    }
    s_.entries[s_.open.back().index].is_jump_dest = true;
}

void Decoder::close_stretch() {
    if (s_.open.empty()) return;
    std::int32_t low = s_.open.back().low;
    std::int32_t high = s_.open.back().high;
    for (auto it = s_.open.rbegin(); it != s_.open.rend(); ++it) {
        low = std::min(low, it->low);
        high = std::max(high, it->high);
        DraftEntry& e = s_.entries[it->index];
        e.gas = gas_ - it->gas;
        const std::int64_t needed = it->height - low;
        const std::int64_t most = std::int64_t{kStackItemsMax} - (high - it->height);
        if (most < needed) {
            // No height fits: a bound that none reaches.
            e.depth_min = INT32_MAX;
            e.depth_range = 0;
        } else {
            e.depth_min = static_cast<std::int32_t>((needed - 1) * kWordBytes);
            e.depth_range = static_cast<std::uint32_t>((most - needed) * kWordBytes);
        }
    }
    s_.open.clear();
    gas_ = 0;
    height_ = 0;
}

void Decoder::skip_dead_code() {
    while (pc_ < size_ && at().shape != Shape::JumpDest) pc_ += 1u + at().immediate;
}

// Reads on as long as instructions join with nothing or with one neighbour, which most do. The position and the sums are in
// local variables here: through memory each instruction would wait for the one before it.
void Decoder::take_simple() {
    static constexpr Decoding kNothing{};
    const std::uint8_t* const code = code_;
    const Decoding* const table = table_.data();
    const Handler* const handlers = handlers_;
    Inst* out = &s_.insts[slots_];
    OpenEntry& last = s_.open.back();
    std::uint64_t pc = pc_;
    std::int64_t gas = gas_;
    std::int32_t height = height_;
    std::int32_t low = last.low;
    std::int32_t high = last.high;
    const auto account = [&](const Decoding& d) {
        gas += d.gas;
        low = std::min(low, height - int{d.pops});
        height += int{d.pushes} - int{d.pops};
        high = std::max(high, height);
    };
    while (pc < size_) {
        const Decoding& d = table[code[pc]];
        FastOp op = d.op;
        std::uint64_t value = 0;
        const Decoding& next = table[code[pc + 1 + d.immediate]];
        bool joined = false;
        if (d.shape == Shape::Push) {
            if (d.immediate > 8 || next.after_push >= AfterPush::Jump) break;
            joined = next.after_push == AfterPush::Binary;
            op = next.constant_op;
            value = read_constant(code + pc + 1, d.immediate).limb[0];
        } else if (d.shape == Shape::Dup) {
            const unsigned below = code[pc] - unsigned{OP_DUP1};
            if (below == 0 || next.shape == Shape::Dup) break;
            joined = next.fusions.dup != FastOp::undefined;
            op = joined ? next.fusions.dup : op;
            value = below * static_cast<std::uint64_t>(kWordBytes);
        } else if (d.shape != Shape::Plain) {
            break;
        }
        account(d);
        account(joined ? next : kNothing);
        pc += 1u + d.immediate + (joined ? 1u : 0u);
        out->handler = handlers[static_cast<std::size_t>(op)];
        out->value = value;
        ++out;
    }
    last.low = low;
    last.high = high;
    height_ = height;
    gas_ = gas;
    pc_ = pc;
    slots_ = static_cast<std::uint32_t>(out - s_.insts.data());
}

void Decoder::step() {
    const Decoding& d = at();
    switch (d.shape) {
        case Shape::JumpDest:
            open_jump_dest();
            take();
            return;
        case Shape::Push: decode_push(); return;
        case Shape::Dup: decode_dup(); return;
        case Shape::Plain:
            take();
            emit(d.op);
            return;
        case Shape::Joins: decode_join(); return;
        case Shape::Pc:
            emit(d.op, pc_);
            take();
            return;
        case Shape::Observes:
        case Shape::JumpI:
            take();
            s_.links.push_back({next_slot(), static_cast<std::uint32_t>(s_.entries.size()), 0});
            emit(d.op);
            close_stretch();
            open_entry();
            return;
        case Shape::Ends:
            take();
            emit(d.op);
            close_stretch();
            skip_dead_code();
            return;
    }
}

// --- The result -------------------------------------------------------------------------------------------------

/// Follows an entry whose stretch only jumps on: its gas and its bounds are those of all stretches passed, and its first
/// instruction is the last one's.
///
/// @param jumps  by position: 0, or the JUMPDEST's entry plus one
DraftEntry Decoder::pass_through(const DraftEntry& first, const std::vector<std::uint32_t>& jumps) const {
    DraftEntry sum = first;
    const DraftEntry* last = &first;
    for (int i = 0; i < kPassesMax && last->passes_to < size_; ++i) {
        const std::uint32_t known = jumps[last->passes_to];
        if (known == 0) break;
        last = &s_.entries[known - 1];
        // The stack is as high behind PUSH JUMP as before it, so the bounds are of the same height.
        const std::int64_t low = std::max(sum.depth_min, last->depth_min);
        const std::int64_t high = std::min(std::int64_t{sum.depth_min} + sum.depth_range,
                                           std::int64_t{last->depth_min} + last->depth_range);
        if (high < low) break;
        sum.depth_min = static_cast<std::int32_t>(low);
        sum.depth_range = static_cast<std::uint32_t>(high - low);
        sum.gas += last->gas;
        sum.inst = last->inst;
    }
    return sum;
}

// Leaves in `passing`, in their order, the entries that only jump on, followed.
void Decoder::follow_passes(AnalyzedCode& out) {
    s_.passing.clear();
    if (!any_passes_) return;
    // The table serves as a map from positions to entries first.
    for (std::size_t i = 0; i < s_.entries.size(); ++i)
        if (s_.entries[i].is_jump_dest) out.jump_table[s_.entries[i].pc] = static_cast<std::uint32_t>(i) + 1;
    for (const DraftEntry& e : s_.entries)
        if (e.passes_to != kNowhere) s_.passing.push_back(pass_through(e, out.jump_table));
}

std::shared_ptr<const AnalyzedCode> Decoder::finish() {
    auto out = std::make_shared<AnalyzedCode>();
    // Entries without a place in the stream come behind it, last the one that jumps to no JUMPDEST lead to: slot 0 fails,
    // for any gas and any stack.
    std::uint32_t slots = next_slot();
    for (DraftEntry& e : s_.entries) {
        if (e.slot != kNone) continue;
        e.slot = slots;
        slots += 2;
    }
    const std::uint32_t bad_jump = slots;
    slots += 2;

    out->jump_table.assign(size_, 0);
    follow_passes(*out);
    for (const DraftEntry& e : s_.entries)
        if (e.is_jump_dest) out->jump_table[e.pc] = e.slot;
    out->slot_count = slots;
    out->stream = std::make_unique_for_overwrite<std::byte[]>(slots * sizeof(Inst));
    auto* const insts = reinterpret_cast<Inst*>(out->stream.get());
    std::memcpy(static_cast<void*>(insts), s_.insts.data(), slots_ * sizeof(Inst));

    const auto destination = [&](std::uint64_t pc) {
        return out->at(out->is_jump_destination(pc) ? out->jump_table[pc] : bad_jump);
    };
    out->entry_places.reserve(s_.entries.size());
    auto passed = s_.passing.begin();
    for (const DraftEntry& e : s_.entries) {
        const DraftEntry& end = e.passes_to == kNowhere ? e : *passed++;
        new (insts + e.slot) Entry{insts + end.inst, end.gas, end.depth_min, end.depth_range,
                                   e.target == kNowhere ? nullptr : destination(e.target)};
        if (e.slot < next_slot()) out->entry_places.push_back({e.slot, e.pc});
    }
    for (const DraftEntry& e : s_.entries)
        if (e.slot >= next_slot()) out->entry_places.push_back({e.slot, e.pc});
    new (insts + bad_jump) Entry{insts, 0, -static_cast<std::int32_t>(kWordBytes), INT32_MAX, nullptr};
    for (const Link& link : s_.links)
        insts[link.slot].entry =
            link.entry == kNone ? destination(link.target) : out->at(s_.entries[link.entry].slot);
    return out;
}

std::shared_ptr<const AnalyzedCode> Decoder::run() {
    emit(FastOp::bad_jump);
    open_entry();
    while (pc_ < size_) {
        if (!s_.open.empty()) take_simple();
        if (pc_ < size_) step();
    }
    emit(FastOp::stop);
    close_stretch();
    return finish();
}

std::uint64_t AnalyzedCode::pc_of(const Entry* entry) const noexcept {
    const auto slot = static_cast<std::uint32_t>(reinterpret_cast<const Inst*>(entry) - slots());
    const auto place = std::lower_bound(entry_places.begin(), entry_places.end(), slot,
                                        [](const EntryPlace& p, std::uint32_t s) { return p.slot < s; });
    CAIRN_ASSERT(place != entry_places.end() && place->slot == slot);
    return place->pc;
}

std::shared_ptr<const AnalyzedCode> analyze(ByteView code, Revision revision) {
    static thread_local Scratch scratch;
    return Decoder{code, revision, scratch}.run();
}

}  // namespace cairn::vm
