// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"

namespace cairn::rpc {

// Error codes: JSON-RPC 2.0 section 5.1, EIP-1474, and those that geth gives and clients match on.
inline constexpr int kParseError = -32700;        ///< the text is no JSON
inline constexpr int kInvalidRequest = -32600;    ///< JSON, but no request
inline constexpr int kMethodNotFound = -32601;    ///< no such method, or not on this door
inline constexpr int kInvalidParams = -32602;     ///< parameters of the wrong number, type or value
inline constexpr int kInternalError = -32603;     ///< the node's own failure
inline constexpr int kServerError = -32000;       ///< the request failed; the message says why
inline constexpr int kTimedOut = -32002;          ///< it took longer than a request may
inline constexpr int kResponseTooLarge = -32003;  ///< the answer passed its limit
inline constexpr int kLimitExceeded = -32005;     ///< more results than may be asked for (EIP-1474)
inline constexpr int kExecutionReverted = 3;      ///< REVERT; `data` has its bytes
inline constexpr int kPrunedHistory = 4444;       ///< known once, not kept (execution API)

/// What a request gets in place of a result.
struct RpcError {
    int code = kServerError;
    std::string message;
    std::string data{};  ///< JSON text; empty where there is none
    friend bool operator==(const RpcError&, const RpcError&) = default;
};

/// A handler's verdict: nothing where it wrote its result.
using Reply = Result<void, RpcError>;

/// -32000 with this message.
[[nodiscard]] Unexpected<RpcError> server_error(std::string message);
/// -32602 with this message.
[[nodiscard]] Unexpected<RpcError> invalid_params(std::string message);
/// Code 3, "execution reverted" with the reason where the data is an Error(string) or a
/// Panic(uint256) of Solidity, and the data itself.
[[nodiscard]] RpcError reverted(ByteView data);
/// Solidity's reason for a revert: the text of Error(string), geth's words for a Panic code; empty
/// where the data is neither (Solidity ABI, "Error handling").
[[nodiscard]] std::string revert_reason(ByteView data);

}  // namespace cairn::rpc
