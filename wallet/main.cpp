// SPDX-License-Identifier: MIT
// cairn-wallet: keys, transactions, contracts and signatures. This file knows the command line and
// nothing else.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"

namespace {

using namespace cairn::wallet;

/// Everything that any command may be asked for.
struct Requests {
    GlobalOptions options;
    NewOptions make;
    ImportOptions import;
    ExportOptions export_key;
    BalanceOptions balance;
    SendOptions send;
    DeployOptions deploy;
    TransactOptions transact;
    CallOptions call;
    LogsOptions logs;
    DecodeOptions decode;
    SignOptions sign;
    VerifySignatureOptions verify_signature;
    WatchOptions watch;
    NotarizeOptions notarize;
    VerifyOptions verify;
    SigninOptions signin;
};

/// Stands before words that CLI11 would take apart: "[1,2]" for two words, "-5" for an option. No
/// argument of a person's begins with it.
constexpr char kVerbatim = '\x01';

/// The command line in the reverse order that CLI11 wants, with such words marked.
std::vector<std::string> mark_verbatim(int argc, char** argv) {
    std::vector<std::string> out;
    for (int i = argc - 1; i > 0; --i) {
        const std::string_view word{argv[i]};
        const bool is_list = word.starts_with('[') && word.ends_with(']');
        const bool is_negative =
            word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
        out.push_back((is_list || is_negative ? std::string{kVerbatim} : std::string{}) +
                      std::string{word});
    }
    return out;
}

/// A contract's arguments without the mark.
void unmark(std::vector<std::string>& arguments) {
    for (auto& argument : arguments)
        if (argument.starts_with(kVerbatim)) argument.erase(0, 1);
}

/// Adds a command with its one example.
CLI::App& add_command(CLI::App& app, const std::string& name, const std::string& what,
                      const std::string& example) {
    auto* command = app.add_subcommand(name, what);
    command->footer("Example:\n  cairn-wallet " + example);
    return *command;
}

void add_key_options(CLI::App& command, KeyOptions& key) {
    const std::string group = "Key";
    auto* from = command.add_option("--from", key.from, "Account of the keystore")->group(group);
    auto* file =
        command.add_option("--key-file", key.key_file, "Key file outside of it")->group(group);
    command.add_option("--dev", key.dev_account, "Public account 0 to 9 of the dev network")
        ->excludes(from)
        ->excludes(file)
        ->group(group);
    from->excludes(file);
    command
        .add_option("--password-file", key.password_file,
                    "File whose first line is the password; else $CAIRN_PASSWORD, else a prompt")
        ->group(group);
}

void add_tx_options(CLI::App& command, TxOptions& tx, bool with_value) {
    const std::string group = "Transaction";
    if (with_value)
        command.add_option("--value", tx.value, "Coins to send along, like 1.5coin")
            ->capture_default_str()
            ->group(group);
    command.add_option("--gas-limit", tx.gas_limit, "Gas at most; else estimated")->group(group);
    command.add_option("--max-fee", tx.max_fee, "Per gas at most, like 20gwei")->group(group);
    command.add_option("--tip", tx.tip, "Per gas to the miner, like 1gwei")->group(group);
    command.add_option("--nonce", tx.nonce, "Instead of the next one")->group(group);
    command.add_flag("--wait", tx.wait, "Wait for its block")->group(group);
    command.add_option("--confirmations", tx.confirmations, "Wait until so many blocks confirm it")
        ->check(CLI::Range(1U, 1'000'000U))
        ->capture_default_str()
        ->group(group);
    command.add_option("--timeout", tx.timeout_seconds, "Seconds to wait at most")
        ->capture_default_str()
        ->group(group);
}

void add_interface_options(CLI::App& command, InterfaceOptions& interface) {
    command.add_option("--abi", interface.abi_file, "JSON ABI, artifact or solc output");
    command.add_option("--contract", interface.contract, "Contract's name in solc output");
}

void add_key_commands(CLI::App& app, Requests& r) {
    auto& make = add_command(app, "new", "Make an account and show its mnemonic once", "new");
    make.add_option("--words", r.make.words, "Words of the mnemonic")
        ->check(CLI::IsMember({12U, 15U, 18U, 21U, 24U}))
        ->capture_default_str();
    make.add_option("--password-file", r.make.password_file, "Password of the key file");
    make.add_flag("--light", r.make.light, "Cheap key derivation: faster, easier to guess");
    make.callback([&r] { run_new(r.options, r.make); });

    auto& import = add_command(app, "import", "Bring an account in",
                               "import mnemonic --path \"m/44'/60'/0'/0/1\"");
    import.add_option("kind", r.import.kind, "mnemonic, key (private key), xprv or keystore")
        ->required()
        ->check(CLI::IsMember({"mnemonic", "key", "xprv", "keystore"}));
    import.add_option("--file", r.import.file,
                      "File with the secret; else $CAIRN_SECRET, else a prompt");
    import.add_option("--path", r.import.path,
                      "Derivation path (default m/44'/60'/0'/0/0; xprv: m)");
    import.add_option("--password-file", r.import.password_file, "Password of the key file");
    import.add_flag("--light", r.import.light, "Cheap key derivation");
    import.callback([&r] { run_import(r.options, r.import); });

    auto& export_key =
        add_command(app, "export", "Copy an account's key out", "export --to backup.json");
    export_key.add_option("--to", r.export_key.to_file, "Write a key file, same password");
    export_key.add_flag("--reveal", r.export_key.reveal, "Print the bare private key");
    add_key_options(export_key, r.export_key.key);
    export_key.callback([&r] { run_export(r.options, r.export_key); });

    add_command(app, "list", "Show the accounts", "list").callback([&r] { run_list(r.options); });
}

void add_query_commands(CLI::App& app, Requests& r) {
    const std::string account = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    auto& balance = add_command(app, "balance", "Show an account's coins", "balance " + account);
    auto& nonce = add_command(app, "nonce", "Show an account's next nonce", "nonce " + account);
    for (auto* command : {&balance, &nonce}) {
        command->add_option("address", r.balance.address, "Default: the only account there is");
        command->add_option("--block", r.balance.block, "Number, latest, pending, …")
            ->capture_default_str();
    }
    balance.callback([&r] { run_balance(r.options, r.balance); });
    nonce.callback([&r] { run_nonce(r.options, r.balance); });

    auto& watch = add_command(app, "watch", "Show blocks and own transactions as they come",
                              "watch --address " + account);
    watch.add_option("--address", r.watch.addresses, "Accounts to show (default: the keystore's)");
    watch.add_option("--blocks", r.watch.blocks, "End after so many blocks");
    watch.add_option("--interval", r.watch.interval_seconds, "Seconds between two looks")
        ->check(CLI::Range(0.05, 3600.0))
        ->capture_default_str();
    watch.callback([&r] { run_watch(r.options, r.watch); });

    auto& logs = add_command(
        app, "logs", "Show a contract's events",
        "logs --event \"Notarized(bytes32 indexed digest, address indexed by, uint64 time)\"");
    logs.add_option("--address", r.logs.address, "Only of this contract");
    logs.add_option("--event", r.logs.events, "Only these, as human-readable lines");
    logs.add_option("--from-block", r.logs.from_block)->capture_default_str();
    logs.add_option("--to-block", r.logs.to_block)->capture_default_str();
    add_interface_options(logs, r.logs.interface);
    logs.callback([&r] { run_logs(r.options, r.logs); });
}

void add_tx_commands(CLI::App& app, Requests& r) {
    auto& send = add_command(
        app, "send", "Send coins",
        "send 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --value 1.5coin --dev 0 --wait");
    send.add_option("to", r.send.to, "Receiver's address")->required();
    add_key_options(send, r.send.key);
    add_tx_options(send, r.send.tx, true);
    send.get_option("--value")->required();
    send.callback([&r] { run_send(r.options, r.send); });

    auto& deploy = add_command(app, "deploy", "Deploy a contract",
                               "deploy build/release/genesis/contracts/contracts.json --contract "
                               "Dao \"[0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266]\" 51 60 30 "
                               "--dev 0 --wait");
    deploy
        .add_option("artifact", r.deploy.artifact,
                    "solc output, Hardhat or Foundry artifact, or bytecode (file or hex)")
        ->required();
    deploy.add_option("arguments", r.deploy.arguments, "Constructor's arguments");
    add_interface_options(deploy, r.deploy.interface);
    add_key_options(deploy, r.deploy.key);
    add_tx_options(deploy, r.deploy.tx, true);
    deploy.callback([&r] {
        unmark(r.deploy.arguments);
        run_deploy(r.options, r.deploy);
    });

    auto& call = add_command(app, "call", "Ask a contract without a transaction",
                             "call 0xCA12000000000000000000000000000000000003 "
                             "\"ownerOf(address)(address)\" "
                             "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    auto& transact = add_command(app, "transact", "Call a contract by a transaction",
                                 "transact 0xCA12000000000000000000000000000000000002 "
                                 "\"create(address[],uint8,uint64,uint64)\" "
                                 "\"[0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266]\" 51 60 30 "
                                 "--dev 0 --wait");
    for (auto* command : {&call, &transact}) {
        auto& request = command == &call ? r.call : r.transact.call;
        command->add_option("contract", request.contract, "Contract's address")->required();
        command
            ->add_option("function", request.function,
                         "Signature like \"f(uint256)(bool)\", or a name with --abi")
            ->required();
        command->add_option("arguments", request.arguments, "Arrays as [1,2], tuples as (1,\"x\")");
        add_interface_options(*command, request.interface);
    }
    call.add_option("--from", r.call.from, "Address that the contract sees as caller");
    call.add_option("--block", r.call.block, "Number, latest, pending, …")->capture_default_str();
    call.callback([&r] {
        unmark(r.call.arguments);
        run_call(r.options, r.call);
    });
    add_key_options(transact, r.transact.key);
    add_tx_options(transact, r.transact.tx, true);
    transact.callback([&r] {
        unmark(r.transact.call.arguments);
        run_transact(r.options, r.transact);
    });

    auto& decode = add_command(
        app, "decode", "Read call data, output, revert data or a raw transaction",
        "decode 0xcdcd77c00000000000000000000000000000000000000000000000000000000000000045"
        "0000000000000000000000000000000000000000000000000000000000000001 "
        "--signature \"baz(uint32 x, bool y)\"");
    decode.add_option("data", r.decode.data, "Hex")->required();
    decode.add_option("--signature", r.decode.signatures, "Functions or errors as lines");
    add_interface_options(decode, r.decode.interface);
    auto* output = decode.add_flag("--output", r.decode.output, "It is a function's output");
    decode.add_flag("--tx", r.decode.raw_tx, "It is a signed transaction")->excludes(output);
    decode.callback([&r] { run_decode(r.options, r.decode); });
}

void add_signature_commands(CLI::App& app, Requests& r) {
    auto& sign =
        add_command(app, "sign", "Sign a message for people (EIP-191)", "sign \"hello\" --dev 0");
    sign.add_option("message", r.sign.message, "The message");
    sign.add_option("--file", r.sign.file, "File with it, byte for byte");
    add_key_options(sign, r.sign.key);
    sign.callback([&r] { run_sign(r.options, r.sign); });

    auto& typed = add_command(app, "sign-typed", "Sign typed data (EIP-712)",
                              "sign-typed wallet/examples/mail.json --dev 0");
    typed.add_option("file", r.sign.file, "JSON as eth_signTypedData_v4 takes it")->required();
    add_key_options(typed, r.sign.key);
    typed.callback([&r] { run_sign_typed(r.options, r.sign); });

    auto& verify = add_command(app, "verify-signature", "Tell who signed a message or typed data",
                               "verify-signature hello --signature "
                               "0xf16ea9a3478698f695fd1401bfe27e9e4a7e8e3da94aa72b021125e31fa899cc"
                               "573c48ea3fe1d4ab61a9db10c19032026e3ed2dbccba5a178235ac27f94504311c "
                               "--address 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    verify.add_option("message", r.verify_signature.message, "The message");
    auto* file = verify.add_option("--file", r.verify_signature.file, "File with it");
    verify.add_option("--typed", r.verify_signature.typed_file, "File with typed data (EIP-712)")
        ->excludes(file);
    verify.add_option("--signature", r.verify_signature.signature, "0x and 130 hex digits")
        ->required();
    verify.add_option("--address", r.verify_signature.address, "Who must have signed");
    verify.callback([&r] { run_verify_signature(r.options, r.verify_signature); });
}

void add_registry_commands(CLI::App& app, Requests& r) {
    auto& notarize = add_command(app, "notarize", "Prove that a file exists by now",
                                 "notarize README.md --dev 0 --wait");
    notarize.add_option("file", r.notarize.file, "The file; only its SHA-256 is published")
        ->required();
    notarize.add_option("--registry", r.notarize.registry, "Instead of the predeployed one");
    add_key_options(notarize, r.notarize.key);
    add_tx_options(notarize, r.notarize.tx, false);
    notarize.callback([&r] { run_notarize(r.options, r.notarize); });

    auto& verify =
        add_command(app, "verify", "Tell when a file was notarised", "verify README.md");
    verify.add_option("file", r.verify.file, "The file")->required();
    verify.add_option("--registry", r.verify.registry, "Instead of the predeployed one");
    verify.callback([&r] { run_verify(r.options, r.verify); });

    auto& signin = add_command(app, "signin", "Sign in with an account (EIP-4361)",
                               "signin request --domain example.com --address "
                               "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 > challenge.txt");
    signin.require_subcommand(1);
    auto& request = add_command(signin, "request", "The service: make the challenge",
                                "signin request --domain example.com --address "
                                "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 > challenge.txt");
    request.add_option("--domain", r.signin.domain, "Who asks: host, optional port")->required();
    request.add_option("--address", r.signin.address, "Who is to sign in")->required();
    request.add_option("--uri", r.signin.uri, "What it is for (default https://DOMAIN/login)");
    request.add_option("--statement", r.signin.statement, "One line for people");
    request.add_option("--valid", r.signin.valid_seconds, "Seconds until it expires")
        ->check(CLI::Range(1U, 31'536'000U))
        ->capture_default_str();
    request.callback([&r] { run_signin_request(r.options, r.signin); });

    auto& answer = add_command(signin, "answer", "The account: sign the challenge",
                               "signin answer challenge.txt --dev 0 > answer.txt");
    answer.add_option("message", r.signin.message_file, "File with the challenge")->required();
    add_key_options(answer, r.signin.key);
    answer.callback([&r] { run_signin_answer(r.options, r.signin); });

    auto& check = add_command(signin, "verify", "The service: check the answer",
                              "signin verify challenge.txt --signature $(cat answer.txt) --domain "
                              "example.com");
    check.add_option("message", r.signin.message_file, "File with the challenge")->required();
    check.add_option("--signature", r.signin.signature, "The answer")->required();
    check.add_option("--domain", r.signin.domain, "The service itself")->required();
    check.add_option("--nonce", r.signin.nonce, "The nonce it gave out");
    check.add_option("--registry", r.signin.registry, "Identity registry that may name delegates");
    check.callback([&r] { run_signin_verify(r.options, r.signin); });
}

void add_global_options(CLI::App& app, GlobalOptions& options) {
    app.add_option("--rpc", options.rpc_url, "URL of the node")
        ->envname("CAIRN_RPC")
        ->capture_default_str();
    app.add_option("--chain", options.chain_id, "Chain id that the node must be on")
        ->envname("CAIRN_CHAIN");
    app.add_option("--genesis", options.genesis, "Hash that the node's block 0 must have")
        ->envname("CAIRN_GENESIS");
    app.add_option("--keystore", options.keystore,
                   "Folder of key files (default ~/.cairn/keystore)")
        ->envname("CAIRN_KEYSTORE");
    app.add_flag("--json", options.json, "Answer with one JSON object");
    app.add_flag("-y,--yes", options.yes, "Do not ask before sending or signing");
}

/// One line of what is wrong, one of what to do next; with --json the same as an object.
int report(const GlobalOptions& options, ExitCode code, const std::string& what,
           const std::string& hint) {
    const auto escaped = [](const std::string& text) {
        std::string out;
        for (const char c : text) {
            if (c == '"' || c == '\\') out += '\\';
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
        return out;
    };
    if (options.json)
        fmt::print("{{\"error\":\"{}\",\"hint\":\"{}\",\"exitCode\":{}}}\n", escaped(what),
                   escaped(hint), static_cast<int>(code));
    fmt::print(stderr, "cairn-wallet: {}\n", what);
    if (!hint.empty()) fmt::print(stderr, "  {}\n", hint);
    return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
    Requests requests;
    CLI::App app{"cairn-wallet: keys, transactions, contracts and signatures", "cairn-wallet"};
    app.set_version_flag("--version", "cairn-wallet " CAIRN_VERSION);
    app.footer(
        "Exit codes: 0 success, 1 failure, 2 bad request, 3 node down, 4 wrong network, 5 "
        "insufficient\n"
        "funds, 6 wrong password, 7 damaged key file, 8 refused by the contract, 9 declined, 10 "
        "timed out,\n"
        "11 not verified, 12 refused by the node, 130 interrupted.\n\n"
        "Example:\n  cairn-wallet balance 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    // An unknown word is better named than called a missing command, so none is required here.
    app.require_subcommand(0, 1);
    app.fallthrough();
    add_global_options(app, requests.options);
    add_key_commands(app, requests);
    add_query_commands(app, requests);
    add_tx_commands(app, requests);
    add_signature_commands(app, requests);
    add_registry_commands(app, requests);
    try {
        app.parse(mark_verbatim(argc, argv));
        if (!app.get_subcommands().empty()) return static_cast<int>(ExitCode::Success);
        return report(requests.options, ExitCode::BadRequest, "no command is given",
                      "`cairn-wallet --help` lists them");
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        return report(requests.options, ExitCode::BadRequest, error.what(),
                      "`cairn-wallet --help` lists the commands, `cairn-wallet COMMAND --help` its "
                      "options");
    } catch (const Failure& failure) {
        return report(requests.options, failure.code(), failure.what(), failure.hint());
    } catch (const std::exception& error) {
        return report(requests.options, ExitCode::Failed, error.what(), "");
    }
}
