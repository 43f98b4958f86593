// SPDX-License-Identifier: MIT
#include "wallet/commands/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "wallet/address.hpp"
#include "wallet/amount.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/terminal.hpp"
#include "wallet/hd_path.hpp"
#include "wallet/mnemonic.hpp"
#include "wallet/private_file.hpp"

namespace cairn::wallet {
namespace {

namespace fs = std::filesystem;

/// The public mnemonic of development networks (anvil, Hardhat, genesis/dev.json).
constexpr std::string_view kDevMnemonic =
    "test test test test test test test test test test test junk";
/// Accounts that genesis/dev.json funds.
constexpr std::uint32_t kDevAccounts = 10;

secp256k1::SecretKey dev_secret(std::uint32_t index) {
    const auto seed = mnemonic_seed(kDevMnemonic, "");
    CAIRN_ASSERT(seed.has_value());
    auto secret = derive_account(*seed, account_path(index));
    CAIRN_ASSERT(secret.has_value());
    return std::move(*secret);
}

SecretText read_key_file(const fs::path& path) {
    auto content = read_private_file(path, kKeystoreBytesMax);
    if (!content)
        throw Failure{
            content.error() == FileError::TooLarge ? ExitCode::DamagedKey : ExitCode::BadRequest,
            fmt::format("{}: {}", path.string(), to_string(content.error()))};
    return std::move(*content);
}

std::string names_of(const std::vector<KeyFile>& files) {
    std::string out;
    for (const auto& file : files) out += (out.empty() ? "" : ", ") + to_checksum(file.address);
    return out;
}

}  // namespace

fs::path keystore_folder(const GlobalOptions& options) {
    if (!options.keystore.empty()) return options.keystore;
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home == '\0')
        throw Failure{ExitCode::BadRequest, "there is no home folder for the keystore",
                      "give --keystore FOLDER"};
    return fs::path{home} / ".cairn" / "keystore";
}

std::vector<KeyFile> list_key_files(const fs::path& folder) {
    std::vector<KeyFile> out;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder, error}) {
        if (!entry.is_regular_file(error)) continue;
        const auto content = read_private_file(entry.path(), kKeystoreBytesMax);
        if (!content) continue;
        if (const auto address = stated_address(content->reveal()))
            out.push_back({entry.path(), *address});
    }
    std::sort(out.begin(), out.end(),
              [](const KeyFile& a, const KeyFile& b) { return a.path < b.path; });
    return out;
}

Account Account::find(const GlobalOptions& options, const KeyOptions& key) {
    Account out;
    out.password_file_ = key.password_file;
    if (key.dev_account) {
        if (*key.dev_account >= kDevAccounts)
            throw Failure{ExitCode::BadRequest, "development accounts are 0 to 9"};
        out.dev_account_ = key.dev_account;
        out.address_ = secp256k1::address_of(*secp256k1::public_key(dev_secret(*key.dev_account)));
        return out;
    }
    if (!key.key_file.empty()) {
        out.path_ = key.key_file;
        const auto address = stated_address(read_key_file(out.path_).reveal());
        if (!address)
            throw Failure{ExitCode::DamagedKey,
                          key.key_file + " is damaged or no key file: it states no address",
                          "take the copy from your backup, or import the mnemonic again"};
        out.address_ = *address;
        return out;
    }
    const auto folder = keystore_folder(options);
    auto files = list_key_files(folder);
    if (files.empty())
        throw Failure{ExitCode::BadRequest, "there is no account in " + folder.string(),
                      "make one with `cairn-wallet new`, or name one with --key-file or --dev"};
    if (!key.from.empty()) {
        const auto wanted = address_argument(key.from);
        std::erase_if(files, [&](const KeyFile& file) { return file.address != wanted; });
        if (files.empty())
            throw Failure{ExitCode::BadRequest,
                          fmt::format("{} has no key in {}", to_checksum(wanted), folder.string()),
                          "`cairn-wallet list` shows the accounts; `import` adds one"};
    } else if (files.size() > 1) {
        throw Failure{ExitCode::BadRequest, "there are several accounts: " + names_of(files),
                      "name one with --from ADDRESS"};
    }
    out.path_ = files.front().path;
    out.address_ = files.front().address;
    return out;
}

SecretText Account::password() const {
    if (dev_account_) return {};
    return get_password(password_file_, fmt::format("Password of {}: ", to_checksum(address_)));
}

secp256k1::SecretKey Account::unlock_secret(const SecretText& password) const {
    if (dev_account_) return dev_secret(*dev_account_);
    const auto file = read_key_file(path_);
    auto opened = open_keystore(file.reveal(), password.reveal_bytes());
    if (!opened) {
        const bool is_password = opened.error() == KeystoreError::WrongPassword;
        throw Failure{is_password ? ExitCode::WrongPassword : ExitCode::DamagedKey,
                      fmt::format("{}: {}", path_.string(), to_string(opened.error())),
                      is_password ? "try again; nothing was done"
                                  : "take the copy from your backup, or import the mnemonic again"};
    }
    return std::move(opened->secret);
}

Signer Account::unlock() const {
    return std::move(*Signer::make(unlock_secret(password())));
}

fs::path store_key(const GlobalOptions& options, const secp256k1::SecretKey& secret,
                   const SecretText& password, bool light) {
    const auto folder = keystore_folder(options);
    const auto address = secp256k1::address_of(*secp256k1::public_key(secret));
    for (const auto& file : list_key_files(folder))
        if (file.address == address)
            throw Failure{
                ExitCode::BadRequest,
                fmt::format("{} is there already: {}", to_checksum(address), file.path.string()),
                "nothing was changed"};
    const auto text =
        seal_keystore(secret, password.reveal_bytes(), light ? kScryptLight : kScryptStandard,
                      make_keystore_randomness());
    const auto path = folder / keystore_file_name(address, std::chrono::system_clock::now());
    if (const auto written = write_private_file(path, text); !written)
        throw Failure{ExitCode::BadRequest,
                      fmt::format("{}: {}", path.string(), to_string(written.error())),
                      "give another --keystore FOLDER"};
    return path;
}

Address address_argument(const std::string& text) {
    const auto address = parse_address(text);
    if (!address)
        throw Failure{ExitCode::BadRequest, fmt::format("{}: {}", text, to_string(address.error())),
                      "copy the address again"};
    return *address;
}

Wei amount_argument(const std::string& text, const char* option) {
    const auto amount = parse_amount(text);
    if (!amount)
        throw Failure{ExitCode::BadRequest,
                      fmt::format("{} {}: {}", option, text, to_string(amount.error()))};
    return *amount;
}

std::string file_argument(const std::string& path, std::size_t bytes_max) {
    const auto content = read_private_file(path, bytes_max);
    if (!content)
        throw Failure{ExitCode::BadRequest,
                      fmt::format("{}: {}", path, to_string(content.error()))};
    return std::string{content->reveal()};
}

}  // namespace cairn::wallet
