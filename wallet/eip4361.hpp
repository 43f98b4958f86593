// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

/// Sign-in with an account (EIP-4361): the text that a service asks an account to sign.
namespace cairn::wallet {

/// Longest text that is read, in bytes, and most resources in it.
inline constexpr std::size_t kSigninBytesMax = 16384;
inline constexpr std::size_t kSigninResourcesMax = 64;

/// The fields of a sign-in message. Times are seconds since 1970; their text is RFC 3339 in UTC.
struct SigninMessage {
    std::string scheme;  ///< "https", or empty
    std::string domain;  ///< who asks: host with an optional port
    Address address;
    std::optional<std::string> statement;  ///< one line for people
    std::string uri;
    std::uint64_t chain_id = 0;
    std::string nonce;  ///< at least eight letters and digits
    UnixSeconds issued_at = 0;
    std::optional<UnixSeconds> expires;
    std::optional<UnixSeconds> not_before;
    std::optional<std::string> request_id;
    std::vector<std::string> resources;
    friend bool operator==(const SigninMessage&, const SigninMessage&) = default;
};

/// Why a text is no sign-in message, or not the one that was asked for.
enum class SigninError : std::uint8_t {
    Format,       ///< a line is missing, out of order or malformed
    Version,      ///< a version other than 1
    Address,      ///< no address with the checksum of EIP-55
    Nonce,        ///< fewer than eight characters, or not letters and digits
    Time,         ///< a time that is not RFC 3339
    WrongDomain,  ///< meant for another service
    WrongNonce,   ///< not the challenge that was given out
    WrongChain,   ///< for another chain
    Expired,      ///< past its expiration time
    NotYet,       ///< before its not-before or issued-at time
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(SigninError error) noexcept;

/// The text to sign (EIP-4361, "Message Format"), without a line feed at the end. The fields must
/// hold no line feeds (asserted).
[[nodiscard]] std::string format_signin(const SigninMessage& message);

/// Reads such a text. Errors: Format, Version, Address, Nonce, Time.
[[nodiscard]] Result<SigninMessage, SigninError> parse_signin(std::string_view text);

/// What a service expects of an answer.
struct SigninExpectation {
    std::string domain;
    std::string nonce;  ///< empty: any, where the service keeps none
    std::uint64_t chain_id = 0;
    UnixSeconds now = 0;
};

/// Seconds that clocks may differ by.
inline constexpr UnixSeconds kSigninClockSkew = 60;

/// Checks the message against it, in the order of the enumerators. That the signature is the
/// account's is checked apart.
[[nodiscard]] Result<void, SigninError> check_signin(const SigninMessage& message,
                                                     const SigninExpectation& expected);

/// "2021-09-30T16:25:24Z"; years up to 9999 (asserted).
[[nodiscard]] std::string format_time(UnixSeconds time);

/// RFC 3339 date and time with "Z" or an offset; a fraction of a second is dropped. Nothing for
/// anything else or a time before 1970.
[[nodiscard]] std::optional<UnixSeconds> parse_time(std::string_view text);

}  // namespace cairn::wallet
