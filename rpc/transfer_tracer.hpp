// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "core/types/receipt.hpp"
#include "vm/tracer.hpp"

namespace cairn::rpc {

/// Gathers a transaction's logs in order, and among them one for each move of coins, in the form of
/// ERC-20's Transfer from the address 0xee…ee (eth_simulateV1, traceTransfers).
class TransferTracer final : public vm::Tracer {
public:
    void on_enter(const vm::Message& message, std::uint8_t opcode) override;
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result) override;
    void on_step(const vm::TraceStep& step) override;
    void on_self_destruct(const Address& address, const Address& beneficiary,
                          const Uint256& balance) override;

    /// After the transaction; those of failed frames are gone.
    [[nodiscard]] std::vector<Log> take_logs() { return std::move(logs_); }

private:
    void add_transfer(const Address& from, const Address& to, const Uint256& value);

    std::vector<Log> logs_;
    std::vector<std::size_t> frame_starts_;  ///< logs there were when each open frame began
};

}  // namespace cairn::rpc
