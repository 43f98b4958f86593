// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/crypto/random.hpp"
#include "wallet/abi_value.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/contracts.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/node_client.hpp"
#include "wallet/commands/terminal.hpp"
#include "wallet/eip4361.hpp"

namespace cairn::wallet {
namespace {

UnixSeconds system_seconds() {
    return static_cast<UnixSeconds>(std::chrono::duration_cast<std::chrono::seconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

SigninMessage read_message(const SigninOptions& request, std::string& text) {
    text = file_argument(request.message_file, kSigninBytesMax);
    // Editors and shells end a file with a line feed, which is not part of what is signed.
    if (text.ends_with('\n')) text.pop_back();
    auto message = parse_signin(text);
    if (!message)
        throw Failure{ExitCode::BadRequest,
                      fmt::format("{}: {}", request.message_file, to_string(message.error()))};
    return std::move(*message);
}

/// Whether the account may sign in for the identity: as its owner or as a delegate.
bool is_delegate(NodeClient& node, const Address& registry, const Address& identity,
                 const Address& delegate) {
    const auto function = parse_function(kIsDelegateFunction);
    const auto selector = selector_of(function->name, function->inputs);
    AbiValue values;
    Bytes kind = to_bytes(as_bytes(kSigninKind));
    kind.resize(32);
    values.parts = {{{}, to_bytes(identity), {}}, {{}, kind, {}}, {{}, to_bytes(delegate), {}}};
    Bytes data{selector.begin(), selector.end()};
    append(data, *encode_abi(tuple_of(function->inputs), values));
    const auto output =
        node.call({{"to", to_hex0x(registry)}, {"input", to_hex0x(data)}}, "latest", {});
    const auto answer = decode_abi(tuple_of(function->outputs), output);
    if (!answer)
        throw Failure{ExitCode::BadRequest,
                      "there is no identity registry at " + to_checksum(registry),
                      "give its address with --registry"};
    return !answer->parts[0].number.is_zero();
}

}  // namespace

void run_signin_request(const GlobalOptions& options, const SigninOptions& request) {
    SigninMessage message;
    message.domain = request.domain;
    message.uri = request.uri.empty() ? "https://" + request.domain + "/login" : request.uri;
    message.address = address_argument(request.address);
    if (!request.statement.empty()) message.statement = request.statement;
    for (const std::string_view text :
         {std::string_view{message.domain}, std::string_view{message.uri},
          std::string_view{request.statement}})
        if (text.find_first_of("\r\n") != std::string_view::npos)
            throw Failure{ExitCode::BadRequest, "a line feed cannot stand in a sign-in message"};
    NodeClient node{options};
    message.chain_id = options.chain_id ? *options.chain_id : node.chain_id();
    std::array<std::uint8_t, 16> challenge{};
    random_bytes(challenge);
    message.nonce = to_hex(challenge);
    message.issued_at = system_seconds();
    message.expires = message.issued_at + request.valid_seconds;
    const auto text = format_signin(message);
    if (!parse_signin(text))
        throw Failure{ExitCode::BadRequest, "no domain: " + request.domain,
                      "write a host with an optional port, like example.com:8080"};
    print_answer(options, text + "\n", {{"message", text}, {"nonce", message.nonce}});
}

void run_signin_answer(const GlobalOptions& options, const SigninOptions& request) {
    std::string text;
    const auto message = read_message(request, text);
    const auto account = Account::find(options, request.key);
    const bool is_own = account.address() == message.address;
    if (!options.yes &&
        !ask_yes(fmt::format("{}\n\n{}Sign in at {} as {}?", text,
                             is_own ? "" : "The key is a delegate's, not the account's own.\n",
                             message.domain, to_checksum(message.address))))
        throw Failure{ExitCode::Declined, "declined; nothing was signed"};
    const auto signature = format_signature(account.unlock().sign_message(as_bytes(text)));
    print_answer(options, signature + "\n",
                 {{"address", to_checksum(account.address())}, {"signature", signature}});
}

void run_signin_verify(const GlobalOptions& options, const SigninOptions& request) {
    std::string text;
    const auto message = read_message(request, text);
    NodeClient node{options};
    const bool needs_node = !options.chain_id || !request.registry.empty();
    const auto chain = needs_node ? node.chain_id() : *options.chain_id;
    const auto checked =
        check_signin(message, {request.domain, request.nonce, chain, system_seconds()});
    if (!checked)
        throw Failure{ExitCode::NotVerified,
                      "the message: " + std::string{to_string(checked.error())},
                      "let the service make another one with `cairn-wallet signin request`"};
    const auto signature = parse_signature(request.signature);
    if (!signature)
        throw Failure{ExitCode::BadRequest,
                      "the signature: " + std::string{to_string(signature.error())}};
    const auto signer = secp256k1::recover_address(message_digest(as_bytes(text)), *signature);
    const bool is_own = signer && *signer == message.address;
    // The registry knows the owner too: a key whose identity was handed over does not sign in.
    const bool is_allowed =
        request.registry.empty()
            ? is_own
            : signer && is_delegate(node, address_argument(request.registry), message.address,
                                    *signer);
    if (!is_allowed)
        throw Failure{ExitCode::NotVerified,
                      fmt::format("{} did not sign this", to_checksum(message.address)),
                      request.registry.empty() ? "a delegate's signature needs --registry ADDRESS"
                                               : "nor did a delegate that the registry knows"};
    print_answer(options,
                 fmt::format("{} is signed in at {}{}\n", to_checksum(message.address),
                             message.domain, is_own ? "" : " by its delegate"),
                 {{"address", to_checksum(message.address)},
                  {"signer", to_checksum(*signer)},
                  {"delegated", !is_own}});
}

}  // namespace cairn::wallet
