// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.hpp"

/// What the commands of cairn-evm share: exit codes, Ctrl-C, finding files, and counting test cases.
namespace cairn::node {

/// Exit codes of every command: all well; the execution, a case or a benchmark check failed; the request itself was
/// wrong (one line on stderr says how); stopped by Ctrl-C (as a shell reports SIGINT).
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitBadInput = 2;
inline constexpr int kExitInterrupted = 130;

/// Prints `cairn-evm: MESSAGE` on stderr and gives kExitBadInput.
int bad_input(std::string_view message);

/// From here on the first Ctrl-C (SIGINT) or SIGTERM only sets a flag; a second one ends the program at once.
void catch_interrupts();
/// Whether that flag is set. Any thread.
[[nodiscard]] bool interrupted() noexcept;

/// The whole file, or one line saying why it cannot be read.
[[nodiscard]] Result<std::string, std::string> read_text_file(const std::filesystem::path& path);

/// The `.json` files that the paths name: a file as it is, a folder with everything below it, sorted by path, without
/// duplicates. An error (one line) when a path does not exist or there is no such file at all.
[[nodiscard]] Result<std::vector<std::filesystem::path>, std::string> find_json_files(
    const std::vector<std::string>& paths);

/// What statetest, txtest and blocktest are asked for.
struct SuiteOptions {
    std::vector<std::string> paths;  ///< files or folders of public Ethereum tests
    std::string fork;                ///< only this fork, by its name in the files ("London"); empty: all
    std::string run;                 ///< only cases in whose name this ECMAScript regex is found; empty: all
    bool json = false;               ///< one JSON object a case on stdout instead of failures only
    bool benchmark = false;          ///< print the CPU seconds that the cases took
    unsigned threads = 1;            ///< at least 1
};

enum class Outcome : unsigned char { Passed, Failed, Skipped };

/// One case as it ended.
struct CaseResult {
    std::string name;  ///< unique within the run: file's stem, test name, index
    std::string fork;  ///< name as in the test file; may be empty
    Outcome outcome = Outcome::Passed;
    std::string reason;  ///< why it failed or was skipped; empty when it passed
};

/// Counts cases and prints them as they end. Any thread.
///
/// Without `json` only failures (`FAIL name [fork]: reason`) and the closing line are printed on stdout, and on a
/// terminal a progress line on stderr. The closing line is `N passed, M failed, K skipped`; with `json` it is on
/// stderr, so that stdout holds nothing but the cases.
class SuiteReport {
  public:
    SuiteReport(const SuiteOptions& options, std::size_t files_total);

    void add(const CaseResult& result);
    /// Another file has been worked through; for the progress line only.
    void file_done();
    /// Prints the closing line. kExitFailed when a case failed or none ran, kExitInterrupted after Ctrl-C.
    [[nodiscard]] int finish();

  private:
    void show_progress();
    void clear_progress();

    std::mutex mutex_;
    bool json_;
    bool benchmark_;
    bool on_terminal_;
    std::size_t files_total_;
    std::size_t files_done_ = 0;
    std::size_t passed_ = 0;
    std::size_t failed_ = 0;
    std::size_t skipped_ = 0;
    double cpu_seconds_at_start_;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point shown_;
};

/// CPU seconds that this process has used, all threads together.
[[nodiscard]] double process_cpu_seconds() noexcept;

/// Calls `body(file, worker)` for each file on `threads` threads, worker being 0 … threads-1; files are taken in
/// order. Stops taking files after Ctrl-C. An exception in a worker ends the run and is thrown again here.
void for_each_file(const std::vector<std::filesystem::path>& files, unsigned threads,
                   const std::function<void(const std::filesystem::path&, unsigned)>& body);

/// The text with what JSON demands escaped, without the surrounding quotes.
[[nodiscard]] std::string json_escaped(std::string_view text);

}  // namespace cairn::node
