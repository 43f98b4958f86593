// SPDX-License-Identifier: MIT
#include "tests/support/fixtures.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

extern "C" char** environ;  // NOLINT: POSIX names it so and declares it nowhere

namespace cairn::test {
namespace {

namespace fs = std::filesystem;

/// Holds an exclusive lock on a file for its lifetime; the system drops it if the process dies.
class FileLock {
public:
    explicit FileLock(const fs::path& path)
        : fd_{::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)} {
        if (fd_ < 0 || ::flock(fd_, LOCK_EX) != 0)
            throw std::runtime_error{"cannot lock " + path.string()};
    }
    ~FileLock() { ::close(fd_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int fd_;
};

/// Runs `tar` and answers whether it ended well.
bool run_tar(const fs::path& archive, const fs::path& into) {
    std::string words[] = {"tar", "-xJf", archive.string(), "-C", into.string()};
    char* arguments[std::size(words) + 1] = {};
    for (std::size_t i = 0; i < std::size(words); ++i) arguments[i] = words[i].data();
    pid_t child = 0;
    if (::posix_spawnp(&child, "tar", nullptr, nullptr, arguments, environ) != 0) return false;
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// What tells one archive from another without reading it.
std::string stamp_of(const fs::path& archive) {
    const auto time = fs::last_write_time(archive).time_since_epoch().count();
    return std::to_string(fs::file_size(archive)) + " " + std::to_string(time);
}

FixtureFolder unpacked(const fs::path& archive, const std::string& name) {
    const fs::path base{CAIRN_UNPACK_DIR};
    fs::create_directories(base);
    const fs::path folder = base / name;
    const fs::path stamp = base / (name + ".stamp");
    const std::string want = stamp_of(archive);
    const FileLock lock{base / (name + ".lock")};
    if (fs::exists(folder) && fs::exists(stamp) && read_text(stamp) == want) return {folder, {}};
    // Unpacked beside and renamed, so that a process that dies half-way leaves no half folder.
    const fs::path partial = base / (name + ".partial");
    fs::remove_all(partial);
    fs::remove_all(folder);
    fs::create_directories(partial);
    if (!run_tar(archive, partial))
        return {{}, "tar could not unpack " + archive.string() + " (are tar and xz installed?)"};
    fs::rename(partial, folder);
    std::ofstream{stamp} << want;
    return {folder, {}};
}

/// `name` in the fixtures' folder, the fixtures' folder itself where it holds `sign`, or the
/// archive.
FixtureFolder find_set(const std::string& name, const std::string& sign) {
    const FixtureFolder root = fixtures_root();
    if (!root) return root;
    if (fs::is_directory(root.path / name)) return {root.path / name, {}};
    if (fs::is_directory(root.path / sign)) return root;
    const fs::path archive = root.path / (name + ".tar.xz");
    if (fs::exists(archive)) return unpacked(archive, name);
    return {{}, "neither " + name + " nor " + name + ".tar.xz in " + root.path.string()};
}

}  // namespace

FixtureFolder fixtures_root() {
    if (const char* given = std::getenv("CAIRN_FIXTURES"); given != nullptr && *given != '\0') {
        if (fs::is_directory(given)) return {fs::path{given}, {}};
        return {{}, std::string{"CAIRN_FIXTURES is no folder: "} + given};
    }
    const fs::path beside = (fs::path{CAIRN_SOURCE_DIR} / "../shared/fixtures").lexically_normal();
    if (fs::is_directory(beside)) return {beside, {}};
    return {{}, "no test data: CAIRN_FIXTURES is not set and ../shared/fixtures is absent"};
}

FixtureFolder ethereum_tests() {
    static const FixtureFolder found = find_set("ethereum-tests", "GeneralStateTests");
    return found;
}

FixtureFolder vectors() {
    static const FixtureFolder found = find_set("vectors", "precompiles");
    return found;
}

std::vector<fs::path> files_below(const fs::path& folder, const std::string& extension) {
    std::vector<fs::path> files;
    if (!fs::is_directory(folder)) return files;
    for (const auto& entry : fs::recursive_directory_iterator{folder})
        if (entry.is_regular_file() && entry.path().extension() == extension)
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

std::string read_text(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) throw std::runtime_error{"cannot read " + file.string()};
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

}  // namespace cairn::test
