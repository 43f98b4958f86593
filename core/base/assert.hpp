// SPDX-License-Identifier: MIT
#pragma once

namespace cairn {

/// Prints the broken condition with its place on stderr and aborts. Any thread.
[[noreturn]] void assert_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace cairn

/// Checks a condition that only a mistake of ours can break; on in every build. Never used on input from outside.
#define CAIRN_ASSERT(condition) \
    (__builtin_expect(!(condition), 0) ? ::cairn::assert_failed(#condition, __FILE__, __LINE__) : void())
