// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/crypto/sha256.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/abi_output.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/contracts.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/notary.hpp"
#include "wallet/eip4361.hpp"

namespace cairn::wallet {
namespace {

/// Largest file that is notarised, in bytes: it is hashed in memory.
constexpr std::size_t kNotarizedBytesMax = std::size_t{1} << 30;

}  // namespace

Hash256 file_digest(const std::string& path) {
    return sha256(as_bytes(file_argument(path, kNotarizedBytesMax)));
}

Address registry_argument(const std::string& text, std::string_view predeployed) {
    return address_argument(text.empty() ? std::string{predeployed} : text);
}

std::optional<ExistenceRecord> find_record(NodeClient& node, const Address& registry,
                                           const Hash256& digest) {
    const auto chain = node.chain_id();
    const auto function = parse_function(kFirstRecordFunction);
    const auto selector = selector_of(function->name, function->inputs);
    Bytes data{selector.begin(), selector.end()};
    append(data, digest);
    const auto output =
        node.call({{"to", to_hex0x(registry)}, {"input", to_hex0x(data)}}, "latest", {});
    if (output.empty())
        throw Failure{
            ExitCode::BadRequest,
            fmt::format("there is no registry at {} on chain {}", to_checksum(registry), chain),
            "give its address with --registry, or deploy one: genesis/contracts"};
    const auto values = decode_or_fail(function->outputs, output, "the registry's answer");
    ExistenceRecord out{Address::from(values.parts[0].bytes), values.parts[1].number.low64(),
                        values.parts[2].number.low64()};
    if (out.time == 0) return std::nullopt;
    return out;
}

void run_verify(const GlobalOptions& options, const VerifyOptions& request) {
    const auto digest = file_digest(request.file);
    const auto registry = registry_argument(request.registry, kExistenceRegistry);
    NodeClient node{options};
    const auto record = find_record(node, registry, digest);
    if (!record)
        throw Failure{
            ExitCode::NotVerified,
            fmt::format("{} was never notarised (SHA-256 {})", request.file, to_hex(digest)),
            "`cairn-wallet notarize` does it; a changed file is another file"};
    const auto time = format_time(record->time);
    print_answer(options,
                 fmt::format("{} existed by {} (block {}), notarised by {}\n", request.file, time,
                             record->number, to_checksum(record->by)),
                 {{"digest", to_hex0x(digest)},
                  {"by", to_checksum(record->by)},
                  {"time", time},
                  {"timestamp", record->time},
                  {"number", record->number}});
}

}  // namespace cairn::wallet
