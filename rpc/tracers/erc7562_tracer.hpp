// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "rpc/tracers/call_tracer.hpp"

namespace cairn::rpc {

/// geth's erc7562Tracer: the call tree with what bundlers of account abstraction judge a validation by (ERC-7562):
/// slots, opcodes, sizes of contracts that were looked at, and the preimages of hashes.
class Erc7562Tracer final : public CallTreeTracer {
public:
    explicit Erc7562Tracer(bool has_logs) noexcept : CallTreeTracer{CallTreeOptions{false, has_logs}} {}

    void begin(const TracedTx& traced) override;
    void write(JsonWriter& out) override;
    [[nodiscard]] std::size_t size() const noexcept override { return CallTreeTracer::size() + size_; }
    void on_step(const vm::TraceStep& step) override;

private:
    /// A contract that an instruction looked at, and the first that did.
    struct SeenContract {
        std::size_t size = 0;  ///< bytes of code
        std::uint8_t opcode = 0;
    };
    /// What one frame's own code did.
    struct FrameUse {
        std::map<Uint256, Uint256> reads{};  ///< slots that were read before they were written
        std::map<Uint256, std::uint64_t> writes{};
        std::map<Uint256, std::uint64_t> transient_reads{};
        std::map<Uint256, std::uint64_t> transient_writes{};
        std::map<std::uint8_t, std::uint64_t> opcodes{};
        std::map<Address, SeenContract> contracts{};
        std::vector<Address> ext_code{};
    };
    /// The instruction before, and the address on top of its stack.
    struct LastStep {
        std::uint8_t opcode = 0;
        Address top;
    };

    void note_accounts(const vm::TraceStep& step, FrameUse& use);
    void note_storage(const vm::TraceStep& step, FrameUse& use);
    void write_use(JsonWriter& out, std::size_t index) const;

    chain::State* state_ = nullptr;
    Revision revision_ = kLatestRevision;
    std::vector<FrameUse> uses_;  ///< by place in the tree
    std::set<Bytes> preimages_;
    std::optional<LastStep> last_;
    std::size_t size_ = 0;
};

}  // namespace cairn::rpc
