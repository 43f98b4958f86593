// SPDX-License-Identifier: MIT
#include "core/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace cairn {

void assert_failed(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "cairn: internal error: %s does not hold at %s:%d\n", condition, file, line);
    std::abort();
}

}  // namespace cairn
