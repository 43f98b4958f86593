// SPDX-License-Identifier: MIT
// The errors that client libraries know by their words: each provoked as a client would, and held
// against geth's text.
#include <functional>

#include "chain/store/store_writer.hpp"
#include "tests/unit/rpc/pooled_fixture.hpp"

namespace cairn::rpc {
namespace {

using test::TestKey;

/// Contracts of the test's genesis.
constexpr Address kReverter{std::array<std::uint8_t, 20>{0xaa, 1}};  ///< Error("no")
constexpr Address kInvalid{std::array<std::uint8_t, 20>{0xaa, 2}};   ///< the opcode INVALID
constexpr Address kSpender{std::array<std::uint8_t, 20>{0xaa, 3}};   ///< writes a slot

/// Error("no"), as Solidity encodes a reason.
const std::string kReason = "08c379a0" + std::string(62, '0') + "20" + std::string(62, '0') + "02" +
                            "6e6f" + std::string(60, '0');

Bytes reverting_code() {
    // CODECOPY of what follows, 100 bytes, and REVERT with it.
    auto code = from_hex("6064600c60003960646000fd").value();
    append(code, from_hex(kReason).value());
    return code;
}

PooledPlan plan(Revision revision = Revision::Cancun, chain::PoolOptions pool = {}) {
    PooledPlan out{test::test_genesis(revision, 3), std::move(pool)};
    const auto add = [&](const Address& address, Bytes code) {
        chain::GenesisAccount account;
        account.address = address;
        account.code = std::move(code);
        out.genesis.accounts.push_back(std::move(account));
    };
    add(kReverter, reverting_code());
    add(kInvalid, {0xfe});
    add(kSpender, {0x60, 0x01, 0x60, 0x00, 0x55});
    return out;
}

Json call_of(const Address& to) {
    return {{"to", to_hex0x(to)}};
}

/// One line of the table.
struct Row {
    const char* name;
    int code;
    /// The whole message, or with `is_prefix` its beginning.
    std::string message;
    bool is_prefix = false;
    std::function<Json(PooledNode&)> provoke;
    PooledPlan node = plan();
};

Row sending(const char* name, std::string message, std::function<void(Transaction&)> change,
            PooledPlan node = plan()) {
    return {name, kServerError, std::move(message), false,
            [change = std::move(change)](PooledNode& at) {
                auto tx = transfer(1);
                change(tx);
                return at.send(sign(std::move(tx)));
            },
            std::move(node)};
}

Row asking(const char* name, int code, std::string message, std::string method, Json params) {
    return {name, code, std::move(message), false,
            [method = std::move(method), params = std::move(params)](PooledNode& at) {
                return at.ask(method, params);
            }};
}

Row beginning(Row row) {
    row.is_prefix = true;
    return row;
}

std::vector<Row> pool_rows() {
    std::vector<Row> rows;
    rows.push_back(sending("nonce_too_low", "nonce too low: next nonce 1, tx nonce 0",
                           [](Transaction& tx) { tx.nonce = 0; }));
    rows.push_back({"already_known", kServerError, "already known", false, [](PooledNode& at) {
                        (void)at.send(sign(transfer(1)));
                        return at.send(sign(transfer(1)));
                    }});
    rows.push_back({"already_known_in_the_queue", kServerError, "already known", false,
                    [](PooledNode& at) {
                        (void)at.send(sign(transfer(5)));
                        return at.send(sign(transfer(5)));
                    }});
    rows.push_back({"replacement", kServerError, "replacement transaction underpriced", false,
                    [](PooledNode& at) {
                        (void)at.send(sign(transfer(1)));
                        auto second = transfer(1);
                        second.max_fee_per_gas = Wei{4'399'999'999};
                        second.max_priority_fee_per_gas = Wei{1'100'000'000};
                        return at.send(sign(std::move(second)));
                    }});
    chain::PoolOptions without_locals;
    without_locals.no_locals = true;
    rows.push_back(sending("underpriced",
                           "transaction underpriced: gas tip cap 0, minimum needed 1",
                           [](Transaction& tx) { tx.max_priority_fee_per_gas = Wei{}; },
                           plan(Revision::Cancun, without_locals)));
    // 10^24 wei less what block 1 has cost is below what the transfer wants.
    rows.push_back(beginning(sending(
        "insufficient_funds", "insufficient funds for gas * price + value: balance 99999",
        [](Transaction& tx) { tx.value = Wei{1'000'000'000'000} * Wei{1'000'000'000'000}; })));
    rows.push_back(sending(
        "tip_above_cap", "max priority fee per gas higher than max fee per gas",
        [](Transaction& tx) { tx.max_priority_fee_per_gas = tx.max_fee_per_gas + Wei{1}; }));
    rows.push_back(sending("intrinsic_gas",
                           "intrinsic gas too low: gas 20999, minimum needed 21000",
                           [](Transaction& tx) { tx.gas_limit = 20999; }));
    rows.push_back(sending("block_gas_limit", "exceeds block gas limit",
                           [](Transaction& tx) { tx.gas_limit = 30'000'001; }));
    rows.push_back(beginning(sending("type_of_a_later_fork", "transaction type not supported",
                                     [](Transaction&) {}, plan(Revision::Berlin))));
    rows.push_back({"unprotected", kServerError,
                    "only replay-protected (EIP-155) transactions allowed over RPC", false,
                    [](PooledNode& at) {
                        return at.send(test::make_tx(TestKey{1}, 1, TestKey{9}.address, Wei{1}, {},
                                                     21000, 2'000'000'000, false));
                    }});
    return rows;
}

std::vector<Row> call_rows() {
    std::vector<Row> rows;
    const Json cheap{{"from", to_hex0x(TestKey{1}.address)},
                     {"to", to_hex0x(TestKey{9}.address)},
                     {"maxFeePerGas", "0x1"}};
    rows.push_back(beginning(asking("fee_cap_below_base_fee", kServerError,
                                    "err: max fee per gas less than block base fee: address 0x",
                                    "eth_call", {cheap, "latest"})));
    Json poor = call_of(TestKey{9}.address);
    poor["from"] = to_hex0x(TestKey{8}.address);
    poor["value"] = "0x1";
    rows.push_back(
        beginning(asking("call_without_funds", kServerError,
                         "err: insufficient funds for gas * price + value: address 0x", "eth_call",
                         {poor, "latest"})));
    rows.push_back(asking("revert_of_a_call", 3, "execution reverted: no", "eth_call",
                          {call_of(kReverter), "latest"}));
    rows.push_back(asking("revert_of_an_estimate", 3, "execution reverted: no", "eth_estimateGas",
                          Json::array({call_of(kReverter)})));
    auto starved = call_of(kSpender);
    starved["gas"] = "0x5300";
    rows.push_back(asking("gas_required", kServerError,
                          "gas required exceeds allowance (21248)", "eth_estimateGas",
                          Json::array({starved})));
    rows.push_back(asking("invalid_opcode", kServerError, "invalid opcode: INVALID", "eth_call",
                          {call_of(kInvalid), "latest"}));
    return rows;
}

std::vector<Row> request_rows() {
    std::vector<Row> rows;
    rows.push_back(asking("unknown_method", kMethodNotFound,
                          "the method eth_nothing does not exist/is not available", "eth_nothing",
                          Json::array()));
    rows.push_back(beginning(asking("bad_parameter", kInvalidParams, "invalid argument 0: ",
                                    "eth_getBalance", {"0x12", "latest"})));
    rows.push_back(asking("missing_parameter", kInvalidParams,
                          "missing value for required argument 0", "eth_getBalance",
                          Json::array()));
    rows.push_back(asking("filter_gone", kServerError, "filter not found", "eth_getFilterChanges",
                          Json::array({"0x1"})));
    rows.push_back(asking("unknown_block", kServerError, "header not found", "eth_getBalance",
                          {to_hex0x(TestKey{1}.address), "0x99"}));
    rows.push_back({"pruned", 4444, "pruned history unavailable", true, [](PooledNode& at) {
                        at.mine({});
                        chain::StoreWriter writer{at.store()};
                        (void)writer.prune_below(2);
                        writer.commit();
                        return at.ask("eth_getBalance", {to_hex0x(TestKey{1}.address), "0x0"});
                    }});
    return rows;
}

void expect_texts(std::vector<Row> rows) {
    for (auto& row : rows) {
        SCOPED_TRACE(row.name);
        PooledNode node{std::move(row.node)};
        const auto answer = row.provoke(node);
        ASSERT_TRUE(answer.contains("error")) << answer;
        const auto& error = answer.at("error");
        EXPECT_EQ(error.at("code"), row.code);
        const auto message = error.at("message").get<std::string>();
        EXPECT_EQ(row.is_prefix ? message.substr(0, row.message.size()) : message, row.message);
    }
}

TEST(ErrorTexts, of_sent_transactions) {
    expect_texts(pool_rows());
}

TEST(ErrorTexts, of_calls) {
    expect_texts(call_rows());
}

TEST(ErrorTexts, of_requests) {
    expect_texts(request_rows());
}

TEST(ErrorTexts, a_revert_carries_its_bytes) {
    PooledNode node{plan()};
    const auto answer = node.ask("eth_call", {call_of(kReverter), "latest"});
    EXPECT_EQ(answer.at("error").at("data"), "0x" + kReason);
}

}  // namespace
}  // namespace cairn::rpc
