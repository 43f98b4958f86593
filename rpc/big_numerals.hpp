// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::rpc {

// JSON sets numbers no bound (RFC 8259, section 6), and geth, whose parameters stay text until a
// type is known, takes 1e400 as well-formed: the call that carries it is answered, with -32602 where
// it is a parameter of the wrong kind, and the other calls of its batch are not touched. A reader
// that makes a double of every such number refuses the text as a whole instead. So where it does,
// these numerals are made strings with a mark before it reads once more.

/// The text with every numeral whose magnitude is beyond a double as a string that holds it; nothing
/// where there is none. Says nothing of whether the text is JSON: what stands elsewhere is as it was.
[[nodiscard]] std::optional<std::string> mark_big_numerals(std::string_view text);

/// The numeral that stood where a text so marked has this value; nothing for any other value.
[[nodiscard]] std::optional<std::string_view> marked_numeral(const nlohmann::json& value);

/// Makes all that is marked in a value a number again: infinity, which no codec takes. A client's own
/// string that looks like a mark becomes the same, in a text that needed marks.
void settle_marks(nlohmann::json& value);

}  // namespace cairn::rpc
