// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/eip712.hpp"

namespace cairn::wallet {
namespace {

/// The digest of what the signature is said to be of.
Hash256 digest_of(const VerifySignatureOptions& request) {
    if (request.typed_file.empty()) {
        const auto message = request.file.empty() ? request.message : file_argument(request.file);
        return message_digest(as_bytes(message));
    }
    const auto data = parse_typed_data(file_argument(request.typed_file));
    if (!data)
        throw Failure{ExitCode::BadRequest,
                      fmt::format("{}: {}", request.typed_file, to_string(data.error()))};
    return data->digest;
}

}  // namespace

void run_verify_signature(const GlobalOptions& options, const VerifySignatureOptions& request) {
    const auto signature = parse_signature(request.signature);
    if (!signature)
        throw Failure{ExitCode::BadRequest,
                      "the signature: " + std::string{to_string(signature.error())}};
    const auto signer = secp256k1::recover_address(digest_of(request), *signature);
    if (!signer) throw Failure{ExitCode::NotVerified, "nobody made this signature"};
    if (!request.address.empty() && *signer != address_argument(request.address))
        throw Failure{ExitCode::NotVerified, fmt::format("{} did not sign this", request.address),
                      "either the text or the signature is another; a signature of this text would "
                      "be by " +
                          to_checksum(*signer)};
    print_answer(options, fmt::format("signed by {}\n", to_checksum(*signer)),
                 {{"address", to_checksum(*signer)}, {"valid", true}});
}

}  // namespace cairn::wallet
