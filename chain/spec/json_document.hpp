// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

#include "chain/spec/spec_error.hpp"
#include "core/base/expected.hpp"

namespace cairn::chain {

/// Line of every object's field, by its path joined with dots.
class JsonLines {
public:
    void add(std::string path, std::size_t line) { lines_.insert_or_assign(std::move(path), line); }
    /// The field's line; where there is no such field, that of the innermost field around it; 1 at
    /// the root.
    [[nodiscard]] std::size_t line_of(std::string_view path) const;

private:
    std::unordered_map<std::string, std::size_t> lines_;
};

/// Levels of nesting that a genesis file may have; four are used.
inline constexpr std::size_t kJsonDepthMax = 16;

/// Reads JSON (RFC 8259), remembering lines. Stricter than the standard: a name stands once in its
/// object, and nesting is bounded. Numbers keep all their digits: an integer beyond 64 bits, which
/// JSON libraries turn into floating point, becomes a text of its digits.
///
/// @param root   set to the value
/// @param lines  set to the fields' lines
[[nodiscard]] Result<void, SpecError> parse_json(std::string_view text, nlohmann::json& root,
                                                 JsonLines& lines);

/// Told of one member of an object; returns false to end the reading.
using JsonMemberVisitor =
    std::function<bool(const std::string& name, const nlohmann::json& value)>;

/// As parse_json, for files of any size: the members of the root's object `streamed` are handed to
/// `visit` one after the other and not kept, and no lines are remembered. Takes the same texts but
/// for one: that names stand once among those members is the visitor's to see.
///
/// @param root  set to the value, where the object `streamed` is left empty
/// @return      false where the text is refused; why, and where, parse_json knows
[[nodiscard]] bool parse_json_streaming(std::string_view text, nlohmann::json& root,
                                        std::string_view streamed, const JsonMemberVisitor& visit);

}  // namespace cairn::chain
