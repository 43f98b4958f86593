// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"
#include "vm/message.hpp"

namespace cairn::vm {

/// What does not change during a transaction.
struct TxContext {
    Address origin;
    Uint256 gas_price;  ///< effective price, wei per gas
    Uint256 chain_id;
    Address coinbase;
    BlockNumber number = 0;
    UnixSeconds timestamp = 0;
    Gas gas_limit = 0;
    /// What opcode 0x44 gives: the difficulty before the merge, PREVRANDAO after it (EIP-4399).
    Uint256 prev_randao;
    Uint256 base_fee;       ///< EIP-3198
    Uint256 blob_base_fee;  ///< EIP-7516
    std::span<const Hash256> blob_hashes;  ///< EIP-4844; outlives the transaction
};

/// A storage slot's value before the transaction and before this write (EIP-2200's "original" and "current").
struct StorageBefore {
    Uint256 original;
    Uint256 current;
};

/// Code to run and the hash that its analysis is cached under.
struct CodeRef {
    ByteView bytes;  ///< stays valid until the frame that runs it has ended
    CodeHash hash;
};

/// Everything the interpreter sees of the world. One transaction at a time, one thread.
///
/// Reads never fail: what is absent is zero. An implementation that cannot read (a broken disk) throws SystemError,
/// which passes through the interpreter.
class Host {
  public:
    virtual ~Host() = default;

    [[nodiscard]] virtual const TxContext& tx_context() const noexcept = 0;
    /// Keccak-256 of the header `number`; zero beyond the last 256 blocks. The interpreter checks the window.
    [[nodiscard]] virtual Hash256 block_hash(BlockNumber number) = 0;

    /// Whether the account exists: before Spurious Dragon as such, from it on "is not empty" (EIP-161).
    [[nodiscard]] virtual bool account_exists(const Address& address) = 0;
    [[nodiscard]] virtual Uint256 balance(const Address& address) = 0;
    [[nodiscard]] virtual std::uint64_t nonce(const Address& address) = 0;
    /// Code of the account, its bytes as they stand (a delegation designator is not followed); empty with
    /// keccak256("") for an account without code.
    [[nodiscard]] virtual CodeRef code(const Address& address) = 0;
    /// EXTCODEHASH: zero for an account that does not exist or is empty (EIP-1052).
    [[nodiscard]] virtual Hash256 code_hash(const Address& address) = 0;

    [[nodiscard]] virtual Uint256 storage(const Address& address, const Uint256& key) = 0;
    /// Writes a slot and tells what was there. The interpreter has checked static mode and charges gas and refunds.
    virtual StorageBefore set_storage(const Address& address, const Uint256& key,
                                      const Uint256& value) = 0;
    /// EIP-2200's pair without writing, for gas that must be known before the write.
    [[nodiscard]] virtual StorageBefore storage_before(const Address& address, const Uint256& key) = 0;
    [[nodiscard]] virtual Uint256 transient_storage(const Address& address, const Uint256& key) = 0;
    virtual void set_transient_storage(const Address& address, const Uint256& key,
                                       const Uint256& value) = 0;

    /// Marks as accessed (EIP-2929); true when it was cold. Undone when the frame is.
    virtual bool access_account(const Address& address) = 0;
    virtual bool access_storage(const Address& address, const Uint256& key) = 0;

    virtual void emit_log(const Address& address, std::span<const Hash256> topics, ByteView data) = 0;

    /// SELFDESTRUCT by the revision's rules (EIP-6780 included): moves the balance and marks the account.
    /// @return true when the account was not marked before in this transaction (the refund of old revisions)
    virtual bool self_destruct(const Address& address, const Address& beneficiary) = 0;

    /// Adds one to the nonce (a creator's, before its creation; not undone with the created frame).
    virtual void increment_nonce(const Address& address) = 0;

    /// Starts a message call: takes a snapshot and moves the value. The interpreter has checked depth and balance.
    /// For Call the recipient is touched (EIP-161) even when the value is 0.
    virtual void begin_call(const Message& message) = 0;
    /// Starts a creation at `message.recipient`: checks for collision (EIP-684, EIP-7610); if there is none takes a
    /// snapshot, makes the account (nonce 1 from Spurious Dragon on), moves the value.
    /// @return false on collision: nothing was changed, no end_frame follows
    [[nodiscard]] virtual bool begin_create(const Message& message) = 0;
    /// Gives the account of the running creation its code.
    virtual void set_code(const Address& address, ByteView code) = 0;
    /// Ends the innermost frame that was begun: keeps its changes, or undoes all since its snapshot.
    virtual void end_frame(bool keep) = 0;
};

}  // namespace cairn::vm
