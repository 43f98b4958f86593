// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/errors.hpp"
#include "rpc/json_writer.hpp"

namespace cairn {
class ThreadPool;
}

namespace cairn::rpc {

class StateAt;

/// Takes messages to a client that nobody asked for at that moment: the far end of a subscription.
class Notifier {
public:
    virtual ~Notifier() = default;
    /// Sends a message, after all that were handed over before it. Any thread; returns at once.
    /// False where the connection is gone, or is being cut because the client does not read.
    virtual bool notify(std::shared_ptr<const std::string> message) = 0;
};

class ApiSet;

/// What surrounds one request.
struct Call {
    using Clock = std::chrono::steady_clock;
    /// The namespaces of the door that it came through; null before it is dispatched.
    const ApiSet* apis = nullptr;
    /// The client's connection where it can be sent notifications (WebSocket, IPC); else null.
    std::shared_ptr<Notifier> notifier{};
    /// The answer is of no use after this.
    Clock::time_point deadline = Clock::time_point::max();
    /// Run after the answer was handed to the connection, in order: a subscription must not speak
    /// before the client knows its name.
    std::vector<std::function<void()>> after_reply{};
    /// Threads that may share in the work of a batch; null where this one works alone.
    ThreadPool* helpers = nullptr;
    /// What the method's `prepare` made of the parameters; null where it was not asked.
    std::shared_ptr<const void> prepared{};
    /// The head's state as a call of this batch saw it, for those after it; see StateAt::shared.
    std::shared_ptr<const StateAt> head_state{};

    [[nodiscard]] bool is_late() const { return Clock::now() >= deadline; }
};

/// What running a method takes: where it runs follows from that.
enum class Cost : std::uint8_t {
    Light,  ///< a few look-ups: run on the connection's own thread, where a hand-over would cost
            ///< more
    Brief,  ///< execution that mostly takes some microseconds: there too, but another thread goes on
            ///< with the connections where it takes longer
    Heavy,  ///< execution, scans, or waiting: run on a worker
};

/// One parameter as `rpc.discover` tells it.
struct ParamSpec {
    std::string name;
    std::string schema;  ///< JSON text of its JSON Schema
    bool is_required = true;
};

/// A row of the method table.
struct Method {
    /// Writes exactly one JSON value, or answers with an error; what it wrote before an error is
    /// dropped.
    /// @param params  an array, or null where none were given
    using Handler = std::function<Reply(Call& call, const nlohmann::json& params, JsonWriter& out)>;

    std::string name;     ///< namespace, underscore, name
    std::string summary;  ///< one sentence for people
    std::vector<ParamSpec> params;
    std::string result_schema;  ///< JSON text of the result's JSON Schema
    Cost cost = Cost::Heavy;
    Handler handler;
    /// Where set: what of a call's work depends on its parameters alone. Calls of a batch are
    /// prepared on several threads at once; the result is the handler's Call::prepared. Throws
    /// nothing but std::exception; null where there is nothing to prepare.
    std::function<std::shared_ptr<const void>(const nlohmann::json& params)> prepare{};

    /// What stands before the underscore; of `rpc.discover` what stands before the dot.
    [[nodiscard]] std::string_view api() const noexcept {
        return std::string_view{name}.substr(0, name.find_first_of("_."));
    }
};

}  // namespace cairn::rpc
