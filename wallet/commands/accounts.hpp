// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/types/ids.hpp"
#include "wallet/commands/options.hpp"
#include "wallet/keystore.hpp"
#include "wallet/secret_text.hpp"
#include "wallet/signer.hpp"

namespace cairn::wallet {

/// Chain of the development network; the development mnemonic signs nowhere else.
inline constexpr std::uint64_t kDevChainId = 1337;

/// A key file and the address that it states.
struct KeyFile {
    std::filesystem::path path;
    Address address;
};

/// The folder of key files: the options', or ~/.cairn/keystore. Fails with BadRequest without
/// $HOME.
[[nodiscard]] std::filesystem::path keystore_folder(const GlobalOptions& options);

/// Key files in the folder, by name, which is by age. Other files are passed over; an absent folder
/// is empty.
[[nodiscard]] std::vector<KeyFile> list_key_files(const std::filesystem::path& folder);

/// The account that a command acts for, still locked: found before anything is shown, opened only
/// when it must sign.
class Account {
public:
    /// By --from, --key-file or --dev; with none of them the only account of the keystore. Fails
    /// with BadRequest (none, or several), DamagedKey.
    [[nodiscard]] static Account find(const GlobalOptions& options, const KeyOptions& key);

    [[nodiscard]] const Address& address() const noexcept { return address_; }
    [[nodiscard]] bool is_development() const noexcept { return dev_account_.has_value(); }

    /// Asks for the password and opens the key. Fails with WrongPassword, DamagedKey, BadRequest.
    [[nodiscard]] Signer unlock() const;

    /// The bare key, for `export`; the same otherwise.
    /// @param password  the account's; not looked at for a development account
    [[nodiscard]] secp256k1::SecretKey unlock_secret(const SecretText& password) const;

    /// The account's password, asked for as the options say; empty for a development account.
    [[nodiscard]] SecretText password() const;

private:
    Address address_;
    std::filesystem::path path_;
    std::string password_file_;
    std::optional<std::uint32_t> dev_account_;
};

/// Seals the key into a file of the keystore. Fails with BadRequest where the account is there
/// already; throws SystemError when the disk fails.
[[nodiscard]] std::filesystem::path store_key(const GlobalOptions& options,
                                              const secp256k1::SecretKey& secret,
                                              const SecretText& password, bool light);

/// An address as the user gave it. Fails with BadRequest.
[[nodiscard]] Address address_argument(const std::string& text);

/// An amount as the user gave it. Fails with BadRequest.
[[nodiscard]] Wei amount_argument(const std::string& text, const char* option);

/// A whole file. Fails with BadRequest.
[[nodiscard]] std::string file_argument(const std::string& path,
                                        std::size_t bytes_max = std::size_t{64} << 20);

}  // namespace cairn::wallet
