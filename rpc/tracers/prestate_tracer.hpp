// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <set>

#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// Options of the prestate tracer: `diffMode`, `disableCode`, `disableStorage`, `includeEmpty`.
struct PrestateOptions {
    bool has_diff = false;  ///< what changed, before and after, instead of all that was looked at
    bool has_code = true;
    bool has_storage = true;
    bool includes_empty = false;  ///< also accounts that did not exist before
};

/// geth's prestateTracer: the accounts and slots that a transaction looked at, as they were before it; in diff mode
/// those that it changed, and what they became.
class PrestateTracer final : public TxTracer {
public:
    explicit PrestateTracer(const PrestateOptions& options) noexcept : options_{options} {}

    void begin(const TracedTx& traced) override;
    void end(const chain::TxOutcome& outcome) override;
    void write(JsonWriter& out) override;
    [[nodiscard]] std::size_t size() const noexcept override { return size_; }
    void on_enter(const vm::Message& message, std::uint8_t opcode) override;
    void on_step(const vm::TraceStep& step) override;

private:
    /// What is shown of an account; absent fields are left out.
    struct Shown {
        std::optional<Wei> balance{};
        std::optional<Bytes> code{};
        std::optional<CodeHash> code_hash{};
        std::uint64_t nonce = 0;
        std::map<Uint256, Uint256> storage{};
    };

    void look_at(const Address& address);
    void look_at(const Address& address, const Uint256& key);
    /// The account, and the one that it delegates to (EIP-7702).
    void look_at_callee(const Address& address);
    [[nodiscard]] Shown shown_before(const Address& address, const std::set<Uint256>& keys) const;
    /// Compares, leaves in `before` what is worth showing, and gives what became of it; nothing where it is as it was.
    [[nodiscard]] std::optional<Shown> find_change(const Address& address, const std::set<Uint256>& keys,
                                                   Shown& before);
    static void write_accounts(JsonWriter& out, const std::map<Address, Shown>& accounts);

    PrestateOptions options_;
    chain::State* state_ = nullptr;
    const chain::StateReader* before_ = nullptr;
    bool spares_old_ = false;  ///< EIP-6780
    std::map<Address, std::set<Uint256>> touched_;
    std::set<Address> created_;
    std::set<Address> destructed_;
    std::map<Address, Shown> pre_;
    std::map<Address, Shown> post_;
    std::size_t size_ = 0;
};

}  // namespace cairn::rpc
