// SPDX-License-Identifier: MIT
#include "node/net/p2p_messages.hpp"

#include <algorithm>

#include "core/codec/rlp_encode.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {
namespace {

/// A stranger's text ends in our log: nothing of it may move a terminal's cursor.
std::string printable(ByteView text) {
    std::string out{as_text(text.first(std::min(text.size(), kClientNameMax)))};
    for (char& c : out)
        if (c < ' ' || c > '~') c = '?';
    return out;
}

}  // namespace

std::string_view to_string(DisconnectReason reason) noexcept {
    switch (reason) {
        case DisconnectReason::Requested:
            return "disconnect requested";
        case DisconnectReason::TcpError:
            return "network error";
        case DisconnectReason::ProtocolBreach:
            return "breach of protocol";
        case DisconnectReason::UselessPeer:
            return "useless peer";
        case DisconnectReason::TooManyPeers:
            return "too many peers";
        case DisconnectReason::AlreadyConnected:
            return "already connected";
        case DisconnectReason::IncompatibleVersion:
            return "incompatible p2p protocol version";
        case DisconnectReason::NullIdentity:
            return "invalid node identity";
        case DisconnectReason::ClientQuitting:
            return "client quitting";
        case DisconnectReason::UnexpectedIdentity:
            return "unexpected identity";
        case DisconnectReason::ConnectedToSelf:
            return "connected to self";
        case DisconnectReason::Timeout:
            return "timeout";
        case DisconnectReason::SubprotocolError:
            return "subprotocol error";
    }
    return "unknown reason";
}

Bytes encode_hello(const Hello& hello) {
    Bytes out;
    RlpWriter writer{out};
    writer.begin_list();
    writer.add(hello.version);
    writer.add(as_bytes(hello.client));
    writer.begin_list();
    for (const Capability& capability : hello.capabilities) {
        writer.begin_list();
        writer.add(as_bytes(capability.name));
        writer.add(capability.version);
        writer.end_list();
    }
    writer.end_list();
    writer.add(hello.listen_port);
    writer.add(hello.id);
    writer.end_list();
    return out;
}

Result<Hello, RlpError> decode_hello(ByteView payload) {
    Hello hello;
    RlpReader reader = RlpReader::of_list(payload);
    ByteView client;
    reader.read(hello.version);
    reader.read_view(client);
    RlpReader list = reader.list();
    hello.capabilities.reserve(list.count(kCapabilitiesMax));
    while (!list.at_end()) {
        RlpReader item = list.list();
        ByteView name;
        Capability capability;
        item.read_view(name, kCapabilityNameMax);
        item.read(capability.version);
        if (const auto verdict = item.finish(); !verdict) {
            list.fail(verdict.error());
            break;
        }
        capability.name = as_text(name);
        hello.capabilities.push_back(std::move(capability));
    }
    if (list.failed()) reader.fail(list.error());
    reader.read(hello.listen_port);
    reader.read(hello.id);
    if (reader.failed()) return Unexpected{reader.error()};
    hello.client = printable(client);
    return hello;
}

Bytes encode_disconnect(DisconnectReason reason) {
    Bytes out;
    RlpWriter writer{out};
    writer.begin_list();
    writer.add(static_cast<std::uint8_t>(reason));
    writer.end_list();
    return out;
}

Result<DisconnectReason, RlpError> decode_disconnect(ByteView payload) {
    if (payload.empty()) return DisconnectReason::Requested;
    const auto item = rlp_take_item(payload);
    if (!item) return Unexpected{item.error()};
    RlpReader reader{item->is_list ? item->payload : item->encoded};
    if (reader.at_end()) return DisconnectReason::Requested;
    std::uint8_t reason = 0;
    if (!reader.read(reason)) return Unexpected{reader.error()};
    return static_cast<DisconnectReason>(reason);
}

}  // namespace cairn::node
