// SPDX-License-Identifier: MIT
#include "chain/store/store.hpp"

#include <sys/stat.h>

#include <string>
#include <system_error>

#include "chain/store/migrate.hpp"
#include "chain/store/page_check.hpp"

namespace cairn::chain {
namespace {

/// The folder, made where it is to be written.
[[nodiscard]] const std::filesystem::path& made(const std::filesystem::path& folder,
                                                bool read_only) {
    std::error_code error;
    if (!read_only) std::filesystem::create_directories(folder, error);
    if (!std::filesystem::is_directory(folder)) {
        const bool is_forbidden =
            error == std::errc::permission_denied || error == std::errc::read_only_file_system;
        throw StoreError{is_forbidden ? StoreFault::ReadOnly : StoreFault::InputOutput,
                         "no folder " + folder.string() + (error ? ": " + error.message() : "")};
    }
    return folder;
}

/// Throws where the pages contradict themselves, as far as the budget lets us see.
void check_before_opening(const std::filesystem::path& file, std::size_t budget) {
    auto report = check_pages(file, PageDepth::Header);
    if (report.is_there && report.faults.empty() && budget > 0) {
        // Branch pages are few: one for some dozens of leaves. Their number is known only from the
        // tables' records, so a big file is judged by a cautious guess.
        constexpr std::uint64_t kPagesPerBranch = 16;
        const std::uint64_t bytes = report.pages * report.page_bytes;
        if (bytes <= budget)
            report = check_pages(file, PageDepth::All);
        else if (bytes / kPagesPerBranch <= budget)
            report = check_pages(file, PageDepth::Branches);
    }
    if (report.faults.empty()) return;
    const auto& fault = report.faults.front();
    throw StoreError{StoreFault::Corrupt,
                     file.string() + ", page " + std::to_string(fault.page) +
                         (fault.table.empty() ? "" : " of table " + fault.table) + ": " +
                         fault.what};
}

}  // namespace

Store::Store(const std::filesystem::path& folder, const StoreOptions& options)
    : lock_{made(folder, options.read_only),
            options.read_only ? FileLock::Kind::Shared : FileLock::Kind::Exclusive} {
    check_before_opening(folder / "data.mdb", options.open_check_bytes);
    env_ = std::make_unique<Env>(folder, options);
    migrate(*env_);
}

StoreStats Store::stats() const {
    StoreStats out;
    out.env = env_->stats();
    struct stat status{};
    if (::stat(env_->data_file().c_str(), &status) == 0)
        out.file_bytes = static_cast<std::uint64_t>(status.st_blocks) * 512;
    const Txn txn{*env_, Txn::Kind::Read};
    for (const auto& info : kTables)
        out.tables[static_cast<std::size_t>(info.table)] = txn.stats(info.table);
    return out;
}

}  // namespace cairn::chain
