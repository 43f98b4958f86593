// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.hpp"
#include "core/types/ids.hpp"
#include "wallet/abi_type.hpp"

/// What a contract offers: functions, events, errors, from a human-readable line or a JSON ABI.
namespace cairn::wallet {

/// First four bytes of Keccak-256 of a canonical signature.
using Selector = std::array<std::uint8_t, 4>;

/// A function, or a constructor (whose name is empty).
struct AbiFunction {
    std::string name;
    std::vector<AbiParam> inputs;
    std::vector<AbiParam> outputs;
    bool is_payable = false;
    bool is_constant = false;  ///< view or pure: a call can answer it
    friend bool operator==(const AbiFunction&, const AbiFunction&) = default;
};

/// An event.
struct AbiEvent {
    std::string name;
    std::vector<AbiParam> inputs;
    bool is_anonymous = false;  ///< the first topic is not the signature's hash
    friend bool operator==(const AbiEvent&, const AbiEvent&) = default;
};

/// A custom error, thrown by `revert Name(…)`.
struct AbiRevert {
    std::string name;
    std::vector<AbiParam> inputs;
    friend bool operator==(const AbiRevert&, const AbiRevert&) = default;
};

/// A contract's interface.
struct Abi {
    std::optional<AbiFunction> constructor;
    std::vector<AbiFunction> functions;
    std::vector<AbiEvent> events;
    std::vector<AbiRevert> reverts;
    friend bool operator==(const Abi&, const Abi&) = default;
};

/// Selector of "name(types)".
[[nodiscard]] Selector selector_of(std::string_view name, const std::vector<AbiParam>& inputs);

/// First topic of an event that is not anonymous.
[[nodiscard]] Hash256 topic_of(const AbiEvent& event);

/// Why a text or file describes no interface.
enum class AbiError : std::uint8_t {
    Syntax,    ///< a line or JSON that does not read as an interface
    Type,      ///< a type in it is none
    TooLarge,  ///< more than kAbiItemsMax items
};

/// Functions, events and errors of one interface.
inline constexpr std::size_t kAbiItemsMax = 4096;

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(AbiError error) noexcept;

/// Reads one line and adds what it describes:
/// "function transfer(address to, uint256 amount) returns (bool)", with or without `function`, with
/// visibility and mutability; "balanceOf(address)(uint256)"; "constructor(uint256 supply) payable";
/// "event Transfer(address indexed from, address indexed to, uint256 value)";
/// "error InsufficientBalance(uint256 available)". A semicolon at the end is passed over.
[[nodiscard]] Result<void, AbiError> add_signature(Abi& abi, std::string_view line);

/// Reads the function that a line describes. Errors: Syntax (also for an event, an
/// error or a constructor, which cannot be called), Type.
[[nodiscard]] Result<AbiFunction, AbiError> parse_function(std::string_view line);

/// Reads the event that a line describes, with or without the word `event`.
[[nodiscard]] Result<AbiEvent, AbiError> parse_event(std::string_view line);

/// Reads a JSON ABI: an array, or an object with it under "abi" (artifacts of Hardhat, Foundry,
/// solc). Items of unknown kinds (fallback, receive) are passed over; strings in the array are read
/// as add_signature reads them.
[[nodiscard]] Result<Abi, AbiError> parse_abi_json(std::string_view json);

}  // namespace cairn::wallet
