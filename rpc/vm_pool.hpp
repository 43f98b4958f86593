// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "chain/state/state.hpp"
#include "rpc/precompile_moves.hpp"
#include "vm/vm.hpp"

namespace cairn::rpc {

/// Machines for calls, each with a state to run on: one user at a time, kept with their memory and
/// their analyses of code. Any thread.
class VmPool {
    struct Machine {
        explicit Machine(const vm::Vm::Options& options) : vm{options} {}
        vm::Vm vm;
        std::optional<chain::State> state{};
    };

public:
    /// A machine for as long as this lives.
    class Lease {
    public:
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (machine_) pool_->put(std::move(machine_));
        }
        [[nodiscard]] vm::Vm& vm() const noexcept { return machine_->vm; }
        /// The machine's state, fresh over `base`, which outlives its use. One at a time.
        [[nodiscard]] chain::State& state_over(const chain::StateReader& base) const {
            if (machine_->state) {
                machine_->state->reset(base);
            } else {
                machine_->state.emplace(base);
            }
            return *machine_->state;
        }

    private:
        friend class VmPool;
        Lease(VmPool& pool, std::unique_ptr<Machine> machine) noexcept
            : pool_{&pool}, machine_{std::move(machine)} {}
        VmPool* pool_;
        std::unique_ptr<Machine> machine_;
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
        return {*this, std::make_unique<Machine>(options)};
    }

private:
    /// Of each machine; there are as many as calls run at a time.
    static constexpr std::size_t kCacheBytes = std::size_t{32} << 20;

    void put(std::unique_ptr<Machine> machine) noexcept {
        const std::lock_guard lock{mutex_};
        idle_.push_back(std::move(machine));
    }

    std::mutex mutex_;
    std::vector<std::unique_ptr<Machine>> idle_;  // guarded by mutex_
};

}  // namespace cairn::rpc
