// SPDX-License-Identifier: MIT
#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "wallet/abi.hpp"

namespace cairn::wallet {
namespace {

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$';
}

std::string_view trim(std::string_view text) noexcept {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

/// The word at the front of `text`, dropped with the spaces behind it.
std::string_view take_word(std::string_view& text) noexcept {
    const auto end = std::find_if_not(text.begin(), text.end(), is_word) - text.begin();
    const auto word = text.substr(0, static_cast<std::size_t>(end));
    text = trim(text.substr(word.size()));
    return word;
}

Unexpected<AbiError> from(AbiTypeError error) {
    return Unexpected{error == AbiTypeError::Syntax     ? AbiError::Syntax
                      : error == AbiTypeError::TooLarge ? AbiError::TooLarge
                                                        : AbiError::Type};
}

/// Name, parameters and what follows them.
struct Head {
    std::string_view keyword;  ///< function, event, error, constructor, or empty
    std::string name;
    std::vector<AbiParam> inputs;
    std::string_view rest;
};

Result<Head, AbiError> take_head(std::string_view line) {
    line = trim(line);
    if (line.ends_with(';')) line = trim(line.substr(0, line.size() - 1));
    Head out;
    auto word = take_word(line);
    if (word == "constructor") {
        out.keyword = word;
    } else {
        if (word == "function" || word == "event" || word == "error") {
            out.keyword = word;
            word = take_word(line);
        }
        if (word.empty() || (word[0] >= '0' && word[0] <= '9')) return Unexpected{AbiError::Syntax};
        out.name = word;
    }
    auto inputs = take_abi_params(line);
    if (!inputs) return from(inputs.error());
    out.inputs = std::move(*inputs);
    out.rest = line;
    return out;
}

Result<AbiFunction, AbiError> finish_function(Head head) {
    AbiFunction out{std::move(head.name), std::move(head.inputs), {}, false, false};
    auto rest = head.rest;
    while (!rest.empty()) {
        const auto word = take_word(rest);
        if (word == "payable") {
            out.is_payable = true;
        } else if (word == "view" || word == "pure") {
            out.is_constant = true;
        } else if (word == "returns" || word.empty()) {
            auto outputs = take_abi_params(rest);
            if (!outputs) return from(outputs.error());
            if (!rest.empty()) return Unexpected{AbiError::Syntax};
            out.outputs = std::move(*outputs);
        } else if (word != "external" && word != "public" && word != "nonpayable" &&
                   word != "virtual" && word != "override") {
            return Unexpected{AbiError::Syntax};
        }
    }
    return out;
}

Result<AbiEvent, AbiError> finish_event(Head head) {
    const bool is_anonymous = head.rest == "anonymous";
    if (!is_anonymous && !head.rest.empty()) return Unexpected{AbiError::Syntax};
    return AbiEvent{std::move(head.name), std::move(head.inputs), is_anonymous};
}

std::size_t item_count(const Abi& abi) noexcept {
    return abi.functions.size() + abi.events.size() + abi.reverts.size();
}

}  // namespace

std::string_view to_string(AbiError error) noexcept {
    switch (error) {
        case AbiError::Syntax:
            return "no interface; write a line like transfer(address,uint256)(bool), or give a "
                   "JSON "
                   "ABI";
        case AbiError::Type:
            return "it names a type that does not exist";
        case AbiError::TooLarge:
            return "it is too large";
    }
    return "unknown";
}

Selector selector_of(std::string_view name, const std::vector<AbiParam>& inputs) {
    const auto hash = keccak256(as_bytes(canonical_signature(name, inputs)));
    return {hash.bytes[0], hash.bytes[1], hash.bytes[2], hash.bytes[3]};
}

Hash256 topic_of(const AbiEvent& event) {
    return keccak256(as_bytes(canonical_signature(event.name, event.inputs)));
}

Result<AbiFunction, AbiError> parse_function(std::string_view line) {
    auto head = take_head(line);
    if (!head) return Unexpected{head.error()};
    if (!head->keyword.empty() && head->keyword != "function")
        return Unexpected{AbiError::Syntax};
    return finish_function(std::move(*head));
}

Result<AbiEvent, AbiError> parse_event(std::string_view line) {
    auto head = take_head(line);
    if (!head) return Unexpected{head.error()};
    if (!head->keyword.empty() && head->keyword != "event") return Unexpected{AbiError::Syntax};
    return finish_event(std::move(*head));
}

Result<void, AbiError> add_signature(Abi& abi, std::string_view line) {
    if (item_count(abi) == kAbiItemsMax) return Unexpected{AbiError::TooLarge};
    auto head = take_head(line);
    if (!head) return Unexpected{head.error()};
    const auto keyword = head->keyword;
    if (keyword == "event") {
        auto event = finish_event(std::move(*head));
        if (!event) return Unexpected{event.error()};
        abi.events.push_back(std::move(*event));
    } else if (keyword == "error") {
        if (!head->rest.empty()) return Unexpected{AbiError::Syntax};
        abi.reverts.push_back({std::move(head->name), std::move(head->inputs)});
    } else {
        auto function = finish_function(std::move(*head));
        if (!function) return Unexpected{function.error()};
        if (keyword == "constructor")
            abi.constructor = std::move(*function);
        else
            abi.functions.push_back(std::move(*function));
    }
    return {};
}

}  // namespace cairn::wallet
