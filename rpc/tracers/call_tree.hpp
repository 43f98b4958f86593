// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"
#include "rpc/tracers/fault_text.hpp"
#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// A log with its place in the trace.
struct FrameLog {
    Address address;
    std::vector<Hash256> topics;
    Bytes data;
    std::size_t index = 0;     ///< in the block; what a revert takes back is counted again
    std::size_t position = 0;  ///< calls that the frame had made before
};

/// One call, creation or self-destruction of a transaction.
struct CallFrame {
    std::uint8_t opcode = 0;     ///< CALL, CALLCODE, DELEGATECALL, STATICCALL, CREATE, CREATE2 or SELFDESTRUCT
    Address from;                ///< who calls, by address: for DELEGATECALL the account whose storage it has
    std::optional<Address> to;   ///< whose code runs; none for a creation that failed
    std::optional<Wei> value;    ///< none for STATICCALL
    Gas gas = 0;
    Gas gas_used = 0;
    Bytes input;                 ///< call data or init code
    Bytes output;                ///< what came back, of a creation the code; of failures only a revert's
    std::string error;           ///< geth's words; empty where it succeeded
    bool is_reverted = false;    ///< failed with REVERT
    Address created;             ///< a creation's address, be it made or not
    std::vector<std::size_t> children;  ///< by their place in the tree, in order
    std::vector<FrameLog> logs;
    std::optional<std::size_t> parent;

    [[nodiscard]] bool is_create() const noexcept;
};

/// What a call tree leaves out.
struct CallTreeOptions {
    bool has_top_only = false;  ///< the outermost frame alone
    bool has_logs = false;
};

/// Records the frames of a transaction, the outermost first; each stands before its children.
class CallTree {
public:
    explicit CallTree(const CallTreeOptions& options) noexcept : options_{options} {}

    // What a tracer hands on.
    void begin(const TracedTx& traced);
    void end(const chain::TxOutcome& outcome);
    void on_enter(const vm::Message& message, std::uint8_t opcode);
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result);
    void on_step(const vm::TraceStep& step);
    void on_self_destruct(const Address& address, const Address& beneficiary, const Uint256& balance);

    /// Of a finished transaction: at least one, the first being the outermost.
    [[nodiscard]] const std::vector<CallFrame>& frames() const noexcept { return frames_; }
    [[nodiscard]] const CallFrame& root() const noexcept { return frames_.front(); }
    /// The place of the innermost running frame; there is one between on_enter and on_exit.
    [[nodiscard]] std::size_t current() const noexcept { return open_.back(); }
    /// Bytes of inputs, outputs and logs, and the frames themselves.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    std::size_t add(CallFrame frame);
    void add_log(const vm::TraceStep& step);
    void drop_failed_logs();

    CallTreeOptions options_;
    const chain::State* state_ = nullptr;
    std::size_t first_log_ = 0;
    Gas gas_limit_ = 0;
    FaultText faults_;
    std::vector<CallFrame> frames_;
    std::vector<std::size_t> open_;  ///< running frames, outermost first
    std::size_t depth_ = 0;          ///< running frames, those left out counted too
    std::size_t size_ = 0;
};

/// The bytes of memory that an instruction names by the stack's items, beyond the memory's end zeros. Only for
/// instructions whose gas was paid, which bounds the size.
[[nodiscard]] Bytes memory_slice(const vm::TraceStep& step, const Uint256& offset, const Uint256& size);

}  // namespace cairn::rpc
