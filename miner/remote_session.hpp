// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/expected.hpp"
#include "miner/work_source.hpp"

namespace cairn::miner {

/// What kinds of servers there are.
enum class RemoteKind : std::uint8_t {
    Stratum,  ///< `stratum+tcp://`
    Http,     ///< `http://`: getwork, or eth_getWork on networks sealed by Ethash
};

/// Where to mine, and as whom.
struct RemoteUrl {
    RemoteKind kind = RemoteKind::Stratum;
    std::string host;
    std::uint16_t port = 0;
    std::string path;      ///< Http: `/` where none was given
    std::string user;      ///< from the URL or from the option; may be empty
    std::string password;  ///< likewise
};

/// Reads `stratum+tcp://[user[:password]@]host:port` or `http://[user[:password]@]host[:port][/path]`. A host in square
/// brackets is an IPv6 address. User and password in the URL are percent-decoded and win over those given.
/// @return for people, what is wrong
[[nodiscard]] Result<RemoteUrl, std::string> parse_remote_url(std::string_view url, std::string_view user = {},
                                                              std::string_view password = {});
/// The URL without user and password.
[[nodiscard]] std::string to_text(const RemoteUrl& url);

/// What a session tells its holder, from its own thread.
class RemoteListener {
  public:
    RemoteListener() = default;
    RemoteListener(const RemoteListener&) = delete;
    RemoteListener& operator=(const RemoteListener&) = delete;
    virtual ~RemoteListener() = default;

    /// Work to search from here on; nothing: stop searching. Its id is the listener's to give, by the next call.
    virtual void on_work(std::optional<Work> work) = 0;
    /// An id that no other work has.
    [[nodiscard]] virtual std::uint64_t next_work_id() = 0;
    /// The server's verdict on a solution. `is_block`: it seals a block, as far as the miner can tell.
    virtual void on_verdict(bool is_accepted, bool is_block, std::string_view reason) = 0;
    /// A solution was not sent, for its work had ended.
    virtual void on_stale() = 0;
    /// For people: connected, difficulty, the server's messages.
    virtual void on_message(std::string text) = 0;
};

/// One server, for as long as it answers.
class RemoteSession {
  public:
    RemoteSession() = default;
    RemoteSession(const RemoteSession&) = delete;
    RemoteSession& operator=(const RemoteSession&) = delete;
    virtual ~RemoteSession() = default;

    /// Connects, gives work to the listener, and returns when the connection has ended or `stop` was asked for.
    /// @return for people, why it ended
    [[nodiscard]] virtual std::string run(const std::stop_token& stop) = 0;
    /// Sends a solution of work that this session gave. Any thread.
    virtual void submit(const Solution& solution) = 0;
    /// Work has been searched whole. Any thread; does not block.
    virtual void exhausted(std::uint64_t work_id) = 0;
};

/// @param listener  outlives the session
[[nodiscard]] std::unique_ptr<RemoteSession> make_remote_session(const RemoteUrl& url, RemoteListener& listener);

}  // namespace cairn::miner
