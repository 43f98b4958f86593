// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain/pool/pool_options.hpp"
#include "core/base/expected.hpp"
#include "core/base/log.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/ids.hpp"
#include "node/app/data_folder.hpp"
#include "rpc/limits.hpp"

namespace CLI {
class App;
}

namespace cairn::node {

/// Which genesis a node starts from where its data folder has none.
enum class BuiltInNetwork : std::uint8_t { Testnet, Dev };

/// One RPC door as the command line asks for it.
struct RpcDoor {
    bool is_open = true;
    std::string address = "127.0.0.1";
    std::uint16_t port = 8545;
    std::vector<std::string> apis{};     ///< namespaces; empty: the default
    std::vector<std::string> origins{};  ///< pages that may ask (CORS, WebSocket's Origin)
    std::vector<std::string> vhosts{"localhost"};
};

/// `cairn-node` without a subcommand: run a node. Flags are geth's where geth has them.
struct RunCommand {
    DataFolder folder;
    /// The folder is made for this run and goes with it (`--dev` without `--datadir`).
    bool is_folder_temporary = false;
    BuiltInNetwork network = BuiltInNetwork::Testnet;
    bool is_dev = false;
    /// `--dev.period`: seconds between blocks; nothing: a block for each transaction, at once.
    std::optional<std::uint64_t> dev_period{};
    std::optional<std::uint64_t> network_id{};  ///< the chain id where absent
    bool is_archive = true;
    bool checks_seals = true;

    RpcDoor http{};
    RpcDoor websocket{.is_open = false, .port = 8546};
    bool has_ipc = true;
    std::optional<std::filesystem::path> ipc_path{};
    std::filesystem::path jwt_secret_file{};
    std::string http_token{};
    std::filesystem::path tls_certificate{};
    std::filesystem::path tls_key{};
    bool is_http_insecure = false;
    rpc::Limits limits{};

    bool mines = false;
    unsigned miner_threads = 0;  ///< 0: one for each processor
    std::optional<Address> etherbase{};
    std::uint64_t gas_limit = 30'000'000;  ///< towards which blocks of ours move
    std::uint64_t gas_price = 1;           ///< least tip in our blocks, wei per gas
    std::string extra_data{};
    int miner_nice = 19;
    bool miner_pin = false;  ///< bind each mining thread to a processor
    bool ethash_full = false;
    bool has_stratum = false;
    std::string stratum_address = "127.0.0.1";
    std::uint16_t stratum_port = 3333;

    chain::PoolOptions pool{};

    bool has_network = true;  ///< off: no peers at all (`--dev`, `--maxpeers 0`)
    std::string listen_address{};
    std::uint16_t port = 30303;
    bool has_discovery = true;
    std::vector<std::string> bootnodes{};
    std::vector<std::string> static_nodes{};
    std::size_t peers_max = 50;
    std::filesystem::path node_key_file{};
    std::string nat = "any";
    std::vector<std::string> net_restrict{};
    /// Chains with less work are not followed; the network's known work where absent.
    std::optional<TotalDifficulty> minimum_total{};

    bool has_metrics = false;
    std::string metrics_address = "127.0.0.1";
    std::uint16_t metrics_port = 6060;
    log::Options log{};
};

/// What the parser of the run's flags fills.
struct RunWords;
struct RunWordsDeleter {
    void operator()(RunWords* words) const noexcept;
};
using RunWordsPtr = std::unique_ptr<RunWords, RunWordsDeleter>;

/// Adds the flags of a run to the program itself, in groups.
[[nodiscard]] RunWordsPtr add_run_options(CLI::App& app);

/// What those flags ask for, put together after parsing.
/// @param folder  the data folder; nothing where none was given
/// @return        or one line that names the flag at fault
[[nodiscard]] Result<RunCommand, std::string> make_run_command(
    const RunWords& words, const std::optional<DataFolder>& folder);

/// The flags that a TOML file stands for, in its order: `[http] port = 1` and `http.port = 1` are
/// both `--http.port=1`; truth values are flags, lists are joined by commas.
/// @return or one line that names file and line
[[nodiscard]] Result<std::vector<std::string>, std::string> read_config_file(
    const std::filesystem::path& path);

}  // namespace cairn::node
