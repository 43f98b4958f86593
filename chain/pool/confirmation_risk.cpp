// SPDX-License-Identifier: MIT
#include "chain/pool/confirmation_risk.hpp"

#include <algorithm>
#include <cmath>

// The formula in the header subtracts nearly equal numbers. The same probability as a sum of
// positive terms: with X the attacker's blocks when the honest miners have n,
//
//   P(X > n)                  = Σ_{k=0}^{n-1} C(n+k, k) · p^k · q^(n+1)
//   Σ_{m≤n} P(X = m)·(q/p)^(n-m) = Σ_{m=0}^{n} C(m+n-1, m) · p^m · q^n
//
// (the first: the attacker has n+1 before the others have n). The terms of both grow with their
// index, and the last ones are as C(2n-1, n) · p^n · q^n is, so that each sum runs from its largest
// term down until nothing changes.

namespace cairn::chain {
namespace {

/// Terms below this part of the sum are left out.
constexpr double kNegligible = 1e-17;
/// What is smaller is called 0.
constexpr double kRiskMin = 1e-10;

/// 1 + Σ_{i=last..1} Π_{j=last..i} j / ((j + offset) · p): a sum relative to its last term.
double relative_sum(std::uint64_t last, double offset, double p) noexcept {
    double sum = 1;
    double term = 1;
    for (std::uint64_t i = last; i > 0; --i) {
        const auto index = static_cast<double>(i);
        term *= index / ((index + offset) * p);
        sum += term;
        if (term < sum * kNegligible) break;
    }
    return sum;
}

}  // namespace

double confirmation_risk(double attacker_share, std::uint64_t confirmations) noexcept {
    const double q = attacker_share;
    if (!(q > 0)) return confirmations == 0 ? 1 : 0;
    if (q >= 0.5 || confirmations == 0) return 1;
    const std::uint64_t count = std::min(confirmations, kConfirmationsMax);
    const auto n = static_cast<double>(count);
    const double p = 1 - q;
    double log_last = n * std::log(p * q);
    for (std::uint64_t i = 1; i <= count; ++i)
        log_last += std::log1p((n - 1) / static_cast<double>(i));
    const double catching_up = relative_sum(count, n - 1, p);
    const double ahead = relative_sum(count - 1, n, p) * (q / p);
    const double risk = std::exp(log_last) * (catching_up + ahead);
    return risk < kRiskMin ? 0 : std::min(risk, 1.0);
}

std::uint64_t confirmations_for(double attacker_share, double risk) noexcept {
    const auto is_enough = [&](std::uint64_t n) {
        return confirmation_risk(attacker_share, n) < risk;
    };
    std::uint64_t enough = 1;
    while (enough < kConfirmationsMax && !is_enough(enough)) enough *= 2;
    if (enough >= kConfirmationsMax) {
        enough = kConfirmationsMax;
        if (!is_enough(enough)) return enough;
    }
    // The risk falls with every confirmation, so the least number lies in between.
    std::uint64_t too_few = 0;
    while (enough - too_few > 1) {
        const std::uint64_t middle = too_few + (enough - too_few) / 2;
        (is_enough(middle) ? enough : too_few) = middle;
    }
    return enough;
}

}  // namespace cairn::chain
