// SPDX-License-Identifier: MIT
#include "rpc/plain_request.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

/// Digits of an id that a double keeps exactly, so that the text is what the general reader would
/// print again.
constexpr std::size_t kIdDigitsMax = 15;

/// A place in a text. Every take_ either moves past what it names or fails, and then the place does
/// not matter any more.
class Scanner {
public:
    explicit Scanner(std::string_view text) noexcept : text_{text} {}

    [[nodiscard]] bool is_at_end() noexcept {
        skip_space();
        return at_ == text_.size();
    }
    /// The character that comes next, behind white space; 0 at the end.
    [[nodiscard]] char peek() noexcept {
        skip_space();
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    [[nodiscard]] bool take(char c) noexcept {
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    /// A string of ASCII without escapes and control characters; its content.
    [[nodiscard]] std::optional<std::string_view> take_string() noexcept {
        if (!take('"')) return std::nullopt;
        const auto begin = at_;
        for (; at_ < text_.size(); ++at_) {
            const auto c = static_cast<unsigned char>(text_[at_]);
            if (c == '"') return text_.substr(begin, at_++ - begin);
            // Of what stands outside plain ASCII the general reader checks the encoding.
            if (c < 0x20 || c >= 0x7f || c == '\\') return std::nullopt;
        }
        return std::nullopt;
    }
    [[nodiscard]] bool take_word(std::string_view word) noexcept {
        skip_space();
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    /// JSON text of an id.
    [[nodiscard]] std::optional<std::string_view> take_id() noexcept {
        const char first = peek();
        const auto begin = at_;
        if (first == '"') {
            if (!take_string()) return std::nullopt;
        } else if (first == 'n') {
            if (!take_word("null")) return std::nullopt;
        } else {
            while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
            const auto digits = at_ - begin;
            const bool has_zero_first = digits > 1 && first == '0';
            if (digits == 0 || digits > kIdDigitsMax || has_zero_first) return std::nullopt;
        }
        return text_.substr(begin, at_ - begin);
    }
    /// From a bracket to the one that closes it, by counting; strings do not count.
    [[nodiscard]] std::optional<std::string_view> take_brackets() noexcept {
        if (peek() != '[') return std::nullopt;
        const auto begin = at_;
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '"') {
                if (!take_string()) return std::nullopt;
                --at_;
            } else if (c == '[' || c == '{') {
                ++depth;
            } else if ((c == ']' || c == '}') && --depth == 0) {
                ++at_;
                return text_.substr(begin, at_ - begin);
            }
        }
        return std::nullopt;
    }

private:
    void skip_space() noexcept {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                      text_[at_] == '\r' || text_[at_] == '\t'))
            ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// One member of a call into its place; false where the reader does not know it, or has it already.
bool take_member(Scanner& in, PlainCall& call, bool& has_version) {
    const auto name = in.take_string();
    if (!name || !in.take(':')) return false;
    const auto set = [](std::string_view& place, const std::optional<std::string_view>& value) {
        if (!place.empty() || !value || value->empty()) return false;
        place = *value;
        return true;
    };
    if (*name == "method") return set(call.method, in.take_string());
    if (*name == "params") return set(call.params, in.take_brackets());
    if (*name == "id") return set(call.id, in.take_id());
    if (*name != "jsonrpc" || has_version) return false;
    has_version = in.take_string() == "2.0";
    return has_version;
}

std::optional<PlainCall> take_call(Scanner& in) {
    if (!in.take('{')) return std::nullopt;
    PlainCall call;
    bool has_version = false;
    do {
        if (!take_member(in, call, has_version)) return std::nullopt;
    } while (in.take(','));
    if (!in.take('}') || !has_version || call.method.empty()) return std::nullopt;
    return call;
}

/// The elements of a list of plain strings and booleans; false for any other text.
bool take_flat_list(Scanner& in, Json& out) {
    if (!in.take('[')) return false;
    if (in.take(']')) return in.is_at_end();
    do {
        switch (in.peek()) {
            case '"': {
                const auto text = in.take_string();
                if (!text) return false;
                out.push_back(std::string{*text});
                break;
            }
            case 't':
                if (!in.take_word("true")) return false;
                out.push_back(true);
                break;
            case 'f':
                if (!in.take_word("false")) return false;
                out.push_back(false);
                break;
            default:
                return false;
        }
    } while (in.take(','));
    return in.take(']') && in.is_at_end();
}

}  // namespace

std::optional<PlainRequest> scan_plain_request(std::string_view text, std::size_t calls_max) {
    Scanner in{text};
    PlainRequest out;
    if (in.peek() != '[') {
        const auto call = take_call(in);
        if (!call || !in.is_at_end()) return std::nullopt;
        out.calls.push_back(*call);
        return out;
    }
    out.is_batch = true;
    (void)in.take('[');
    do {
        const auto call = take_call(in);
        if (!call || out.calls.size() == calls_max) return std::nullopt;
        out.calls.push_back(*call);
    } while (in.take(','));
    if (!in.take(']') || !in.is_at_end()) return std::nullopt;
    return out;
}

std::optional<Json> read_flat_params(std::string_view params) {
    auto out = Json::array();
    Scanner in{params};
    if (!take_flat_list(in, out)) return std::nullopt;
    return out;
}

}  // namespace cairn::rpc
