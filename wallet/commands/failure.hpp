// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace cairn::wallet {

/// How the program ends. Scripts rely on these numbers; docs/wallet.md lists them.
enum class ExitCode : int {
    Success = 0,
    Failed = 1,             ///< anything without a number of its own
    BadRequest = 2,         ///< the command line, or a file it names, is not right
    NodeDown = 3,           ///< no node answers at the URL
    WrongNetwork = 4,       ///< the node is on another chain than asked for
    InsufficientFunds = 5,  ///< the account cannot pay value and fees
    WrongPassword = 6,
    DamagedKey = 7,     ///< a key file that does not read or is inconsistent
    Reverted = 8,       ///< the contract refused
    Declined = 9,       ///< the user said no
    TimedOut = 10,      ///< sent, but not seen in a block in time
    NotVerified = 11,   ///< a signature, notarisation or sign-in does not hold
    Refused = 12,       ///< the node refused for another reason
    Interrupted = 130,  ///< 128 + SIGINT, as shells have it
};

/// Ends a command: one line that says what is wrong and one that says what to do next.
///
/// Thrown, unlike errors elsewhere: a command is a straight line of steps any of which ends it, and
/// main() is the only catcher. The rooms below return values.
class Failure : public std::runtime_error {
public:
    Failure(ExitCode code, const std::string& what, std::string hint = {})
        : std::runtime_error{what}, code_{code}, hint_{std::move(hint)} {}

    [[nodiscard]] ExitCode code() const noexcept { return code_; }
    /// What to do next; may be empty.
    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

private:
    ExitCode code_;
    std::string hint_;
};

}  // namespace cairn::wallet
