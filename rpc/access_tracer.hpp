// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>

#include "core/types/transaction.hpp"
#include "vm/tracer.hpp"

namespace cairn::rpc {

/// Gathers the accounts and slots that code touches, as an access list would name them (EIP-2930).
/// An account that is warm anyway (sender, recipient, precompiles) is named only for its slots.
class AccessTracer final : public vm::Tracer {
public:
    using Exclusions = std::set<Address>;

    /// @param initial     what is listed already
    /// @param exclusions  outlives the tracer
    AccessTracer(const AccessList& initial, const Exclusions& exclusions);

    void on_enter(const vm::Message&, std::uint8_t) override {}
    void on_exit(const vm::Message&, const vm::ExecutionResult&) override {}
    void on_step(const vm::TraceStep& step) override;
    void on_self_destruct(const Address&, const Address&, const Uint256&) override {}

    /// Ascending by address, then key.
    [[nodiscard]] AccessList list() const;

private:
    void touch(const Address& address);

    const Exclusions& exclusions_;
    std::map<Address, std::set<Hash256>> entries_;
};

}  // namespace cairn::rpc
