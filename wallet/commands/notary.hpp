// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "core/types/ids.hpp"
#include "core/types/units.hpp"
#include "wallet/commands/node_client.hpp"

namespace cairn::wallet {

/// SHA-256 of a file's content, whatever its size: what `sha256sum` prints. Fails with BadRequest.
[[nodiscard]] Hash256 file_digest(const std::string& path);

/// The earliest notarisation of a digest.
struct ExistenceRecord {
    Address by;
    UnixSeconds time = 0;
    BlockNumber number = 0;
};

/// Asks the registry; nothing where the digest was never notarised. Fails with BadRequest where no
/// registry is at the address.
[[nodiscard]] std::optional<ExistenceRecord> find_record(NodeClient& node, const Address& registry,
                                                         const Hash256& digest);

/// The registry of --registry, else the predeployed one.
[[nodiscard]] Address registry_argument(const std::string& text, std::string_view predeployed);

}  // namespace cairn::wallet
