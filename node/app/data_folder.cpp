// SPDX-License-Identifier: MIT
#include "node/app/data_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "chain/spec/genesis_json.hpp"

namespace cairn::node {
namespace {

namespace fs = std::filesystem;

Unexpected<std::string> failure(std::string_view tried, const fs::path& path) {
    return Unexpected{fmt::format("cannot {} {}: {}", tried, path.string(), std::strerror(errno))};
}

/// Writes all of it and waits for the disk; false with errno set.
bool write_and_sync(int file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(file) == 0;
}

}  // namespace

bool DataFolder::has_store() const {
    std::error_code code;
    return fs::exists(store_folder() / "data.mdb", code);
}

Result<fs::path, std::string> default_data_folder(std::string_view network) {
    const char* const home = std::getenv("HOME");
    if (home == nullptr || *home == '\0')
        return Unexpected{std::string{"HOME is not set; say where with --datadir"}};
    return fs::path{home} / ".cairn" / network;
}

Result<std::string, std::string> read_file(const fs::path& path) {
    std::error_code code;
    if (fs::is_directory(path, code))
        return Unexpected{fmt::format("{} is a folder, not a file", path.string())};
    std::ifstream in{path, std::ios::binary};
    if (!in) return failure("open", path);
    std::ostringstream text;
    text << in.rdbuf();
    if (in.bad()) return failure("read", path);
    return std::move(text).str();
}

Result<void, std::string> write_file_whole(const fs::path& path, std::string_view content) {
    fs::path part = path;
    part += ".part";
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return failure("create", part);
    const bool is_written = write_and_sync(file, content);
    const int error = errno;
    ::close(file);
    if (!is_written) {
        ::unlink(part.c_str());
        errno = error;
        return failure("write", part);
    }
    if (::rename(part.c_str(), path.c_str()) != 0) return failure("create", path);
    return {};
}

Result<GenesisFile, std::string> read_genesis_file(const fs::path& path) {
    auto text = read_file(path);
    if (!text) return Unexpected{text.error()};
    auto genesis = chain::parse_genesis(*text);
    if (!genesis) return Unexpected{fmt::format("{}: {}", path.string(), genesis.error().text())};
    return GenesisFile{std::move(*text), std::move(*genesis)};
}

Result<chain::Genesis, std::string> load_genesis(const DataFolder& folder) {
    std::error_code code;
    if (!fs::exists(folder.genesis_file(), code))
        return Unexpected{
            fmt::format("{} holds no chain; begin one with: cairn-node init GENESIS "
                        "--datadir {}",
                        folder.root.string(), folder.root.string())};
    auto file = read_genesis_file(folder.genesis_file());
    if (!file) return Unexpected{file.error()};
    return std::move(file->genesis);
}

}  // namespace cairn::node
