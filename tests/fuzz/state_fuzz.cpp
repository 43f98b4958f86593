// SPDX-License-Identifier: MIT
// Random operations with snapshots on State against a model made of maps.
#include <cstdio>
#include <cstdlib>

#include "tests/support/state_model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    cairn::test::StateDrive drive{{data, size}};
    const auto failure = drive.run();
    if (failure.empty()) return 0;
    std::fprintf(stderr, "state differs from the model: %s\n", failure.c_str());
    std::abort();
}
