// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace cairn::chain {

/// Tells events of one type to any number of listeners, in the order of publication.
///
/// A listener runs on the publisher's thread (the chain writer's) and must return at once: it posts
/// to its own executor or puts into its own queue. It does not throw. Any thread may subscribe and
/// unsubscribe; after a Subscription is gone its listener is not running and will not run again. A
/// listener does not drop its own subscription.
template <class Event>
class EventBus {
    struct Listener {
        std::function<void(const Event&)> call;
    };
    struct Shared {
        std::mutex mutex;  // held while listeners run
        std::vector<std::shared_ptr<Listener>> listeners;
    };

public:
    /// Listens as long as it lives; may outlive the bus.
    class Subscription {
    public:
        Subscription() = default;
        Subscription(Subscription&& other) noexcept = default;
        Subscription& operator=(Subscription&& other) noexcept {
            if (this != &other) {
                reset();
                shared_ = std::move(other.shared_);
                listener_ = std::move(other.listener_);
            }
            return *this;
        }
        ~Subscription() { reset(); }

        void reset() noexcept {
            if (const auto shared = shared_.lock()) {
                const std::lock_guard lock{shared->mutex};
                std::erase(shared->listeners, listener_);
            }
            shared_.reset();
            listener_.reset();
        }

    private:
        friend class EventBus;
        Subscription(std::weak_ptr<Shared> shared, std::shared_ptr<Listener> listener)
            : shared_{std::move(shared)}, listener_{std::move(listener)} {}
        std::weak_ptr<Shared> shared_;
        std::shared_ptr<Listener> listener_;
    };

    EventBus() : shared_{std::make_shared<Shared>()} {}
    EventBus(const EventBus&) = delete;
    EventBus& operator=(const EventBus&) = delete;

    [[nodiscard]] Subscription subscribe(std::function<void(const Event&)> listener) {
        auto entry = std::make_shared<Listener>(Listener{std::move(listener)});
        const std::lock_guard lock{shared_->mutex};
        shared_->listeners.push_back(entry);
        return Subscription{shared_, std::move(entry)};
    }

    void publish(const Event& event) {
        const std::lock_guard lock{shared_->mutex};
        for (const auto& listener : shared_->listeners) listener->call(event);
    }

private:
    std::shared_ptr<Shared> shared_;
};

}  // namespace cairn::chain
