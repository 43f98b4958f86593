// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "tests/lint/lint.hpp"

namespace cairn::lint {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

struct Include {
    std::size_t line;
    std::string name;
    bool quoted;  // "…" and not <…>
};

std::optional<Include> include_of(std::string_view line, std::size_t number) {
    const auto skip_spaces = [&line] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
    skip_spaces();
    if (!line.starts_with('#')) return std::nullopt;
    line.remove_prefix(1);
    skip_spaces();
    if (!line.starts_with("include")) return std::nullopt;
    line.remove_prefix(std::string_view{"include"}.size());
    skip_spaces();
    if (line.empty() || (line.front() != '"' && line.front() != '<')) return std::nullopt;
    const bool quoted = line.front() == '"';
    const auto end = line.find(quoted ? '"' : '>', 1);
    if (end == std::string_view::npos) return std::nullopt;
    return Include{number, std::string{line.substr(1, end - 1)}, quoted};
}

std::vector<Include> includes_of(const SourceFile& file) {
    std::vector<Include> out;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (auto include = include_of(lines[i], i + 1)) out.push_back(std::move(*include));
    return out;
}

bool is_header(std::string_view path) { return path.ends_with(".hpp") || path.ends_with(".h"); }
bool is_source(std::string_view path) {
    return is_header(path) || path.ends_with(".cpp") || path.ends_with(".c") || path.ends_with(".S");
}
bool is_cmake(std::string_view path) { return path.ends_with("CMakeLists.txt") || path.ends_with(".cmake"); }

// A directed graph by name, each edge with the place that made it.
using Graph = std::map<std::string, std::map<std::string, Finding>>;

// One finding for each edge that closes a circle in a depth-first walk.
class CycleFinder {
  public:
    CycleFinder(const Graph& graph, std::string_view what) : graph_{graph}, what_{what} {}

    Findings run() {
        for (const auto& [node, unused] : graph_) visit(node);
        return std::move(findings_);
    }

  private:
    void visit(const std::string& node) {
        if (done_.contains(node)) return;
        path_.push_back(node);
        if (const auto it = graph_.find(node); it != graph_.end()) {
            for (const auto& [next, place] : it->second) {
                const auto seen = std::find(path_.begin(), path_.end(), next);
                if (seen == path_.end()) {
                    visit(next);
                    continue;
                }
                std::string circle;
                for (auto step = seen; step != path_.end(); ++step) circle += *step + " → ";
                findings_.push_back(
                    {place.path, place.line, fmt::format("{} include each other: {}{}", what_, circle, next)});
            }
        }
        path_.pop_back();
        done_.insert(node);
    }

    const Graph& graph_;
    std::string_view what_;
    std::vector<std::string> path_;
    std::set<std::string> done_;
    Findings findings_;
};

}  // namespace

Findings check_arrows(const std::vector<SourceFile>& files, const Layers& layers) {
    Findings findings;
    for (const auto& file : files) {
        if (!is_source(file.path)) continue;
        const auto from = layers.room_of(file.path);
        if (from.empty()) {
            findings.push_back({file.path, 0, "lies in no room of layers.txt"});
            continue;
        }
        for (const auto& include : includes_of(file)) {
            if (!include.quoted) continue;
            const auto to = layers.room_of(include.name);
            // What is in no room is not ours, or badly written: the rule on rooted includes says so.
            if (to.empty() || layers.allows(from, to)) continue;
            findings.push_back({file.path, include.line,
                                fmt::format("{} must not include {} (\"{}\")", from, to, include.name)});
        }
    }
    return findings;
}

Findings check_cycles(const std::vector<SourceFile>& files, const Layers& layers) {
    Graph rooms;
    Graph headers;
    for (const auto& file : files) {
        if (!is_source(file.path)) continue;
        const std::string from{layers.room_of(file.path)};
        for (const auto& include : includes_of(file)) {
            if (!include.quoted) continue;
            const Finding place{file.path, include.line, {}};
            const std::string to{layers.room_of(include.name)};
            if (!to.empty() && to != from) rooms[from].emplace(to, place);
            if (is_header(file.path)) headers[file.path].emplace(include.name, place);
        }
    }
    Findings findings = CycleFinder{rooms, "rooms"}.run();
    for (auto& finding : CycleFinder{headers, "headers"}.run()) findings.push_back(std::move(finding));
    return findings;
}

Findings check_cages(const std::vector<SourceFile>& files, const Cages& cages) {
    Findings findings;
    for (const auto& file : files) {
        if (!is_source(file.path)) continue;
        for (const auto& include : includes_of(file)) {
            if (include.quoted) continue;
            switch (cages.judge(include.name, file.path)) {
                case Cages::Verdict::Allowed: break;
                case Cages::Verdict::Caged:
                    findings.push_back(
                        {file.path, include.line, fmt::format("<{}> is outside its cage", include.name)});
                    break;
                case Cages::Verdict::Unlisted:
                    findings.push_back({file.path, include.line,
                                        fmt::format("<{}> is of no library in cages.txt", include.name)});
                    break;
            }
        }
    }
    return findings;
}

Findings check_length(const std::vector<SourceFile>& files) {
    Findings findings;
    for (const auto& file : files) {
        if (!is_source(file.path) && !is_cmake(file.path)) continue;
        const auto count = lines_of(file.text).size();
        if (count > kFileLinesMax)
            findings.push_back({file.path, 0, fmt::format("{} lines, at most {} are allowed", count, kFileLinesMax)});
    }
    return findings;
}

Findings check_licence(const std::vector<SourceFile>& files) {
    constexpr std::string_view kLine = "SPDX-License-Identifier: MIT";
    Findings findings;
    for (const auto& file : files) {
        const auto lines = lines_of(file.text);
        const bool is_script = !lines.empty() && lines.front().starts_with("#!");
        if (!is_source(file.path) && !is_cmake(file.path) && !is_script) continue;
        const std::size_t at = is_script ? 1 : 0;
        if (lines.size() <= at || lines[at].find(kLine) == std::string_view::npos)
            findings.push_back({file.path, at + 1, fmt::format("`{}` is missing", kLine)});
    }
    return findings;
}

Findings check_pragma_once(const std::vector<SourceFile>& files) {
    Findings findings;
    for (const auto& file : files) {
        if (!is_header(file.path)) continue;
        const auto lines = lines_of(file.text);
        if (std::find(lines.begin(), lines.end(), "#pragma once") == lines.end())
            findings.push_back({file.path, 0, "`#pragma once` is missing"});
    }
    return findings;
}

Findings check_local_paths(const std::vector<SourceFile>& files) {
    // Put together here so that this file does not break its own rule.
    static const std::vector<std::string> kFolders = {std::string{"/ho"} + "me/", std::string{"/ro"} + "ot/",
                                                      std::string{"/wo"} + "rk/", std::string{"/Us"} + "ers/"};
    Findings findings;
    for (const auto& file : files) {
        const auto lines = lines_of(file.text);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            for (const auto& folder : kFolders) {
                const auto at = lines[i].find(folder);
                // Inside a longer relative path ("a/root/b") it is no folder of a machine.
                const bool absolute = at != std::string_view::npos &&
                                      (at == 0 || (std::isalnum(static_cast<unsigned char>(lines[i][at - 1])) == 0 &&
                                                   lines[i][at - 1] != '_' && lines[i][at - 1] != '}'));
                if (absolute)
                    findings.push_back({file.path, i + 1, fmt::format("names a folder of one machine: {}", folder)});
            }
        }
    }
    return findings;
}

Findings check_rooted_includes(const std::vector<SourceFile>& files) {
    std::set<std::string_view> paths;
    for (const auto& file : files) paths.insert(file.path);
    Findings findings;
    for (const auto& file : files) {
        if (!is_source(file.path)) continue;
        for (const auto& include : includes_of(file))
            if (include.quoted && !paths.contains(include.name))
                findings.push_back(
                    {file.path, include.line,
                     fmt::format("\"{}\" is no file when read from the repository root", include.name)});
    }
    return findings;
}

Findings check_listed_sources(const std::vector<SourceFile>& files) {
    std::map<std::string_view, std::string_view> lists;  // folder, "" for the root → its CMakeLists.txt
    constexpr std::string_view kList = "CMakeLists.txt";
    for (const auto& file : files) {
        if (!file.path.ends_with(kList)) continue;
        std::string_view folder{file.path};
        folder.remove_suffix(std::min(folder.size(), kList.size() + (folder.size() > kList.size() ? 1 : 0)));
        lists[folder] = file.text;
    }
    const auto is_word_char = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    const auto names = [&](std::string_view list, std::string_view file) {
        for (auto at = list.find(file); at != std::string_view::npos; at = list.find(file, at + 1))
            if (at == 0 || !is_word_char(list[at - 1])) return true;
        return false;
    };
    Findings findings;
    for (const auto& file : files) {
        if (!file.path.ends_with(".cpp")) continue;
        const std::string_view path{file.path};
        const auto slash = path.rfind('/');
        const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
        std::string_view folder = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
        bool found = false;
        while (true) {
            const auto it = lists.find(folder);
            if (it != lists.end() && names(it->second, name)) found = true;
            if (found || folder.empty()) break;
            const auto up = folder.rfind('/');
            folder = up == std::string_view::npos ? std::string_view{} : folder.substr(0, up);
        }
        if (!found) findings.push_back({file.path, 0, "is in no CMakeLists.txt, so nothing compiles it"});
    }
    return findings;
}

}  // namespace cairn::lint
