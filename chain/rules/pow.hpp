// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "chain/rules/seal_engine.hpp"
#include "chain/spec/chain_spec.hpp"

namespace cairn::chain {

/// Ethash caches kept: the epoch at work, the one before (ommers, reorganisations at its edge) and
/// one being read by history or a side chain.
inline constexpr std::size_t kEthashCachesMax = 3;

/// The engine of a kind of seal.
///
/// Sha256d: SHA-256(SHA-256(work header)) as a little-endian number is at most the target
/// (core/types/mining_job.hpp; docs: networks).
/// Ethash: Yellow Paper, appendix J; the claimed mix is first tried against the target, which costs
/// two hashes, then recomputed. An epoch's cache is made at its first header, by the thread that
/// asks, while others that need it wait; the kEthashCachesMax epochs used last are kept.
/// None: every seal holds.
[[nodiscard]] std::unique_ptr<SealEngine> make_seal_engine(SealKind kind);

/// engine.check where the header's rules have proof of work, and nothing to complain about where
/// they do not. Any thread.
[[nodiscard]] Result<void, BlockError> check_seal(const SealEngine& engine, const RuleSet& rules,
                                                  const Header& header);

}  // namespace cairn::chain
