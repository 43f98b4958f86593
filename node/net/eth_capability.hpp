// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "chain/rules/fork_id.hpp"
#include "node/net/capability.hpp"
#include "node/net/eth_messages.hpp"

namespace cairn::node {

/// What of our chain the greeting is made of and a peer's is judged by.
struct LocalChain {
    std::uint64_t network_id = 0;
    BlockHash genesis;
    BlockHash head;
    TotalDifficulty total_difficulty;  ///< of the head
    BlockNumber head_number = 0;
    UnixSeconds head_timestamp = 0;
    std::shared_ptr<const chain::ForkSchedule> forks;  ///< never null
};

/// Why a peer is of another network.
enum class StatusError : std::uint8_t {
    OtherNetwork,  ///< another network id
    OtherGenesis,  ///< another genesis block
    RemoteStale,   ///< it has not heard of a fork that we passed (EIP-2124)
    OtherFork,     ///< it passed a fork that we do not know: another chain, or we are out of date
};
/// "other genesis block"; for the log and admin_addPeer.
[[nodiscard]] std::string_view to_string(StatusError error) noexcept;

/// Our Status.
[[nodiscard]] Status make_status(const LocalChain& chain, EthVersion version);
/// Whether the peer follows our chain, judged from our head. In order: network, genesis, fork.
[[nodiscard]] Result<void, StatusError> check_status(const LocalChain& chain, const Status& remote);

/// What we announce: "eth" in versions 66, 67 and 68.
[[nodiscard]] std::vector<LocalCapability> eth_capabilities();

/// The eth protocol over one connection: Status first, then messages. Pure; one thread at a time.
class EthCapability {
public:
    explicit EthCapability(EthVersion version) noexcept : version_{version} {}

    /// What a message meant, or why it ends the connection.
    struct Ready {
        Status status;
    };
    using Event = std::variant<Ready, EthMessage>;
    enum class Fault : std::uint8_t {
        Malformed,      ///< the message does not decode; see `decode`
        StatusMissing,  ///< another message before Status
        StatusTwice,    ///< Status again
        OtherChain,     ///< see `status`
    };
    struct Error {
        Fault fault{};
        EthDecodeError decode{};  ///< set with Malformed
        StatusError status{};     ///< set with OtherChain
    };

    /// @param code  counted from the capability's start
    [[nodiscard]] Result<Event, Error> receive(const LocalChain& chain, std::uint32_t code,
                                               ByteView payload);

    [[nodiscard]] EthVersion version() const noexcept { return version_; }
    /// Whether the peer's Status was read and is of our chain.
    [[nodiscard]] bool is_ready() const noexcept { return ready_; }

private:
    EthVersion version_;
    bool ready_ = false;
};

/// The error in words, for log and operator.
[[nodiscard]] std::string to_string(const EthCapability::Error& error);

}  // namespace cairn::node
