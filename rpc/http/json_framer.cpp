// SPDX-License-Identifier: MIT
#include "rpc/http/json_framer.hpp"

namespace cairn::rpc {

std::optional<std::string> JsonFramer::next() {
    while (!is_broken_ && scanned_ < buffer_.size()) {
        const char c = buffer_[scanned_];
        if (depth_ == 0) {
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                buffer_.erase(0, 1);
                continue;
            }
            if (c != '{' && c != '[') {
                is_broken_ = true;
                break;
            }
        }
        ++scanned_;
        if (is_in_string_) {
            if (is_escaped_) {
                is_escaped_ = false;
            } else if (c == '\\') {
                is_escaped_ = true;
            } else if (c == '"') {
                is_in_string_ = false;
            }
        } else if (c == '"') {
            is_in_string_ = true;
        } else if (c == '{' || c == '[') {
            ++depth_;
        } else if ((c == '}' || c == ']') && --depth_ == 0) {
            auto message = buffer_.substr(0, scanned_);
            buffer_.erase(0, scanned_);
            scanned_ = 0;
            return message;
        }
        if (scanned_ > message_bytes_max_) is_broken_ = true;
    }
    return std::nullopt;
}

}  // namespace cairn::rpc
