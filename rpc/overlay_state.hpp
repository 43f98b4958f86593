// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "chain/state/state_diff.hpp"
#include "chain/state/state_reader.hpp"

namespace cairn::rpc {

/// A frozen state with some accounts replaced: for calls with overrides and for what is pending.
/// Filled first, then read.
class OverlayState final : public chain::StateReader {
public:
    /// @param base  what lies below; outlives the overlay
    explicit OverlayState(const chain::StateReader& base) noexcept : base_{&base} {}

    /// Every `after` of the diff.
    void apply(const chain::StateDiff& diff);
    void set_balance(const Address& address, const Wei& balance);
    void set_nonce(const Address& address, std::uint64_t nonce);
    void set_code(const Address& address, Bytes code);
    /// Whatever slots are below are 0 from here on.
    void clear_storage(const Address& address);
    void set_storage(const Address& address, const Uint256& key, const Uint256& value);

    /// Everything that differs from what lies below, as one diff.
    [[nodiscard]] chain::StateDiff changes() const;

    [[nodiscard]] std::optional<chain::AccountRecord> account(
        const Address& address) const override;
    [[nodiscard]] Uint256 storage(const Address& address, const Uint256& key) const override;
    [[nodiscard]] chain::SharedCode code(const CodeHash& hash) const override;
    void visit_storage(const Address& address, const chain::StorageVisitor& visitor) const override;

private:
    struct Entry {
        bool has_record = false;  ///< whether `record` stands for what is below
        std::optional<chain::AccountRecord> record{};
        bool is_storage_cleared = false;
        std::map<Uint256, Uint256> storage{};
    };

    [[nodiscard]] const Entry* find(const Address& address) const;
    /// The account's record to change; made if there is none.
    [[nodiscard]] chain::AccountRecord& record_of(const Address& address);

    const chain::StateReader* base_;
    std::unordered_map<Address, Entry> entries_;
    std::unordered_map<CodeHash, chain::SharedCode> codes_;
};

}  // namespace cairn::rpc
