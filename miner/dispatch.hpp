// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "miner/kernel.hpp"

namespace cairn::miner {

/// The kernels compiled for this kind of processor, from the plainest to the widest. Any thread.
[[nodiscard]] std::span<const Kernel* const> kernels() noexcept;

/// The kernel of this name, supported here or not; null where there is none. Any thread.
[[nodiscard]] const Kernel* find_kernel(std::string_view name) noexcept;

/// Whether a supported kernel finds exactly the hits that plain hashing (core/crypto/sha256.hpp) finds, with rolled
/// versions and without, over whole and cut chunks. Takes some milliseconds. Any thread.
[[nodiscard]] bool passes_self_test(const Kernel& kernel);

/// The fastest kernel that this processor supports and that passes its self-test, by a short measurement on a job whose
/// version rolls, or one whose version does not. Takes some tens of milliseconds; to be called once, at start. The
/// portable kernel failing its self-test is our own mistake (asserted).
[[nodiscard]] const Kernel& choose_kernel(bool version_rolls);

}  // namespace cairn::miner
