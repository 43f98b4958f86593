// SPDX-License-Identifier: MIT
// Key files, extended keys, derivation paths, addresses, amounts and signatures: whatever reads
// prints back to what it was.
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "wallet/address.hpp"
#include "wallet/amount.hpp"
#include "wallet/hd_path.hpp"
#include "wallet/keystore.hpp"
#include "wallet/signer.hpp"

using namespace cairn;
using namespace cairn::wallet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(bytes), size};
    // Opening costs what the file says; a cheap bound keeps the fuzzer fast and skips no reader.
    const bool is_costly = text.find("00000") != std::string_view::npos || text.size() > 2000;
    if (!is_costly) (void)open_keystore(text, as_bytes("pw"));
    (void)stated_address(text);
    if (const auto key = decode_xprv(text)) CAIRN_ASSERT(encode_xprv(*key).reveal() == text);
    if (const auto key = decode_xpub(text)) CAIRN_ASSERT(encode_xpub(*key).reveal() == text);
    (void)parse_hd_path(text);
    if (const auto address = parse_address(text))
        CAIRN_ASSERT(*parse_address(to_checksum(*address)) == *address);
    if (const auto amount = parse_amount(text))
        CAIRN_ASSERT(*parse_amount(format_amount(*amount)) == *amount);
    if (const auto signature = parse_signature(text))
        CAIRN_ASSERT(*parse_signature(format_signature(*signature)) == *signature);
    return 0;
}
