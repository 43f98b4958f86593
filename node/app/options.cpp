// SPDX-License-Identifier: MIT
#include "node/app/options.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "node/app/console.hpp"

namespace cairn::node {
namespace {

/// What the parser fills.
struct Words {
    std::string datadir;
    std::string network = "testnet";
    InitCommand init;
    ImportCommand import;
    std::string gcmode = "archive";
    bool fake_pow = false;
    ExportCommand export_;
    DbReplayCommand replay;
    DbPruneCommand prune;
};

void add_init(CLI::App& app, Words& words) {
    auto* init = app.add_subcommand("init", "Begin a chain from a geth genesis file");
    init->footer(
        "The file is kept in the data folder. A folder that holds another network's chain is "
        "refused.\n\n"
        "Example:\n  cairn-node init genesis.json --datadir data");
    init->add_option("genesis", words.init.genesis, "Genesis file (JSON)")->required();
}

void add_import(CLI::App& app, Words& words) {
    auto* import = app.add_subcommand("import", "Import blocks from files, as geth exports them");
    import->footer(
        "Every block is judged by all rules. Blocks that are there already are passed over, so an "
        "import\n"
        "that was stopped goes on where it stood when it is called again. Stops at the first block "
        "that is\n"
        "not valid. Exit code: 0 all imported, 1 a block was refused, 2 bad request, 130 stopped "
        "by Ctrl-C.\n\n"
        "Example:\n  cairn-node import chain.rlp --datadir data");
    import->add_option("file", words.import.files, "Files of blocks (RLP, one after another)")
        ->required();
    import->add_flag("--fakepow", words.fake_pow,
                     "Take proofs of work on trust, for chains whose seals are not real");
    import
        ->add_option("--gcmode", words.gcmode,
                     fmt::format("archive: keep the state of every block; full: of the last {}",
                                 kFullModeStateBlocks))
        ->check(CLI::IsMember({"archive", "full"}))
        ->capture_default_str();
}

void add_export(CLI::App& app, Words& words) {
    auto* command = app.add_subcommand("export", "Write canonical blocks to a file, as geth does");
    command->footer(
        "The file has its name once it is complete.\n\n"
        "Example:\n  cairn-node export chain.rlp 1 1000 --datadir data");
    command->add_option("file", words.export_.file, "File to write")->required();
    auto* first =
        command->add_option("first", words.export_.first, "First block (default: genesis)");
    command->add_option("last", words.export_.last, "Last block (default: the head)")->needs(first);
}

void add_db(CLI::App& app, Words& words) {
    auto* db = app.add_subcommand("db", "Look after the data");
    db->require_subcommand(1);
    db->fallthrough();
    db->add_subcommand(
        "check", "Walk everything, say what is wrong and what to do; exit code 1 if anything is");
    db->add_subcommand("stats", "Print what each table holds and takes");
    db->add_subcommand(
        "rebuild", "Make flat state, tries, histories and indexes again from the blocks' changes");
    auto* replay = db->add_subcommand(
        "replay", "Execute blocks again and compare changes and receipts with those stored");
    replay->footer(
        "Writes nothing. Exit code: 0 all agree, 1 some do not, 2 bad request, 130 stopped by "
        "Ctrl-C.\n\n"
        "Example:\n  cairn-node db replay --from 1000 --to 2000 --datadir data");
    replay->add_option("--from", words.replay.first, "First block (default: the first there is)");
    replay->add_option("--to", words.replay.last, "Last block (default: the head)");
    auto* prune =
        db->add_subcommand("prune", "Delete the state of old blocks; blocks and receipts stay");
    prune->add_option("--keep", words.prune.keep, "Blocks below the head whose state stays")
        ->required();
    for (auto* command : db->get_subcommands({})) command->fallthrough();
}

/// The command that was named, all of it.
Command command_of(const CLI::App& app, Words& words, const DataFolder& folder) {
    if (app.got_subcommand("init")) {
        words.init.folder = folder;
        return std::move(words.init);
    }
    if (app.got_subcommand("import")) {
        words.import.folder = folder;
        words.import.checks_seals = !words.fake_pow;
        words.import.keep_state_blocks = words.gcmode == "full" ? kFullModeStateBlocks : 0;
        return std::move(words.import);
    }
    if (app.got_subcommand("export")) {
        words.export_.folder = folder;
        return std::move(words.export_);
    }
    const auto* db = app.get_subcommand("db");
    if (db->got_subcommand("check")) return DbCheckCommand{folder};
    if (db->got_subcommand("stats")) return DbStatsCommand{folder};
    if (db->got_subcommand("rebuild")) return DbRebuildCommand{folder};
    if (db->got_subcommand("replay")) {
        words.replay.folder = folder;
        return words.replay;
    }
    words.prune.folder = folder;
    return std::move(words.prune);
}

/// The file that --config names, found before anything is parsed.
std::optional<std::string> find_config(int argc, const char* const* argv) {
    const std::string_view flag = "--config";
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == flag && i + 1 < argc) return std::string{argv[i + 1]};
        if (word.starts_with(flag) && word.substr(flag.size()).starts_with('='))
            return std::string{word.substr(flag.size() + 1)};
    }
    return std::nullopt;
}

}  // namespace

Result<Command, ExitCode> parse_options(int argc, const char* const* argv) {
    CLI::App app{"cairn-node: Cairn's full node", "cairn-node"};
    app.require_subcommand(0, 1);
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.set_version_flag("--version", "cairn-node " CAIRN_VERSION);
    app.description(
        "cairn-node: Cairn's full node. Without a command it runs a node of the public testnet; with "
        "--dev, one of a chain of its own for developing.");
    app.footer(
        "`cairn-node COMMAND --help` shows a command's options and an example.\n\n"
        "Example:\n  cairn-node --dev");
    Words words;
    app.add_option("--datadir", words.datadir, "Folder for the chain (default: ~/.cairn/NETWORK)");
    app.add_option("--network", words.network, "Name of the network's folder below ~/.cairn")
        ->capture_default_str();
    std::string config_file;
    app.add_option("--config", config_file, "TOML file of flags; the command line goes before it");
    const RunWordsPtr run_words = add_run_options(app);
    add_init(app, words);
    add_import(app, words);
    add_export(app, words);
    add_db(app, words);
    for (auto* command : app.get_subcommands({})) command->fallthrough();

    // Flags of a file stand before those of the command line, which then have the last word.
    std::vector<std::string> arguments;
    if (const auto path = find_config(argc, argv)) {
        auto flags = read_config_file(*path);
        if (!flags) return Unexpected{bad_request(flags.error())};
        arguments = *std::move(flags);
    }
    arguments.insert(arguments.end(), argv + 1, argv + argc);
    std::reverse(arguments.begin(), arguments.end());  // as the parser takes them
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::Success& asked_for_help) {
        (void)app.exit(asked_for_help);
        return Unexpected{ExitCode::Ok};
    } catch (const CLI::ParseError& error) {
        return Unexpected{
            bad_request(fmt::format("{} (--help shows what there is)", error.what()))};
    }
    if (app.get_subcommands().empty()) {
        std::optional<DataFolder> given;
        if (!words.datadir.empty()) given = DataFolder{words.datadir};
        auto command = make_run_command(*run_words, given);
        if (!command) return Unexpected{bad_request(command.error())};
        return Command{*std::move(command)};
    }
    DataFolder folder{words.datadir};
    if (words.datadir.empty()) {
        auto standard = default_data_folder(words.network);
        if (!standard) return Unexpected{bad_request(standard.error())};
        folder.root = std::move(*standard);
    }
    return command_of(app, words, folder);
}

}  // namespace cairn::node
