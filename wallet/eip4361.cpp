// SPDX-License-Identifier: MIT
#include "wallet/eip4361.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/base/assert.hpp"
#include "core/math/uint256.hpp"
#include "wallet/address.hpp"

namespace cairn::wallet {
namespace {

constexpr std::string_view kIntroduction = " wants you to sign in with your Ethereum account:";
constexpr std::size_t kNonceCharsMin = 8;
/// 9999-12-31T23:59:59Z.
constexpr UnixSeconds kTimeMax = 253402300799;

Unexpected<SigninError> fail(SigninError error) {
    return Unexpected{error};
}

/// The lines of a text, one after another.
class Lines {
public:
    explicit Lines(std::string_view text) noexcept : rest_{text} {}
    [[nodiscard]] bool is_at_end() const noexcept { return at_end_; }
    /// The next line without dropping it; empty at the end.
    [[nodiscard]] std::string_view peek() const noexcept {
        return at_end_ ? std::string_view{} : rest_.substr(0, rest_.find('\n'));
    }
    std::string_view take() noexcept {
        const auto line = peek();
        if (line.size() == rest_.size()) {
            at_end_ = true;
            rest_ = {};
        } else {
            rest_.remove_prefix(line.size() + 1);
        }
        return line;
    }
    /// The value of the line "name: value", which is dropped; nothing where another line stands
    /// here.
    std::optional<std::string_view> take_field(std::string_view name) noexcept {
        const auto line = peek();
        if (at_end_ || !line.starts_with(name) || !line.substr(name.size()).starts_with(": "))
            return std::nullopt;
        take();
        return line.substr(name.size() + 2);
    }

private:
    std::string_view rest_;
    bool at_end_ = false;
};

/// A number of exactly `digits` digits at `at`.
std::optional<unsigned> digits_at(std::string_view text, std::size_t at, std::size_t digits) {
    if (text.size() < at + digits) return std::nullopt;
    unsigned out = 0;
    for (const char c : text.substr(at, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + static_cast<unsigned>(c - '0');
    }
    return out;
}

/// Seconds east of UTC of "Z", "+01:00" or "-08:30".
std::optional<std::int64_t> parse_offset(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return std::nullopt;
    const auto hours = digits_at(text, 1, 2);
    const auto minutes = digits_at(text, 4, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const std::int64_t seconds = std::int64_t{*hours} * 3600 + std::int64_t{*minutes} * 60;
    return text[0] == '-' ? -seconds : seconds;
}

Result<void, SigninError> read_head(SigninMessage& out, Lines& lines) {
    auto who = lines.take();
    if (!who.ends_with(kIntroduction)) return fail(SigninError::Format);
    who.remove_suffix(kIntroduction.size());
    if (const auto mark = who.find("://"); mark != std::string_view::npos) {
        out.scheme = who.substr(0, mark);
        who.remove_prefix(mark + 3);
    }
    if (who.empty() || who.find_first_of(" /") != std::string_view::npos)
        return fail(SigninError::Format);
    out.domain = who;
    const auto line = lines.take();
    const auto address = parse_address(line);
    // The checksum is required here, so one case alone will not do.
    if (!address || to_checksum(*address) != line) return fail(SigninError::Address);
    out.address = *address;
    if (lines.is_at_end() || !lines.take().empty()) return fail(SigninError::Format);
    if (!lines.peek().empty()) out.statement = std::string{lines.take()};
    if (lines.is_at_end() || !lines.take().empty()) return fail(SigninError::Format);
    return {};
}

/// An optional line with a time.
Result<std::optional<UnixSeconds>, SigninError> read_time(Lines& lines, std::string_view name) {
    const auto text = lines.take_field(name);
    if (!text) return std::optional<UnixSeconds>{};
    const auto time = parse_time(*text);
    if (!time) return fail(SigninError::Time);
    return time;
}

Result<void, SigninError> read_required(SigninMessage& out, Lines& lines) {
    const auto uri = lines.take_field("URI");
    if (!uri || uri->empty()) return fail(SigninError::Format);
    out.uri = *uri;
    const auto version = lines.take_field("Version");
    if (!version) return fail(SigninError::Format);
    if (*version != "1") return fail(SigninError::Version);
    const auto chain = lines.take_field("Chain ID");
    const auto chain_id = chain && !chain->starts_with("0x") ? parse_uint256(*chain) : std::nullopt;
    if (!chain_id || !chain_id->fits_u64()) return fail(SigninError::Format);
    out.chain_id = chain_id->low64();
    const auto nonce = lines.take_field("Nonce");
    if (!nonce) return fail(SigninError::Format);
    const bool is_alphanumeric =
        nonce->find_first_not_of(
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
        std::string_view::npos;
    if (nonce->size() < kNonceCharsMin || !is_alphanumeric) return fail(SigninError::Nonce);
    out.nonce = *nonce;
    const auto issued = read_time(lines, "Issued At");
    if (!issued) return fail(issued.error());
    if (!*issued) return fail(SigninError::Format);
    out.issued_at = **issued;
    return {};
}

Result<void, SigninError> read_optional(SigninMessage& out, Lines& lines) {
    const auto expires = read_time(lines, "Expiration Time");
    if (!expires) return fail(expires.error());
    out.expires = *expires;
    const auto not_before = read_time(lines, "Not Before");
    if (!not_before) return fail(not_before.error());
    out.not_before = *not_before;
    if (const auto id = lines.take_field("Request ID")) out.request_id = std::string{*id};
    if (!lines.is_at_end() && lines.peek() == "Resources:") {
        lines.take();
        while (!lines.is_at_end() && lines.peek().starts_with("- ")) {
            if (out.resources.size() == kSigninResourcesMax) return fail(SigninError::Format);
            out.resources.emplace_back(lines.take().substr(2));
        }
    }
    // One line feed at the end, as editors leave it, is no other message.
    if (!lines.is_at_end() && !lines.take().empty()) return fail(SigninError::Format);
    if (!lines.is_at_end()) return fail(SigninError::Format);
    return {};
}

}  // namespace

std::string_view to_string(SigninError error) noexcept {
    switch (error) {
        case SigninError::Format:
            return "it is no sign-in message of EIP-4361";
        case SigninError::Version:
            return "its version is not 1";
        case SigninError::Address:
            return "its address does not carry the checksum of EIP-55";
        case SigninError::Nonce:
            return "its nonce is not eight or more letters and digits";
        case SigninError::Time:
            return "a time in it is not RFC 3339";
        case SigninError::WrongDomain:
            return "it is meant for another service";
        case SigninError::WrongNonce:
            return "it answers another challenge";
        case SigninError::WrongChain:
            return "it is for another chain";
        case SigninError::Expired:
            return "it has expired";
        case SigninError::NotYet:
            return "its time has not come";
    }
    return "unknown";
}

std::string format_signin(const SigninMessage& message) {
    std::string out;
    const auto line = [&out](std::string_view name, std::string_view value) {
        CAIRN_ASSERT(value.find('\n') == std::string_view::npos);
        if (!out.empty()) out += '\n';
        out.append(name).append(value);
    };
    line("", (message.scheme.empty() ? "" : message.scheme + "://") + message.domain +
                 std::string{kIntroduction});
    line("", to_checksum(message.address));
    line("", "");
    if (message.statement) line("", *message.statement);
    line("", "");
    line("URI: ", message.uri);
    line("Version: ", "1");
    line("Chain ID: ", std::to_string(message.chain_id));
    line("Nonce: ", message.nonce);
    line("Issued At: ", format_time(message.issued_at));
    if (message.expires) line("Expiration Time: ", format_time(*message.expires));
    if (message.not_before) line("Not Before: ", format_time(*message.not_before));
    if (message.request_id) line("Request ID: ", *message.request_id);
    if (!message.resources.empty()) line("Resources:", "");
    for (const auto& resource : message.resources) line("- ", resource);
    return out;
}

Result<SigninMessage, SigninError> parse_signin(std::string_view text) {
    if (text.size() > kSigninBytesMax) return fail(SigninError::Format);
    SigninMessage out;
    Lines lines{text};
    if (auto head = read_head(out, lines); !head) return fail(head.error());
    if (auto fields = read_required(out, lines); !fields) return fail(fields.error());
    if (auto fields = read_optional(out, lines); !fields) return fail(fields.error());
    return out;
}

Result<void, SigninError> check_signin(const SigninMessage& message,
                                       const SigninExpectation& expected) {
    if (message.domain != expected.domain) return fail(SigninError::WrongDomain);
    if (!expected.nonce.empty() && message.nonce != expected.nonce)
        return fail(SigninError::WrongNonce);
    if (message.chain_id != expected.chain_id) return fail(SigninError::WrongChain);
    if (message.expires && expected.now >= *message.expires) return fail(SigninError::Expired);
    if ((message.not_before && expected.now + kSigninClockSkew < *message.not_before) ||
        expected.now + kSigninClockSkew < message.issued_at)
        return fail(SigninError::NotYet);
    return {};
}

std::string format_time(UnixSeconds time) {
    using namespace std::chrono;
    CAIRN_ASSERT(time <= kTimeMax);
    const sys_seconds point{seconds{time}};
    const auto day = floor<days>(point);
    const year_month_day date{day};
    const hh_mm_ss clock{point - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<UnixSeconds> parse_time(std::string_view text) {
    using namespace std::chrono;
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const auto y = digits_at(text, 0, 4), mo = digits_at(text, 5, 2), d = digits_at(text, 8, 2);
    const auto h = digits_at(text, 11, 2), mi = digits_at(text, 14, 2), s = digits_at(text, 17, 2);
    if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
    const year_month_day date{year{static_cast<int>(*y)}, month{*mo}, day{*d}};
    if (!date.ok()) return std::nullopt;
    auto tail = text.substr(19);
    if (tail.starts_with('.')) {
        const auto end = tail.find_first_not_of("0123456789", 1);
        if (end == 1 || end == std::string_view::npos) return std::nullopt;
        tail.remove_prefix(end);
    }
    const auto offset = parse_offset(tail);
    if (!offset) return std::nullopt;
    const auto day_part = sys_days{date}.time_since_epoch().count() * std::int64_t{86400};
    const auto out = day_part + std::int64_t{*h} * 3600 + std::int64_t{*mi} * 60 + *s - *offset;
    if (out < 0 || static_cast<UnixSeconds>(out) > kTimeMax) return std::nullopt;
    return static_cast<UnixSeconds>(out);
}

}  // namespace cairn::wallet
