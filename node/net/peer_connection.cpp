// SPDX-License-Identifier: MIT
#include "node/net/peer_connection.hpp"

#include <algorithm>
#include <chrono>

#include "core/base/assert.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {
namespace {

/// Milliseconds for the last words to leave before the socket is closed.
constexpr MonotonicMs kLingerMs = 1000;

std::size_t index_of(DisconnectReason reason, std::size_t size) {
    return std::min<std::size_t>(static_cast<std::size_t>(reason), size - 1);
}

}  // namespace

PeerConnection::PeerConnection(tcp::socket socket, Origin origin, const Session::Config& config,
                               RandomFill random, ConnectionOwner& owner)
    : socket_{std::move(socket)},
      origin_{std::move(origin)},
      owner_{owner},
      session_{config, origin_.dial ? std::optional{origin_.dial->node.id} : std::nullopt,
               std::move(random), owner.now()},
      timer_{socket_.get_executor()} {}

const Hello& PeerConnection::hello() const {
    CAIRN_ASSERT(hello_.has_value());
    return *hello_;
}

EthVersion PeerConnection::eth_version() const {
    CAIRN_ASSERT(eth_.has_value());
    return eth_->version();
}

void PeerConnection::start() {
    ErrorCode ignored;
    socket_.non_blocking(true, ignored);
    // Gossip is many small messages that somebody waits for.
    socket_.set_option(tcp::no_delay{true}, ignored);
    pump();
    read();
    arm_timer();
}

// --- Reading -----------------------------------------------------------------------------------

void PeerConnection::read() {
    if (session_.is_closed()) return;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const ErrorCode& error) {
        self->on_readable(error);
    });
}

void PeerConnection::on_readable(const ErrorCode& error) {
    if (session_.is_closed()) return;
    if (error) return end_of_stream(error.message());
    const auto buffer = owner_.read_buffer();
    ErrorCode read_error;
    const std::size_t n = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), read_error);
    if (read_error == asio::error::would_block) return read();
    if (read_error) return end_of_stream(read_error.message());
    owner_.metrics().bytes_received.add(n);
    session_.receive(buffer.first(n), owner_.now());
    pump();
    read();
}

void PeerConnection::end_of_stream(std::string detail) {
    // Whoever cannot read our first packet has no key to answer under.
    if (origin_.dial && !hello_)
        detail = "it hung up on the handshake: another key lives there, or it takes nobody in";
    // The other side hung up without a word: as if it had said so.
    session_.close(DisconnectReason::TcpError, std::move(detail));
    pump();
}

// --- Writing -----------------------------------------------------------------------------------

SendOutcome PeerConnection::send(EthCode code, ByteView payload, bool is_gossip) {
    if (!is_ready() || session_.is_closed() || !has_message(eth_->version(), code))
        return SendOutcome::NoPeer;
    if (is_gossip && queued_bytes_ > kSendQueueGossipMax) {
        owner_.metrics().gossip_dropped.add();
        return SendOutcome::Dropped;
    }
    if (queued_bytes_ + payload.size() > kSendQueueBytesMax) {
        close(DisconnectReason::UselessPeer, "takes what is sent too slowly");
        return SendOutcome::TooSlow;
    }
    const std::size_t wire = session_.send(capability_, static_cast<std::uint32_t>(code), payload);
    owner_.metrics().sent[static_cast<std::size_t>(code)].add(wire);
    pump();
    return SendOutcome::Queued;
}

void PeerConnection::write() {
    if (is_writing_ || queue_.empty()) return;
    is_writing_ = true;
    asio::async_write(socket_, asio::buffer(queue_.front()),
                      [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                          self->on_written(error);
                      });
}

void PeerConnection::on_written(const ErrorCode& error) {
    is_writing_ = false;
    if (error) {
        queue_.clear();
        queued_bytes_ = 0;
        if (!session_.is_closed()) return end_of_stream(error.message());
        return close_socket();
    }
    owner_.metrics().bytes_sent.add(queue_.front().size());
    queued_bytes_ -= queue_.front().size();
    queue_.pop_front();
    write();
    if (session_.is_closed() && queue_.empty()) close_socket();
}

void PeerConnection::end(DisconnectReason reason, std::string detail) {
    if (!is_ending_) own_reason_ = detail;
    is_ending_ = true;
    session_.close(reason, std::move(detail));
}

void PeerConnection::close(DisconnectReason reason, std::string detail) {
    end(reason, std::move(detail));
    pump();
}

void PeerConnection::close_socket() {
    ErrorCode ignored;
    timer_.cancel();
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

// --- Time --------------------------------------------------------------------------------------

void PeerConnection::arm_timer() {
    // The session's deadline moves with every byte received; the timer stays where it was and looks
    // again when it fires, which is cheaper than being moved.
    const MonotonicMs now = owner_.now();
    MonotonicMs at = session_.deadline();
    if (status_deadline_) at = std::min(at, *status_deadline_);
    if (session_.is_closed()) at = now + kLingerMs;
    timer_.expires_after(std::chrono::milliseconds{at > now ? at - now : 0});
    timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
        if (!error) self->on_timer();
    });
}

void PeerConnection::on_timer() {
    if (session_.is_closed()) return close_socket();
    const MonotonicMs now = owner_.now();
    if (status_deadline_ && now >= *status_deadline_)
        session_.close(DisconnectReason::Timeout, "no status");
    else
        session_.tick(now);
    const bool was_told = is_told_;
    pump();
    // A close in the course of it has armed the timer already.
    if (was_told == is_told_) arm_timer();
}

// --- Events ------------------------------------------------------------------------------------

void PeerConnection::count_base_traffic() {
    for (const BaseTraffic& one : session_.take_base_traffic()) {
        auto& counts = one.is_sent ? owner_.metrics().base_sent : owner_.metrics().base_received;
        counts[static_cast<std::size_t>(one.kind)].add(one.wire_bytes);
    }
}

void PeerConnection::pump() {
    // An event's handler may send, which comes here again: events are taken before they are told.
    for (auto events = session_.take_events(); !events.empty(); events = session_.take_events())
        for (const SessionEvent& event : events)
            std::visit([this](const auto& e) { on_event(e); }, event);
    count_base_traffic();
    Bytes output = session_.take_output();
    if (!output.empty()) {
        queued_bytes_ += output.size();
        queue_.push_back(std::move(output));
        write();
    }
    if (session_.is_closed() && queue_.empty() && !is_writing_) close_socket();
}

void PeerConnection::on_event(const SessionOpened& opened) {
    hello_ = opened.hello;
    const auto eth = std::ranges::find_if(opened.shared, [](const SharedCapability& shared) {
        return shared.capability.name == "eth";
    });
    if (eth == opened.shared.end()) return end(DisconnectReason::UselessPeer, "does not speak eth");
    capability_ = *eth;
    eth_.emplace(static_cast<EthVersion>(capability_.capability.version));
    if (const auto refusal = owner_.on_hello(*this))
        return end(*refusal, std::string{to_string(*refusal)});
    // A peer that has no place for us says goodbye in the same breath.
    if (is_ending_ || session_.is_closed()) return;
    status_deadline_ = owner_.now() + kStatusTimeoutMs;
    send_status();
}

void PeerConnection::send_status() {
    const Status status = make_status(owner_.local_chain(), eth_->version());
    const std::size_t wire = session_.send(capability_, static_cast<std::uint32_t>(EthCode::Status),
                                           encode_eth_message(eth_->version(), status));
    owner_.metrics().sent[static_cast<std::size_t>(EthCode::Status)].add(wire);
}

void PeerConnection::on_event(const SessionMessage& message) {
    owner_.metrics().received[message.code].add(message.wire_bytes);
    // What came together with something that made us end it is not looked at.
    if (is_ending_ || is_told_ || !eth_) return;
    const LocalChain chain = is_ready() ? LocalChain{} : owner_.local_chain();
    auto event = eth_->receive(chain, message.code, message.payload);
    if (!event) {
        const auto& error = event.error();
        if (error.fault == EthCapability::Fault::OtherChain)
            return end(DisconnectReason::UselessPeer, to_string(error));
        is_ending_ = true;
        return session_.breach(DisconnectReason::SubprotocolError, to_string(error));
    }
    if (const auto* ready = std::get_if<EthCapability::Ready>(&*event)) {
        status_deadline_.reset();
        return owner_.on_ready(*this, ready->status);
    }
    owner_.on_message(*this, std::get<EthMessage>(std::move(*event)));
}

void PeerConnection::on_event(const SessionClosed& closed) {
    if (is_told_) return;
    is_told_ = true;
    NetMetrics& metrics = owner_.metrics();
    auto& counts = closed.by_remote ? metrics.disconnects_received : metrics.disconnects_sent;
    counts[index_of(closed.reason, counts.size())].add();
    if (closed.is_breach) metrics.breaches.add();
    arm_timer();  // to linger
    // Both sides find out about two chains at once; what we found ourselves says more than the
    // other side's number.
    SessionClosed told = closed;
    if (closed.by_remote && !own_reason_.empty()) {
        told.by_remote = false;
        told.detail = own_reason_;
    }
    owner_.on_closed(*this, told);
}

}  // namespace cairn::node
