// SPDX-License-Identifier: MIT
#include "node/evm_tool/fork_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::node {
namespace {

constexpr std::array<std::string_view, kRevisionCount> kNames = {
    "Frontier", "Homestead", "Tangerine", "Spurious", "Byzantium", "Constantinople", "Petersburg", "Istanbul",
    "Berlin",   "London",    "Paris",     "Shanghai", "Cancun",    "Prague",         "Osaka"};

constexpr std::pair<std::string_view, Revision> kOtherNames[] = {
    {"EIP150", Revision::Tangerine},        {"TangerineWhistle", Revision::Tangerine},
    {"EIP158", Revision::Spurious},         {"SpuriousDragon", Revision::Spurious},
    {"ConstantinopleFix", Revision::Petersburg}, {"Merge", Revision::Paris},
    {"MuirGlacier", Revision::Istanbul},    {"ArrowGlacier", Revision::London},
    {"GrayGlacier", Revision::London}};

char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

}  // namespace

std::optional<Revision> find_revision(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (equal_ignoring_case(name, kNames[i])) return static_cast<Revision>(i);
    for (const auto& [other, revision] : kOtherNames)
        if (equal_ignoring_case(name, other)) return revision;
    return std::nullopt;
}

std::string_view revision_name(Revision revision) noexcept { return kNames[static_cast<std::size_t>(revision)]; }

std::string known_revisions() {
    std::string all;
    for (const auto name : kNames) {
        if (!all.empty()) all += ", ";
        all += name;
    }
    return all;
}

}  // namespace cairn::node
