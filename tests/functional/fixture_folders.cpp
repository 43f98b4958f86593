// SPDX-License-Identifier: MIT
// Prints two lines: the folder of the public Ethereum tests, and the fixtures' folder. Unpacks what is packed. Exit
// code 3 and the reason on stderr where there is no test data.
#include <cstdio>
#include <exception>

#include "tests/support/fixtures.hpp"

int main() {
    try {
        const auto suites = cairn::test::ethereum_tests();
        if (!suites) {
            std::fprintf(stderr, "%s\n", suites.missing.c_str());
            return 3;
        }
        std::printf("%s\n%s\n", suites.path.c_str(), cairn::test::fixtures_root().path.c_str());
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
