// SPDX-License-Identifier: MIT
#include "node/evm_tool/json_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "node/evm_tool/report.hpp"

namespace cairn::node {

Result<nlohmann::json, std::string> load_json(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) return Unexpected{text.error()};
    try {
        return nlohmann::json::parse(*text);
    } catch (const nlohmann::json::parse_error& error) {
        // The library counts bytes; people count lines and columns, both from 1.
        const std::size_t at = std::min(error.byte == 0 ? 0 : error.byte - 1, text->size());
        const auto before = std::string_view{*text}.substr(0, at);
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const auto newline = before.rfind('\n');
        const auto column = 1 + (newline == std::string_view::npos ? at : at - newline - 1);
        std::string_view why{error.what()};
        // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while …" → the last part
        if (const auto colon = why.find(": "); colon != std::string_view::npos) why.remove_prefix(colon + 2);
        return Unexpected{fmt::format("{}: broken JSON at line {}, column {}: {}", path.string(), line, column, why)};
    }
}

}  // namespace cairn::node
