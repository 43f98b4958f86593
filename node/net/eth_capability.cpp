// SPDX-License-Identifier: MIT
#include "node/net/eth_capability.hpp"

#include "core/base/assert.hpp"

namespace cairn::node {

std::string_view to_string(StatusError error) noexcept {
    switch (error) {
        case StatusError::OtherNetwork:
            return "other network id";
        case StatusError::OtherGenesis:
            return "other genesis block";
        case StatusError::RemoteStale:
            return "fork id: the peer is out of date";
        case StatusError::OtherFork:
            return "fork id: other chain, or we are out of date";
    }
    return "unknown";
}

Status make_status(const LocalChain& chain, EthVersion version) {
    CAIRN_ASSERT(chain.forks != nullptr);
    return {
        version,    chain.network_id, chain.total_difficulty,
        chain.head, chain.genesis,    chain.forks->id_at(chain.head_number, chain.head_timestamp)};
}

Result<void, StatusError> check_status(const LocalChain& chain, const Status& remote) {
    CAIRN_ASSERT(chain.forks != nullptr);
    if (remote.network_id != chain.network_id) return Unexpected{StatusError::OtherNetwork};
    if (remote.genesis != chain.genesis) return Unexpected{StatusError::OtherGenesis};
    const auto verdict =
        chain.forks->check(remote.fork_id, chain.head_number, chain.head_timestamp);
    if (verdict) return {};
    return Unexpected{verdict.error() == chain::ForkIdError::RemoteStale ? StatusError::RemoteStale
                                                                         : StatusError::OtherFork};
}

std::vector<LocalCapability> eth_capabilities() {
    std::vector<LocalCapability> out;
    for (const auto version : {EthVersion::Eth66, EthVersion::Eth67, EthVersion::Eth68})
        out.push_back({{"eth", static_cast<std::uint32_t>(version)}, kEthCodeCount});
    return out;
}

Result<EthCapability::Event, EthCapability::Error> EthCapability::receive(const LocalChain& chain,
                                                                          std::uint32_t code,
                                                                          ByteView payload) {
    const bool is_status = code == static_cast<std::uint32_t>(EthCode::Status);
    if (!ready_ && !is_status) return Unexpected{Error{Fault::StatusMissing, {}, {}}};
    if (ready_ && is_status) return Unexpected{Error{Fault::StatusTwice, {}, {}}};
    auto message = decode_eth_message(version_, code, payload);
    if (!message) return Unexpected{Error{Fault::Malformed, message.error(), {}}};
    if (!is_status) return Event{std::move(*message)};
    const Status& status = std::get<Status>(*message);
    if (const auto verdict = check_status(chain, status); !verdict)
        return Unexpected{Error{Fault::OtherChain, {}, verdict.error()}};
    ready_ = true;
    return Event{Ready{status}};
}

std::string to_string(const EthCapability::Error& error) {
    switch (error.fault) {
        case EthCapability::Fault::Malformed:
            return to_string(error.decode);
        case EthCapability::Fault::StatusMissing:
            return "message before status";
        case EthCapability::Fault::StatusTwice:
            return "second status";
        case EthCapability::Fault::OtherChain:
            return std::string{to_string(error.status)};
    }
    return "unknown";
}

}  // namespace cairn::node
