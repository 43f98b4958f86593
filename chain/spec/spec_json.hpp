// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "chain/spec/chain_spec.hpp"
#include "core/base/expected.hpp"

namespace cairn::chain {

/// The network that the `config` object of a geth genesis file describes.
///
/// Read: chainId; homesteadBlock, daoForkBlock with daoForkSupport, eip150Block, eip155Block,
/// eip158Block, byzantiumBlock, constantinopleBlock, petersburgBlock (absent: with Constantinople),
/// istanbulBlock, muirGlacierBlock, berlinBlock, londonBlock, arrowGlacierBlock, grayGlacierBlock;
/// terminalTotalDifficulty; shanghaiTime, cancunTime, pragueTime, osakaTime, bpo1Time to bpo5Time;
/// blobSchedule (EIP-7840), by the forks' names in lower case; depositContractAddress. `ethash`
/// present means that seals are Ethash's. Other keys do not bear on the rules and are passed over
/// (mergeNetsplitBlock is for the fork id). Numbers are JSON numbers or text, decimal or 0x.
///
/// The error is one line that names the key: one that is missing (chainId), of the wrong type or
/// out of range, a fork before the one it builds on, a blob parameter fork without its schedule.
[[nodiscard]] Result<ChainParameters, std::string> parse_chain_config(const nlohmann::json& config);

}  // namespace cairn::chain
