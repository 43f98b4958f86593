// SPDX-License-Identifier: MIT
#include "rpc/call_args.hpp"

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "rpc/json_writer.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;
using Slots = std::vector<std::pair<Uint256, Uint256>>;

constexpr std::string_view kArgs = "TransactionArgs";

/// Reads members one after the other and keeps the first fault.
class Members {
public:
    Members(const Json& object, std::string_view go_struct)
        : object_{object}, go_struct_{go_struct} {
        if (!object.is_object())
            fault_ = "json: cannot unmarshal " + std::string{object.type_name()} +
                     " into Go value of type ethapi." + std::string{go_struct};
    }

    template <class T>
    void take(const char* name, std::optional<T>& out) {
        if (fault_) return;
        auto value = decode_member<T>(object_, name, go_struct_);
        if (value) {
            out = std::move(*value);
        } else {
            fault_ = value.error();
        }
    }
    /// A member that is a list; `decode` makes one item of one element.
    template <class T, class Decode>
    void take_list(const char* name, std::optional<std::vector<T>>& out, Decode decode) {
        if (fault_) return;
        const auto* list = find_member(object_, name);
        if (list == nullptr) return;
        if (!list->is_array()) {
            fault_ = "json: cannot unmarshal " + std::string{list->type_name()} +
                     " into Go struct field " + std::string{go_struct_} + "." + name +
                     " of type []";
            return;
        }
        out.emplace();
        for (const auto& each : *list) {
            auto value = decode(each);
            if (!value) {
                fault_ = value.error();
                return;
            }
            out->push_back(std::move(*value));
        }
    }
    void fail(std::string fault) {
        if (!fault_) fault_ = std::move(fault);
    }
    [[nodiscard]] const std::optional<std::string>& fault() const noexcept { return fault_; }
    [[nodiscard]] const Json* find(const char* name) const {
        return fault_ ? nullptr : find_member(object_, name);
    }

private:
    const Json& object_;
    std::string_view go_struct_;
    std::optional<std::string> fault_;
};

Decoded<AccessListEntry> decode_access_entry(const Json& in) {
    Members members{in, "AccessTuple"};
    std::optional<Address> address;
    std::optional<std::vector<Hash256>> keys;
    members.take("address", address);
    members.take_list("storageKeys", keys, ParamCodec<Hash256>::decode);
    if (members.fault()) return Unexpected{*members.fault()};
    if (!address)
        return Unexpected{std::string{"missing required field 'address' for AccessTuple"}};
    return AccessListEntry{*address, keys.value_or(std::vector<Hash256>{})};
}

Decoded<Authorization> decode_authorization(const Json& in) {
    Members members{in, "SetCodeAuthorization"};
    std::optional<Uint256> chain_id;
    std::optional<Address> address;
    std::optional<std::uint64_t> nonce;
    std::optional<std::uint64_t> parity;
    std::optional<Uint256> r;
    std::optional<Uint256> s;
    members.take("chainId", chain_id);
    members.take("address", address);
    members.take("nonce", nonce);
    members.take("yParity", parity);
    members.take("r", r);
    members.take("s", s);
    if (members.fault()) return Unexpected{*members.fault()};
    if (!chain_id || !address || !nonce || !parity || !r || !s)
        return Unexpected{std::string{"missing required field for SetCodeAuthorization"}};
    if (*parity > 255) return Unexpected{std::string{"yParity is above 255"}};
    return Authorization{*chain_id, *address, *nonce, static_cast<std::uint8_t>(*parity), *r, *s};
}

Decoded<Withdrawal> decode_withdrawal_json(const Json& in) {
    Members members{in, "Withdrawal"};
    std::optional<std::uint64_t> index;
    std::optional<std::uint64_t> validator;
    std::optional<Address> address;
    std::optional<std::uint64_t> amount;
    members.take("index", index);
    members.take("validatorIndex", validator);
    members.take("address", address);
    members.take("amount", amount);
    if (members.fault()) return Unexpected{*members.fault()};
    return Withdrawal{index.value_or(0), validator.value_or(0), address.value_or(Address{}),
                      amount.value_or(0)};
}

/// An object whose keys are slots and whose values are words.
Decoded<Slots> decode_slots(const Json& in) {
    if (!in.is_object()) return Unexpected{std::string{"storage override must be an object"}};
    Slots out;
    for (const auto& [key, value] : in.items()) {
        const auto slot = ParamCodec<Hash256>::decode(Json(key));
        if (!slot) return Unexpected{slot.error()};
        const auto word = ParamCodec<Hash256>::decode(value);
        if (!word) return Unexpected{word.error()};
        out.emplace_back(from_be(*slot), from_be(*word));
    }
    return out;
}

Decoded<AccountOverride> decode_account_override(const Json& in) {
    AccountOverride out;
    Members members{in, "OverrideAccount"};
    members.take("balance", out.balance);
    members.take("nonce", out.nonce);
    members.take("code", out.code);
    members.take("movePrecompileToAddress", out.move_precompile_to);
    const auto take_slots = [&](const char* name, std::optional<Slots>& slots) {
        const auto* member = members.find(name);
        if (member == nullptr) return;
        auto decoded = decode_slots(*member);
        if (decoded) {
            slots = std::move(*decoded);
        } else {
            members.fail(decoded.error());
        }
    };
    take_slots("state", out.state);
    take_slots("stateDiff", out.state_diff);
    if (members.fault()) return Unexpected{*members.fault()};
    return out;
}

}  // namespace

Decoded<CallArgs> ParamCodec<CallArgs>::decode(const Json& in) {
    CallArgs out;
    Members members{in, kArgs};
    members.take("from", out.from);
    members.take("to", out.to);
    members.take("gas", out.gas);
    members.take("gasPrice", out.gas_price);
    members.take("maxFeePerGas", out.max_fee_per_gas);
    members.take("maxPriorityFeePerGas", out.max_priority_fee_per_gas);
    members.take("value", out.value);
    members.take("nonce", out.nonce);
    std::optional<Bytes> data;
    members.take("data", data);
    members.take("input", out.input);
    members.take_list("accessList", out.access_list, decode_access_entry);
    members.take("chainId", out.chain_id);
    members.take("maxFeePerBlobGas", out.max_fee_per_blob_gas);
    members.take_list("blobVersionedHashes", out.blob_hashes, ParamCodec<Hash256>::decode);
    members.take_list("authorizationList", out.authorization_list, decode_authorization);
    if (members.fault()) return Unexpected{*members.fault()};
    if (data && out.input && *data != *out.input)
        return Unexpected{std::string{
            R"(both "data" and "input" are set and not equal. Please use "input" to pass transaction call data)"}};
    if (data) out.input = std::move(data);
    return out;
}

std::string ParamCodec<CallArgs>::schema() {
    return R"({"title":"transaction object","type":"object","properties":{"from":{"type":"string"},)"
           R"("to":{"type":"string"},"gas":{"type":"string"},"gasPrice":{"type":"string"},)"
           R"("maxFeePerGas":{"type":"string"},"maxPriorityFeePerGas":{"type":"string"},"value":{"type":"string"},)"
           R"("nonce":{"type":"string"},"input":{"type":"string"},"data":{"type":"string"},)"
           R"("accessList":{"type":"array"},"chainId":{"type":"string"},"maxFeePerBlobGas":{"type":"string"},)"
           R"("blobVersionedHashes":{"type":"array"},"authorizationList":{"type":"array"}}})";
}

TxType CallArgs::type() const noexcept {
    if (authorization_list) return TxType::SetCode;
    if (blob_hashes) return TxType::Blob;
    if (max_fee_per_gas || max_priority_fee_per_gas) return TxType::DynamicFee;
    if (access_list) return TxType::AccessList;
    return TxType::Legacy;
}

Transaction CallArgs::to_tx(Gas gas_limit) const {
    Transaction tx;
    tx.type = type();
    if (chain_id && chain_id->fits_u64()) tx.chain_id = chain_id->low64();
    tx.nonce = nonce.value_or(0);
    if (gas_price) {
        tx.max_fee_per_gas = *gas_price;
        tx.max_priority_fee_per_gas = *gas_price;
    } else {
        tx.max_fee_per_gas = max_fee_per_gas.value_or(Wei{});
        tx.max_priority_fee_per_gas = max_priority_fee_per_gas.value_or(Wei{});
    }
    tx.gas_limit = gas_limit;
    tx.to = to;
    tx.value = value.value_or(Wei{});
    tx.data = input.value_or(Bytes{});
    tx.access_list = access_list.value_or(AccessList{});
    tx.max_fee_per_blob_gas = max_fee_per_blob_gas.value_or(Wei{});
    tx.blob_hashes = blob_hashes.value_or(std::vector<Hash256>{});
    tx.authorization_list = authorization_list.value_or(std::vector<Authorization>{});
    return tx;
}

Reply CallArgs::check(std::uint64_t own_chain_id) const {
    if (gas_price && (max_fee_per_gas || max_priority_fee_per_gas))
        return server_error("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
    if (chain_id && *chain_id != Uint256{own_chain_id})
        return server_error("chainId does not match node's (have=" + to_decimal(*chain_id) +
                            ", want=" + std::to_string(own_chain_id) + ")");
    return {};
}

Decoded<StateOverrides> ParamCodec<StateOverrides>::decode(const Json& in) {
    if (!in.is_object())
        return Unexpected{"json: cannot unmarshal " + std::string{in.type_name()} +
                          " into Go value of type override.StateOverride"};
    StateOverrides out;
    for (const auto& [key, value] : in.items()) {
        const auto address = ParamCodec<Address>::decode(Json(key));
        if (!address) return Unexpected{address.error()};
        auto account = decode_account_override(value);
        if (!account) return Unexpected{account.error()};
        out.accounts.emplace(*address, std::move(*account));
    }
    return out;
}
std::string ParamCodec<StateOverrides>::schema() {
    return R"({"title":"state overrides","type":"object"})";
}

Reply StateOverrides::apply(OverlayState& state, PrecompileMoves& moves, Revision revision) const {
    constexpr int kMoveToItself = -38022;
    constexpr int kMoveToSame = -38023;
    for (const auto& [address, account] : accounts) {
        const auto name = checksummed(address);
        if (moves.moved.contains(address))
            return Unexpected{RpcError{
                kMoveToSame, "account " + name + " has already been overridden by a precompile"}};
        const bool is_precompile = find_moved_precompile(revision, address) != nullptr;
        if (account.move_precompile_to) {
            const auto& target = *account.move_precompile_to;
            if (!is_precompile) return server_error("account " + name + " is not a precompile");
            if (target == address)
                return Unexpected{RpcError{
                    kMoveToItself, "MovePrecompileToAddress referenced itself in replacement"}};
            if (accounts.contains(target))
                return Unexpected{RpcError{
                    kMoveToSame, "account " + checksummed(target) + " is already overridden"}};
            // Of two that are moved to one place the later stands there, as in geth.
            moves.moved[target] = address;
        }
        if (is_precompile) moves.removed.insert(address);
        if (account.state && account.state_diff)
            return invalid_params("account " + name + " has both 'state' and 'stateDiff'");
        if (account.nonce) state.set_nonce(address, *account.nonce);
        if (account.code) state.set_code(address, *account.code);
        if (account.balance) state.set_balance(address, *account.balance);
        if (account.state) state.clear_storage(address);
        const auto& slots = account.state ? account.state : account.state_diff;
        if (!slots) continue;
        for (const auto& [key, value] : *slots) state.set_storage(address, key, value);
    }
    return {};
}

Decoded<std::vector<Withdrawal>> ParamCodec<std::vector<Withdrawal>>::decode(const Json& in) {
    if (!in.is_array())
        return Unexpected{"json: cannot unmarshal " + std::string{in.type_name()} +
                          " into Go value of type []*types.Withdrawal"};
    std::vector<Withdrawal> out;
    for (const auto& each : in) {
        auto withdrawal = decode_withdrawal_json(each);
        if (!withdrawal) return Unexpected{withdrawal.error()};
        out.push_back(*withdrawal);
    }
    return out;
}
std::string ParamCodec<std::vector<Withdrawal>>::schema() {
    return R"({"type":"array","items":{"type":"object"}})";
}

Decoded<BlockOverrides> ParamCodec<BlockOverrides>::decode(const Json& in) {
    BlockOverrides out;
    Members members{in, "BlockOverrides"};
    members.take("number", out.number);
    members.take("difficulty", out.difficulty);
    members.take("time", out.time);
    members.take("gasLimit", out.gas_limit);
    members.take("feeRecipient", out.fee_recipient);
    members.take("prevRandao", out.prev_randao);
    members.take("baseFeePerGas", out.base_fee);
    members.take("blobBaseFee", out.blob_base_fee);
    members.take("beaconRoot", out.parent_beacon_root);
    members.take("withdrawals", out.withdrawals);
    // The names that other clients and older tools use.
    if (!out.time) members.take("timestamp", out.time);
    if (!out.fee_recipient) members.take("coinbase", out.fee_recipient);
    if (members.fault()) return Unexpected{*members.fault()};
    return out;
}
std::string ParamCodec<BlockOverrides>::schema() {
    return R"({"title":"block overrides","type":"object","properties":{"number":{"type":"string"},)"
           R"("time":{"type":"string"},"gasLimit":{"type":"string"},"feeRecipient":{"type":"string"},)"
           R"("prevRandao":{"type":"string"},"difficulty":{"type":"string"},"baseFeePerGas":{"type":"string"},)"
           R"("blobBaseFee":{"type":"string"}}})";
}

void BlockOverrides::apply(chain::BlockEnv& env) const {
    if (number) env.number = *number;
    if (time) env.timestamp = *time;
    if (gas_limit) env.gas_limit = *gas_limit;
    if (fee_recipient) env.coinbase = *fee_recipient;
    if (difficulty) env.prev_randao = *difficulty;
    if (prev_randao) env.prev_randao = from_be(*prev_randao);
    if (base_fee) env.base_fee = *base_fee;
    if (blob_base_fee) env.blob_base_fee = *blob_base_fee;
}

}  // namespace cairn::rpc
