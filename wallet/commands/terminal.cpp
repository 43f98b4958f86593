// SPDX-License-Identifier: MIT
#include "wallet/commands/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "wallet/commands/failure.hpp"
#include "wallet/private_file.hpp"

namespace cairn::wallet {
namespace {

volatile std::sig_atomic_t g_signal = 0;

extern "C" void note_signal(int number) {
    g_signal = number;
}

/// Signals that would end the program before the terminal echoes again are noted for its life.
/// They come in only while `wait_readable` waits: one that came just before would not end a read.
class SignalsNoted {
public:
    SignalsNoted() noexcept {
        g_signal = 0;
        struct sigaction action {};
        action.sa_handler = note_signal;
        sigset_t held;
        ::sigemptyset(&held);
        for (const int number : kSignals) ::sigaddset(&held, number);
        ::pthread_sigmask(SIG_BLOCK, &held, &mask_before_);
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            ::sigaction(kSignals[i], &action, &before_[i]);
    }
    SignalsNoted(const SignalsNoted&) = delete;
    SignalsNoted& operator=(const SignalsNoted&) = delete;
    ~SignalsNoted() {
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            ::sigaction(kSignals[i], &before_[i], nullptr);
        // One that has come since does now what it would have done.
        ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
    }

    /// Waits for something to read, or the other end's leaving; false where a signal came first.
    [[nodiscard]] bool wait_readable(int fd) const noexcept {
        pollfd event{fd, POLLIN, 0};
        while (g_signal == 0)
            if (::ppoll(&event, 1, nullptr, &mask_before_) >= 0 || errno != EINTR) return true;
        return false;
    }

private:
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    std::array<struct sigaction, kSignals.size()> before_{};
    sigset_t mask_before_{};
};

/// The controlling terminal, whatever the standard streams are.
class Tty {
public:
    Tty() noexcept : fd_{::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)} {}
    Tty(const Tty&) = delete;
    Tty& operator=(const Tty&) = delete;
    ~Tty() {
        set_echo(true);
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }

    void write(std::string_view text) const noexcept {
        while (!text.empty()) {
            const auto count = ::write(fd_, text.data(), text.size());
            if (count <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    void set_echo(bool on) noexcept {
        if (fd_ < 0 || on == echoes_) return;
        termios settings{};
        if (::tcgetattr(fd_, &settings) != 0) return;
        settings.c_lflag =
            on ? settings.c_lflag | ECHO : settings.c_lflag & ~static_cast<tcflag_t>(ECHO);
        if (::tcsetattr(fd_, TCSAFLUSH, &settings) == 0) echoes_ = on;
    }

    /// Up to the line feed; at most kSecretBytesMax characters. Fails with Interrupted on a signal.
    [[nodiscard]] SecretText read_line() const {
        SecretText out;
        char c = 0;
        while (out.size() < kSecretBytesMax) {
            if (!signals_.wait_readable(fd_))
                throw Failure{ExitCode::Interrupted, "interrupted"};
            const auto count = ::read(fd_, &c, 1);
            if (count <= 0 || c == '\n') break;
            out.append(c);
        }
        c = 0;
        return out;
    }

private:
    SignalsNoted signals_;
    int fd_;
    bool echoes_ = true;
};

/// The first line.
SecretText first_line(const SecretText& content) {
    const auto text = content.reveal();
    auto line = text.substr(0, text.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return SecretText{line};
}

SecretText read_secret_file(const std::string& file) {
    const auto content = read_private_file(file, kSecretBytesMax);
    if (!content)
        throw Failure{ExitCode::BadRequest, file + ": " + std::string{to_string(content.error())}};
    return first_line(*content);
}

}  // namespace

SecretText ask_secret(std::string_view prompt, const std::string& without_it) {
    Tty tty;
    if (!tty.is_open())
        throw Failure{ExitCode::BadRequest, "there is no terminal to ask at", without_it};
    // Before the prompt: what is typed as soon as it shows must neither be seen nor be lost.
    tty.set_echo(false);
    tty.write(prompt);
    auto out = tty.read_line();
    tty.write("\n");
    return out;
}

bool ask_yes(std::string_view text) {
    Tty tty;
    if (!tty.is_open())
        throw Failure{ExitCode::BadRequest, "there is no terminal to ask at",
                      "give --yes to go on without being asked"};
    tty.write(text);
    tty.write(" [y/N] ");
    const auto answer = tty.read_line();
    return answer.reveal() == "y" || answer.reveal() == "yes" || answer.reveal() == "Y";
}

SecretText get_password(const std::string& file, std::string_view prompt) {
    if (!file.empty()) return read_secret_file(file);
    if (const char* given = std::getenv("CAIRN_PASSWORD"); given != nullptr)
        return SecretText{given};
    return ask_secret(prompt, "give --password-file FILE, or set CAIRN_PASSWORD");
}

SecretText get_fresh_password(const std::string& file) {
    const bool is_asked = file.empty() && std::getenv("CAIRN_PASSWORD") == nullptr;
    auto password = get_password(file, "Password for the key file: ");
    if (is_asked && !(ask_secret("The same again: ", "") == password))
        throw Failure{ExitCode::BadRequest, "the two passwords differ", "try again"};
    if (password.is_empty())
        throw Failure{ExitCode::BadRequest, "the password is empty",
                      "a key file without a password protects nothing"};
    return password;
}

SecretText get_secret(const std::string& file, std::string_view prompt) {
    if (!file.empty()) return read_secret_file(file);
    if (const char* given = std::getenv("CAIRN_SECRET"); given != nullptr) return SecretText{given};
    return ask_secret(prompt, "give --file FILE, or set CAIRN_SECRET");
}

}  // namespace cairn::wallet
