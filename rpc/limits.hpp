// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cairn::rpc {

/// What one client may ask of the node. Defaults are geth's where geth has them, since clients are
/// built for those.
struct Limits {
    /// Bytes of a request's body (`--rpc.http-body-limit`); also of a WebSocket or IPC message.
    std::size_t body_bytes_max = std::size_t{5} << 20;
    /// Calls in a batch (`--rpc.batch-request-limit`).
    std::size_t batch_calls_max = 1000;
    /// Bytes of the answers to a batch together (`--rpc.batch-response-max-size`).
    std::size_t batch_reply_bytes_max = std::size_t{25} << 20;
    /// Bytes of one answer; a block's struct logs run to gigabytes.
    std::size_t reply_bytes_max = std::size_t{256} << 20;
    /// Nesting of arrays and objects in a request: no parameter needs a tenth of it.
    std::size_t json_depth_max = 64;
    /// For a whole request or batch.
    std::chrono::milliseconds request_time_max{30'000};
    /// For the code that one eth_call runs (`--rpc.evmtimeout`).
    std::chrono::milliseconds evm_time_max{5'000};
    /// Gas of one eth_call, estimate or simulated block (`--rpc.gascap`); 0: no cap.
    std::uint64_t gas_cap = 50'000'000;
    /// Logs in one answer; the error names the range to ask for next.
    std::size_t logs_max = 20'000;
    /// Alternatives at each position of a log query (`--rpc.logquerylimit`).
    std::size_t log_alternatives_max = 1000;
    /// Connections open at a time, of every kind together.
    std::size_t sockets_max = 1024;
    /// A connection that says nothing for as long is closed; so is one that does not take its
    /// answer.
    std::chrono::milliseconds idle_time_max{120'000};
    /// For one request to arrive, from its first byte; half-open and drip-feeding clients end here.
    std::chrono::milliseconds read_time_max{30'000};
    /// Bytes of notifications that wait for a client that does not read; then it is cut off.
    std::size_t notify_bytes_max = std::size_t{16} << 20;
    /// Subscriptions of one connection.
    std::size_t subscriptions_max = 128;
    /// Filters of all clients together; the longest unasked goes first.
    std::size_t filters_max = 10'000;
    /// A filter that nobody asks for as long is dropped (geth: five minutes).
    std::chrono::milliseconds filter_time_max{300'000};
};

}  // namespace cairn::rpc
