// SPDX-License-Identifier: MIT
#include "node/evm_tool/txtest.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "chain/rules/intrinsic_gas.hpp"
#include "chain/rules/tx_check.hpp"
#include "chain/spec/rule_set.hpp"
#include "chain/spec/test_networks.hpp"
#include "core/base/hex.hpp"
#include "core/math/uint256.hpp"
#include "core/types/transaction_rlp.hpp"
#include "node/evm_tool/exception_names.hpp"
#include "node/evm_tool/json_file.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::json;
using chain::TxError;

/// Chain id of every transaction test.
constexpr std::uint64_t kChainId = 1;

/// Why a transaction was refused: its bytes, or its meaning.
using Refusal = std::variant<DecodeError, TxError>;

std::string text_of(const Refusal& refusal) {
    if (const auto* error = std::get_if<DecodeError>(&refusal)) return to_string(*error);
    return std::string{chain::to_string(std::get<TxError>(refusal))};
}

bool is_named(std::string_view exception, const Refusal& refusal) {
    return std::visit([exception](const auto& error) { return names_error(exception, error); },
                      refusal);
}

/// A field that must be there and text; an exception of the JSON library otherwise.
const std::string& text_at(const Json& object, const char* key) {
    return object.at(key).get_ref<const std::string&>();
}

Gas gas_at(const Json& expected) {
    const auto gas = parse_uint256(text_at(expected, "intrinsicGas"));
    return gas ? gas->saturate_u64() : 0;
}

std::string check_valid(const Json& expected, const RecoveredTx& tx,
                        const chain::IntrinsicGas& gas) {
    if (to_hex0x(tx.hash()) != text_at(expected, "hash"))
        return "wrong hash: " + to_hex0x(tx.hash());
    if (to_hex0x(tx.sender()) != text_at(expected, "sender"))
        return "wrong sender: " + to_hex0x(tx.sender());
    if (gas.intrinsic != gas_at(expected))
        return "wrong intrinsic gas: " + std::to_string(gas.intrinsic);
    return {};
}

std::string check_invalid(const Json& expected, const Refusal& refusal) {
    const std::string& exception = text_at(expected, "exception");
    if (!is_known_exception(exception)) return "unknown exception name: " + exception;
    if (!is_named(exception, refusal))
        return "refused for another reason: " + text_of(refusal) + ", not " + exception;
    return {};
}

/// Whether the bytes begin like an envelope of a type that the fork does not take.
bool has_unsupported_type(ByteView bytes, const chain::RuleSet& rules) {
    return !bytes.empty() && bytes[0] < kTxTypeCount &&
           !rules.allows(static_cast<TxType>(bytes[0]));
}

/// What check_and_recover checks, in the suite's order: it looks for the sender before it counts
/// gas.
Result<RecoveredTx, TxError> judge(const SignedTx& tx, const chain::RuleSet& rules) {
    if (const auto verdict = chain::check_tx_signature(rules, kChainId, tx); !verdict)
        return Unexpected{verdict.error()};
    auto recovered = recover_sender(tx);
    if (!recovered) return Unexpected{TxError::SignatureUnrecoverable};
    if (const auto verdict = chain::check_tx_fields(rules, tx.tx()); !verdict)
        return Unexpected{verdict.error()};
    return std::move(*recovered);
}

/// What is wrong with one case; empty when it passes.
std::string run_case(const Json& expected, const std::optional<Bytes>& bytes,
                     const chain::RuleSet& rules) {
    const bool is_valid = !expected.contains("exception");
    if (!bytes) return "txbytes are not hexadecimal";
    const auto tx = decode_tx(*bytes);
    if (!tx && is_valid) return "does not decode: " + to_string(tx.error());
    if (!tx && has_unsupported_type(*bytes, rules) &&
        is_named(text_at(expected, "exception"), TxError::TypeNotSupported))
        return {};  // two reasons at once; the suite has named the other
    if (!tx) return check_invalid(expected, tx.error());
    const auto gas = chain::intrinsic_gas(rules, tx->tx());
    const auto recovered = judge(*tx, rules);
    if (is_valid) {
        if (!recovered) return "refused: " + std::string{chain::to_string(recovered.error())};
        return check_valid(expected, *recovered, gas);
    }
    if (recovered) return "accepted, but should be refused: " + text_at(expected, "exception");
    // The suite writes 0 where the transaction was refused before its gas was counted.
    if (gas_at(expected) != 0 && gas_at(expected) != gas.intrinsic)
        return "wrong intrinsic gas: " + std::to_string(gas.intrinsic);
    return check_invalid(expected, recovered.error());
}

void run_test(const Json& test, const std::string& name, const TxTestFilter& filter,
              const std::function<void(const CaseResult&)>& sink) {
    const auto bytes = from_hex(text_at(test, "txbytes"));
    for (const auto& [fork, expected] : test.at("result").items()) {
        if (!filter.fork.empty() && fork != filter.fork) continue;
        const auto rules = chain::find_fork_rules(fork);
        if (!rules) {
            sink({name, fork, Outcome::Skipped, "unknown fork"});
            continue;
        }
        std::string why = run_case(expected, bytes, *rules);
        const Outcome outcome = why.empty() ? Outcome::Passed : Outcome::Failed;
        sink({name, fork, outcome, std::move(why)});
    }
}

}  // namespace

void run_tx_test_file(const std::filesystem::path& path, const TxTestFilter& filter,
                      const std::function<void(const CaseResult&)>& sink) {
    const auto tests = load_json(path);
    if (!tests) {
        sink({path.string(), "", Outcome::Failed, tests.error()});
        return;
    }
    try {
        for (const auto& [test_name, test] : tests->items()) {
            const std::string name = path.stem().string() + "/" + test_name;
            if (filter.run && !std::regex_search(name, *filter.run)) continue;
            run_test(test, name, filter, sink);
        }
    } catch (const Json::exception& error) {
        sink({path.string(), "", Outcome::Failed,
              std::string{"not a transaction test: "} + error.what()});
    }
}

int run_transaction_tests(const SuiteOptions& options) {
    const auto files = find_json_files(options.paths);
    if (!files) return bad_input(files.error());
    TxTestFilter filter{.fork = options.fork, .run = std::nullopt};
    if (!options.fork.empty() && !chain::find_fork_rules(options.fork))
        return bad_input("unknown fork: " + options.fork);
    if (!options.run.empty()) {
        try {
            filter.run.emplace(options.run, std::regex::ECMAScript | std::regex::optimize);
        } catch (const std::regex_error& error) {
            return bad_input("not a regular expression: " + options.run + " (" + error.what() +
                             ")");
        }
    }
    SuiteReport report{options, files->size()};
    for_each_file(*files, options.threads, [&](const std::filesystem::path& file, unsigned) {
        run_tx_test_file(file, filter, [&report](const CaseResult& result) { report.add(result); });
        report.file_done();
    });
    return report.finish();
}

}  // namespace cairn::node
