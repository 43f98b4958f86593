// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace cairn::node {

/// Milliseconds since a fixed moment, never going back; only differences mean something. An
/// argument wherever time matters, so that a test or a simulation can replay it.
using MonotonicMs = std::uint64_t;

/// Fills a span with random bytes. An argument wherever chance matters: `random_bytes` of
/// core/crypto in the node, a seeded generator in tests and simulations. Must give uniform bytes,
/// and secret ones where keys are made of them.
using RandomFill = std::function<void(std::span<std::uint8_t>)>;

}  // namespace cairn::node
