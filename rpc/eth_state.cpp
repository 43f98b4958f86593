// SPDX-License-Identifier: MIT
// What accounts hold: read from the head or any block whose state is kept.
#include <nlohmann/json.hpp>

#include "rpc/bind.hpp"
#include "rpc/block_source.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/hex_values.hpp"
#include "rpc/state_proof.hpp"

namespace cairn::rpc {
namespace {

using OptionalBlock = std::optional<BlockSelector>;

/// Runs `read` on the state after the block, by default the head's.
template <class Read>
Reply with_state(EthContext& context, Call& call, OptionalBlock block, Read read) {
    const auto at = StateAt::shared(
        context, call, std::move(block).value_or(BlockSelector{chain::BlockTag::Latest}));
    if (!at) return Unexpected{at.error()};
    return read(**at);
}

Reply get_balance(EthContext& context, Call& call, JsonWriter& out, Address address,
                  OptionalBlock block) {
    return with_state(context, call, std::move(block), [&](const StateAt& at) -> Reply {
        const auto account = at.state().account(address);
        out.quantity(account ? account->balance : Wei{});
        return {};
    });
}

Reply get_nonce(EthContext& context, Call& call, JsonWriter& out, Address address,
                OptionalBlock block) {
    // What is pending counts the pool's executable transactions, which may be more than the next
    // block holds.
    if (block && std::holds_alternative<PendingTag>(*block) && context.pool != nullptr) {
        if (const auto next = context.pool->next_nonce(address)) {
            out.quantity(*next);
            return {};
        }
    }
    return with_state(context, call, std::move(block), [&](const StateAt& at) -> Reply {
        const auto account = at.state().account(address);
        out.quantity(account ? account->nonce : 0);
        return {};
    });
}

Reply get_code(EthContext& context, Call& call, JsonWriter& out, Address address,
               OptionalBlock block) {
    return with_state(context, call, std::move(block), [&](const StateAt& at) -> Reply {
        const auto account = at.state().account(address);
        if (!account || account->code_hash == kEmptyCodeHash) {
            out.data({});
        } else {
            out.data(*at.state().code(account->code_hash));
        }
        return {};
    });
}

Reply get_storage_at(EthContext& context, Call& call, JsonWriter& out, Address address, std::string key,
                     OptionalBlock block) {
    const auto slot = decode_storage_key(key);
    if (!slot) return invalid_params(slot.error());
    return with_state(context, call, std::move(block), [&](const StateAt& at) -> Reply {
        out.word(at.state().storage(address, slot->slot));
        return {};
    });
}

/// Slots of one eth_getStorageValues, over all accounts.
constexpr std::size_t kStorageValuesMax = 1024;

Reply get_storage_values(EthContext& context, Call& call, JsonWriter& out, AnyJson requests,
                         OptionalBlock block) {
    if (!requests.value->is_object())
        return invalid_params("invalid argument 0: json: cannot unmarshal " +
                              std::string{requests.value->type_name()} +
                              " into Go value of type map[common.Address][]common.Hash");
    std::vector<std::pair<Address, std::vector<Hash256>>> wanted;
    std::size_t total = 0;
    for (const auto& [name, keys] : requests.value->items()) {
        const auto address = ParamCodec<Address>::decode(nlohmann::json(name));
        if (!address) return invalid_params("invalid argument 0: " + address.error());
        if (!keys.is_array())
            return invalid_params("invalid argument 0: the slots of " + name + " are no array");
        std::vector<Hash256> slots;
        for (const auto& key : keys) {
            const auto slot = ParamCodec<Hash256>::decode(key);
            if (!slot) return invalid_params("invalid argument 0: " + slot.error());
            slots.push_back(*slot);
        }
        total += slots.size();
        wanted.emplace_back(*address, std::move(slots));
    }
    if (total == 0) return invalid_params("empty request");
    if (total > kStorageValuesMax)
        return invalid_params("too many slots (max " + std::to_string(kStorageValuesMax) + ")");
    return with_state(context, call, std::move(block), [&](const StateAt& at) -> Reply {
        out.begin_object();
        for (const auto& [address, slots] : wanted) {
            std::string name = "0x";
            append_hex(name, address);
            out.key(name).begin_array();
            for (const auto& slot : slots) out.word(at.state().storage(address, from_be(slot)));
            out.end_array();
        }
        out.end_object();
        return {};
    });
}

Reply get_proof(EthContext& context, Call&, JsonWriter& out, Address address,
                std::vector<std::string> keys, OptionalBlock block) {
    std::vector<StorageKey> slots;
    for (const auto& key : keys) {
        const auto slot = decode_storage_key(key);
        if (!slot) return invalid_params(slot.error());
        slots.push_back(*slot);
    }
    return write_proof(context, out, address, slots,
                       std::move(block).value_or(BlockSelector{chain::BlockTag::Latest}));
}

}  // namespace

std::vector<Method> eth_state_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(
        method(context, {"eth_getBalance", "An account's balance in wei.", "quantity", Cost::Light},
               {"address", "block"}, get_balance));
    rows.push_back(
        method(context, {"eth_getTransactionCount", "An account's nonce.", "quantity", Cost::Light},
               {"address", "block"}, get_nonce));
    rows.push_back(method(context, {"eth_getCode", "An account's code.", "data", Cost::Light},
                          {"address", "block"}, get_code));
    rows.push_back(method(
        context, {"eth_getStorageAt", "A word of an account's storage.", "data", Cost::Light},
        {"address", "slot", "block"}, get_storage_at));
    rows.push_back(method(context,
                          {"eth_getStorageValues", "Words of several accounts' storage.", "object"},
                          {"requests", "block"}, get_storage_values));
    rows.push_back(method(
        context,
        {"eth_getProof", "An account and slots of it with Merkle proofs (EIP-1186).", "object"},
        {"address", "slots", "block"}, get_proof));
    return rows;
}

}  // namespace cairn::rpc
