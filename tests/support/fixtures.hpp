// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::test {

/// A folder of public test data, or why it is not there.
struct FixtureFolder {
    std::filesystem::path path;  ///< empty where the folder is missing
    std::string missing;         ///< the reason, to be shown; empty where the folder is there

    explicit operator bool() const noexcept { return !path.empty(); }
};

/// The fixtures' folder itself: $CAIRN_FIXTURES, or else ../shared/fixtures beside the source tree.
/// It holds evm-bench/ and rpc-compat/ as they are.
[[nodiscard]] FixtureFolder fixtures_root();

/// The public Ethereum test suites, in the layout of ethereum/tests (GeneralStateTests/, RLPTests/
/// …).
///
/// Taken in place where an unpacked folder `ethereum-tests` stands in the fixtures' folder (or the
/// fixtures' folder is such a checkout itself); else unpacked from `ethereum-tests.tar.xz` into the
/// build folder, once per archive: a stamp remembers its size and time, and a lock keeps several
/// test programs from unpacking at once. Any thread; the first call may take some seconds.
[[nodiscard]] FixtureFolder ethereum_tests();

/// `precompiles/` and `tracers/`: the folder `vectors`, or `vectors.tar.xz` unpacked in the same
/// way.
[[nodiscard]] FixtureFolder vectors();

/// All files below `folder` with the extension (".json"), sorted by path. Empty where it is absent.
[[nodiscard]] std::vector<std::filesystem::path> files_below(
    const std::filesystem::path& folder, const std::string& extension = ".json");

/// The whole content of a file. Throws std::runtime_error where it cannot be read.
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

}  // namespace cairn::test

/// Skips the running test, with the reason, where the folder is missing.
#define CAIRN_SKIP_WITHOUT(folder) \
    if (!(folder)) GTEST_SKIP() << (folder).missing
