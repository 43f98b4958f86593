// SPDX-License-Identifier: MIT
#include "node/evm_tool/run.hpp"

#include <chrono>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "chain/exec/evm_host.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/state/state.hpp"
#include "core/base/hex.hpp"
#include "node/evm_tool/fork_names.hpp"
#include "node/evm_tool/prestate.hpp"
#include "node/evm_tool/report.hpp"
#include "node/evm_tool/revert_reason.hpp"
#include "node/evm_tool/step_trace.hpp"
#include "vm/opcodes.hpp"
#include "vm/vm.hpp"

namespace cairn::node {
namespace {

/// A request that has been understood.
struct Request {
    std::optional<Bytes> code;
    Bytes input;
    std::int64_t gas = 0;
    Wei value;
    Revision revision = kLatestRevision;
    Address sender;
    Address receiver;
    chain::MemoryState prestate;
    vm::TxContext context;
};

/// How a run ended, and what is worth printing of it.
struct RunOutcome {
    vm::ExecutionResult result;
    std::int64_t gas_used = 0;
    std::vector<Log> logs;
    Bytes deployed;  ///< code of the contract that a creation made
    std::uint64_t time_ns = 0;
};

// Hex as it stands in a file or on standard input: blanks and line ends do not count.
Result<Bytes, std::string> hex_bytes(std::string_view text, std::string_view what) {
    std::string digits;
    for (const char c : text)
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') digits += c;
    if (auto bytes = from_hex(digits)) return std::move(*bytes);
    const auto bare = std::string_view{digits}.substr(digits.starts_with("0x") ? 2 : 0);
    const auto bad = bare.find_first_not_of("0123456789abcdefABCDEF");
    if (bad != std::string_view::npos)
        return Unexpected{fmt::format("{}: not hex: \"{}\" at digit {}", what, json_escaped(bare.substr(bad, 1)), bad)};
    return Unexpected{fmt::format("{}: odd number of hex digits ({})", what, bare.size())};
}

// The bytes that an option and its file variant give; nothing when neither is used.
Result<std::optional<Bytes>, std::string> bytes_of(const std::string& text, const std::string& file,
                                                   std::string_view name) {
    if (!text.empty() && !file.empty()) return Unexpected{fmt::format("{0} and {0}file exclude each other", name)};
    if (text.empty() && file.empty()) return std::optional<Bytes>{};
    std::string content = text;
    std::string what{name};
    if (text == "-" || file == "-") {
        content.assign(std::istreambuf_iterator<char>{std::cin}, {});
        what = "standard input";
    } else if (!file.empty()) {
        auto read = read_text_file(file);
        if (!read) return Unexpected{read.error()};
        content = std::move(*read);
        what = file;
    }
    auto bytes = hex_bytes(content, what);
    if (!bytes) return Unexpected{bytes.error()};
    return std::optional<Bytes>{std::move(*bytes)};
}

// Reads single fields and keeps the first complaint.
class FieldReader {
  public:
    Uint256 number(const std::string& text, std::string_view name) {
        if (const auto value = parse_uint256(text)) return *value;
        complain(fmt::format("{}: not a number of at most 256 bits: \"{}\"", name, json_escaped(text)));
        return {};
    }
    std::uint64_t number_up_to(std::uint64_t limit, const std::string& text, std::string_view name) {
        const Uint256 value = number(text, name);
        if (value <= Uint256{limit}) return value.low64();
        complain(fmt::format("{}: {} is more than {}", name, text, limit));
        return 0;
    }
    Address address(const std::string& text, std::string_view name) {
        if (const auto value = fixed_from_hex<Address>(text)) return *value;
        complain(fmt::format("{}: not an address of 20 bytes in hex: \"{}\"", name, json_escaped(text)));
        return {};
    }
    void complain(std::string message) {
        if (complaint_.empty()) complaint_ = std::move(message);
    }
    [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }

  private:
    std::string complaint_;
};

Result<Request, std::string> understand(const RunOptions& options) {
    Request request;
    FieldReader reader;
    if (!options.fork.empty()) {
        const auto revision = find_revision(options.fork);
        if (!revision)
            return Unexpected{fmt::format("unknown fork \"{}\"; known: {}", json_escaped(options.fork), known_revisions())};
        request.revision = *revision;
    }
    // The machine counts gas in signed 64 bits.
    request.gas = static_cast<std::int64_t>(
        reader.number_up_to(static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()), options.gas, "--gas"));
    request.value = reader.number(options.value, "--value");
    request.sender = reader.address(options.sender, "--sender");
    request.receiver = reader.address(options.receiver, "--receiver");

    auto& context = request.context;
    context.origin = request.sender;
    context.gas_price = reader.number(options.gas_price, "--price");
    context.chain_id = reader.number(options.chain_id, "--chainid");
    context.coinbase = reader.address(options.coinbase, "--coinbase");
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    context.number = reader.number_up_to(kMax, options.number, "--number");
    context.timestamp = reader.number_up_to(kMax, options.timestamp, "--timestamp");
    context.gas_limit = reader.number_up_to(kMax, options.gas_limit, "--gaslimit");
    context.base_fee = reader.number(options.base_fee, "--basefee");
    context.blob_base_fee = reader.number(options.blob_base_fee, "--blobbasefee");
    const bool after_merge = request.revision >= Revision::Paris;
    if (after_merge ? !options.difficulty.empty() : !options.prev_randao.empty())
        reader.complain(fmt::format("{} has no {}: use {}", revision_name(request.revision),
                                    after_merge ? "difficulty" : "PREVRANDAO",
                                    after_merge ? "--prevrandao" : "--difficulty"));
    const auto& randao = after_merge ? options.prev_randao : options.difficulty;
    if (!randao.empty()) context.prev_randao = reader.number(randao, after_merge ? "--prevrandao" : "--difficulty");
    if (!reader.complaint().empty()) return Unexpected{reader.complaint()};

    if ((options.code == "-" || options.code_file == "-") && (options.input == "-" || options.input_file == "-"))
        return Unexpected{std::string{"only one of code and input can come from standard input"}};
    auto code = bytes_of(options.code, options.code_file, "--code");
    if (!code) return Unexpected{code.error()};
    request.code = std::move(*code);
    auto input = bytes_of(options.input, options.input_file, "--input");
    if (!input) return Unexpected{input.error()};
    if (*input) request.input = std::move(**input);
    if (options.create && !request.code)
        return Unexpected{std::string{"--create needs the init code: give it as argument or with --codefile"}};
    if (!request.code && options.prestate.empty())
        return Unexpected{std::string{"no code: give it as hex, with --codefile FILE, or a --prestate that has it"}};

    if (!options.prestate.empty()) {
        auto state = load_prestate(options.prestate);
        if (!state) return Unexpected{state.error()};
        request.prestate = std::move(*state);
    } else {
        // Without a state of one's own the sender can pay what it sends.
        request.prestate.set_account(request.sender, 0, request.value);
    }
    if (request.code && !options.create) {
        const auto record = request.prestate.account(request.receiver).value_or(chain::AccountRecord{});
        request.prestate.set_account(request.receiver, record.nonce, record.balance, *request.code);
    }
    return request;
}

// Runs the request on its prestate, and leaves in `request.prestate` what the state is afterwards.
RunOutcome execute(Request& request, bool create, vm::Tracer* tracer) {
    const chain::RuleSet& rules = chain::rules_of(request.revision);
    const chain::BlockHashFunction no_block_hashes = [](BlockNumber) { return Hash256{}; };
    RunOutcome outcome;
    chain::State state{request.prestate};
    state.begin_transaction();
    chain::EvmHost host{state, rules, request.context, no_block_hashes};

    vm::Message message;
    message.gas = request.gas;
    message.sender = request.sender;
    message.value = request.value;
    message.recipient = request.receiver;
    message.input = request.input;
    Bytes init_code;
    if (create) {
        message.kind = vm::CallKind::Create;
        message.recipient = vm::create_address(request.sender, state.nonce(request.sender));
        // Call data of a creation stands behind its code, where constructors look for their arguments.
        init_code = *request.code;
        append(init_code, request.input);
        message.input = init_code;
        host.increment_nonce(request.sender);
    }
    message.code_address = message.recipient;
    state.access_account(request.sender);
    state.access_account(message.recipient);
    if (rules.has_warm_coinbase) state.access_account(request.context.coinbase);

    vm::Vm vm;
    const auto start = std::chrono::steady_clock::now();
    if (state.balance(request.sender) < request.value) {
        // The machine leaves this check of the outermost call to the transaction; nothing has run.
        outcome.result.status = vm::Status::InsufficientBalance;
        outcome.result.gas_left = request.gas;
    } else {
        outcome.result = vm.execute(host, request.revision, message, tracer);
    }
    const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - start;
    outcome.time_ns = static_cast<std::uint64_t>(elapsed.count());
    outcome.gas_used = request.gas - outcome.result.gas_left;
    outcome.logs = state.take_logs();
    if (create && outcome.result.status == vm::Status::Success)
        outcome.deployed = to_bytes(state.code(message.recipient));
    state.finalise_transaction(rules.clears_empty_accounts ? chain::EmptyAccounts::Delete : chain::EmptyAccounts::Keep);
    request.prestate.apply(state.take_diff());
    return outcome;
}

std::string_view status_text(vm::Status status) {
    return status == vm::Status::Success ? std::string_view{"success"} : vm::to_string(status);
}

std::optional<std::string> reason_of(const vm::ExecutionResult& result) {
    return result.status == vm::Status::Revert ? decode_revert_reason(result.output) : std::nullopt;
}

void print_plain(const RunOutcome& outcome, bool create) {
    const auto& result = outcome.result;
    fmt::print("status:   {}\n", status_text(result.status));
    if (const auto reason = reason_of(result)) fmt::print("reason:   {}\n", json_escaped(*reason));
    fmt::print("gas used: {}\n", outcome.gas_used);
    if (result.gas_refund != 0) fmt::print("refund:   {}\n", result.gas_refund);
    if (create && result.status == vm::Status::Success) {
        fmt::print("contract: {}\n", to_hex0x(result.created));
        fmt::print("code:     {}\n", to_hex0x(outcome.deployed));
    } else {
        fmt::print("output:   {}\n", to_hex0x(result.output));
    }
    for (std::size_t i = 0; i < outcome.logs.size(); ++i) {
        const auto& log = outcome.logs[i];
        fmt::print("log {}:    address {}\n", i, to_hex0x(log.address));
        for (const auto& topic : log.topics) fmt::print("          topic {}\n", to_hex0x(topic));
        fmt::print("          data  {}\n", to_hex0x(log.data));
    }
}

void print_json(const RunOutcome& outcome, Revision revision, bool create) {
    const auto& result = outcome.result;
    const bool success = result.status == vm::Status::Success;
    std::string logs;
    for (const auto& log : outcome.logs) {
        std::string topics;
        for (const auto& topic : log.topics)
            topics += fmt::format("{}\"{}\"", topics.empty() ? "" : ",", to_hex0x(topic));
        logs += fmt::format("{}{{\"address\":\"{}\",\"topics\":[{}],\"data\":\"{}\"}}", logs.empty() ? "" : ",",
                            to_hex0x(log.address), topics, to_hex0x(log.data));
    }
    fmt::print("{{\"success\":{},\"status\":\"{}\",\"gas_used\":{},\"gas_refund\":{},\"output\":\"{}\",", success,
               json_escaped(status_text(result.status)), outcome.gas_used, result.gas_refund, to_hex0x(result.output));
    if (const auto reason = reason_of(result)) fmt::print("\"reason\":\"{}\",", json_escaped(*reason));
    if (create && success)
        fmt::print("\"contract\":\"{}\",\"code\":\"{}\",", to_hex0x(result.created), to_hex0x(outcome.deployed));
    fmt::print("\"logs\":[{}],\"fork\":\"{}\",\"time_ns\":{}}}\n", logs, revision_name(revision), outcome.time_ns);
}

}  // namespace

int run_code(const RunOptions& options) {
    auto request = understand(options);
    if (!request) return bad_input(request.error());

    StepTrace trace{stdout, request->revision, options.trace_memory};
    const RunOutcome outcome = execute(*request, options.create, options.trace ? &trace : nullptr);
    const bool success = outcome.result.status == vm::Status::Success;
    if (options.trace) {
        fmt::print("{}", format_summary({.state_root = root_of(request->prestate),
                                         .output = outcome.result.output,
                                         .gas_used = static_cast<std::uint64_t>(outcome.gas_used),
                                         .pass = success,
                                         .time_ns = outcome.time_ns,
                                         .fork = revision_name(request->revision)}));
    } else if (options.json) {
        print_json(outcome, request->revision, options.create);
    } else {
        print_plain(outcome, options.create);
    }
    if (options.dump) fmt::print("{}", dump_state(request->prestate));
    return success ? kExitOk : kExitFailed;
}

}  // namespace cairn::node
