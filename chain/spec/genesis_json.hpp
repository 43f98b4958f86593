// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "chain/spec/genesis.hpp"
#include "chain/spec/spec_error.hpp"
#include "core/base/expected.hpp"

namespace cairn::chain {

/// Reads a geth genesis file.
///
/// Object of: `config` (spec_json.hpp); `alloc`, from address (40 hex digits, with or without 0x)
/// to an object of balance (or wei), nonce, code, storage (slot to value, hex); and header fields,
/// each 0 or empty where absent: nonce, timestamp, extraData, gasLimit, difficulty, mixHash,
/// coinbase, parentHash, gasUsed, baseFeePerGas, excessBlobGas, blobGasUsed. config, alloc,
/// gasLimit and difficulty must be there. `number` may be 0. Other keys of the file are passed
/// over, those of an account are refused (secretKey, privateKey, comment are for people and
/// skipped). Numbers are JSON numbers or text, decimal or 0x; "0x" is 0.
///
/// Any text is taken without harm; the error names field and line. Pure; any thread.
[[nodiscard]] Result<Genesis, SpecError> parse_genesis(std::string_view text);

}  // namespace cairn::chain
