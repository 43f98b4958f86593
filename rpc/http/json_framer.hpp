// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::rpc {

/// Cuts a stream of bytes into JSON objects and arrays, which is how requests stand on a Unix
/// socket: one after the other, with or without white space between. Looks at brackets and strings
/// only; whether a piece is JSON is the parser's business. One thread.
class JsonFramer {
public:
    /// @param message_bytes_max  of one message
    explicit JsonFramer(std::size_t message_bytes_max) noexcept
        : message_bytes_max_{message_bytes_max} {}

    void append(std::string_view bytes) { buffer_ += bytes; }
    /// The next whole message; nothing while there is none.
    [[nodiscard]] std::optional<std::string> next();
    /// Whether a message is longer than allowed, or begins with neither bracket: the stream is of
    /// no use from there on.
    [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }
    /// Bytes that wait for the rest of their message.
    [[nodiscard]] std::size_t pending() const noexcept { return buffer_.size(); }

private:
    std::size_t message_bytes_max_;
    std::string buffer_;
    std::size_t scanned_ = 0;
    std::size_t depth_ = 0;
    bool is_in_string_ = false;
    bool is_escaped_ = false;
    bool is_broken_ = false;
};

}  // namespace cairn::rpc
