// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "chain/spec/chain_spec.hpp"
#include "chain/spec/spec_error.hpp"
#include "core/base/expected.hpp"

namespace cairn::chain {

/// The network that the `config` object of a geth genesis file describes.
///
/// Read: chainId; homesteadBlock, daoForkBlock with daoForkSupport, eip150Block, eip155Block,
/// eip158Block, byzantiumBlock, constantinopleBlock, petersburgBlock (absent: with Constantinople),
/// istanbulBlock, muirGlacierBlock, berlinBlock, londonBlock, arrowGlacierBlock, grayGlacierBlock,
/// mergeNetsplitBlock; terminalTotalDifficulty; shanghaiTime, cancunTime, pragueTime, osakaTime,
/// bpo1Time to bpo5Time; blobSchedule (EIP-7840), by the forks' names in lower case;
/// depositContractAddress. Numbers are JSON numbers or text, decimal or 0x.
///
/// Seals are Ethash's, as with geth, unless `cairn` says otherwise. `clique` is refused. Other keys
/// do not bear on the rules and are passed over.
///
/// `cairn` is an object of: seal ("sha256d", "ethash", "none"); rules ("ethereum", or "cairn":
/// Osaka under proof of work, docs: networks, without any fork keys). With rules "cairn" also:
/// difficulty, an object of rule ("asert" with idealBlockTime and halfLife in seconds, or
/// "constant") and minimum; blockReward in wei. Its unknown keys are refused. The anchor of "asert"
/// is genesis and set by whoever knows it (genesis_json.hpp).
///
/// The error names the key: one that is missing (chainId), of the wrong type or out of range, a
/// fork before the one it builds on, a blob parameter fork without its schedule.
[[nodiscard]] Result<ChainParameters, SpecError> parse_chain_config(const nlohmann::json& config);

}  // namespace cairn::chain
