// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "tests/lint/lint.hpp"

namespace cairn::lint {
namespace {

struct Line {
    std::size_t number;
    std::string text;
};

// Lines without comments, surrounding spaces and empty ones.
std::vector<Line> meaningful_lines(std::string_view text) {
    std::vector<Line> lines;
    std::istringstream in{std::string{text}};
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        line.erase(std::min(line.find('#'), line.size()));
        const auto first = line.find_first_not_of(" \t\r");
        if (first == std::string::npos) continue;
        line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
        lines.push_back({number, line});
    }
    return lines;
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream in{text};
    std::vector<std::string> out;
    for (std::string word; in >> word;) out.push_back(word);
    return out;
}

// Whether `path` is `room` or lies below it.
bool lies_in(std::string_view path, std::string_view room) {
    return path.starts_with(room) && (path.size() == room.size() || path[room.size()] == '/');
}

// `*` matches any characters; a pattern that ends in `/` matches what begins with it.
bool matches(std::string_view text, std::string_view pattern) {
    if (pattern.empty()) return text.empty();
    if (pattern == "/") return text.starts_with('/');
    if (pattern.front() == '*') {
        for (std::size_t skip = 0; skip <= text.size(); ++skip)
            if (matches(text.substr(skip), pattern.substr(1))) return true;
        return false;
    }
    return !text.empty() && text.front() == pattern.front() && matches(text.substr(1), pattern.substr(1));
}

bool matches_any(std::string_view text, const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [text](const std::string& pattern) { return matches(text, pattern); });
}

struct Row {
    std::size_t line;
    std::vector<std::string> targets;  // as written, `+` included
};
using Rows = std::map<std::string, Row, std::less<>>;

// Collects into `out` every room that `room` may include; `open` holds the rooms being expanded, to find circles.
Result<void, std::string> expand(const Rows& rows, const std::string& room, std::set<std::string>& open,
                                 std::set<std::string>& out) {
    const Row& row = rows.at(room);
    if (!open.insert(room).second)
        return Unexpected{fmt::format("line {}: `+` leads from {} back to it", row.line, room)};
    for (std::string target : row.targets) {
        const bool with_theirs = target.ends_with('+');
        if (with_theirs) target.pop_back();
        bool found = false;
        for (const auto& [name, unused] : rows) {
            if (target != "*" && !lies_in(name, target)) continue;
            found = true;
            out.insert(name);
            if (!with_theirs) continue;
            if (auto below = expand(rows, name, open, out); !below) return below;
        }
        if (!found) return Unexpected{fmt::format("line {}: no room is called {}", row.line, target)};
    }
    open.erase(room);
    return {};
}

}  // namespace

Result<Layers, std::string> Layers::parse(std::string_view text) {
    Rows rows;
    for (const auto& [number, line] : meaningful_lines(text)) {
        const auto colon = line.find(':');
        if (colon == std::string::npos) return Unexpected{fmt::format("line {}: no `:`", number)};
        const auto name = words(line.substr(0, colon));
        if (name.size() != 1) return Unexpected{fmt::format("line {}: one room stands before `:`", number)};
        if (!rows.emplace(name.front(), Row{number, words(line.substr(colon + 1))}).second)
            return Unexpected{fmt::format("line {}: {} is there twice", number, name.front())};
    }
    Layers layers;
    for (const auto& [name, unused] : rows) {
        std::set<std::string> open;
        std::set<std::string> reachable{name};
        if (auto result = expand(rows, name, open, reachable); !result) return Unexpected{result.error()};
        layers.allowed_[name] = {reachable.begin(), reachable.end()};
    }
    return layers;
}

std::string_view Layers::room_of(std::string_view path) const {
    std::string_view best;
    for (const auto& [name, unused] : allowed_)
        if (lies_in(path, name) && name.size() > best.size()) best = name;
    return best;
}

bool Layers::allows(std::string_view from, std::string_view to) const {
    const auto it = allowed_.find(from);
    return it != allowed_.end() && std::find(it->second.begin(), it->second.end(), to) != it->second.end();
}

Result<Cages, std::string> Cages::parse(std::string_view text) {
    Cages cages;
    for (const auto& [number, line] : meaningful_lines(text)) {
        std::vector<std::string> parts;
        std::istringstream in{line};
        for (std::string part; std::getline(in, part, '|');) parts.push_back(part);
        if (parts.size() != 3 || words(parts[1]).empty() || words(parts[2]).empty())
            return Unexpected{fmt::format("line {}: not LIBRARY | HEADER… | PLACE…", number)};
        cages.cages_.push_back({words(parts[1]), words(parts[2])});
    }
    return cages;
}

Cages::Verdict Cages::judge(std::string_view header, std::string_view path) const {
    if (header.find_first_of("./") == std::string_view::npos) return Verdict::Allowed;
    Verdict verdict = Verdict::Unlisted;
    for (const auto& cage : cages_) {
        if (!matches_any(header, cage.headers)) continue;
        if (matches_any(path, cage.places)) return Verdict::Allowed;
        verdict = Verdict::Caged;
    }
    return verdict;
}

}  // namespace cairn::lint
