// SPDX-License-Identifier: MIT
#include "node/app/dev_accounts.hpp"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/hd_path.hpp"
#include "wallet/mnemonic.hpp"

namespace cairn::node {
namespace {

[[nodiscard]] secp256k1::SecretKey dev_secret(std::uint32_t index) {
    const auto seed = wallet::mnemonic_seed(kDevMnemonic, "");
    CAIRN_ASSERT(seed);
    auto secret = wallet::derive_account(*seed, wallet::account_path(index));
    CAIRN_ASSERT(secret);
    return std::move(secret).value();
}

}  // namespace

DevAccounts::DevAccounts() {
    for (std::uint32_t i = 0; i < kDevAccounts; ++i) {
        auto signer = wallet::Signer::make(dev_secret(i));
        CAIRN_ASSERT(signer);
        signers_.push_back(*std::move(signer));
    }
}

std::vector<Address> DevAccounts::addresses() const {
    std::vector<Address> out;
    for (const auto& signer : signers_) out.push_back(signer.address());
    return out;
}

std::string DevAccounts::banner() const {
    std::string out =
        "Accounts of this development network, 10000 coins each\n"
        "WARNING: everybody knows these keys. Never send anything of value to them.\n\n";
    for (std::uint32_t i = 0; i < signers_.size(); ++i)
        out += fmt::format("({}) {}   {}\n", i, wallet::to_checksum(signers_[i].address()),
                           to_hex0x(dev_secret(i).reveal()));
    out += fmt::format("\nMnemonic:   {}\nPath:       m/44'/60'/0'/0/N\n", kDevMnemonic);
    return out;
}

const wallet::Signer* DevAccounts::find(const Address& address) const {
    for (const auto& signer : signers_)
        if (signer.address() == address) return &signer;
    return nullptr;
}

void DevAccounts::impersonate(const Address& address) {
    const std::lock_guard lock{mutex_};
    impersonated_.insert(address);
}
void DevAccounts::stop_impersonating(const Address& address) {
    const std::lock_guard lock{mutex_};
    impersonated_.erase(address);
}
void DevAccounts::impersonate_all(bool is_on) {
    const std::lock_guard lock{mutex_};
    impersonates_all_ = is_on;
}
bool DevAccounts::is_impersonated(const Address& address) const {
    const std::lock_guard lock{mutex_};
    return impersonates_all_ || impersonated_.contains(address);
}

std::optional<RecoveredTx> DevAccounts::sign(Transaction tx, const Address& from) const {
    if (const auto* signer = find(from))
        return RecoveredTx::from_known_sender(signer->sign_transaction(std::move(tx)), from);
    if (!is_impersonated(from)) return std::nullopt;
    // In range, low, and different for each sender, so that hashes differ as well.
    TxSignature signature;
    Hash256 padded;
    std::memcpy(padded.data() + 12, from.data(), Address::kSize);
    signature.r = load_be256(padded.data()) + Uint256{1};
    signature.s = Uint256{1};
    return RecoveredTx::from_known_sender(SignedTx{std::move(tx), signature}, from);
}

}  // namespace cairn::node
