// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>

#include "core/types/revision.hpp"

namespace cairn::vm::test {

/// A price from a revision on.
struct Price {
    Revision since;
    int gas;
};

/// An instruction as the Yellow Paper's appendices G and H and the EIPs give it: items taken and left, and the part of its
/// price that does not depend on arguments or state.
struct OpcodeFact {
    int opcode;
    int pops;
    int pushes;
    std::initializer_list<Price> prices;  ///< the first says since when it exists
};

inline constexpr Revision kF = Revision::Frontier, kH = Revision::Homestead, kT = Revision::Tangerine,
                          kB = Revision::Byzantium, kC = Revision::Constantinople, kI = Revision::Istanbul,
                          kBerlin = Revision::Berlin, kL = Revision::London, kS = Revision::Shanghai,
                          kCancun = Revision::Cancun, kOsaka = Revision::Osaka;

/// All but PUSH1–32, DUP, SWAP and LOG, which follow a rule.
inline const OpcodeFact kOpcodeFacts[] = {
    {0x00, 0, 0, {{kF, 0}}},
    {0x01, 2, 1, {{kF, 3}}},
    {0x02, 2, 1, {{kF, 5}}},
    {0x03, 2, 1, {{kF, 3}}},
    {0x04, 2, 1, {{kF, 5}}},
    {0x05, 2, 1, {{kF, 5}}},
    {0x06, 2, 1, {{kF, 5}}},
    {0x07, 2, 1, {{kF, 5}}},
    {0x08, 3, 1, {{kF, 8}}},
    {0x09, 3, 1, {{kF, 8}}},
    {0x0a, 2, 1, {{kF, 10}}},
    {0x0b, 2, 1, {{kF, 5}}},
    {0x10, 2, 1, {{kF, 3}}},
    {0x11, 2, 1, {{kF, 3}}},
    {0x12, 2, 1, {{kF, 3}}},
    {0x13, 2, 1, {{kF, 3}}},
    {0x14, 2, 1, {{kF, 3}}},
    {0x15, 1, 1, {{kF, 3}}},
    {0x16, 2, 1, {{kF, 3}}},
    {0x17, 2, 1, {{kF, 3}}},
    {0x18, 2, 1, {{kF, 3}}},
    {0x19, 1, 1, {{kF, 3}}},
    {0x1a, 2, 1, {{kF, 3}}},
    {0x1b, 2, 1, {{kC, 3}}},  // EIP-145
    {0x1c, 2, 1, {{kC, 3}}},
    {0x1d, 2, 1, {{kC, 3}}},
    {0x1e, 1, 1, {{kOsaka, 5}}},  // EIP-7939
    {0x20, 2, 1, {{kF, 30}}},
    {0x30, 0, 1, {{kF, 2}}},
    {0x31, 1, 1, {{kF, 20}, {kT, 400}, {kI, 700}, {kBerlin, 100}}},  // EIP-150, 1884, 2929
    {0x32, 0, 1, {{kF, 2}}},
    {0x33, 0, 1, {{kF, 2}}},
    {0x34, 0, 1, {{kF, 2}}},
    {0x35, 1, 1, {{kF, 3}}},
    {0x36, 0, 1, {{kF, 2}}},
    {0x37, 3, 0, {{kF, 3}}},
    {0x38, 0, 1, {{kF, 2}}},
    {0x39, 3, 0, {{kF, 3}}},
    {0x3a, 0, 1, {{kF, 2}}},
    {0x3b, 1, 1, {{kF, 20}, {kT, 700}, {kBerlin, 100}}},
    {0x3c, 4, 0, {{kF, 20}, {kT, 700}, {kBerlin, 100}}},
    {0x3d, 0, 1, {{kB, 2}}},  // EIP-211
    {0x3e, 3, 0, {{kB, 3}}},
    {0x3f, 1, 1, {{kC, 400}, {kI, 700}, {kBerlin, 100}}},  // EIP-1052
    {0x40, 1, 1, {{kF, 20}}},
    {0x41, 0, 1, {{kF, 2}}},
    {0x42, 0, 1, {{kF, 2}}},
    {0x43, 0, 1, {{kF, 2}}},
    {0x44, 0, 1, {{kF, 2}}},
    {0x45, 0, 1, {{kF, 2}}},
    {0x46, 0, 1, {{kI, 2}}},       // EIP-1344
    {0x47, 0, 1, {{kI, 5}}},       // EIP-1884
    {0x48, 0, 1, {{kL, 2}}},       // EIP-3198
    {0x49, 1, 1, {{kCancun, 3}}},  // EIP-4844
    {0x4a, 0, 1, {{kCancun, 2}}},  // EIP-7516
    {0x50, 1, 0, {{kF, 2}}},
    {0x51, 1, 1, {{kF, 3}}},
    {0x52, 2, 0, {{kF, 3}}},
    {0x53, 2, 0, {{kF, 3}}},
    {0x54, 1, 1, {{kF, 50}, {kT, 200}, {kI, 800}, {kBerlin, 100}}},
    {0x55, 2, 0, {{kF, 0}}},
    {0x56, 1, 0, {{kF, 8}}},
    {0x57, 2, 0, {{kF, 10}}},
    {0x58, 0, 1, {{kF, 2}}},
    {0x59, 0, 1, {{kF, 2}}},
    {0x5a, 0, 1, {{kF, 2}}},
    {0x5b, 0, 0, {{kF, 1}}},
    {0x5c, 1, 1, {{kCancun, 100}}},  // EIP-1153
    {0x5d, 2, 0, {{kCancun, 100}}},
    {0x5e, 3, 0, {{kCancun, 3}}},  // EIP-5656
    {0x5f, 0, 1, {{kS, 2}}},       // EIP-3855
    {0xf0, 3, 1, {{kF, 32000}}},
    {0xf1, 7, 1, {{kF, 40}, {kT, 700}, {kBerlin, 100}}},
    {0xf2, 7, 1, {{kF, 40}, {kT, 700}, {kBerlin, 100}}},
    {0xf3, 2, 0, {{kF, 0}}},
    {0xf4, 6, 1, {{kH, 40}, {kT, 700}, {kBerlin, 100}}},  // EIP-7
    {0xf5, 4, 1, {{kC, 32000}}},                          // EIP-1014
    {0xfa, 6, 1, {{kB, 700}, {kBerlin, 100}}},            // EIP-214
    {0xfd, 2, 0, {{kB, 0}}},                              // EIP-140
    {0xfe, 0, 0, {{kF, 0}}},                              // EIP-141
    {0xff, 1, 0, {{kF, 0}, {kT, 5000}}},
};

/// An opcode in one revision; `gas` -1 where it does not exist.
struct OpcodeAt {
    int pops = 0;
    int pushes = 0;
    int gas = -1;
};

inline OpcodeAt fact_of(int opcode, Revision revision) {
    if (opcode >= 0x60 && opcode <= 0x7f) return {0, 1, 3};
    if (opcode >= 0x80 && opcode <= 0x8f) return {opcode - 0x7f, opcode - 0x7f + 1, 3};
    if (opcode >= 0x90 && opcode <= 0x9f) return {opcode - 0x90 + 2, opcode - 0x90 + 2, 3};
    if (opcode >= 0xa0 && opcode <= 0xa4) return {opcode - 0xa0 + 2, 0, 375 + 375 * (opcode - 0xa0)};
    for (const OpcodeFact& fact : kOpcodeFacts) {
        if (fact.opcode != opcode) continue;
        OpcodeAt at{fact.pops, fact.pushes, -1};
        for (const Price& p : fact.prices)
            if (revision >= p.since) at.gas = p.gas;
        return at.gas < 0 ? OpcodeAt{} : at;
    }
    return {};
}

}  // namespace cairn::vm::test
