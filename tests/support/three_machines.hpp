// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/base/hex.hpp"
#include "tests/support/mock_host.hpp"
#include "vm/tracer.hpp"
#include "vm/vm.hpp"

namespace cairn::vm::test {

/// A tracer that looks away: with it the plain interpreter runs.
class NullTracer final : public Tracer {
  public:
    void on_enter(const Message&, std::uint8_t) override {}
    void on_exit(const Message&, const ExecutionResult&) override {}
    void on_step(const TraceStep&) override {}
    void on_self_destruct(const Address&, const Address&, const Uint256&) override {}
};

/// What an execution leaves: its result and the world behind it.
struct Outcome {
    ExecutionResult result;
    MockHost host;
};

/// The plain interpreter, which is the definition, and the fast one with and without a cache, all kept for many
/// executions as a node keeps its machine.
class ThreeMachines {
  public:
    explicit ThreeMachines(std::size_t cache_bytes_max = std::size_t{1} << 20)
        : plain_{Vm::Options{.use_analysis_cache = false}},
          cached_{Vm::Options{.analysis_cache_bytes_max = cache_bytes_max}},
          uncached_{Vm::Options{.use_analysis_cache = false}} {}

    /// Runs the message on a copy of `host` in each machine.
    struct Outcomes {
        Outcome plain;
        Outcome cached;
        Outcome uncached;
    };
    [[nodiscard]] Outcomes run(const MockHost& host, const Message& message) {
        Outcomes out{{{}, host}, {{}, host}, {{}, host}};
        const Revision revision = host.revision;
        out.plain.result = plain_.execute(out.plain.host, revision, message, &tracer_);
        out.cached.result = cached_.execute(out.cached.host, revision, message);
        out.uncached.result = uncached_.execute(out.uncached.host, revision, message);
        return out;
    }

  private:
    Vm plain_;
    Vm cached_;
    Vm uncached_;
    NullTracer tracer_;
};

/// Whether a fast failure may bear this name where the plain one bears that: gas of a whole stretch is charged before
/// its first instruction, so running out of it may come before another failure of the same stretch.
[[nodiscard]] inline bool is_same_failure(Status plain, Status fast) {
    const auto consumes_all = [](Status s) { return s != Status::Success && s != Status::Revert; };
    return plain == fast || (consumes_all(plain) && fast == Status::OutOfGas);
}

/// How two outcomes differ, in words; empty when they do not. Names of failures are is_same_failure's business.
[[nodiscard]] inline std::string difference(const Outcome& plain, const Outcome& fast) {
    const ExecutionResult &p = plain.result, &q = fast.result;
    const auto text = [](const auto& x) { return std::to_string(x); };
    if (!is_same_failure(p.status, q.status))
        return std::string{"status: "} + std::string{to_string(p.status)} + " | " + std::string{to_string(q.status)};
    if (p.gas_left != q.gas_left) return "gas left: " + text(p.gas_left) + " | " + text(q.gas_left);
    if (p.gas_refund != q.gas_refund) return "refund: " + text(p.gas_refund) + " | " + text(q.gas_refund);
    if (p.output != q.output) return "output: " + to_hex(p.output) + " | " + to_hex(q.output);
    if (p.created != q.created) return "created: " + to_hex(p.created) + " | " + to_hex(q.created);
    if (plain.host.open_frames() != 0 || fast.host.open_frames() != 0) return "frames left open";
    if (!(plain.host.world == fast.host.world)) return "the world";
    if (const auto a = plain.host.lasting_effects(), b = fast.host.lasting_effects(); a != b) {
        std::size_t i = 0;
        while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
        const auto kind = [&](const auto& list) {
            return i < list.size() ? text(static_cast<int>(list[i].kind)) : std::string{"none"};
        };
        return "effect " + text(i) + ", kind " + kind(a) + " | " + kind(b);
    }
    return {};
}

}  // namespace cairn::vm::test
