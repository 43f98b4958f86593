// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "core/base/bytes.hpp"
#include "core/types/revision.hpp"
#include "vm/message.hpp"
#include "vm/result.hpp"
#include "vm/tracer.hpp"

namespace cairn::rpc {

/// Finds geth's words for the failure of a frame, which name more than the status does: the opcode, the height of
/// the stack, what a precompile disliked. Told of the machine's calls in their order.
class FaultText {
public:
    void begin(Revision revision) noexcept { revision_ = revision; }
    void on_enter() noexcept;
    void on_step(const vm::TraceStep& step) noexcept;
    /// The words for the frame of this message that ends with this status; for Success empty.
    [[nodiscard]] std::string on_exit(const vm::Message& message, vm::Status status) const;

private:
    [[nodiscard]] std::string out_of_gas_text() const;

    Revision revision_ = kLatestRevision;
    /// The last instruction that was told, in the frame that ran it; no instruction follows the one that fails.
    bool has_step_ = false;
    std::uint8_t opcode_ = 0;
    std::int64_t gas_ = 0;
    std::size_t stack_size_ = 0;
    vm::Status fault_ = vm::Status::Success;
};

/// "invalid opcode: …" as geth names the byte: "INVALID", "opcode 0xc not defined".
[[nodiscard]] std::string invalid_opcode_text(std::uint8_t opcode);
/// The opcode's name as geth's traces have it, undefined bytes included.
[[nodiscard]] std::string trace_opcode_name(std::uint8_t opcode);
/// Words for a step that is refused for its stack: "stack underflow (1 <=> 2)", "stack limit reached 1024 (1023)".
[[nodiscard]] std::string stack_fault_text(vm::Status fault, std::uint8_t opcode, std::size_t stack_size);

}  // namespace cairn::rpc
