// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "core/types/revision.hpp"
#include "vm/tracer.hpp"

namespace cairn::node {

/// Writes one JSON line for each instruction, as EIP-3155 defines it: its required fields in its order, then `opName`,
/// `memory` if wanted, and `error` where the instruction fails or reverts.
///
/// Some instructions fail only while they run (a bad jump, INVALID), which the frame's end tells; so each line is held
/// back until the next step or exit.
class StepTrace final : public vm::Tracer {
  public:
    /// @param out  stays open; buffered by its owner
    StepTrace(std::FILE* out, Revision revision, bool with_memory)
        : out_{out}, after_merge_{revision >= Revision::Paris}, with_memory_{with_memory} {}

    void on_enter(const vm::Message&, std::uint8_t) override {}
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result) override;
    void on_step(const vm::TraceStep& step) override;
    void on_self_destruct(const Address&, const Address&, const Uint256&) override {}

  private:
    void append(std::string_view text) { line_.append(text.data(), text.data() + text.size()); }
    void append_hex(ByteView bytes);
    void append_error(std::string_view text);
    /// Ends the line that is held back, if there is one, and writes it.
    void flush();

    std::FILE* out_;
    bool after_merge_;
    bool with_memory_;
    fmt::memory_buffer line_;        ///< empty: none is held back
    std::uint32_t line_depth_ = 0;   ///< of the line held back
    bool line_has_error_ = false;
};

/// The line that ends a trace (EIP-3155, "Summary and error handling").
struct TraceSummary {
    Hash256 state_root;
    ByteView output;
    std::uint64_t gas_used = 0;
    bool pass = false;
    std::uint64_t time_ns = 0;
    std::string_view fork;
};

/// That line as JSON, with its newline.
[[nodiscard]] std::string format_summary(const TraceSummary& summary);

}  // namespace cairn::node
