// SPDX-License-Identifier: MIT
#include "node/net/capability.hpp"

#include <algorithm>
#include <map>

namespace cairn::node {

std::vector<SharedCapability> negotiate(std::span<const LocalCapability> local,
                                        std::span<const Capability> remote) {
    std::map<std::string, const LocalCapability*> best;
    for (const LocalCapability& ours : local) {
        if (std::ranges::find(remote, ours.capability) == remote.end()) continue;
        const LocalCapability*& held = best[ours.capability.name];
        if (held == nullptr || held->capability.version < ours.capability.version) held = &ours;
    }
    std::vector<SharedCapability> shared;
    std::uint32_t offset = kCapabilityCodeStart;
    for (const auto& [name, ours] : best) {
        shared.push_back({ours->capability, offset, ours->code_count});
        offset += ours->code_count;
    }
    return shared;
}

const SharedCapability* find_by_code(std::span<const SharedCapability> shared,
                                     std::uint32_t code) noexcept {
    for (const SharedCapability& capability : shared)
        if (code >= capability.code_offset && code - capability.code_offset < capability.code_count)
            return &capability;
    return nullptr;
}

}  // namespace cairn::node
