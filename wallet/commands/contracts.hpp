// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// Contracts that testnet and dev have from block 0 (genesis/contracts/README.md), and the
/// functions that commands use of them.
namespace cairn::wallet {

inline constexpr std::string_view kExistenceRegistry = "0xCA12000000000000000000000000000000000001";
inline constexpr std::string_view kDaoFactory = "0xCA12000000000000000000000000000000000002";
inline constexpr std::string_view kIdentityRegistry = "0xCA12000000000000000000000000000000000003";

/// Of the existence registry.
inline constexpr std::string_view kNotarizeFunction = "function notarize(bytes32 digest)";
inline constexpr std::string_view kFirstRecordFunction =
    "function firstRecord(bytes32 digest) view returns (address by, uint64 time, uint64 number)";
inline constexpr std::string_view kAlreadyNotarizedError = "error AlreadyNotarized(uint64 time)";

/// Of the identity registry.
inline constexpr std::string_view kIsDelegateFunction =
    "function isDelegate(address identity, bytes32 kind, address delegate) view returns (bool)";
/// Kind of the delegates that may sign in for an identity.
inline constexpr std::string_view kSigninKind = "signin";

}  // namespace cairn::wallet
