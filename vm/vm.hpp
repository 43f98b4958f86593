// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

#include "core/types/revision.hpp"
#include "vm/host.hpp"
#include "vm/message.hpp"
#include "vm/precompiles/registry.hpp"
#include "vm/result.hpp"

namespace cairn::vm {

class Tracer;

/// The bytecode machine: runs one message with everything it calls, without recursion on the native stack.
///
/// Holds pools (frames, stacks, memory) and a cache of code analyses by code hash, so one is kept per thread and used
/// for many transactions. Not shared between threads.
class Vm {
  public:
    struct Options {
        /// Upper bound of the bytes that cached analyses may take; the least recently used go first.
        std::size_t analysis_cache_bytes_max = std::size_t{256} << 20;
        /// Off: every frame analyses its code anew. For tests that compare both.
        bool use_analysis_cache = true;
        /// The precompiles there are.
        PrecompileFinder precompiles = find_precompile;
        /// Whose addresses are warm from the start (EIP-2929). Where precompiles are moved for one call, the
        /// revision's own addresses stay the warm ones, as in geth.
        PrecompileFinder warm_precompiles = find_precompile;
    };

    Vm();
    explicit Vm(const Options& options);
    ~Vm();
    Vm(Vm&&) noexcept;
    Vm& operator=(Vm&&) noexcept;

    /// Runs `message` (depth 0: the transaction's own call or creation) under the rules of `revision`.
    ///
    /// The host sees begin_call/begin_create and end_frame for this message as for every nested one. Intrinsic gas,
    /// nonces of the sender and fees are the caller's business; so is, for a creation, the address in
    /// `message.recipient`. A message to an account that delegates (EIP-7702) runs the delegate's code; the cost of
    /// that access at depth 0 is none.
    ///
    /// @param tracer  told of every step and frame; may be null. With one the plain interpreter runs, which charges
    ///                each instruction by itself; results are the same.
    [[nodiscard]] ExecutionResult execute(Host& host, Revision revision, const Message& message,
                                          Tracer* tracer = nullptr);

    /// Options::warm_precompiles, for the host that executions run on.
    [[nodiscard]] PrecompileFinder warm_precompiles() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Address of CREATE: the last 20 bytes of keccak256(rlp([creator, nonce])) (Yellow Paper, equation 88).
[[nodiscard]] Address create_address(const Address& creator, std::uint64_t nonce);

/// Address of CREATE2: the last 20 bytes of keccak256(0xff ‖ creator ‖ salt ‖ keccak256(init_code)) (EIP-1014).
[[nodiscard]] Address create2_address(const Address& creator, const Uint256& salt, ByteView init_code);

}  // namespace cairn::vm
