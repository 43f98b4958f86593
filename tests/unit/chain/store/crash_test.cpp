// SPDX-License-Identifier: MIT
// What a kill at any moment, a full disk, a missing right and a second process leave behind.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "chain/store/check.hpp"
#include "tests/unit/chain/store/chain_model.hpp"
#include "tests/unit/chain/store/forked.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::ChainModel;
using cairn::test::MadeBlock;
using cairn::test::run_child;
using cairn::test::TempFolder;

StoreOptions quick() {
    StoreOptions options;
    options.durability = Durability::None;
    return options;
}

std::string first_finding(const CheckReport& report) {
    if (report.is_clean()) return {};
    const auto& f = report.findings.front();
    return std::string{to_string(f.stage)} + ": " + f.where + ": " + f.what;
}

/// One transaction of the script.
struct Batch {
    unsigned back = 0;
    std::vector<std::pair<MadeBlock, TotalDifficulty>> blocks;
    BlockRef head;
};

/// A run with reorganisations that is never killed, batch by batch, on a store of its own.
std::vector<Batch> make_script(ChainModel& model, Store& store, std::size_t batches) {
    std::vector<Batch> script;
    while (script.size() < batches) {
        Batch batch;
        StoreWriter writer{store};
        if (model.size() > 1 && model.next(3) == 0)
            batch.back =
                static_cast<unsigned>(1 + model.next(std::min<std::size_t>(model.size() - 1, 20)));
        for (unsigned i = 0; i < batch.back; ++i) model.retract(writer);
        for (auto count = 1 + model.next(6); count > 0; --count) {
            model.extend(writer);
            const auto& step = model.at(model.size() - 1);
            batch.blocks.emplace_back(step.made, step.total);
        }
        batch.head = model.ref(model.size() - 1);
        writer.commit();
        script.push_back(std::move(batch));
    }
    return script;
}

/// Index of the first batch that the store does not have yet; the head says it.
std::size_t resume_at(const Store& store, const std::vector<Batch>& script) {
    const auto head = ReadView{store}.head();
    if (!head) return 0;
    for (std::size_t i = 0; i < script.size(); ++i)
        if (script[i].head == *head) return i + 1;
    throw std::runtime_error{"the head is none that was committed"};
}

int run_script(const std::filesystem::path& folder, const std::vector<Batch>& script) {
    Store store{folder};
    for (std::size_t i = resume_at(store, script); i < script.size(); ++i) {
        StoreWriter writer{store};
        for (unsigned back = 0; back < script[i].back; ++back)
            if (!writer.undo()) return 1;
        for (const auto& [made, total] : script[i].blocks) ChainModel::apply(writer, made, total);
        writer.commit();
    }
    return 0;
}

TEST(Crash, killed_at_random_moments_it_opens_consistent_and_ends_as_if_never_killed) {
    constexpr int kKills = 20;
    const TempFolder never_killed;
    Store reference{never_killed.path(), quick()};
    ChainModel model{11};
    const auto script = make_script(model, reference, 150);
    std::mt19937_64 random{12};
    int kills = 0;
    bool is_first = true;
    while (kills < kKills || is_first) {
        const TempFolder folder;
        for (bool is_done = false; !is_done;) {
            const auto child = test::start_child([&] { return run_script(folder.path(), script); });
            // Once that was often enough it may end: on a busy machine it comes to nothing between kills.
            if (kills < kKills) {
                std::this_thread::sleep_for(std::chrono::microseconds{random() % 120000});
                ::kill(child, SIGKILL);
            }
            int status = 0;
            ASSERT_EQ(::waitpid(child, &status, 0), child);
            is_done = WIFEXITED(status);
            if (is_done) {
                ASSERT_EQ(WEXITSTATUS(status), 0);
            }
            kills += is_done ? 0 : 1;
            const Store store{folder.path(), quick()};
            ASSERT_EQ(first_finding(check_store(store)), "");
            ASSERT_NO_THROW((void)resume_at(store, script));
        }
        const Store store{folder.path(), quick()};
        const ReadView view{store};
        ASSERT_EQ(view.head(), model.ref(model.size() - 1));
        for (std::size_t n = 0; n < model.size(); n += 7)
            ASSERT_EQ(model.compare_block(view, n), "") << n;
        is_first = false;
    }
}

TEST(Crash, second_process_is_refused_with_the_holders_pid) {
    const TempFolder folder;
    const auto holder = ::getpid();
    {
        const Store store{folder.path(), quick()};
        for (const bool read_only : {false, true}) {
            EXPECT_EQ(run_child([&] {
                          StoreOptions options;
                          options.read_only = read_only;
                          try {
                              const Store second{folder.path(), options};
                          } catch (const StoreInUse& error) {
                              const bool says_it = std::string{error.what()}.find(
                                                       std::to_string(holder)) != std::string::npos;
                              return error.holder_pid() == holder && says_it &&
                                             error.fault() == StoreFault::InUse
                                         ? 0
                                         : 2;
                          }
                          return 1;
                      }),
                      0)
                << read_only;
        }
        EXPECT_THROW(Store(folder.path()), StoreInUse);  // within the process just as well
    }
    EXPECT_EQ(run_child([&] {
                  const Store store{folder.path()};
                  return 0;
              }),
              0);
}

TEST(Crash, read_only_stores_are_shared_and_read) {
    const TempFolder folder;
    ChainModel model{13};
    StoreOptions options;
    options.read_only = true;
    EXPECT_THROW(Store(folder.path() / "none", options), StoreError);
    {
        Store store{folder.path(), quick()};
        StoreWriter writer{store};
        for (int i = 0; i < 20; ++i) model.extend(writer);
        writer.commit();
    }
    const Store one{folder.path(), options};
    const Store two{folder.path(), options};
    EXPECT_THROW(Store(folder.path()), StoreInUse);
    for (const auto* store : {&one, &two}) {
        const ReadView view{*store};
        for (std::size_t n = 0; n < model.size(); ++n) EXPECT_EQ(model.compare_block(view, n), "");
        EXPECT_EQ(first_finding(check_store(*store)), "");
    }
}

/// Extends the store block by block, each committed, until it fails.
/// @return 0 where that is for want of room and what was committed is sound
int fill_up(Store& store, ChainModel& model) {
    try {
        while (model.size() < 100000) {
            StoreWriter writer{store};
            model.extend(writer);
            writer.commit();
        }
        return 1;
    } catch (const StoreError& error) {
        if (error.fault() != StoreFault::DiskFull) {
            std::fprintf(stderr, "%s\n", error.what());
            return 2;
        }
    }
    return 0;
}

int after_it_was_full(const std::filesystem::path& folder, const StoreOptions& options,
                      ChainModel& model) {
    Store store{folder, options};
    const auto report = check_store(store);
    if (!report.is_clean()) {
        std::fprintf(stderr, "%s\n", first_finding(report).c_str());
        return 3;
    }
    {
        const ReadView view{store};
        const auto head = view.head();
        if (!head || head->number + 1 < model.size() - 1 || head->number >= model.size()) return 4;
        model.resize(head->number + 1);
        for (std::size_t n = 0; n < model.size(); n += 5)
            if (!model.compare_block(view, n).empty()) return 5;
    }
    return 0;
}

TEST(Crash, full_disk_is_said_and_nothing_committed_is_lost) {
    for (const std::size_t room : {100'000U, 1'000'000U, 2'345'678U}) {
        const TempFolder folder;
        EXPECT_EQ(run_child([&] {
                      ::signal(SIGXFSZ, SIG_IGN);
                      ChainModel model{14};
                      const rlimit none{room, RLIM_INFINITY};
                      const rlimit plenty{RLIM_INFINITY, RLIM_INFINITY};
                      ::setrlimit(RLIMIT_FSIZE, &none);
                      {
                          Store store{folder.path(), quick()};
                          if (const int code = fill_up(store, model); code != 0) return code;
                      }
                      if (const int code = after_it_was_full(folder.path(), quick(), model))
                          return code;
                      // With room again it goes on.
                      ::setrlimit(RLIMIT_FSIZE, &plenty);
                      Store store{folder.path(), quick()};
                      StoreWriter writer{store};
                      for (int i = 0; i < 50; ++i) model.extend(writer);
                      writer.commit();
                      return check_store(store).is_clean() ? 0 : 6;
                  }),
                  0)
            << room;
    }
}

/// Exit code of a child that may not mount file systems.
constexpr int kNoMount = 77;

/// In a child: a file system of its own on `folder`, of `bytes` bytes.
bool mount_tmpfs(const std::filesystem::path& folder, const std::string& options) {
    return (::unshare(CLONE_NEWNS) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
           ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

TEST(Crash, full_file_system_is_said_and_nothing_committed_is_lost) {
    const TempFolder folder;
    const int code = run_child([&] {
        if (!mount_tmpfs(folder.path(), "size=2m")) return kNoMount;
        ChainModel model{15};
        {
            Store store{folder.path()};
            if (const int failed = fill_up(store, model); failed != 0) return failed;
        }
        return after_it_was_full(folder.path(), {}, model);
    });
    if (code == kNoMount) GTEST_SKIP() << "this process may not mount a file system";
    EXPECT_EQ(code, 0);
}

TEST(Crash, read_only_file_system_is_said_and_read_all_the_same) {
    const TempFolder folder;
    const int code = run_child([&] {
        if (!mount_tmpfs(folder.path(), "size=64m")) return kNoMount;
        ChainModel model{16};
        {
            Store store{folder.path()};
            StoreWriter writer{store};
            for (int i = 0; i < 20; ++i) model.extend(writer);
            writer.commit();
        }
        if (::mount(nullptr, folder.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
            return kNoMount;
        try {
            const Store store{folder.path()};
            return 1;
        } catch (const StoreError& error) {
            if (error.fault() != StoreFault::ReadOnly) return 2;
        }
        try {
            const Store store{folder.path() / "below"};
            return 3;
        } catch (const StoreError& error) {
            if (error.fault() != StoreFault::ReadOnly) return 4;
        }
        StoreOptions options;
        options.read_only = true;
        const Store store{folder.path(), options};
        const ReadView view{store};
        for (std::size_t n = 0; n < model.size(); ++n)
            if (!model.compare_block(view, n).empty()) return 5;
        return check_store(store).is_clean() ? 0 : 6;
    });
    if (code == kNoMount) GTEST_SKIP() << "this process may not mount a file system";
    EXPECT_EQ(code, 0);
}

TEST(Crash, folder_without_the_right_to_write_is_said) {
    const TempFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0555});
    EXPECT_EQ(run_child([&] {
                  // Rights do not bind the superuser.
                  if (::geteuid() == 0 && ::setuid(65534) != 0) return 3;
                  try {
                      const Store store{folder.path()};
                  } catch (const StoreError& error) {
                      return error.fault() == StoreFault::ReadOnly ? 0 : 2;
                  }
                  return 1;
              }),
              0);
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
}

}  // namespace
