// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/terminal.hpp"
#include "wallet/hd_path.hpp"
#include "wallet/mnemonic.hpp"
#include "wallet/private_file.hpp"

namespace cairn::wallet {
namespace {

[[noreturn]] void bad(const std::string& what, const std::string& hint = {}) {
    throw Failure{ExitCode::BadRequest, what, hint};
}

secp256k1::SecretKey from_mnemonic(const ImportOptions& request) {
    const auto phrase = get_secret(request.file, "Mnemonic: ");
    const auto seed = mnemonic_seed(phrase.reveal(), "");
    if (!seed) {
        const auto fault = seed.error();
        const auto place = fault.error == MnemonicError::UnknownWord
                               ? fmt::format(" (word {})", fault.position)
                               : std::string{};
        bad(std::string{to_string(fault.error)} + place, "compare it with what you wrote down");
    }
    auto secret = derive_account(*seed, request.path.empty() ? account_path(0) : request.path);
    if (!secret) bad(std::string{to_string(secret.error())});
    return std::move(*secret);
}

secp256k1::SecretKey from_private_key(const ImportOptions& request) {
    const auto text = get_secret(request.file, "Private key (64 hex digits): ");
    auto bytes = from_hex(text.reveal());
    if (!bytes || bytes->size() != secp256k1::SecretKey::kSize) {
        if (bytes) wipe(*bytes);
        bad("a private key has 64 hex digits");
    }
    auto secret = secp256k1::SecretKey::from(*bytes);
    wipe(*bytes);
    if (!secp256k1::is_valid(secret)) bad("this number is no private key of secp256k1");
    return secret;
}

secp256k1::SecretKey from_xprv(const ImportOptions& request) {
    const auto text = get_secret(request.file, "Extended private key (xprv…): ");
    const auto master = decode_xprv(text.reveal());
    if (!master) bad(std::string{to_string(master.error())});
    auto key = derive_path(*master, request.path.empty() ? "m" : request.path);
    if (!key) bad(std::string{to_string(key.error())});
    return std::move(key->secret);
}

secp256k1::SecretKey from_keystore(const ImportOptions& request, const SecretText& password) {
    if (request.file.empty()) bad("--file names the key file to import");
    const auto file = read_private_file(request.file, kKeystoreBytesMax);
    if (!file) bad(fmt::format("{}: {}", request.file, to_string(file.error())));
    auto opened = open_keystore(file->reveal(), password.reveal_bytes());
    if (!opened)
        throw Failure{opened.error() == KeystoreError::WrongPassword ? ExitCode::WrongPassword
                                                                     : ExitCode::DamagedKey,
                      fmt::format("{}: {}", request.file, to_string(opened.error())),
                      "nothing was imported"};
    return std::move(opened->secret);
}

secp256k1::SecretKey read_secret(const ImportOptions& request) {
    if (request.kind == "mnemonic") return from_mnemonic(request);
    if (request.kind == "key") return from_private_key(request);
    return from_xprv(request);
}

}  // namespace

void run_import(const GlobalOptions& options, const ImportOptions& request) {
    const bool is_key_file = request.kind == "keystore";
    secp256k1::SecretKey secret;
    SecretText password;
    // A key file keeps its password; what was in the open gets one.
    if (is_key_file) {
        password = get_password(request.password_file, "Password of the file: ");
        secret = from_keystore(request, password);
    } else {
        secret = read_secret(request);
        password = get_fresh_password(request.password_file);
    }
    const auto file = store_key(options, secret, password, request.light);
    const auto address = to_checksum(secp256k1::address_of(*secp256k1::public_key(secret)));
    print_answer(options, fmt::format("address   {}\nkey file  {}\n", address, file.string()),
                 {{"address", address}, {"keyFile", file.string()}});
}

}  // namespace cairn::wallet
