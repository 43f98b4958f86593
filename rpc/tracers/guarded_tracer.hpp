// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>

#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// Thrown out of an execution whose trace is of no more use; whoever started it catches it and drops the state.
class TraceStopped final : public std::exception {
public:
    enum class Cause : std::uint8_t {
        TimedOut,  ///< the deadline passed
        TooLarge,  ///< the trace holds more than may be answered
    };
    explicit TraceStopped(Cause cause) noexcept : cause_{cause} {}
    [[nodiscard]] Cause cause() const noexcept { return cause_; }
    /// geth's "execution timeout", or what the size limit says.
    [[nodiscard]] const char* what() const noexcept override {
        return cause_ == Cause::TimedOut ? "execution timeout" : "response too large";
    }

private:
    Cause cause_;
};

/// Hands everything on to a tracer and ends the execution where that takes too long or learns too much. An exception
/// is the one way out of a machine in mid-run; it passes through it as a host's failure does.
class GuardedTracer final : public vm::Tracer {
public:
    using Clock = std::chrono::steady_clock;

    GuardedTracer(TxTracer& inner, Clock::time_point deadline, std::size_t size_max) noexcept
        : inner_{inner}, deadline_{deadline}, size_max_{size_max} {}

    void on_enter(const vm::Message& message, std::uint8_t opcode) override {
        inner_.on_enter(message, opcode);
        check();
    }
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result) override {
        inner_.on_exit(message, result);
    }
    void on_step(const vm::TraceStep& step) override {
        inner_.on_step(step);
        if (++steps_ % kStepsPerCheck == 0) check();
    }
    void on_self_destruct(const Address& address, const Address& beneficiary, const Uint256& balance) override {
        inner_.on_self_destruct(address, beneficiary, balance);
    }

private:
    /// Instructions between two looks at the clock: some ten microseconds.
    static constexpr std::uint64_t kStepsPerCheck = 256;

    void check() const {
        if (inner_.size() > size_max_) throw TraceStopped{TraceStopped::Cause::TooLarge};
        if (Clock::now() >= deadline_) throw TraceStopped{TraceStopped::Cause::TimedOut};
    }

    TxTracer& inner_;
    Clock::time_point deadline_;
    std::size_t size_max_;
    std::uint64_t steps_ = 0;
};

}  // namespace cairn::rpc
