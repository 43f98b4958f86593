// SPDX-License-Identifier: MIT
#include "rpc/state_proof.hpp"

#include "chain/trie/proof.hpp"
#include "chain/trie/secure_key.hpp"
#include "core/crypto/keccak.hpp"
#include "rpc/block_source.hpp"
#include "rpc/tries_at.hpp"

namespace cairn::rpc {
namespace {

void write_nodes(JsonWriter& out, const chain::Proof& proof) {
    out.begin_array();
    for (const auto& node : proof) out.data(node);
    out.end_array();
}

/// Everything after the tries are at hand.
Reply write_from(const chain::NodeStore& tries, JsonWriter& out, const Address& address,
                 std::span<const StorageKey> keys, const chain::StateReader& state,
                 const Hash256& state_root) {
    const auto proof = chain::make_proof(tries, std::nullopt, chain::account_key(address));
    if (!proof) return Unexpected{RpcError{kInternalError, "the state trie is damaged"}};
    const auto proven = chain::verify_account_proof(state_root, address, *proof);
    if (!proven)
        return Unexpected{RpcError{kInternalError, "the state trie does not belong to this block"}};
    const auto account = *proven;

    out.begin_object();
    out.data("address", address);
    out.key("accountProof");
    write_nodes(out, *proof);
    out.quantity("balance", account ? account->balance : Wei{});
    out.data("codeHash", account ? account->code_hash : kEmptyCodeHash);
    out.quantity("nonce", account ? account->nonce : 0);
    out.data("storageHash", account ? account->storage_root : kEmptyTrieRoot);
    out.key("storageProof").begin_array();
    const chain::TrieOwner owner = keccak256(address);
    for (const auto& key : keys) {
        out.begin_object();
        out.key("key");
        if (key.is_word) {
            out.word(key.slot);
        } else {
            out.quantity(key.slot);
        }
        out.quantity("value", state.storage(address, key.slot));
        out.key("proof");
        if (account && account->storage_root != kEmptyTrieRoot) {
            const auto slot = chain::make_proof(tries, owner, chain::storage_key(key.slot));
            if (!slot) return Unexpected{RpcError{kInternalError, "a storage trie is damaged"}};
            write_nodes(out, *slot);
        } else {
            out.begin_array().end_array();
        }
        out.end_object();
    }
    out.end_array();
    out.end_object();
    return {};
}

}  // namespace

Reply write_proof(const EthContext& context, JsonWriter& out, const Address& address,
                  std::span<const StorageKey> keys, const BlockSelector& block) {
    if (keys.size() > kProofKeysMax)
        return invalid_params("too many slots (max " + std::to_string(kProofKeysMax) + ")");
    // The pending block has no tries.
    const bool is_pending = std::holds_alternative<PendingTag>(block);
    const auto at =
        StateAt::open(context, is_pending ? BlockSelector{chain::BlockTag::Latest} : block);
    if (!at) return Unexpected{at.error()};
    const auto& view = (*at)->view();
    const auto& header = *(*at)->header();
    const auto tries = TriesAt::open(view, header);
    if (!tries) return Unexpected{tries.error()};
    return write_from((*tries)->nodes(), out, address, keys, (*at)->state(),
                      view.state_root_after(header));
}

}  // namespace cairn::rpc
