// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace cairn::chain {

/// What is wrong with a genesis file, and where.
struct SpecError {
    /// Path of the field, joined by dots: "config.londonBlock", "alloc.0x12….balance". Empty where
    /// the text is no JSON.
    std::string field;
    /// What is wrong, to be read after the field: "is not a number".
    std::string why;
    /// Line of the field's name, from 1; that of what encloses it where it is missing; 0 where
    /// there is no text to point into.
    std::size_t line = 0;

    /// One line: "line 12: config.londonBlock comes before berlinBlock".
    [[nodiscard]] std::string text() const {
        std::string out = line == 0 ? std::string{} : "line " + std::to_string(line) + ": ";
        out += field;
        if (!field.empty()) out += ' ';
        return out + why;
    }
};

}  // namespace cairn::chain
