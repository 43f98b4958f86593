// SPDX-License-Identifier: MIT
#include "wallet/commands/transaction.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"
#include "core/math/checked.hpp"
#include "wallet/address.hpp"
#include "wallet/amount.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/terminal.hpp"
#include "wallet/json_text.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

/// Between two looks at the head while waiting for a block.
constexpr std::chrono::milliseconds kPollInterval{250};

/// Gas of the cheapest transaction, a transfer without data (Yellow Paper, appendix G).
constexpr std::uint64_t kTransferGas = 21000;

/// The most that a transaction can take from its sender.
Wei cost_of(const Transaction& tx) {
    const auto gas = checked_mul(Uint256{tx.gas_limit}, tx.max_fee_per_gas);
    const auto sum = gas ? checked_add(*gas, tx.value) : std::nullopt;
    if (!sum) throw Failure{ExitCode::BadRequest, "value and fees exceed 2^256 wei"};
    return *sum;
}

/// The fee cap leaves room for base fees that double, which takes six full blocks (EIP-1559).
void set_fees(Transaction& tx, NodeClient& node, const TxOptions& choices) {
    const auto quote = node.fees();
    tx.max_priority_fee_per_gas =
        choices.tip.empty() ? quote.tip : amount_argument(choices.tip, "--tip");
    if (quote.base_fee) {
        tx.type = TxType::DynamicFee;
        tx.max_fee_per_gas = *quote.base_fee * Uint256{2} + tx.max_priority_fee_per_gas;
    } else {
        tx.type = TxType::Legacy;
        tx.max_fee_per_gas = tx.max_priority_fee_per_gas;
    }
    if (!choices.max_fee.empty()) {
        tx.max_fee_per_gas = amount_argument(choices.max_fee, "--max-fee");
        // A cap below the suggested tip is meant as a cap; one below a given tip is a mistake.
        if (choices.tip.empty() || tx.type == TxType::Legacy)
            tx.max_priority_fee_per_gas =
                tx.type == TxType::Legacy
                    ? tx.max_fee_per_gas
                    : std::min(tx.max_priority_fee_per_gas, tx.max_fee_per_gas);
    }
    if (tx.max_priority_fee_per_gas > tx.max_fee_per_gas)
        throw Failure{ExitCode::BadRequest, "--tip is above --max-fee",
                      "the fee cap includes the tip"};
}

Json call_object(const Transaction& tx, const Address& from) {
    Json out{{"from", to_hex0x(from)}, {"value", to_quantity(tx.value)}};
    if (tx.to) out["to"] = to_hex0x(*tx.to);
    if (!tx.data.empty()) out["input"] = to_hex0x(tx.data);
    return out;
}

/// What a contract needs may grow until the block comes: a fifth more than estimated. A plain
/// transfer needs what it needs.
std::uint64_t estimated_limit(NodeClient& node, const Transaction& tx, const Address& from,
                              const Abi& abi) {
    const auto gas = node.estimate_gas(call_object(tx, from), abi);
    return tx.data.empty() ? gas : gas + gas / 5;
}

void check_funds(const Wei& balance, const Transaction& tx, const Address& from) {
    const auto needed = cost_of(tx);
    if (balance >= needed) return;
    throw Failure{
        ExitCode::InsufficientFunds,
        fmt::format("{} has {}, and this may take {}", to_checksum(from), format_amount(balance),
                    format_amount(needed)),
        fmt::format("fund it with {} more, or send less", format_amount(needed - balance))};
}

std::string preview(const TxRequest& request, const Transaction& tx, const Address& from) {
    const auto fee = Uint256{tx.gas_limit} * tx.max_fee_per_gas;
    return fmt::format(
        "{}\n"
        "  from     {}\n"
        "  chain    {}, nonce {}\n"
        "  value    {}\n"
        "  fee      at most {} ({} gas at {} each)\n"
        "  in all   at most {}\n"
        "Sign and send it?",
        request.summary, to_checksum(from), *tx.chain_id, tx.nonce, format_amount(tx.value),
        format_amount(fee), tx.gas_limit, format_amount(tx.max_fee_per_gas),
        format_amount(cost_of(tx)));
}

std::uint64_t number_of(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() ? quantity_of(*at, name).saturate_u64() : 0;
}

/// Waits until the transaction is `confirmations` blocks deep. A reorganisation may take its block
/// back, so the receipt is asked for anew each time.
Json wait_for_receipt(NodeClient& node, const TxHash& hash, const TxOptions& choices) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds{choices.timeout_seconds};
    for (;;) {
        auto receipt = node.receipt(hash);
        if (receipt.is_object()) {
            const auto mined = number_of(receipt, "blockNumber");
            if (choices.confirmations <= 1 ||
                node.block_number() + 1 >= mined + choices.confirmations)
                return receipt;
        }
        if (std::chrono::steady_clock::now() >= deadline)
            throw Failure{
                ExitCode::TimedOut,
                fmt::format("{} was handed over but is not {} deep after {} s", to_hex0x(hash),
                            choices.confirmations, choices.timeout_seconds),
                "it may still be mined: do not send it again with another nonce; is "
                "anybody mining?"};
        std::this_thread::sleep_for(kPollInterval);
    }
}

Json receipt_of(const SentTx& sent) {
    return parse_json(sent.receipt_json).value_or(Json{});
}

}  // namespace

SentTx send_transaction(const GlobalOptions& options, NodeClient& node, const Account& account,
                        const TxRequest& request, const TxOptions& choices) {
    Transaction tx;
    tx.chain_id = node.chain_id();
    if (account.is_development() && *tx.chain_id != kDevChainId)
        throw Failure{ExitCode::WrongNetwork,
                      fmt::format("the node is on chain {}, and everybody knows the key of a "
                                  "development account",
                                  *tx.chain_id),
                      "--dev signs on chain 1337 only; make an account with `cairn-wallet new`"};
    const auto& from = account.address();
    tx.to = request.to;
    tx.value = request.value;
    tx.data = request.data;
    tx.nonce = choices.nonce ? *choices.nonce : node.nonce(from);
    set_fees(tx, node, choices);
    // A node does not estimate what cannot be paid: that much is known before it is asked.
    const auto balance = node.balance(from, "pending");
    tx.gas_limit = choices.gas_limit.value_or(kTransferGas);
    check_funds(balance, tx, from);
    if (!choices.gas_limit) {
        tx.gas_limit = estimated_limit(node, tx, from, request.abi);
        check_funds(balance, tx, from);
    }
    if (!options.yes && !ask_yes(preview(request, tx, from)))
        throw Failure{ExitCode::Declined, "declined; nothing was sent"};

    const auto signed_tx = account.unlock().sign_transaction(tx);
    SentTx out;
    out.hash = node.send_raw(signed_tx.bytes());
    out.nonce = tx.nonce;
    out.from = from;
    if (tx.is_creation()) out.created = creation_address(from, tx.nonce);
    if (!choices.wait && choices.confirmations <= 1) return out;

    const auto receipt = wait_for_receipt(node, out.hash, choices);
    out.receipt_json = to_json_text(receipt);
    if (receipt.contains("status") && number_of(receipt, "status") == 0) {
        const bool took_all_gas = number_of(receipt, "gasUsed") == tx.gas_limit;
        throw Failure{ExitCode::Reverted,
                      fmt::format("{} is in block {} and failed there{}; its fee is paid",
                                  to_hex0x(out.hash), number_of(receipt, "blockNumber"),
                                  took_all_gas ? ", with all of its gas used" : ""),
                      took_all_gas ? "give a higher --gas-limit"
                                   : "the same call with `cairn-wallet call` tells the reason"};
    }
    return out;
}

Json to_json(const SentTx& sent) {
    Json out{{"hash", to_hex0x(sent.hash)},
             {"from", to_checksum(sent.from)},
             {"nonce", sent.nonce},
             {"receipt", receipt_of(sent)}};
    if (sent.created) out["contract"] = to_checksum(*sent.created);
    return out;
}

std::string to_text(const SentTx& sent) {
    std::string out = fmt::format("transaction {}\n", to_hex0x(sent.hash));
    if (sent.created) out += fmt::format("contract    {}\n", to_checksum(*sent.created));
    const auto receipt = receipt_of(sent);
    if (!receipt.is_object()) return out + "handed over; --wait waits for its block\n";
    return out + fmt::format("in block    {}, {} gas used\n", number_of(receipt, "blockNumber"),
                             number_of(receipt, "gasUsed"));
}

Address creation_address(const Address& sender, std::uint64_t nonce) {
    Bytes payload = rlp_encode(sender.view());
    append(payload, rlp_encode(nonce));
    return Address::from(keccak256(rlp_encode_list(payload)).view().last(Address::kSize));
}

}  // namespace cairn::wallet
