// SPDX-License-Identifier: MIT
#include "core/base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <memory>
#include <mutex>
#include <vector>

#include "core/base/system_error.hpp"

namespace cairn::log {
namespace {

/// Columns of a message before its fields begin, so that these stand under one another.
constexpr std::size_t kMessageColumns = 40;

constexpr const char* kTextPattern = "%^%-7l%$ [%m-%d|%H:%M:%S.%e] %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

[[nodiscard]] spdlog::level::level_enum level_of(Level level) noexcept {
    switch (level) {
        case Level::Error: return spdlog::level::err;
        case Level::Warn: return spdlog::level::warn;
        case Level::Info: return spdlog::level::info;
        case Level::Debug: return spdlog::level::debug;
        case Level::Trace: return spdlog::level::trace;
    }
    return spdlog::level::info;
}

struct Sink {
    std::shared_ptr<spdlog::logger> logger;
    bool is_json = false;
};

[[nodiscard]] Sink make_sink(const Options& options) {
    std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_color_sink_mt>()};
    if (!options.file.empty()) {
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
                options.file.string(), options.rotate_bytes, kLogFilesKept));
        } catch (const spdlog::spdlog_ex& failure) {
            throw SystemError{"the log file cannot be opened: " + std::string{failure.what()}};
        }
    }
    Sink sink{std::make_shared<spdlog::logger>("cairn", sinks.begin(), sinks.end()),
              options.is_json};
    sink.logger->set_level(level_of(options.verbosity));
    sink.logger->set_pattern(options.is_json ? kJsonPattern : kTextPattern,
                             spdlog::pattern_time_type::utc);
    sink.logger->flush_on(spdlog::level::warn);
    return sink;
}

[[nodiscard]] Sink& sink() {
    static Sink the_sink = make_sink({});
    return the_sink;
}

/// Appends `text` as it may stand between quotes, in JSON as in our text form.
void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        } else {
            out += c;
        }
    }
}

[[nodiscard]] bool needs_quotes(std::string_view text) {
    if (text.empty()) return true;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f || c == '"' || c == '\\' || c == '=') return true;
    }
    return false;
}

}  // namespace

void configure(const Options& options) {
    sink() = make_sink(options);
}

bool is_enabled(Level level) noexcept {
    return sink().logger->should_log(level_of(level));
}

void write(Level level, std::string_view message, Fields fields) {
    if (!is_enabled(level)) return;
    const Sink& to = sink();
    const std::string line =
        to.is_json ? to_json_members(message, fields) : to_text(message, fields);
    to.logger->log(level_of(level), spdlog::string_view_t{line.data(), line.size()});
}

void flush() {
    sink().logger->flush();
}

std::string to_text(std::string_view message, Fields fields) {
    std::string out;
    append_escaped(out, message);
    if (fields.size() != 0 && out.size() < kMessageColumns) out.resize(kMessageColumns, ' ');
    for (const Field& field : fields) {
        out += ' ';
        out += field.name;
        out += '=';
        if (needs_quotes(field.text)) {
            out += '"';
            append_escaped(out, field.text);
            out += '"';
        } else {
            out += field.text;
        }
    }
    return out;
}

std::string to_json_members(std::string_view message, Fields fields) {
    std::string out = "\"message\":\"";
    append_escaped(out, message);
    out += '"';
    for (const Field& field : fields) {
        out += ",\"";
        append_escaped(out, field.name);
        out += "\":";
        if (field.is_literal) {
            out += field.text;
        } else {
            out += '"';
            append_escaped(out, field.text);
            out += '"';
        }
    }
    return out;
}

}  // namespace cairn::log
