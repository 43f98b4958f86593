// SPDX-License-Identifier: MIT
#include "wallet/commands/node_client.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/abi_text.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/json_text.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

rpc::Client make_client(const std::string& url) {
    auto client = rpc::Client::make(url);
    if (!client)
        throw Failure{ExitCode::BadRequest, "no URL of a node: " + url,
                      "write it like http://127.0.0.1:8545"};
    return std::move(*client);
}

std::optional<BlockHash> genesis_option(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto hash = fixed_from_hex<BlockHash>(text);
    if (!hash)
        throw Failure{ExitCode::BadRequest, "--genesis is no block hash: " + text,
                      "write 0x and 64 hex digits, as `cairn-node init` prints them"};
    return *hash;
}

[[noreturn]] void bad_answer(std::string_view what) {
    throw Failure{ExitCode::Failed, fmt::format("the node's answer makes no sense: {}", what),
                  "check that --rpc is the URL of an Ethereum-style node"};
}

/// Meaning of Solidity's panic codes (Solidity documentation, "Panic via assert and Error via
/// require").
std::string_view panic_meaning(std::uint64_t code) noexcept {
    switch (code) {
        case 0x01:
            return "an assertion failed";
        case 0x11:
            return "arithmetic overflow or underflow";
        case 0x12:
            return "division by zero";
        case 0x21:
            return "a number that is no enumerator";
        case 0x22:
            return "a wrongly encoded storage array";
        case 0x31:
            return "pop of an empty array";
        case 0x32:
            return "an index out of bounds";
        case 0x41:
            return "too much memory";
        case 0x51:
            return "a call of a function that was never set";
        default:
            return "an unknown panic";
    }
}

/// The arguments behind a selector; nothing where it is another selector or they do not decode.
std::optional<AbiValue> arguments_of(ByteView data, std::string_view name,
                                     const std::vector<AbiParam>& inputs) {
    if (data.size() < 4 || !equal(data.first(4), selector_of(name, inputs))) return std::nullopt;
    auto value = decode_abi(tuple_of(inputs), data.subspan(4));
    if (!value) return std::nullopt;
    return std::move(*value);
}

std::vector<AbiParam> one_param(const char* type) {
    return {*parse_abi_param(type)};
}

/// A remote error's `data`: hex in a string, or in an object's `data`.
Bytes revert_data(const std::string& json_text) {
    const auto json = parse_json(json_text);
    if (!json) return {};
    const auto* text = json->get_ptr<const std::string*>();
    return text != nullptr ? from_hex(*text).value_or(Bytes{}) : Bytes{};
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

NodeClient::NodeClient(const GlobalOptions& options)
    : url_{options.rpc_url},
      expected_chain_{options.chain_id},
      expected_genesis_{genesis_option(options.genesis)},
      client_{make_client(url_)} {}

void NodeClient::fail(const rpc::ClientError& error, std::string_view method,
                      const Abi& errors) const {
    using Kind = rpc::ClientErrorKind;
    const auto& text = error.message;
    switch (error.kind) {
        case Kind::Remote:
            break;
        case Kind::BadUrl:
            throw Failure{ExitCode::BadRequest, "no URL of a node: " + url_,
                          "write it like http://127.0.0.1:8545"};
        case Kind::Unreachable:
            throw Failure{ExitCode::NodeDown, fmt::format("no node answers at {} ({})", url_, text),
                          "start one with scripts/run, or give the right --rpc URL"};
        case Kind::TimedOut:
            throw Failure{ExitCode::NodeDown,
                          fmt::format("the node at {} did not answer {} in time", url_, method),
                          "try again, or ask another node with --rpc"};
        case Kind::Cancelled:
            throw Failure{ExitCode::Interrupted, "interrupted"};
        case Kind::HttpStatus:
        case Kind::BadReply:
            throw Failure{ExitCode::NodeDown,
                          fmt::format("what answers at {} is no JSON-RPC server: {}", url_, text),
                          "check the --rpc URL"};
    }
    if (error.code == 3 || contains(text, "execution reverted")) {
        const auto data = revert_data(error.data);
        const auto why = data.empty() ? text : describe_revert(data, errors);
        throw Failure{ExitCode::Reverted, "the contract refused: " + why,
                      "check the arguments, the value sent and who is calling"};
    }
    if (contains(text, "insufficient funds"))
        throw Failure{ExitCode::InsufficientFunds, text,
                      "send less, or fund the account first; `cairn-wallet balance` shows it"};
    if (contains(text, "nonce too low"))
        throw Failure{ExitCode::Refused, text, "leave --nonce out, so that the next one is taken"};
    if (contains(text, "underpriced"))
        throw Failure{ExitCode::Refused, text,
                      "a replacement pays at least 10 % more: raise --max-fee and --tip"};
    if (error.code == -32601)
        throw Failure{ExitCode::Refused, fmt::format("the node does not offer {}", method),
                      "enable its namespace there (--http.api), or ask another node"};
    throw Failure{ExitCode::Refused, fmt::format("the node refused {}: {}", method, text)};
}

Json NodeClient::ask(std::string_view method, const Json& params, const Abi& errors) {
    const auto answer = client_.call(method, params.dump());
    if (!answer) fail(answer.error(), method, errors);
    auto json = parse_json(*answer);
    if (!json) bad_answer(method);
    return std::move(*json);
}

std::uint64_t NodeClient::chain_id() {
    if (chain_id_) return *chain_id_;
    const auto id = quantity_of(ask("eth_chainId", Json::array()), "the chain id");
    if (!id.fits_u64()) bad_answer("the chain id");
    if (expected_chain_ && *expected_chain_ != id.low64())
        throw Failure{
            ExitCode::WrongNetwork,
            fmt::format("the node at {} is on chain {}, not on {}", url_, id.low64(),
                        *expected_chain_),
            "give the --rpc URL of a node on that chain, or another --chain"};
    if (expected_genesis_) check_genesis();
    chain_id_ = id.low64();
    return *chain_id_;
}

void NodeClient::check_genesis() {
    const auto first = block("0x0", false);
    const auto at = first.find("hash");
    const auto* text = at != first.end() ? at->get_ptr<const std::string*>() : nullptr;
    const auto hash = text != nullptr ? fixed_from_hex<BlockHash>(*text) : std::nullopt;
    if (!hash) bad_answer("block 0");
    if (*hash == *expected_genesis_) return;
    throw Failure{ExitCode::WrongNetwork,
                  fmt::format("the chain of the node at {} begins with block {}, not with {}", url_,
                              to_hex0x(*hash), to_hex0x(*expected_genesis_)),
                  "it is another chain, though its id may be the same: give another --rpc URL, or "
                  "another --genesis"};
}

Wei NodeClient::balance(const Address& address, const std::string& block) {
    return quantity_of(ask("eth_getBalance", {to_hex0x(address), block}), "a balance");
}

std::uint64_t NodeClient::nonce(const Address& address, const std::string& block) {
    const auto number =
        quantity_of(ask("eth_getTransactionCount", {to_hex0x(address), block}), "a nonce");
    if (!number.fits_u64()) bad_answer("a nonce");
    return number.low64();
}

Bytes NodeClient::code(const Address& address) {
    const auto answer = ask("eth_getCode", {to_hex0x(address), "latest"});
    const auto* text = answer.get_ptr<const std::string*>();
    auto bytes = text != nullptr ? from_hex(*text) : std::nullopt;
    if (!bytes) bad_answer("code");
    return std::move(*bytes);
}

std::uint64_t NodeClient::block_number() {
    const auto number = quantity_of(ask("eth_blockNumber", Json::array()), "a block number");
    if (!number.fits_u64()) bad_answer("a block number");
    return number.low64();
}

FeeQuote NodeClient::fees() {
    const auto head = block("latest", false);
    if (!head.is_object()) bad_answer("the newest block");
    FeeQuote out;
    if (const auto fee = head.find("baseFeePerGas"); fee != head.end() && !fee->is_null()) {
        out.base_fee = quantity_of(*fee, "the base fee");
        out.tip = quantity_of(ask("eth_maxPriorityFeePerGas", Json::array()), "the tip");
    } else {
        out.tip = quantity_of(ask("eth_gasPrice", Json::array()), "the gas price");
    }
    return out;
}

std::uint64_t NodeClient::estimate_gas(const Json& call, const Abi& errors) {
    // In the block to come: what a contract does may depend on its number and time.
    const auto gas = quantity_of(ask("eth_estimateGas", Json::array({call, "pending"}), errors),
                                 "a gas estimate");
    if (!gas.fits_u64()) bad_answer("a gas estimate");
    return gas.low64();
}

Bytes NodeClient::call(const Json& call, const std::string& block, const Abi& errors) {
    const auto answer = ask("eth_call", Json::array({call, block}), errors);
    const auto* text = answer.get_ptr<const std::string*>();
    auto bytes = text != nullptr ? from_hex(*text) : std::nullopt;
    if (!bytes) bad_answer("a call's output");
    return std::move(*bytes);
}

TxHash NodeClient::send_raw(ByteView transaction) {
    const auto answer = ask("eth_sendRawTransaction", Json::array({to_hex0x(transaction)}));
    const auto* text = answer.get_ptr<const std::string*>();
    const auto hash = text != nullptr ? fixed_from_hex<TxHash>(*text) : std::nullopt;
    if (!hash) bad_answer("a transaction hash");
    return *hash;
}

Json NodeClient::receipt(const TxHash& hash) {
    auto out = ask("eth_getTransactionReceipt", Json::array({to_hex0x(hash)}));
    if (!out.is_null() && !out.is_object()) bad_answer("a receipt");
    return out;
}

Json NodeClient::block(const std::string& number, bool with_transactions) {
    auto out = ask("eth_getBlockByNumber", {number, with_transactions});
    if (!out.is_null() && !out.is_object()) bad_answer("a block");
    return out;
}

Uint256 quantity_of(const Json& value, const char* what) {
    const auto* text = value.get_ptr<const std::string*>();
    const auto number =
        text != nullptr && text->starts_with("0x") ? parse_uint256(*text) : std::nullopt;
    if (!number) bad_answer(what);
    return *number;
}

std::string describe_revert(ByteView data, const Abi& errors) {
    if (data.empty()) return "without a reason";
    if (const auto text = arguments_of(data, "Error", one_param("string")))
        return std::string{as_text(text->parts[0].bytes)};
    if (const auto code = arguments_of(data, "Panic", one_param("uint256"))) {
        const auto number = code->parts[0].number;
        return fmt::format("{} (panic {})", panic_meaning(number.saturate_u64()),
                           to_quantity(number));
    }
    for (const auto& error : errors.reverts)
        if (const auto value = arguments_of(data, error.name, error.inputs))
            return error.name + format_abi_value(tuple_of(error.inputs), *value);
    return to_hex0x(data);
}

std::string block_argument(const std::string& text) {
    for (const auto* name : {"latest", "earliest", "pending", "safe", "finalized"})
        if (text == name) return text;
    const auto number = parse_uint256(text);
    if (!number || !number->fits_u64())
        throw Failure{ExitCode::BadRequest, "no block: " + text,
                      "write a number, latest, earliest, pending, safe or finalized"};
    return to_quantity(*number);
}

}  // namespace cairn::wallet
