// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/crypto/kdf.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/types/ids.hpp"

/// Key files: Web3 Secret Storage, version 3, as geth, ethers and MetaMask write them. The private
/// key under AES-128-CTR; the cipher's key and a Keccak-256 MAC come from the password by scrypt or
/// PBKDF2-HMAC-SHA256.
namespace cairn::wallet {

/// Largest key file that is read, in bytes; real ones have about 500.
inline constexpr std::size_t kKeystoreBytesMax = 65536;

/// Why a key file does not open.
enum class KeystoreError : std::uint8_t {
    Json,           ///< not a JSON object, or a field is missing or of another type
    Version,        ///< a version other than 3
    Cipher,         ///< a cipher other than aes-128-ctr, or an initial value of another length
    Kdf,            ///< neither scrypt nor pbkdf2, or pbkdf2 over another hash than hmac-sha256
    KdfCost,        ///< parameters that no honest file has, or that would take too much memory
    Ciphertext,     ///< not 32 bytes: no private key is in there
    WrongPassword,  ///< the MAC does not fit: another password, or the file was changed
    InvalidKey,     ///< what comes out is not in 1 … n-1
    OtherAddress,   ///< the file names another address than its key has
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(KeystoreError error) noexcept;

/// Most PBKDF2 rounds that are taken: forty times geth's setting, some ten seconds.
inline constexpr std::uint64_t kPbkdf2RoundsMax = 10'000'000;
/// Most steps N·r·p of scrypt that are taken: sixteen times geth's standard.
inline constexpr std::uint64_t kScryptStepsMax = std::uint64_t{1} << 25;

/// geth's standard cost: 256 MiB and about a second.
inline constexpr ScryptCost kScryptStandard{.n = 262144, .r = 8, .p = 1};
/// geth's light cost: 4 MiB and about a tenth of a second.
inline constexpr ScryptCost kScryptLight{.n = 4096, .r = 8, .p = 6};

/// An unlocked account.
struct OpenedKey {
    secp256k1::SecretKey secret;  ///< valid
    Address address;
};

/// Opens a key file. `Crypto` is taken for `crypto`, as older files spell it; other unknown fields
/// are passed over. Takes as long as the file's cost says. Checked in the order of the enumerators.
/// Throws SystemError when OpenSSL fails.
[[nodiscard]] Result<OpenedKey, KeystoreError> open_keystore(std::string_view json,
                                                             ByteView password);

/// What a file needs of chance; an argument so that a file can be made again.
struct KeystoreRandomness {
    std::array<std::uint8_t, 32> salt{};
    std::array<std::uint8_t, 16> initial_value{};
    std::array<std::uint8_t, 16> id{};  ///< becomes a UUID of version 4
};

/// From the system's generator. Throws SystemError when it fails.
[[nodiscard]] KeystoreRandomness make_keystore_randomness();

/// The key file of a valid secret (asserted), with scrypt at the given cost (asserted valid).
/// Throws SystemError when OpenSSL fails.
[[nodiscard]] std::string seal_keystore(const secp256k1::SecretKey& secret, ByteView password,
                                        const ScryptCost& cost,
                                        const KeystoreRandomness& randomness);

/// The address that a key file states, without opening it; nothing where it states none or is no
/// key file. Not proven before the file is opened.
[[nodiscard]] std::optional<Address> stated_address(std::string_view json);

/// geth's name for a key file: "UTC--2016-03-22T12-57-55.920751759Z--7ef5a6…", in UTC, the address
/// in lower case without 0x.
[[nodiscard]] std::string keystore_file_name(const Address& address,
                                             std::chrono::system_clock::time_point now);

}  // namespace cairn::wallet
