// SPDX-License-Identifier: MIT
#include "node/net/session.hpp"

#include <algorithm>

#include "core/base/assert.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {
namespace {

/// Payload of Ping and Pong: an empty list.
constexpr std::array<std::uint8_t, 1> kEmptyList{0xc0};

BaseKind base_kind_of(std::uint32_t code) {
    switch (static_cast<P2pCode>(code)) {
        case P2pCode::Hello:
            return BaseKind::Hello;
        case P2pCode::Disconnect:
            return BaseKind::Disconnect;
        case P2pCode::Ping:
            return BaseKind::Ping;
        case P2pCode::Pong:
            return BaseKind::Pong;
    }
    return BaseKind::Other;
}

RlpxHandshake make_handshake(const NodeKey& key, const std::optional<NodeId>& remote,
                             RandomFill random) {
    return remote ? RlpxHandshake::initiator(key, *remote, std::move(random))
                  : RlpxHandshake::recipient(key, std::move(random));
}

}  // namespace

Session::Session(const Config& config, std::optional<NodeId> remote, RandomFill random,
                 MonotonicMs now)
    : config_{config},
      role_{remote ? Role::Initiator : Role::Recipient},
      remote_{remote},
      handshake_{make_handshake(*config.key, remote, std::move(random))},
      started_{now},
      last_received_{now},
      last_ping_{now},
      deadline_{now + kHandshakeTimeoutMs} {
    if (role_ == Role::Initiator) {
        output_ = handshake_.start();
        base_traffic_.push_back({BaseKind::Handshake, true, output_.size()});
    }
}

void Session::receive(ByteView bytes, MonotonicMs now) {
    if (is_closed()) return;
    last_received_ = now;
    append(input_, bytes);
    std::size_t used = 0;
    while (!is_closed()) {
        const State before = state_;
        const std::size_t step_used = step(ByteView{input_}.subspan(used));
        used += step_used;
        if (step_used == 0 && state_ == before) break;
    }
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
    if (is_open()) deadline_ = last_received_ + kPingIntervalMs;
}

std::size_t Session::step(ByteView input) {
    return state_ == State::Handshake ? step_handshake(input) : step_frame(input);
}

std::size_t Session::step_handshake(ByteView input) {
    const std::size_t output_before = output_.size();
    const auto used = handshake_.receive(input, output_);
    if (!used) {
        // There are no keys to say goodbye under.
        finish(
            {DisconnectReason::ProtocolBreach, false, true, std::string{to_string(used.error())}});
        return 0;
    }
    if (!handshake_.is_done()) return 0;
    base_traffic_.push_back({BaseKind::Handshake, false, *used});
    if (output_.size() != output_before)
        base_traffic_.push_back({BaseKind::Handshake, true, output_.size() - output_before});
    remote_ = handshake_.remote();
    codec_.emplace(handshake_.take_secrets());
    codec_->set_frame_bytes_max(kHelloBytesMax);
    state_ = State::Hello;
    Hello hello;
    hello.client = config_.client;
    hello.listen_port = config_.listen_port;
    hello.id = config_.key->id;
    for (const LocalCapability& local : config_.capabilities)
        hello.capabilities.push_back(local.capability);
    write(P2pCode::Hello, encode_hello(hello));
    return *used;
}

std::size_t Session::step_frame(ByteView input) {
    std::size_t used = 0;
    auto message = codec_->read(input, used);
    if (!message)
        breach(DisconnectReason::ProtocolBreach, std::string{to_string(message.error())});
    else if (*message)
        on_message(std::move(**message));
    return used;
}

void Session::on_message(WireMessage message) {
    if (message.code < kCapabilityCodeStart)
        base_traffic_.push_back({base_kind_of(message.code), false, message.wire_bytes});
    if (message.code == static_cast<std::uint32_t>(P2pCode::Disconnect)) {
        const auto reason = decode_disconnect(message.payload);
        const auto known = reason ? *reason : DisconnectReason::Requested;
        finish({known, true, false, std::string{to_string(known)}});
    } else if (state_ == State::Hello) {
        on_hello(message);
    } else {
        on_open_message(std::move(message));
    }
}

void Session::on_hello(const WireMessage& message) {
    if (message.code != static_cast<std::uint32_t>(P2pCode::Hello))
        return breach(DisconnectReason::ProtocolBreach, "message before hello");
    auto hello = decode_hello(message.payload);
    if (!hello)
        return breach(DisconnectReason::ProtocolBreach,
                      "malformed hello: " + std::string{cairn::to_string(hello.error())});
    if (hello->id != *remote_)
        return breach(DisconnectReason::UnexpectedIdentity, "hello names another key");
    // The frames before the Hello's answer were plain in both directions.
    if (hello->version >= kP2pVersion) codec_->enable_snappy();
    codec_->set_frame_bytes_max(kFrameBytesMax);
    shared_ = negotiate(config_.capabilities, hello->capabilities);
    if (shared_.empty())
        return finish({DisconnectReason::UselessPeer, false, false, "no capability in common"});
    state_ = State::Open;
    last_ping_ = last_received_;
    events_.push_back(SessionOpened{std::move(*hello), shared_});
}

void Session::on_open_message(WireMessage message) {
    if (message.code < kCapabilityCodeStart) {
        switch (static_cast<P2pCode>(message.code)) {
            case P2pCode::Ping:
                write(P2pCode::Pong, kEmptyList);
                break;
            case P2pCode::Hello:
                breach(DisconnectReason::ProtocolBreach, "second hello");
                break;
            default:
                break;  // Pong; and what later versions of the base protocol may add
        }
        return;
    }
    const SharedCapability* capability = find_by_code(shared_, message.code);
    if (capability == nullptr)
        return breach(DisconnectReason::ProtocolBreach, "message of no shared capability");
    events_.push_back(SessionMessage{*capability, message.code - capability->code_offset,
                                     std::move(message.payload), message.wire_bytes});
}

void Session::tick(MonotonicMs now) {
    if (is_closed() || now < deadline_) return;
    if (state_ != State::Open) {
        if (now - started_ >= kHandshakeTimeoutMs)
            finish({DisconnectReason::Timeout, false, false, "no answer to the handshake"});
        return;
    }
    if (now - last_received_ >= kReadTimeoutMs) {
        close(DisconnectReason::Timeout, "silent for too long");
        return;
    }
    if (now - last_received_ >= kPingIntervalMs && now - last_ping_ >= kPingIntervalMs) {
        write(P2pCode::Ping, kEmptyList);
        last_ping_ = now;
    }
    deadline_ = std::max(last_received_, last_ping_) + kPingIntervalMs;
}

std::size_t Session::send(const SharedCapability& capability, std::uint32_t code,
                          ByteView payload) {
    CAIRN_ASSERT(is_open() && code < capability.code_count);
    const std::size_t before = output_.size();
    codec_->write(capability.code_offset + code, payload, output_);
    return output_.size() - before;
}

void Session::write(P2pCode code, ByteView payload) {
    const std::size_t before = output_.size();
    codec_->write(static_cast<std::uint32_t>(code), payload, output_);
    base_traffic_.push_back(
        {base_kind_of(static_cast<std::uint32_t>(code)), true, output_.size() - before});
}

void Session::close(DisconnectReason reason, std::string detail) {
    if (is_closed()) return;
    finish({reason, false, false, std::move(detail)});
}

void Session::breach(DisconnectReason reason, std::string detail) {
    if (is_closed()) return;
    finish({reason, false, true, std::move(detail)});
}

void Session::finish(SessionClosed closed) {
    if (codec_ && !closed.by_remote) write(P2pCode::Disconnect, encode_disconnect(closed.reason));
    state_ = State::Closed;
    events_.push_back(std::move(closed));
}

}  // namespace cairn::node
