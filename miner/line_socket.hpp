// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/expected.hpp"

namespace cairn::miner {

/// A TCP connection that carries lines. Reading is one thread's; sending may be another's, one at a time.
class LineSocket {
  public:
    /// Bytes of a line, at most: coinbases of public servers reach some tens of kilobytes.
    static constexpr std::size_t kLineBytesMax = 1 << 20;

    LineSocket() = default;
    ~LineSocket();
    LineSocket(const LineSocket&) = delete;
    LineSocket& operator=(const LineSocket&) = delete;

    /// Looks the host up and connects to the first of its addresses that answers.
    /// @param timeout  for each address; the look-up takes what the system gives it
    /// @return for people, why not; also where `stop` was asked for meanwhile
    [[nodiscard]] Result<void, std::string> connect(const std::string& host, std::uint16_t port,
                                                    std::chrono::milliseconds timeout, const std::stop_token& stop);

    /// What reading came to.
    enum class ReadOutcome : std::uint8_t {
        Line,     ///< `line` is one, without its end
        Nothing,  ///< nothing came in the time given
        Ended,    ///< the other side has closed, or the connection broke
        TooLong,  ///< more than kLineBytesMax without an end
    };
    /// The next line, waiting for it no longer than `timeout`.
    [[nodiscard]] ReadOutcome read_line(std::string& line, std::chrono::milliseconds timeout);

    /// Sends all of a text; false when the connection is broken or the other side reads nothing for ten seconds.
    [[nodiscard]] bool send(std::string_view text);

    /// Ends the connection for both directions; a read that waits ends. Any thread.
    void shut() noexcept;

  private:
    [[nodiscard]] bool wait_for(short events, std::chrono::milliseconds timeout) const;

    std::atomic<int> fd_{-1};
    std::string buffer_;
    std::size_t searched_ = 0;  ///< bytes of buffer_ known to hold no end of line
};

}  // namespace cairn::miner
