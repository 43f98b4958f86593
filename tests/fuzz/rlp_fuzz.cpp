// SPDX-License-Identifier: MIT
// Any bytes: what the decoder accepts, encoded again, must be the same bytes; what the
// whole-structure check refuses, a walk item by item must refuse as well.
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"

namespace {

using namespace cairn;

constexpr std::size_t kDepthMax = 24;

/// Reads every item below `reader` in all the ways there are and writes it back to `w`.
bool copy_items(RlpReader& reader, RlpWriter& w, std::size_t depth) {
    while (!reader.at_end()) {
        const auto item = reader.peek();
        if (!item) return false;
        if (item->is_list) {
            if (depth == kDepthMax) return false;
            RlpReader inner = reader.list();
            w.begin_list();
            if (!copy_items(inner, w, depth + 1)) return false;
            w.end_list();
            continue;
        }
        RlpReader as_number = reader;
        Uint256 wide;
        std::uint64_t narrow = 0;
        if (as_number.read(wide)) {
            const Bytes again = rlp_encode(wide);
            CAIRN_ASSERT(equal(again, item->encoded) && again.size() == rlp_size(wide));
        }
        RlpReader as_narrow = reader;
        if (as_narrow.read(narrow)) CAIRN_ASSERT(Uint256{narrow} == wide);
        ByteView text;
        CAIRN_ASSERT(reader.read_view(text));
        w.add(text);
    }
    return reader.finish().has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input{data, size};
    const bool valid = rlp_validate(input, {.bytes_max = size, .depth_max = kDepthMax}).has_value();
    Bytes out;
    RlpWriter w{out};
    RlpReader reader{input};
    const auto item = rlp_decode_item(input);
    const bool copied = item && copy_items(reader, w, 0);
    CAIRN_ASSERT(copied == valid);
    if (copied) CAIRN_ASSERT(equal(out, input));
    return 0;
}
