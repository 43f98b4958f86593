// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

/// The program's log: one line for each event that matters, with named values. Only programs and
/// the rooms that talk to the world write to it (net, rpc, node); what decides never does.
namespace cairn::log {

/// How much a line matters; a verbosity of N shows the levels up to N, as geth counts them.
enum class Level : int { Error = 1, Warn = 2, Info = 3, Debug = 4, Trace = 5 };

/// How the log is written.
struct Options {
    Level verbosity = Level::Info;
    /// One JSON object a line instead of text for people: "time" (RFC 3339, UTC), "level",
    /// "message", then the fields.
    bool is_json = false;
    /// Also into this file, as text without colours or as JSON; none where empty.
    std::filesystem::path file{};
    /// The file is renamed NAME.1.EXT (up to kLogFilesKept of them) when it would pass this size.
    std::size_t rotate_bytes = std::size_t{100} << 20;
};
inline constexpr std::size_t kLogFilesKept = 5;

/// From here on lines go to stderr (coloured on a terminal) and to the file. Before the first call
/// lines from Info up go to stderr. Not at the same time as other calls.
/// @throws SystemError where the file cannot be opened
void configure(const Options& options);

/// Whether a line of that level is written anywhere. Any thread.
[[nodiscard]] bool is_enabled(Level level) noexcept;

/// A named value of a line.
struct Field {
    /// Any value that fmt can print; numbers and truth values stay such in JSON.
    template <class T>
    Field(std::string_view the_name, const T& value)
        : name{the_name},
          text{fmt::to_string(value)},
          is_literal{std::is_arithmetic_v<T>} {}

    std::string_view name;
    std::string text;
    bool is_literal;
};
using Fields = std::initializer_list<Field>;

/// Writes a line. Everything but printable ASCII in message and fields is escaped, so that nothing a
/// peer says can look like a line of ours, or spoil JSON. Any thread.
void write(Level level, std::string_view message, Fields fields = {});

inline void error(std::string_view message, Fields fields = {}) {
    write(Level::Error, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
    write(Level::Warn, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
    write(Level::Info, message, fields);
}
inline void debug(std::string_view message, Fields fields = {}) {
    if (is_enabled(Level::Debug)) write(Level::Debug, message, fields);
}
inline void trace(std::string_view message, Fields fields = {}) {
    if (is_enabled(Level::Trace)) write(Level::Trace, message, fields);
}

/// Waits until everything written is with the operating system.
void flush();

/// A line as people read it, without time, level and colours: "message   name=value name=value".
/// Values with blanks stand in quotes. Pure.
[[nodiscard]] std::string to_text(std::string_view message, Fields fields);
/// The inside of a JSON line: `"message":"…","name":value`. Pure.
[[nodiscard]] std::string to_json_members(std::string_view message, Fields fields);

}  // namespace cairn::log
