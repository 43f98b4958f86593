// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <toml++/toml.h>

#include "node/app/run_options.hpp"

namespace cairn::node {
namespace {

[[nodiscard]] std::string place_of(const std::filesystem::path& path, const toml::node& node) {
    return fmt::format("{}:{}", path.string(), node.source().begin.line);
}

/// A value as a flag's word; nothing for what no flag takes.
[[nodiscard]] std::optional<std::string> word_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
    if (const auto* truth = node.as_boolean()) return std::string{truth->get() ? "true" : "false"};
    return std::nullopt;
}

/// Appends the flags below a table; `prefix` ends in a dot where it is not empty.
[[nodiscard]] Result<void, std::string> append_flags(const std::filesystem::path& path,
                                                     const toml::table& table,
                                                     const std::string& prefix,
                                                     std::vector<std::string>& flags) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string{key.str()};
        if (const auto* inner = node.as_table()) {
            if (auto appended = append_flags(path, *inner, name + ".", flags); !appended)
                return appended;
            continue;
        }
        std::string value;
        if (const auto* list = node.as_array()) {
            for (const auto& item : *list) {
                const auto word = word_of(item);
                if (!word)
                    return Unexpected{fmt::format("{}: `{}` holds what no flag takes",
                                                  place_of(path, item), name)};
                value += (value.empty() ? "" : ",") + *word;
            }
        } else if (const auto word = word_of(node)) {
            value = *word;
        } else {
            return Unexpected{
                fmt::format("{}: `{}` is nothing that a flag takes", place_of(path, node), name)};
        }
        flags.push_back("--" + name + "=" + value);
    }
    return {};
}

}  // namespace

Result<std::vector<std::string>, std::string> read_config_file(const std::filesystem::path& path) {
    const auto text = read_file(path);
    if (!text) return Unexpected{text.error()};
    try {
        const toml::table table = toml::parse(*text, path.string());
        std::vector<std::string> flags;
        if (auto appended = append_flags(path, table, "", flags); !appended)
            return Unexpected{appended.error()};
        return flags;
    } catch (const toml::parse_error& error) {
        return Unexpected{fmt::format("{}:{}: {}", path.string(), error.source().begin.line,
                                      error.description())};
    }
}

}  // namespace cairn::node
