// SPDX-License-Identifier: MIT
#include "core/crypto/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "core/base/system_error.hpp"

namespace cairn {

void random_bytes(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const auto got = ::getrandom(out.data(), out.size(), 0);
        if (got < 0) {
            // A signal may cut a long read short; nothing is wrong with the generator then.
            if (errno == EINTR) continue;
            throw SystemError{std::string{"getrandom: "} + std::strerror(errno)};
        }
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace cairn
