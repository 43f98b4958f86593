// SPDX-License-Identifier: MIT
// cairn-evm: the contract machine on its own. This file knows the command line and nothing else.
#include <exception>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "node/evm_tool/bench.hpp"
#include "node/evm_tool/blocktest.hpp"
#include "node/evm_tool/fork_names.hpp"
#include "node/evm_tool/report.hpp"
#include "node/evm_tool/run.hpp"
#include "node/evm_tool/statetest.hpp"
#include "node/evm_tool/txtest.hpp"

namespace {

using namespace cairn::node;

std::string known_forks() { return "one of " + known_revisions(); }

void add_run(CLI::App& app, RunOptions& options) {
    auto* run = app.add_subcommand("run", "Run bytecode and print what it leaves");
    run->footer(
        "Numbers are decimal or 0x. Without --prestate the sender owns what --value sends and nothing else\n"
        "exists. No intrinsic gas and no fees are taken. Exit code: 0 success, 1 revert or failure, 2 bad request.\n\n"
        "Example: add 2 and 3 and return the sum\n"
        "  cairn-evm run 600260030160005260206000f3");
    run->add_option("code,--code", options.code, "Bytecode in hex, or - for standard input");
    run->add_option("--codefile", options.code_file, "File with the bytecode in hex, or -");
    run->add_option("--input", options.input, "Call data in hex, or -; with --create: constructor arguments");
    run->add_option("--inputfile", options.input_file, "File with the call data in hex, or -");
    run->add_option("--gas", options.gas, "Gas limit")->capture_default_str();
    run->add_option("--value", options.value, "Wei sent along")->capture_default_str();
    run->add_option("--price", options.gas_price, "What GASPRICE gives, wei")->capture_default_str();
    run->add_option("--fork,--revision,--state.fork", options.fork, "Rules, " + known_forks() + " (default: the last)");
    run->add_option("--sender", options.sender, "Caller's address")->capture_default_str();
    run->add_option("--receiver,--to", options.receiver, "Address that has the code")->capture_default_str();
    run->add_option("--prestate", options.prestate, "JSON file: a genesis, or its alloc {address: {balance, nonce, code, storage}}");
    run->add_flag("--create", options.create, "The code is init code: run it as a contract creation");
    run->add_flag("--json", options.json, "Print the result as one JSON object");
    auto* trace = run->add_flag("--trace", options.trace, "Print every step as a JSON line (EIP-3155) instead");
    run->add_flag("--trace.memory", options.trace_memory, "Memory in every step too")->needs(trace);
    run->add_flag("--dump", options.dump, "Print the state afterwards as JSON too")->excludes(trace);

    const auto block = [](CLI::Option* option) { option->group("Block")->capture_default_str(); };
    block(run->add_option("--number", options.number, "Its number"));
    block(run->add_option("--timestamp", options.timestamp, "Seconds since 1970"));
    block(run->add_option("--coinbase", options.coinbase, "Beneficiary's address"));
    block(run->add_option("--gaslimit", options.gas_limit, "The block's gas limit"));
    block(run->add_option("--basefee", options.base_fee, "Wei per gas"));
    block(run->add_option("--blobbasefee", options.blob_base_fee, "Wei per unit of blob gas"));
    block(run->add_option("--difficulty", options.difficulty, "Before Paris"));
    block(run->add_option("--prevrandao", options.prev_randao, "From Paris on"));
    block(run->add_option("--chainid", options.chain_id, "What CHAINID gives"));
}

void add_suite(CLI::App& app, SuiteOptions& options, const std::string& name, const std::string& what) {
    auto* suite = app.add_subcommand(name, "Run " + what);
    suite->footer("Prints a line for each failing case, then `N passed, M failed, K skipped`. Exit code: 0 when all\n"
                  "passed, 1 when one failed or none ran, 2 bad request.\n\n"
                  "Example: the cases of one fork, on two threads\n"
                  "  cairn-evm " + name + " -j 2 --fork London path/to/tests");
    suite->add_option("path", options.paths, "Files, or folders that are searched for .json files")->required();
    suite->add_option("--fork", options.fork, "Only this fork, " + known_forks());
    suite->add_option("--run", options.run, "Only cases in whose name this regular expression is found");
    suite->add_flag("--json", options.json, "One JSON object a case on stdout");
    suite->add_flag("--benchmark", options.benchmark, "Print the CPU seconds that the cases took");
    suite->add_option("-j,--threads", options.threads, "Threads")->check(CLI::Range(1U, 1024U))->capture_default_str();
}

void add_bench(CLI::App& app, BenchOptions& options, std::string& fork, std::string& mode) {
    auto* bench = app.add_subcommand("bench", "Time contracts");
    bench->footer("A case is a JSON file with name, code_hex, input_hex, gas_limit, revision, expected_output_hex,\n"
                  "gas_used and status. Every case's gas, output and status are checked; a wrong one is an error.\n"
                  "Times are CPU time, the median of batches; `cycles` counts a 64-bit multiplication, timed beside it,\n"
                  "as 3. Exit code: 0 when all were right, 1 when one was wrong, 2 bad request.\n\n"
                  "Example:\n"
                  "  cairn-evm bench --seconds 1 path/to/cases");
    bench->add_option("path", options.paths, "Case files, or folders of them")->required();
    bench->add_option("--seconds", options.seconds, "CPU seconds for each case")
        ->check(CLI::Range(0.0, 3600.0))
        ->capture_default_str();
    bench->add_option("--mode", mode, "exec: analyse the code once, before the clock; total: in every run")
        ->check(CLI::IsMember({"exec", "total"}))
        ->capture_default_str();
    bench->add_option("--fork", fork, "Rules, instead of each case's own; gas is then not compared");
    bench->add_option("--run", options.run, "Only cases in whose name this regular expression is found");
    auto* json = bench->add_flag("--json", options.json, "One JSON object a case");
    bench->add_flag("--check", options.check_only, "Run each case twice and compare, take no times")->excludes(json);
}

int dispatch(int argc, char** argv) {
    CLI::App app{"cairn-evm: Cairn's contract machine on its own, every Ethereum revision from Frontier to Osaka",
                 "cairn-evm"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "cairn-evm " CAIRN_VERSION);
    app.footer("`cairn-evm COMMAND --help` shows a command's options and an example.\n\n"
               "Example: add 2 and 3 and return the sum\n"
               "  cairn-evm run 600260030160005260206000f3");
    RunOptions run;
    SuiteOptions statetest;
    SuiteOptions blocktest;
    SuiteOptions txtest;
    BenchOptions bench;
    std::string bench_fork;
    std::string bench_mode = "exec";
    add_run(app, run);
    add_suite(app, statetest, "statetest", "public Ethereum state tests (GeneralStateTests)");
    add_suite(app, blocktest, "blocktest", "public Ethereum blockchain tests (BlockchainTests)");
    add_suite(app, txtest, "txtest", "public Ethereum transaction tests (TransactionTests)");
    add_bench(app, bench, bench_fork, bench_mode);

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked_for_help) {
        return app.exit(asked_for_help);
    } catch (const CLI::ParseError& error) {
        return bad_input(fmt::format("{} (--help shows what there is)", error.what()));
    }

    if (app.got_subcommand("run")) return run_code(run);
    catch_interrupts();
    if (app.got_subcommand("bench")) {
        bench.with_analysis = bench_mode == "total";
        if (!bench_fork.empty()) {
            bench.revision = find_revision(bench_fork);
            if (!bench.revision)
                return bad_input(fmt::format("unknown fork \"{}\"; known: {}", bench_fork, known_revisions()));
        }
        return run_bench(bench);
    }
    if (app.got_subcommand("blocktest")) return run_block_tests(blocktest);
    return app.got_subcommand("statetest") ? run_state_tests(statetest) : run_transaction_tests(txtest);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return dispatch(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "cairn-evm: {}\n", error.what());
        return kExitFailed;
    }
}
