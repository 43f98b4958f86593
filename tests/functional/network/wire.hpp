// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace cairn::test {

/// A stretch of network between those who dial a port of 127.0.0.1 and a program behind another:
/// bytes go through unchanged, and the stretch can be cut, mended and made slow, without privileges.
/// RLPx proves keys, not addresses, so that peers do not notice.
///
/// A thread of its own carries the bytes; any thread may call.
class Wire {
public:
    /// Listens at a free port of 127.0.0.1. Throws std::runtime_error where there is none.
    Wire();
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    /// The port to dial.
    [[nodiscard]] std::uint16_t port() const noexcept;
    /// Where it leads, for connections from here on.
    void lead_to(std::uint16_t port);

    /// Nothing passes, and nobody is told: what was sent waits, as if every packet were lost and
    /// sent again. Connections made meanwhile get no answer. Holds once it has returned.
    void cut();
    /// What waited goes on.
    void mend();
    /// How slow it is, in either direction.
    /// @param delay             between a byte's coming and its going
    /// @param bytes_per_second  0: no limit
    void slow_down(std::chrono::milliseconds delay, std::uint64_t bytes_per_second);

    /// Bytes carried so far, both directions.
    [[nodiscard]] std::uint64_t bytes_carried() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::test
