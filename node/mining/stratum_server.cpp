// SPDX-License-Identifier: MIT
#include "node/mining/stratum_server.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "core/crypto/random.hpp"
#include "node/mining/asio.hpp"
#include "node/mining/ban_list.hpp"

namespace cairn::node {
namespace {

using Clock = std::chrono::steady_clock;
using Time = StratumSession::Time;

/// Pause after a failed accept: mostly the process is out of file descriptors.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::size_t kReadBytes = 2048;

std::uint32_t random_number() {
    std::array<std::uint8_t, 4> bytes;
    random_bytes(bytes);
    return load_le32(bytes.data());
}

}  // namespace

/// Everything below runs on the server's thread, but for start, stop and the counters.
class StratumServer::Impl {
  public:
    Impl(chain::JobBoard& board, WorkerTable& workers, const StratumServerOptions& options)
        : board_{board}, workers_{workers}, options_{options}, next_extranonce1_{random_number()} {}
    ~Impl() { stop(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<void, std::string> start();
    void stop();
    std::uint16_t port() const noexcept { return port_; }
    Time now() const {
        return options_.clock ? options_.clock() : std::chrono::duration_cast<Time>(Clock::now() - start_);
    }
    StratumServerStats stats() const;

  private:
    class Connection;

    void accept();
    void open(tcp::socket socket);
    void close(const std::shared_ptr<Connection>& connection);
    void tick();
    void on_posting(const chain::JobPosting& posting);
    void keep_accounts(const SessionOutput& output);

    chain::JobBoard& board_;
    WorkerTable& workers_;
    const StratumServerOptions options_;
    const Clock::time_point start_ = Clock::now();

    asio::io_context io_;
    tcp::acceptor acceptor_{io_};
    asio::steady_timer ticker_{io_};
    asio::steady_timer accept_pause_{io_};
    std::uint16_t port_ = 0;
    std::uint32_t next_extranonce1_;

    std::map<Connection*, std::shared_ptr<Connection>> connections_;
    std::map<std::string, std::size_t> connections_of_;  ///< by address
    BanList bans_;
    std::optional<MiningJob> job_;

    std::atomic<std::uint64_t> open_{0};
    std::atomic<std::uint64_t> accepted_{0};
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<std::uint64_t> banned_{0};
    std::atomic<std::uint64_t> shares_accepted_{0};
    std::atomic<std::uint64_t> shares_refused_{0};
    std::atomic<std::uint64_t> blocks_{0};

    chain::JobBoard::Subscription subscription_;
    std::thread thread_;
};

/// One client's socket and its session.
class StratumServer::Impl::Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Impl& server, tcp::socket socket, std::string address, std::uint32_t extranonce1)
        : server_{server},
          socket_{std::move(socket)},
          address_{std::move(address)},
          session_{extranonce1, server.options_.session, server.now()} {}

    const std::string& address() const noexcept { return address_; }

    void read() {
        socket_.async_read_some(asio::buffer(chunk_),
                                [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
                                    self->on_read(error, size);
                                });
    }
    void give_job(const MiningJob& job, bool is_clean) { take(session_.on_job(job, is_clean, server_.now())); }
    void tick() { take(session_.on_tick(server_.now())); }

    /// Closes the socket; what is under way ends with an error.
    void shut() {
        is_closed_ = true;
        ErrorCode ignored;
        socket_.shutdown(tcp::socket::shutdown_both, ignored);
        socket_.close(ignored);
    }

  private:
    void on_read(const ErrorCode& error, std::size_t size) {
        if (is_closed_) return;
        if (error) return server_.close(shared_from_this());
        std::string_view rest{chunk_.data(), size};
        while (!rest.empty() && !is_ending_) {
            const std::size_t end = rest.find('\n');
            line_ += rest.substr(0, end);
            if (line_.size() > kStratumLineBytesMax) {
                take(session_.on_long_line(server_.now()));
                break;
            }
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
            if (line_.ends_with('\r')) line_.pop_back();
            if (!line_.empty()) take(session_.on_line(line_, server_.now()));
            line_.clear();
        }
        if (!is_closed_ && !is_ending_) read();
    }

    void take(SessionOutput output) {
        if (is_closed_ || is_ending_) return;
        server_.keep_accounts(output);
        if (output.ban) {
            server_.bans_.ban(address_, server_.now());
            ++server_.banned_;
        }
        is_ending_ = output.close;
        waiting_ += output.text;
        if (waiting_.size() > kStratumBacklogBytesMax) return server_.close(shared_from_this());
        if (sending_.empty()) send();
    }

    void send() {
        if (waiting_.empty()) {
            if (is_ending_) server_.close(shared_from_this());
            return;
        }
        sending_.swap(waiting_);
        asio::async_write(socket_, asio::buffer(sending_),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                              if (self->is_closed_) return;
                              if (error) return self->server_.close(self);
                              self->sending_.clear();
                              self->send();
                          });
    }

    Impl& server_;
    tcp::socket socket_;
    const std::string address_;
    StratumSession session_;
    std::array<char, kReadBytes> chunk_;
    std::string line_;     ///< begun, its end not read yet
    std::string sending_;  ///< under way
    std::string waiting_;  ///< behind it
    bool is_ending_ = false;
    bool is_closed_ = false;
};

Result<void, std::string> StratumServer::Impl::start() {
    CAIRN_ASSERT(!thread_.joinable());
    ErrorCode error;
    const auto failed = [&](const char* what) {
        return Unexpected{std::string{"stratum cannot "} + what + " " + options_.address + ":" +
                          std::to_string(options_.port) + ": " + error.message()};
    };
    const auto address = asio::ip::make_address(options_.address, error);
    if (error) return failed("read the address");
    acceptor_.open(address.is_v4() ? tcp::v4() : tcp::v6(), error);
    if (error) return failed("open a socket for");
    acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
    acceptor_.bind({address, options_.port}, error);
    if (error) return failed("bind");
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return failed("listen on");
    port_ = acceptor_.local_endpoint().port();

    subscription_ = board_.subscribe([this](const chain::JobPosting& posting) {
        asio::post(io_, [this, posting] { on_posting(posting); });
    });
    asio::post(io_, [this] { on_posting(board_.current()); });
    accept();
    tick();
    thread_ = std::thread{[this] { io_.run(); }};
    return {};
}

void StratumServer::Impl::stop() {
    subscription_ = {};
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
        ErrorCode ignored;
        acceptor_.close(ignored);
        while (!connections_.empty()) close(connections_.begin()->second);
        io_.stop();
    });
    thread_.join();
}

StratumServerStats StratumServer::Impl::stats() const {
    return {.open = open_,
            .connections = accepted_,
            .refused = refused_,
            .bans = banned_,
            .shares_accepted = shares_accepted_,
            .shares_refused = shares_refused_,
            .blocks = blocks_};
}

void StratumServer::Impl::accept() {
    acceptor_.async_accept([this](const ErrorCode& error, tcp::socket socket) {
        if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
        if (error) {
            accept_pause_.expires_after(kAcceptPause);
            accept_pause_.async_wait([this](const ErrorCode& aborted) {
                if (!aborted) accept();
            });
            return;
        }
        open(std::move(socket));
        accept();
    });
}

void StratumServer::Impl::open(tcp::socket socket) {
    ErrorCode error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    std::string address = remote.address().to_string();
    if (bans_.is_banned(address, now()) || connections_.size() >= kStratumConnectionsMax ||
        connections_of_[address] >= kStratumConnectionsPerAddressMax) {
        ++refused_;
        return;
    }
    ++connections_of_[address];
    ++accepted_;
    ++open_;
    socket.set_option(tcp::no_delay{true}, error);
    socket.set_option(asio::socket_base::keep_alive{true}, error);
    auto connection = std::make_shared<Connection>(*this, std::move(socket), std::move(address), next_extranonce1_++);
    connections_.emplace(connection.get(), connection);
    if (job_) connection->give_job(*job_, true);
    connection->read();
}

void StratumServer::Impl::close(const std::shared_ptr<Connection>& connection) {
    // By value: erasing may destroy what the argument refers to.
    const std::shared_ptr<Connection> closing = connection;
    if (connections_.erase(closing.get()) == 0) return;
    --open_;
    const auto count = connections_of_.find(closing->address());
    if (--count->second == 0) connections_of_.erase(count);
    closing->shut();
}

void StratumServer::Impl::tick() {
    ticker_.expires_after(options_.tick);
    ticker_.async_wait([this](const ErrorCode& error) {
        if (error) return;
        // A session may end in its tick and leave the map.
        const auto all = connections_;
        for (const auto& [key, connection] : all) connection->tick();
        tick();
    });
}

void StratumServer::Impl::on_posting(const chain::JobPosting& posting) {
    // While a sealed block is on its way clients go on with what they have: the next job is a moment away.
    if (!posting.job || (job_ && job_->id == posting.job->id)) return;
    job_ = posting.job;
    const auto all = connections_;
    for (const auto& [key, connection] : all) connection->give_job(*job_, posting.is_clean);
}

void StratumServer::Impl::keep_accounts(const SessionOutput& output) {
    for (const ShareEvent& share : output.shares) {
        workers_.on_share(share, now());
        ++(share.outcome == ShareOutcome::Accepted ? shares_accepted_ : shares_refused_);
    }
    for (const FoundBlock& block : output.blocks) {
        if (board_.submit(block.seal_hash, block.seal) != chain::SealOutcome::Accepted) continue;
        workers_.on_block(block.worker, now());
        ++blocks_;
    }
}

StratumServer::StratumServer(chain::JobBoard& board, WorkerTable& workers, const StratumServerOptions& options)
    : impl_{std::make_unique<Impl>(board, workers, options)} {}
StratumServer::~StratumServer() = default;
Result<void, std::string> StratumServer::start() { return impl_->start(); }
void StratumServer::stop() { impl_->stop(); }
std::uint16_t StratumServer::port() const noexcept { return impl_->port(); }
StratumServerStats StratumServer::stats() const { return impl_->stats(); }
WorkerTable::Time StratumServer::now() const { return impl_->now(); }

}  // namespace cairn::node
