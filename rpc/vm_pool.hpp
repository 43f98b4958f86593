// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "rpc/precompile_moves.hpp"
#include "vm/vm.hpp"

namespace cairn::rpc {

/// Machines for calls: one at a time each, kept with their memory and their analyses of code. Any thread.
class VmPool {
public:
    /// A machine for as long as this lives.
    class Lease {
    public:
        Lease(VmPool& pool, std::unique_ptr<vm::Vm> machine) noexcept : pool_{&pool}, machine_{std::move(machine)} {}
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (machine_) pool_->put(std::move(machine_));
        }
        [[nodiscard]] vm::Vm& operator*() const noexcept { return *machine_; }

    private:
        VmPool* pool_;
        std::unique_ptr<vm::Vm> machine_;
    };

    /// A machine that obeys the thread's PrecompileMoves.
    [[nodiscard]] Lease take() {
        {
            const std::lock_guard lock{mutex_};
            if (!idle_.empty()) {
                auto machine = std::move(idle_.back());
                idle_.pop_back();
                return {*this, std::move(machine)};
            }
        }
        vm::Vm::Options options;
        options.precompiles = find_moved_precompile;
        options.analysis_cache_bytes_max = kCacheBytes;
        return {*this, std::make_unique<vm::Vm>(options)};
    }

private:
    /// Of each machine; there are as many as calls run at a time.
    static constexpr std::size_t kCacheBytes = std::size_t{32} << 20;

    void put(std::unique_ptr<vm::Vm> machine) noexcept {
        const std::lock_guard lock{mutex_};
        idle_.push_back(std::move(machine));
    }

    std::mutex mutex_;
    std::vector<std::unique_ptr<vm::Vm>> idle_;  // guarded by mutex_
};

}  // namespace cairn::rpc
