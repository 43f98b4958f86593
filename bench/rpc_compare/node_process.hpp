// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rpc/client/client.hpp"

namespace cairn::bench {

/// A port of loopback that nobody listens on at this moment.
[[nodiscard]] std::uint16_t find_free_port();

/// A node under test; killed with the object.
class NodeProcess {
public:
    using Json = nlohmann::json;

    /// Starts a program and waits until it answers eth_chainId.
    /// @param log   takes what it prints
    /// Throws std::runtime_error where it does not come up within a minute.
    NodeProcess(const std::string& program, std::vector<std::string> arguments, std::uint16_t port,
                const std::filesystem::path& log);
    ~NodeProcess();
    NodeProcess(const NodeProcess&) = delete;
    NodeProcess& operator=(const NodeProcess&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

    /// Stops it and lets it go on: what it does on its own takes nothing from the one measured.
    void pause() const;
    void resume() const;

    /// The result of a method. Throws std::runtime_error where there is none.
    Json call(const std::string& method, const std::vector<Json>& params = {});

private:
    std::uint16_t port_;
    pid_t pid_ = -1;
    rpc::Client client_;
};

}  // namespace cairn::bench
