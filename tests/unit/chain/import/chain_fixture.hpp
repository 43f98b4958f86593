// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "chain/import/chain_manager.hpp"
#include "chain/store/check.hpp"
#include "core/base/hex.hpp"
#include "tests/support/block_factory.hpp"

namespace cairn::test {

/// A folder that goes with its owner.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cairn-XXXXXX").string();
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        path_ = pattern;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// A ChainManager on a store of its own, and a factory of valid blocks for it.
class ChainFixture {
public:
    explicit ChainFixture(chain::Genesis genesis, chain::ChainManagerOptions the_options = {})
        : factory{std::move(genesis)}, options{std::move(the_options)} {
        options.clock = [] { return UnixSeconds{1'000'000'000}; };
        open();
    }
    ~ChainFixture() { close(); }
    ChainFixture(const ChainFixture&) = delete;
    ChainFixture& operator=(const ChainFixture&) = delete;

    void open() {
        chain::StoreOptions store_options;
        store_options.durability = chain::Durability::None;
        store.emplace(folder.path(), store_options);
        auto opened = chain::ChainManager::open(*store, factory.genesis(), options);
        ASSERT_TRUE(opened);
        manager = *std::move(opened);
        subscription = manager->head_events().subscribe(
            [this](const chain::HeadChangedPtr& event) { events.push_back(event); });
    }
    void close() {
        if (manager) manager->stop();
        subscription.reset();
        manager.reset();
        store.reset();
    }

    chain::ImportOutcome submit(const Block& block) { return manager->submit(block).get(); }
    /// What became of it, in words.
    std::string say(const Block& block) { return to_string(submit(block)); }

    [[nodiscard]] BlockHash head() const { return manager->view().head()->hash; }

    /// Head state, history and every table are as the factory says they should be.
    void expect_sound(const Block& block) {
        const auto view = manager->view();
        EXPECT_EQ(view.head()->hash, block.header.hash());
        expect_state(view, block);
        const auto report = chain::check_store(*store);
        for (const auto& finding : report.findings)
            ADD_FAILURE() << finding.where << ": " << finding.what;
    }
    void expect_state(const chain::ChainReader& view, const Block& block) {
        const auto state = view.state_at(block.header->number);
        ASSERT_TRUE(state);
        std::size_t count = 0;
        const auto& model = factory.state_after(block.header.hash()).accounts();
        (*state)->visit_accounts([&](const Address& address, const chain::AccountRecord& record) {
            ++count;
            const auto found = model.find(address);
            EXPECT_TRUE(found != model.end() && found->second.record == record)
                << to_hex0x(address);
            return true;
        });
        EXPECT_EQ(count, model.size());
        for (const auto& [address, account] : model)
            for (const auto& [key, value] : account.storage)
                EXPECT_EQ((*state)->storage(address, key), value);
    }

    TemporaryFolder folder;
    BlockFactory factory;
    chain::ChainManagerOptions options;
    std::optional<chain::Store> store;
    std::unique_ptr<chain::ChainManager> manager;
    chain::EventBus<chain::HeadChangedPtr>::Subscription subscription;
    std::vector<chain::HeadChangedPtr> events;
};

}  // namespace cairn::test
