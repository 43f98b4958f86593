// SPDX-License-Identifier: MIT
// cairn-node import, killed at random moments again and again: each restart goes on without repair,
// and the end is that of a run never killed. Besides: disks that are full or read-only, a second
// process, and damaged files.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "chain/store/check.hpp"
#include "chain/store/read_view.hpp"
#include "chain/store/store.hpp"
#include "tests/functional/ledger/ledger_fixture.hpp"

extern "C" char** environ;  // NOLINT: POSIX names it so and declares it nowhere

namespace cairn::test {
namespace {

/// Starts cairn-node without waiting for it; what it prints is dropped.
pid_t start_node(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), CAIRN_NODE);
    std::vector<char*> argv;
    for (auto& word : arguments) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int failure = posix_spawn(&child, CAIRN_NODE, &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error{"cannot start " CAIRN_NODE};
    return child;
}

/// Runs `body` in a child of its own and gives what it returns; `body` uses no thread of this
/// process.
template <class Body>
int run_child(Body&& body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body());
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

/// Replaces this process by cairn-node; its exit code is then the child's.
int become_node(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{CAIRN_NODE};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(CAIRN_NODE, argv.data());
    return 127;
}

/// The head of the data folder, read as cairn-node would.
chain::BlockRef head_of(const LedgerFolder& folder) {
    chain::StoreOptions options;
    options.read_only = true;
    const chain::Store store{folder.data_file().parent_path(), options};
    return chain::ReadView{store}.head().value();
}

/// Every state and receipt of the canonical chain is the same in both.
void expect_same_history(const LedgerFolder& a, const LedgerFolder& b) {
    chain::StoreOptions options;
    options.read_only = true;
    const chain::Store store_a{a.data_file().parent_path(), options};
    const chain::Store store_b{b.data_file().parent_path(), options};
    const chain::ReadView view_a{store_a};
    const chain::ReadView view_b{store_b};
    const auto head = view_a.head();
    ASSERT_EQ(head, view_b.head());
    for (BlockNumber n = 0; n <= head->number; ++n) {
        const auto hash = view_a.canonical_hash(n);
        ASSERT_EQ(hash, view_b.canonical_hash(n)) << n;
        EXPECT_EQ(view_a.receipts({n, *hash}), view_b.receipts({n, *hash})) << n;
        const auto log_a = view_a.change_log(n);
        const auto log_b = view_b.change_log(n);
        ASSERT_TRUE(log_a && log_b) << n;
        EXPECT_EQ(log_a->accounts, log_b->accounts) << n;
        EXPECT_EQ(log_a->storage, log_b->storage) << n;
    }
}

/// CAIRN_CRASH_KILLS sets how often the import is killed, CAIRN_CRASH_SEED at which moments.
int number_from(const char* variable, int otherwise) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? otherwise : std::atoi(text);
}

constexpr std::chrono::microseconds kRunTimeMin{10'000};

TEST(ImportCrash, killed_at_random_moments_it_goes_on_and_ends_as_if_never_killed) {
    const LedgerScript script = make_ledger_script(21, 600);
    EXPECT_GT(script.deepest_reorg, 10U);
    const LedgerFolder whole{script};
    whole.init();
    const auto began = std::chrono::steady_clock::now();
    const auto imported = whole.import();
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
    // How long an import takes, which is another time when other work on the machine begins or
    // ends: followed, so that most kills come in the middle.
    auto run_time = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
    whole.expect_sound(script.head);

    const int seed = number_from("CAIRN_CRASH_SEED", 1);
    std::mt19937_64 random{static_cast<std::uint64_t>(seed)};
    const int wanted = number_from("CAIRN_CRASH_KILLS", 50);
    int kills = 0;
    int in_between = 0;  // kills that left a chain neither empty nor whole
    while (kills < wanted) {
        const LedgerFolder folder{script};
        folder.init();
        for (bool is_done = false; !is_done;) {
            const pid_t child =
                start_node({"import", folder.block_file(), "--datadir", folder.datadir()});
            // Some kills come while it starts, most while it works.
            const auto last = static_cast<std::uint64_t>(run_time.count());
            std::this_thread::sleep_for(std::chrono::microseconds{random() % last});
            ::kill(child, SIGKILL);
            int status = 0;
            ASSERT_EQ(::waitpid(child, &status, 0), child);
            is_done = WIFEXITED(status) || kills >= wanted;
            if (WIFEXITED(status)) {
                ASSERT_EQ(WEXITSTATUS(status), 0);
                run_time = std::max(run_time * 3 / 4, kRunTimeMin);
            } else {
                ++kills;
                run_time = run_time * 21 / 20;
            }
            const auto head = head_of(folder);
            in_between += head.number != 0 && head != script.head ? 1 : 0;
            const auto checked = folder.check();
            ASSERT_EQ(checked.exit_code, 0)
                << "after " << kills << " kills: " << checked.out << checked.err;
        }
        ASSERT_EQ(folder.import().exit_code, 0);
        ASSERT_NO_FATAL_FAILURE(expect_same_history(whole, folder));
    }
    std::printf("seed %d: %d kills, %d of them in the middle of the chain\n", seed, kills,
                in_between);
}

TEST(ImportCrash, interrupted_it_says_where_it_stands_and_goes_on) {
    const LedgerScript script = make_ledger_script(22, 600);
    const LedgerFolder folder{script};
    folder.init();
    // Late enough for the program to have begun, which takes a sanitized one its time.
#ifdef __SANITIZE_ADDRESS__
    constexpr std::chrono::milliseconds kBegun{600};
#else
    constexpr std::chrono::milliseconds kBegun{60};
#endif
    const auto stopped =
        run_program(CAIRN_NODE, {"import", folder.block_file(), "--datadir", folder.datadir()}, {},
                    [=](const ProgramState& state) { return state.cpu_time >= kBegun; });
    // A fast machine may be done by then.
    if (stopped.exit_code != 0) {
        EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
        EXPECT_NE(stopped.err.find("goes on from here"), std::string::npos) << stopped.err;
    }
    EXPECT_NE(stopped.out.find("head "), std::string::npos) << stopped.out;
    EXPECT_EQ(folder.check().exit_code, 0);
    const auto again = folder.import();
    EXPECT_EQ(again.exit_code, 0) << again.err;
    folder.expect_sound(script.head);
}

TEST(ImportCrash, a_second_process_is_refused_with_the_holders_pid) {
    const LedgerScript script = make_ledger_script(23, 20);
    const LedgerFolder folder{script};
    folder.init();
    const chain::Store held{folder.data_file().parent_path()};
    for (const auto& result :
         {folder.import(), folder.check(), run_node({"db", "stats", "--datadir", folder.datadir()}),
          run_node({"export", (folder.path() / "out").string(), "--datadir", folder.datadir()})}) {
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_NE(result.err.find(std::to_string(::getpid())), std::string::npos) << result.err;
    }
}

/// Exit code of a child that may not mount file systems.
constexpr int kNoMount = 77;

/// In a child: a file system of its own on `folder`.
bool mount_tmpfs(const std::filesystem::path& folder, const std::string& options) {
    return (::unshare(CLONE_NEWNS) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
           ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

/// In a child that sees a small file system on the data folder: fills it, and looks that it is said
/// and that what was committed is sound. 0 for all well, else which step was not.
int import_until_full(const LedgerFolder& folder) {
    if (run_node({"init", folder.genesis_file(), "--datadir", folder.datadir()}).exit_code != 0)
        return 1;
    const auto imported = folder.import();
    if (imported.exit_code != 1) return 2;
    if (imported.err.find("full") == std::string::npos) {
        std::fprintf(stderr, "it says: %s\n", imported.err.c_str());
        return 3;
    }
    return folder.check().exit_code == 0 ? 0 : 4;
}

TEST(ImportCrash, a_full_file_system_is_said_and_what_was_committed_is_sound) {
    const LedgerScript script = make_ledger_script(24, 1500);
    const LedgerFolder folder{script};
    std::filesystem::create_directory(folder.datadir());
    const int code = run_child([&] {
        if (!mount_tmpfs(folder.datadir(), "size=1500k")) return kNoMount;
        return import_until_full(folder);
    });
    if (code == kNoMount)
        GTEST_SKIP()
            << "this process may not mount a file system; the limit on file sizes is tried";
    EXPECT_EQ(code, 0);
}

TEST(ImportCrash, a_limit_on_file_sizes_is_said_and_with_room_it_goes_on) {
    const LedgerScript script = make_ledger_script(24, 1500);
    const LedgerFolder folder{script};
    folder.init();
    for (const rlim_t room : {700'000U, 1'000'000U, 1'400'000U}) {
        const int code = run_child([&] {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{room, room};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const int silent = ::open("/dev/null", O_WRONLY);
            ::dup2(silent, STDOUT_FILENO);
            ::dup2(silent, STDERR_FILENO);
            return become_node({"import", folder.block_file(), "--datadir", folder.datadir()});
        });
        EXPECT_EQ(code, 1) << room;
        EXPECT_EQ(folder.check().exit_code, 0) << room;
    }
    const auto imported = folder.import();
    EXPECT_EQ(imported.exit_code, 0) << imported.err;
    folder.expect_sound(script.head);
}

TEST(ImportCrash, a_read_only_file_system_is_said_and_read_all_the_same) {
    const LedgerScript script = make_ledger_script(25, 60);
    const LedgerFolder folder{script};
    std::filesystem::create_directory(folder.datadir());
    const int code = run_child([&] {
        if (!mount_tmpfs(folder.datadir(), "size=64m")) return kNoMount;
        if (run_node({"init", folder.genesis_file(), "--datadir", folder.datadir()}).exit_code != 0)
            return 1;
        if (folder.import().exit_code != 0) return 2;
        if (::mount(nullptr, folder.datadir().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) !=
            0)
            return kNoMount;
        const auto imported = folder.import();
        if (imported.exit_code != 1 || imported.err.find("read-only") == std::string::npos) {
            std::fprintf(stderr, "it says: %s\n", imported.err.c_str());
            return 3;
        }
        if (folder.check().exit_code != 0) return 4;
        const auto out = (folder.path() / "out.rlp").string();
        return run_node({"export", out, "--datadir", folder.datadir()}).exit_code == 0 ? 0 : 5;
    });
    if (code == kNoMount) GTEST_SKIP() << "this process may not mount a file system";
    EXPECT_EQ(code, 0);
}

TEST(ImportCrash, damage_is_found_named_and_never_served) {
    const LedgerScript script = make_ledger_script(26, 200);
    const LedgerFolder folder{script};
    folder.init();
    ASSERT_EQ(folder.import().exit_code, 0);
    const auto sound = folder.path() / "sound.mdb";
    std::filesystem::copy_file(folder.data_file(), sound);
    const auto exported = (folder.path() / "sound.rlp").string();
    ASSERT_EQ(run_node({"export", exported, "--datadir", folder.datadir()}).exit_code, 0);
    std::ifstream in{exported, std::ios::binary};
    const std::string right{std::istreambuf_iterator<char>{in}, {}};
    const auto size = std::filesystem::file_size(sound);

    std::mt19937_64 random{26};
    int found = 0;
    for (int round = 0; round < 20; ++round) {
        std::filesystem::copy_file(sound, folder.data_file(),
                                   std::filesystem::copy_options::overwrite_existing);
        {
            std::fstream file{folder.data_file(), std::ios::binary | std::ios::in | std::ios::out};
            const auto at = static_cast<std::streamoff>(random() % (size - 1024));
            file.seekp(at);
            for (int i = 0; i < 1024; ++i) file.put(static_cast<char>(random()));
        }
        const auto checked = folder.check();
        ASSERT_TRUE(checked.exit_code == 0 || checked.exit_code == 1) << checked.err;
        found += checked.exit_code;
        if (checked.exit_code == 1) {
            EXPECT_FALSE(checked.err.empty());
        }
        // What is exported all the same is right, or nothing is.
        const auto out = (folder.path() / "out.rlp").string();
        std::filesystem::remove(out);
        const auto result = run_node({"export", out, "--datadir", folder.datadir()});
        ASSERT_TRUE(result.exit_code == 0 || result.exit_code == 1) << result.err;
        if (result.exit_code == 0) {
            std::ifstream again{out, std::ios::binary};
            EXPECT_TRUE(right == (std::string{std::istreambuf_iterator<char>{again}, {}}))
                << "round " << round;
        } else {
            EXPECT_FALSE(std::filesystem::exists(out));
        }
    }
    std::printf("%d of 20 damages lay in pages that are in use\n", found);
    EXPECT_GT(found, 3);
}

}  // namespace
}  // namespace cairn::test
