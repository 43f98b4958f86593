// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// geth's noopTracer: an empty object.
class NoopTracer final : public TxTracer {
public:
    void begin(const TracedTx&) override {}
    void end(const chain::TxOutcome&) override {}
    void write(JsonWriter& out) override { out.begin_object().end_object(); }
};

/// geth's 4byteTracer: how often each function selector was called with how many bytes behind it, as
/// "0x27dc297e-128": 1. Creations and precompiles do not count.
class FourByteTracer final : public TxTracer {
public:
    void begin(const TracedTx& traced) override { revision_ = traced.rules.revision; }
    void end(const chain::TxOutcome&) override {}
    void write(JsonWriter& out) override;
    [[nodiscard]] std::size_t size() const noexcept override;
    void on_enter(const vm::Message& message, std::uint8_t opcode) override;

private:
    Revision revision_ = kLatestRevision;
    std::map<std::string, std::uint64_t> counts_;
};

/// geth's muxTracer: several tracers at once, an object with a member for each.
class MuxTracer final : public TxTracer {
public:
    using Parts = std::vector<std::pair<std::string, std::unique_ptr<TxTracer>>>;
    explicit MuxTracer(Parts parts) : parts_{std::move(parts)} {}

    void begin(const TracedTx& traced) override;
    void end(const chain::TxOutcome& outcome) override;
    void write(JsonWriter& out) override;
    [[nodiscard]] std::size_t size() const noexcept override;
    void on_enter(const vm::Message& message, std::uint8_t opcode) override;
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result) override;
    void on_step(const vm::TraceStep& step) override;
    void on_self_destruct(const Address& address, const Address& beneficiary, const Uint256& balance) override;

private:
    Parts parts_;
};

}  // namespace cairn::rpc
