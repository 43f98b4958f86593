// SPDX-License-Identifier: MIT
#include "node/net/discovery_service.hpp"

#include <chrono>

#include "node/net/asio_address.hpp"

namespace cairn::node {

DiscoveryService::DiscoveryService(udp::socket socket, Discovery::Config config, RandomFill random,
                                   MomentNow moment, OnEvent on_event, NetMetrics& metrics)
    : socket_{std::move(socket)},
      timer_{socket_.get_executor()},
      discovery_{std::move(config), std::move(random), moment()},
      moment_{std::move(moment)},
      on_event_{std::move(on_event)},
      metrics_{metrics} {}

void DiscoveryService::start() {
    ErrorCode ignored;
    socket_.non_blocking(true, ignored);
    receive();
    pump();
    arm_timer();
}

void DiscoveryService::stop() {
    ErrorCode ignored;
    timer_.cancel();
    socket_.close(ignored);
}

std::uint16_t DiscoveryService::port() const {
    ErrorCode ignored;
    return socket_.local_endpoint(ignored).port();
}

void DiscoveryService::receive() {
    socket_.async_receive_from(
        asio::buffer(buffer_), sender_, [this](const ErrorCode& error, std::size_t n) {
            if (error == asio::error::operation_aborted || !socket_.is_open()) return;
            if (!error) {
                metrics_.datagrams_received.add(n);
                discovery_.receive(ByteView{buffer_}.first(n),
                                   {from_asio(sender_.address()), sender_.port()}, moment_());
                pump();
            }
            // Another error is an earlier datagram's, which nobody took.
            receive();
        });
}

void DiscoveryService::arm_timer() {
    const MonotonicMs now = moment_().ms;
    const MonotonicMs at = discovery_.deadline();
    timer_.expires_after(std::chrono::milliseconds{at > now ? at - now : 1});
    timer_.async_wait([this](const ErrorCode& error) {
        if (error) return;
        discovery_.tick(moment_());
        pump();
        arm_timer();
    });
}

void DiscoveryService::add_nodes(const std::vector<Enode>& nodes) {
    discovery_.add_nodes(nodes, moment_());
    pump();
    arm_timer();
}

void DiscoveryService::start_random_lookup() {
    if (discovery_.lookups_running() > 0) return;
    discovery_.start_random_lookup(moment_());
    pump();
    arm_timer();
}

void DiscoveryService::pump() {
    for (const Datagram& datagram : discovery_.take_output()) send(datagram);
    for (const DiscoveryEvent& event : discovery_.take_events()) on_event_(event);
}

void DiscoveryService::send(const Datagram& datagram) {
    ErrorCode error;
    udp::endpoint to{to_asio(datagram.to.ip), datagram.to.port};
    // One socket serves both families where the system has IPv6: there IPv4 goes mapped.
    if (datagram.to.ip.is_v4() && socket_.local_endpoint(error).address().is_v6())
        to.address(asio::ip::make_address_v6(asio::ip::v4_mapped, to.address().to_v4()));
    // A datagram that the system has no room for is lost, as it may be on its way.
    socket_.send_to(asio::buffer(datagram.bytes), to, 0, error);
    if (!error) metrics_.datagrams_sent.add(datagram.bytes.size());
}

}  // namespace cairn::node
