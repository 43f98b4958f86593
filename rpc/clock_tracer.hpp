// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>

#include "vm/tracer.hpp"

namespace cairn::rpc {

/// Thrown out of an execution that has had its time; whoever started it catches it and drops the
/// state.
class OutOfTime final : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "execution timeout"; }
};

/// Ends an execution at a moment, and hands everything on to another tracer where there is one. An
/// exception is the one way out of a machine in mid-run. One thread.
class ClockTracer final : public vm::Tracer {
public:
    using Clock = std::chrono::steady_clock;

    /// @param inner  outlives this one; null for none
    ClockTracer(Clock::time_point deadline, vm::Tracer* inner) noexcept
        : deadline_{deadline}, inner_{inner} {}

    void on_enter(const vm::Message& message, std::uint8_t opcode) override {
        if (inner_ != nullptr) inner_->on_enter(message, opcode);
        check();
    }
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result) override {
        if (inner_ != nullptr) inner_->on_exit(message, result);
    }
    void on_step(const vm::TraceStep& step) override {
        if (inner_ != nullptr) inner_->on_step(step);
        if (++steps_ % kStepsPerCheck == 0) check();
    }
    void on_self_destruct(const Address& address, const Address& beneficiary,
                          const Uint256& balance) override {
        if (inner_ != nullptr) inner_->on_self_destruct(address, beneficiary, balance);
    }

private:
    /// Instructions between two looks at the clock: some ten microseconds.
    static constexpr std::uint64_t kStepsPerCheck = 256;

    void check() const {
        if (Clock::now() >= deadline_) throw OutOfTime{};
    }

    Clock::time_point deadline_;
    vm::Tracer* inner_;
    std::uint64_t steps_ = 0;
};

}  // namespace cairn::rpc
