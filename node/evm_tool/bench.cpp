// SPDX-License-Identifier: MIT
#include "node/evm_tool/bench.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <regex>

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "node/evm_tool/bench_host.hpp"
#include "node/evm_tool/fork_names.hpp"
#include "node/evm_tool/json_file.hpp"
#include "node/evm_tool/report.hpp"
#include "vm/vm.hpp"

namespace cairn::node {
namespace {

/// Shortest stretch between two readings of the clock, which itself takes a fraction of a microsecond.
constexpr double kBatchSecondsMin = 0.001;
/// Batches that a case's time is cut into where one execution is short enough.
constexpr double kBatchesWanted = 200;
/// Multiplications in one measurement of their latency.
constexpr std::uint64_t kMultiplications = 200'000;

double cpu_seconds() noexcept { return process_cpu_seconds(); }

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Nanoseconds of one 64-bit multiplication in a dependent chain. Its latency has been 3 cycles on x86 for many years,
/// so ns / (this / 3) is a time in cycles, which compares across machines and their clock's moods.
double multiplication_ns() {
    std::vector<double> samples;
    for (int i = 0; i < 5; ++i) {
        std::uint64_t x = 0x9e3779b97f4a7c15ULL;
        std::uint64_t factor = 0xd6e8feb86659fd93ULL;
        // Neither the factor nor the chain can be folded away.
        asm volatile("" : "+r"(factor));
        const double start = cpu_seconds();
        for (std::uint64_t n = 0; n < kMultiplications; ++n) {
            x *= factor;
            asm volatile("" : "+r"(x));
        }
        samples.push_back((cpu_seconds() - start) * 1e9 / static_cast<double>(kMultiplications));
    }
    return *std::min_element(samples.begin(), samples.end());
}

struct Measurement {
    double ns = 0;                 ///< CPU time of one execution, median of batches
    double multiplication_ns = 0;  ///< taken beside it
    std::uint64_t executions = 0;
    vm::ExecutionResult first;   ///< on fresh storage
    vm::ExecutionResult repeat;  ///< on the storage the first left
};

class CaseRunner {
  public:
    CaseRunner(const BenchCase& bench_case, Revision revision, bool with_analysis)
        : vm_{vm::Vm::Options{.use_analysis_cache = !with_analysis}},
          host_{bench_case.code, keccak256(bench_case.code).as<CodeHash>()},
          revision_{revision} {
        message_.gas = bench_case.gas_limit;
        message_.input = bench_case.input;
    }

    vm::ExecutionResult execute() { return vm_.execute(host_, revision_, message_); }

    /// CPU seconds of `count` executions.
    double time(std::uint64_t count) {
        const double start = cpu_seconds();
        for (std::uint64_t i = 0; i < count; ++i) last_ = execute();
        return cpu_seconds() - start;
    }

    [[nodiscard]] const vm::ExecutionResult& last() const noexcept { return last_; }

  private:
    vm::Vm vm_;
    BenchHost host_;
    Revision revision_;
    vm::Message message_;
    vm::ExecutionResult last_;
};

Measurement measure(const BenchCase& bench_case, Revision revision, const BenchOptions& options) {
    CaseRunner runner{bench_case, revision, options.with_analysis};
    Measurement m;
    m.first = runner.execute();
    m.repeat = runner.execute();
    if (options.check_only) return m;

    const double batch_seconds = std::max(kBatchSecondsMin, options.seconds / kBatchesWanted);
    std::uint64_t batch = 1;
    double spent = runner.time(batch);
    while (spent < batch_seconds / 2 && !interrupted()) {
        batch *= 2;
        spent = runner.time(batch);
    }
    m.multiplication_ns = multiplication_ns();
    std::vector<double> samples;
    double total = 0;
    do {
        const double seconds = runner.time(batch);
        samples.push_back(seconds * 1e9 / static_cast<double>(batch));
        total += seconds;
    } while (total < options.seconds && !interrupted());
    m.multiplication_ns = std::min(m.multiplication_ns, multiplication_ns());
    m.executions = batch * samples.size();
    m.ns = median(std::move(samples));
    m.repeat = runner.last();
    return m;
}

/// Why the results are not what the case demands; empty when they are.
std::string mismatch(const BenchCase& wanted, const Measurement& m, bool compare_gas) {
    const auto judge = [&](const vm::ExecutionResult& got, std::int64_t gas_wanted, std::string_view which) {
        const std::string_view status = got.status == vm::Status::Success ? "success" : vm::to_string(got.status);
        const bool status_fits =
            wanted.status == status || (wanted.status == "revert" && got.status == vm::Status::Revert);
        if (!status_fits) return fmt::format("{}: ended with \"{}\" instead of \"{}\"", which, status, wanted.status);
        const auto gas_used = wanted.gas_limit - got.gas_left;
        if (compare_gas && gas_used != gas_wanted)
            return fmt::format("{}: used {} gas instead of {}", which, gas_used, gas_wanted);
        if (got.output != wanted.expected_output)
            return fmt::format("{}: gave {} instead of {}", which, to_hex0x(got.output),
                               to_hex0x(wanted.expected_output));
        return std::string{};
    };
    auto why = judge(m.first, wanted.gas_used, "first run");
    return why.empty() ? judge(m.repeat, wanted.gas_used_repeat, "repeated run") : why;
}

class Table {
  public:
    explicit Table(const BenchOptions& options) : json_{options.json} {}

    void add(const BenchCase& bench_case, const Measurement& m, Revision revision) {
        const auto gas = bench_case.gas_limit - m.repeat.gas_left;
        const double mgas_s = static_cast<double>(gas) / m.ns * 1e3;
        if (json_) {
            const bool success = m.repeat.status == vm::Status::Success;
            fmt::print(
                "{{\"name\":\"{}\",\"ns\":{:.2f},\"gas_used\":{},\"output_hex\":\"{}\",\"status\":\"{}\","
                "\"mgas_s\":{:.3f},\"multiplication_ns\":{:.4f},\"executions\":{},\"fork\":\"{}\"}}\n",
                json_escaped(bench_case.name), m.ns, gas, to_hex(m.repeat.output),
                success ? "success" : vm::to_string(m.repeat.status), mgas_s, m.multiplication_ns, m.executions,
                revision_name(revision));
        } else {
            if (rows_ == 0)
                fmt::print("{:<42} {:>12} {:>14} {:>10} {:>14}\n", "case", "gas", "ns", "Mgas/s", "cycles");
            fmt::print("{:<42} {:>12} {:>14.1f} {:>10.1f} {:>14.0f}\n", bench_case.name, gas, m.ns, mgas_s,
                       m.ns / m.multiplication_ns * 3);
        }
        std::fflush(stdout);
        ++rows_;
        multiplication_.push_back(m.multiplication_ns);
        if (bench_case.name.starts_with("main/")) {
            log_ns_ += std::log(m.ns);
            log_mgas_ += std::log(mgas_s);
            log_cycles_ += std::log(m.ns / m.multiplication_ns * 3);
            ++main_rows_;
        }
    }

    void finish() const {
        if (json_ || rows_ == 0) return;
        if (main_rows_ != 0) {
            const auto mean = [this](double sum) { return std::exp(sum / static_cast<double>(main_rows_)); };
            fmt::print("{:<42} {:>12} {:>14.1f} {:>10.1f} {:>14.0f}\n",
                       fmt::format("geometric mean of {} main/ cases", main_rows_), "", mean(log_ns_),
                       mean(log_mgas_), mean(log_cycles_));
        }
        fmt::print("64-bit dependent multiply: {:.3f} ns (3 cycles)\n", median(multiplication_));
    }

  private:
    bool json_;
    std::size_t rows_ = 0;
    std::size_t main_rows_ = 0;
    double log_ns_ = 0;
    double log_mgas_ = 0;
    double log_cycles_ = 0;
    std::vector<double> multiplication_;
};

Result<std::vector<BenchCase>, std::string> load_cases(const BenchOptions& options) {
    const auto files = find_json_files(options.paths);
    if (!files) return Unexpected{files.error()};
    std::regex wanted;
    try {
        wanted = std::regex{options.run};
    } catch (const std::regex_error&) {
        return Unexpected{fmt::format("--run: not a regular expression: {}", options.run)};
    }
    std::vector<BenchCase> cases;
    for (const auto& file : *files) {
        auto bench_case = load_bench_case(file.string());
        if (!bench_case) return Unexpected{bench_case.error()};
        if (std::regex_search(bench_case->name, wanted)) cases.push_back(std::move(*bench_case));
    }
    if (cases.empty()) return Unexpected{std::string{"no case of that name"}};
    return cases;
}

}  // namespace

Result<BenchCase, std::string> load_bench_case(const std::string& path) {
    const auto document = load_json(path);
    if (!document) return Unexpected{document.error()};
    const auto wrong = [&path](std::string_view field, std::string_view what) {
        return Unexpected{fmt::format("{}: {} {}", path, field, what)};
    };
    if (!document->is_object()) return Unexpected{fmt::format("{}: not a JSON object", path)};
    const auto find = [&document](const char* field) -> const nlohmann::json* {
        const auto it = document->find(field);
        return it == document->end() ? nullptr : &*it;
    };
    BenchCase out;
    const auto text = [&find](const char* field, std::string& into) {
        const auto* value = find(field);
        if (value == nullptr || !value->is_string()) return false;
        into = value->get<std::string>();
        return true;
    };
    const auto bytes = [&text](const char* field, Bytes& into) {
        std::string hex;
        if (!text(field, hex)) return false;
        auto decoded = from_hex(hex);
        if (!decoded) return false;
        into = std::move(*decoded);
        return true;
    };
    const auto number = [&find](const char* field, std::int64_t& into) {
        const auto* value = find(field);
        if (value == nullptr || !value->is_number_integer() || value->get<std::int64_t>() < 0) return false;
        into = value->get<std::int64_t>();
        return true;
    };
    std::string revision;
    if (!text("name", out.name)) return wrong("name", "is missing or no text");
    if (!bytes("code_hex", out.code)) return wrong("code_hex", "is missing or not hex");
    if (!bytes("input_hex", out.input)) return wrong("input_hex", "is missing or not hex");
    if (!bytes("expected_output_hex", out.expected_output)) return wrong("expected_output_hex", "is missing or not hex");
    if (!number("gas_limit", out.gas_limit)) return wrong("gas_limit", "is missing or no number");
    if (!number("gas_used", out.gas_used)) return wrong("gas_used", "is missing or no number");
    if (find("gas_used_repeat") == nullptr) out.gas_used_repeat = out.gas_used;
    else if (!number("gas_used_repeat", out.gas_used_repeat)) return wrong("gas_used_repeat", "is no number");
    if (!text("status", out.status)) return wrong("status", "is missing or no text");
    if (!text("revision", revision)) return wrong("revision", "is missing or no text");
    const auto found = find_revision(revision);
    if (!found) return wrong("revision", fmt::format("is unknown: {}", revision));
    out.revision = *found;
    return out;
}

int run_bench(const BenchOptions& options) {
    const auto cases = load_cases(options);
    if (!cases) return bad_input(cases.error());

    const bool show_progress = isatty(STDERR_FILENO) != 0 && !options.json && !options.check_only;
    SuiteReport report{SuiteOptions{}, cases->size()};
    Table table{options};
    bool all_right = true;
    for (const auto& bench_case : *cases) {
        if (interrupted()) break;
        if (show_progress) fmt::print(stderr, "\r\x1b[K{} …", bench_case.name);
        const Revision revision = options.revision.value_or(bench_case.revision);
        const auto m = measure(bench_case, revision, options);
        if (show_progress) fmt::print(stderr, "\r\x1b[K");
        const auto why = mismatch(bench_case, m, revision == bench_case.revision);
        if (options.check_only) {
            report.add({bench_case.name, std::string{revision_name(revision)},
                        why.empty() ? Outcome::Passed : Outcome::Failed, why});
            report.file_done();
            continue;
        }
        if (!why.empty()) {
            all_right = false;
            fmt::print(stderr, "cairn-evm: {}: {}\n", bench_case.name, why);
            continue;
        }
        table.add(bench_case, m, revision);
    }
    if (options.check_only) return report.finish();
    table.finish();
    if (interrupted()) return kExitInterrupted;
    return all_right ? kExitOk : kExitFailed;
}

}  // namespace cairn::node
