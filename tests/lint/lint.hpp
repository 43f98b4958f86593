// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.hpp"

/// Rules about the sources as text: which room includes which, where libraries may appear, and a file's form.
namespace cairn::lint {

/// One file of the repository.
struct SourceFile {
    std::string path;  ///< from the repository root, with `/`
    std::string text;
};

/// A rule broken at one place.
struct Finding {
    std::string path;
    std::size_t line = 0;  ///< from 1; 0 when the file as a whole is meant
    std::string message;
};
using Findings = std::vector<Finding>;

/// Longest file allowed, in lines.
inline constexpr std::size_t kFileLinesMax = 600;

/// layers.txt: for each room the rooms that it may include, itself and what `+` brings in among them.
class Layers {
  public:
    /// An error names the line: a line without `:`, a room twice, a right side that names no room, `+` in a circle.
    [[nodiscard]] static Result<Layers, std::string> parse(std::string_view text);

    /// The room a path lies in; empty when none.
    [[nodiscard]] std::string_view room_of(std::string_view path) const;
    /// Whether a file of room `from` may include one of room `to`.
    [[nodiscard]] bool allows(std::string_view from, std::string_view to) const;

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> allowed_;
};

/// cages.txt: which headers belong to which library, and where each may appear.
class Cages {
  public:
    /// An error names the line that has not three parts.
    [[nodiscard]] static Result<Cages, std::string> parse(std::string_view text);

    enum class Verdict : unsigned char { Allowed, Caged, Unlisted };
    /// Whether `<header>` may be included by the file at `path`. Standard headers (no dot, no slash) always may.
    [[nodiscard]] Verdict judge(std::string_view header, std::string_view path) const;

  private:
    struct Cage {
        std::vector<std::string> headers;
        std::vector<std::string> places;
    };
    std::vector<Cage> cages_;
};

/// Every `#include "…"` goes from a room to one that it may include.
[[nodiscard]] Findings check_arrows(const std::vector<SourceFile>& files, const Layers& layers);
/// Rooms do not include each other in a circle, and neither do headers.
[[nodiscard]] Findings check_cycles(const std::vector<SourceFile>& files, const Layers& layers);
/// Every `#include <…>` of a library stands in its cage.
[[nodiscard]] Findings check_cages(const std::vector<SourceFile>& files, const Cages& cages);
/// No source is longer than kFileLinesMax.
[[nodiscard]] Findings check_length(const std::vector<SourceFile>& files);
/// Every source, script and CMake file has its SPDX line: the first, or the second after `#!`.
[[nodiscard]] Findings check_licence(const std::vector<SourceFile>& files);
/// Every header says `#pragma once`.
[[nodiscard]] Findings check_pragma_once(const std::vector<SourceFile>& files);
/// No file names a folder of somebody's machine.
[[nodiscard]] Findings check_local_paths(const std::vector<SourceFile>& files);
/// `#include "…"` is written from the repository root and names a file that exists.
[[nodiscard]] Findings check_rooted_includes(const std::vector<SourceFile>& files);
/// Every .cpp is named in the CMakeLists.txt of its folder or of one above: what is not compiled is not tested.
[[nodiscard]] Findings check_listed_sources(const std::vector<SourceFile>& files);

}  // namespace cairn::lint
