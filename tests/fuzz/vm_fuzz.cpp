// SPDX-License-Identifier: MIT
// Bytes become a world of programs (or are themselves the code), which the plain interpreter and the fast one with and
// without its cache run: no crash, no leak, and the same world, result and gas. Then once more with less gas.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/support/program_generator.hpp"
#include "tests/support/three_machines.hpp"

namespace {

using namespace cairn;
using namespace cairn::vm;
using namespace cairn::vm::test;

std::int64_t run(ThreeMachines& machines, const Scenario& s, const Message& message) {
    const auto out = machines.run(s.host, message);
    for (const Outcome* fast : {&out.cached, &out.uncached}) {
        const std::string what = difference(out.plain, *fast);
        if (what.empty()) continue;
        std::fprintf(stderr, "%s\nrevision %d, gas %lld\ncode %s\n", what.c_str(), static_cast<int>(s.host.revision),
                     static_cast<long long>(message.gas), to_hex(s.host.find(kContracts[0])->code_view()).c_str());
        std::abort();
    }
    CAIRN_ASSERT(out.plain.result.gas_left >= 0 && out.plain.result.gas_left <= message.gas);
    return message.gas - out.plain.result.gas_left;
}

/// The bytes are the code; the first of them say how it is run.
void make_raw_scenario(ByteView data, Scenario& s) {
    Choices head{data.first(std::min<std::size_t>(data.size(), 8))};
    s.host.revision = static_cast<Revision>(head.below(static_cast<std::uint32_t>(kRevisionCount)));
    s.message.gas = 2 * head.below(1U << 16);
    s.message.is_static = s.host.revision >= Revision::Byzantium && head.one_in(8);
    const Bytes code = to_bytes(data.subspan(std::min<std::size_t>(data.size(), 8)));
    fill_world(s.host, head, {code, (push(Uint256{1}) + return_top()).bytes(), Bytes{}});
    s.message.sender = kCaller;
    s.message.recipient = s.message.code_address = kContracts[0];
    s.input.assign(40, 0x5b);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static ThreeMachines machines{std::size_t{64} << 10};
    if (size < 2) return 0;
    Scenario s;
    if (data[0] % 2 == 0) {
        Choices c{ByteView{data + 1, size - 1}};
        make_scenario(c, s);
    } else {
        make_raw_scenario({data + 1, size - 1}, s);
    }
    s.host.records = data[0] % 16 < 2;  // the recording costs more than the run
    s.message.input = s.message.kind == CallKind::Create ? s.message.input : ByteView{s.input};
    const std::int64_t used = run(machines, s, s.message);
    if (used > 1) {
        Message less = s.message;
        less.gas = used - 1 - (data[size - 1] * used >> 9);
        (void)run(machines, s, less);
    }
    return 0;
}
