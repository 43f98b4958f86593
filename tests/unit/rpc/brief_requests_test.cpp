// SPDX-License-Identifier: MIT
// Requests that run on their connection's own thread and last longer than they should.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "rpc/bind.hpp"
#include "rpc/client/client.hpp"
#include "rpc/server.hpp"

namespace cairn::rpc {
namespace {

using namespace std::chrono_literals;

/// A server with one thread for its connections, and a method that ends when the test says.
class BriefRequests : public ::testing::Test {
protected:
    BriefRequests() {
        std::vector<Method> rows;
        rows.push_back(method(
            *this, {"eth_light", "Light.", "number", Cost::Light},
            +[](BriefRequests&, Call&, JsonWriter& out) -> Reply {
                out.number(std::uint64_t{7});
                return {};
            }));
        rows.push_back(method(
            *this, {"eth_brief", "Brief as a rule.", "number", Cost::Brief},
            +[](BriefRequests& world, Call&, JsonWriter& out) -> Reply {
                world.released_.wait();
                out.number(std::uint64_t{6});
                return {};
            }));
        dispatcher_.add(std::move(rows));
        ServerOptions options;
        options.io_threads = 1;
        options.endpoints.emplace_back();
        options.endpoints.back().port = 0;
        server_.emplace(dispatcher_, std::move(options));
        const auto started = server_->start();
        EXPECT_TRUE(started) << started.error();
    }
    ~BriefRequests() override { release(); }

    void release() {
        if (!std::exchange(is_released_, true)) release_.set_value();
    }
    [[nodiscard]] Client client() const {
        return Client::make("http://127.0.0.1:" + std::to_string(server_->ports().front())).value();
    }
    /// Asks for eth_brief over a connection of its own, and waits until the server has read it.
    std::future<std::string> ask_brief() {
        const auto requests = server_->stats().requests;
        auto answer = std::async(std::launch::async, [asker = client()]() mutable {
            const auto got = asker.call("eth_brief");
            return got ? *got : got.error().message;
        });
        while (server_->stats().requests == requests) std::this_thread::yield();
        return answer;
    }

    std::promise<void> release_;
    std::shared_future<void> released_ = release_.get_future().share();
    bool is_released_ = false;
    Dispatcher dispatcher_;
    std::optional<Server> server_;
};

TEST_F(BriefRequests, that_last_hold_up_no_other_connection) {
    auto answer = ask_brief();
    auto other = client();
    EXPECT_EQ(other.call("eth_light").value(), "7");
    release();
    EXPECT_EQ(answer.get(), "6");
    EXPECT_EQ(other.call("eth_brief").value(), "6");
}

TEST_F(BriefRequests, that_last_are_not_waited_for_when_the_server_stops) {
    auto answer = ask_brief();
    server_->stop();
    EXPECT_FALSE(server_->wait_until_idle(10ms)) << "it still runs";
    release();
    EXPECT_TRUE(server_->wait_until_idle(60s));
    EXPECT_NE(answer.get(), "6");
}

}  // namespace
}  // namespace cairn::rpc
