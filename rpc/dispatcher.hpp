// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rpc/limits.hpp"
#include "rpc/method.hpp"

namespace cairn::rpc {

/// The namespaces that a door offers (`--http.api eth,net,web3`).
class ApiSet {
public:
    /// Every namespace but those that must be named (see kNamedOnly).
    [[nodiscard]] static ApiSet all();
    /// These; spaces around commas are taken.
    [[nodiscard]] static ApiSet parse(std::string_view names);

    [[nodiscard]] bool has(std::string_view api) const;
    /// Namespaces that are off unless they are named, since they serve tests and no user.
    static constexpr std::string_view kNamedOnly[] = {"testing"};

private:
    bool has_all_ = false;
    std::set<std::string, std::less<>> names_;
};

/// The method table, and JSON-RPC 2.0 around it.
///
/// Rows are added before the first request; after that the table is constant and any thread may
/// ask.
class Dispatcher {
public:
    explicit Dispatcher(const Limits& limits = {});
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    /// Adds rows; a name that is there already is our own mistake (asserted).
    void add(std::vector<Method> methods);
    /// Ascending by name.
    [[nodiscard]] std::vector<const Method*> methods() const;
    /// Null where there is none.
    [[nodiscard]] const Method* find(std::string_view name) const;
    [[nodiscard]] const Limits& limits() const noexcept { return limits_; }

    /// A request that was read but not run. Holds the parsed text.
    class Request {
    public:
        Request(Request&&) noexcept;
        Request& operator=(Request&&) noexcept;
        ~Request();
        /// The highest of its calls'; a batch of many is heavy.
        [[nodiscard]] Cost cost() const noexcept { return cost_; }

    private:
        friend class Dispatcher;
        struct Parsed;
        explicit Request(std::unique_ptr<Parsed> parsed, Cost cost) noexcept;
        std::unique_ptr<Parsed> parsed_;
        Cost cost_;
    };

    /// Reads a request or a batch; what is wrong with it is told when it runs.
    [[nodiscard]] Request read(std::string_view body) const;
    /// Runs it and gives the text of the answer: empty where nothing is to be answered, which a
    /// notification and a batch of such ask for. A machine's failure in a handler becomes -32603
    /// and goes to `on_failure` too.
    [[nodiscard]] std::string run(const Request& request, const ApiSet& apis, Call& call) const;
    /// read, then run.
    [[nodiscard]] std::string handle(std::string_view body, const ApiSet& apis, Call& call) const;

    /// Called before a method's handler, on its thread; for a node whose answers wait for something.
    std::function<void(const Method& method)> before_call{};
    /// Told of a handler's exception: the method, and what it said. Called from any thread.
    std::function<void(std::string_view method, std::string_view what)> on_failure{};

private:
    void run_one(const Request::Parsed& parsed, std::size_t index, const ApiSet& apis, Call& call,
                 std::string& out) const;
    /// What can be made beforehand of each call of a batch; empty where that is not worth while.
    [[nodiscard]] std::vector<std::shared_ptr<const void>> prepare(const Request::Parsed& parsed,
                                                                   const ApiSet& apis,
                                                                   const Call& call) const;
    /// The request where it is written as clients write it; nothing where it must be read in full.
    [[nodiscard]] std::unique_ptr<Request::Parsed> read_plain(std::string_view body) const;
    [[nodiscard]] std::string run_batch(const Request::Parsed& parsed, const ApiSet& apis,
                                        Call& call) const;
    [[nodiscard]] Reply invoke(const Method& method, Call& call, const nlohmann::json& params,
                               JsonWriter& out) const;

    Limits limits_;
    struct NameHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const noexcept {
            return std::hash<std::string_view>{}(name);
        }
    };
    std::unordered_map<std::string, Method, NameHash, std::equal_to<>> methods_;
};

/// Whether the text nests arrays and objects deeper than `depth_max`; brackets in strings do not
/// count. Says nothing of whether it is JSON.
[[nodiscard]] bool nests_deeper_than(std::string_view text, std::size_t depth_max) noexcept;

}  // namespace cairn::rpc
