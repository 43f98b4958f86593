// SPDX-License-Identifier: MIT
#include "chain/spec/rule_table.hpp"

#include <array>
#include <cstddef>

namespace cairn::chain {
namespace {

using Table = std::array<RuleSet, kRevisionCount>;

constexpr std::size_t at(Revision revision) noexcept {
    return static_cast<std::size_t>(revision);
}
constexpr std::size_t at(TxType type) noexcept {
    return static_cast<std::size_t>(type);
}

// Each row is the row before with what the fork changed; read it as the list of forks.
constexpr Table make_table() noexcept {
    Table t{};
    const auto next = [&t](Revision revision) -> RuleSet& {
        RuleSet& row = t[at(revision)];
        row = t[at(revision) - 1];
        row.revision = revision;
        return row;
    };

    t[at(Revision::Frontier)].tx_types[at(TxType::Legacy)] = true;
    // EIP-3607 closes a gap that no account on any chain has used, so it holds from the first block
    // on.
    t[at(Revision::Frontier)].rejects_senders_with_code = true;

    RuleSet& homestead = next(Revision::Homestead);
    homestead.requires_low_s = true;                        // EIP-2
    homestead.tx_creation_gas = 32000;                      // EIP-2
    homestead.difficulty_rule = DifficultyRule::Homestead;  // EIP-2

    next(Revision::Tangerine);  // EIP-150 is all in the machine

    RuleSet& spurious = next(Revision::Spurious);
    spurious.has_replay_protection = true;  // EIP-155
    spurious.clears_empty_accounts = true;  // EIP-161
    spurious.created_account_nonce = 1;     // EIP-161
    spurious.code_size_max = 0x6000;        // EIP-170

    RuleSet& byzantium = next(Revision::Byzantium);
    byzantium.receipt_has_state_root = false;               // EIP-658
    byzantium.difficulty_rule = DifficultyRule::Byzantium;  // EIP-100
    byzantium.bomb_delay = 3'000'000;                       // EIP-649
    byzantium.block_reward = 3'000'000'000'000'000'000ULL;  // EIP-649

    RuleSet& constantinople = next(Revision::Constantinople);
    constantinople.bomb_delay = 5'000'000;                       // EIP-1234
    constantinople.block_reward = 2'000'000'000'000'000'000ULL;  // EIP-1234

    next(Revision::Petersburg);

    RuleSet& istanbul = next(Revision::Istanbul);
    istanbul.tx_data_nonzero_gas = 16;  // EIP-2028

    RuleSet& berlin = next(Revision::Berlin);
    berlin.bomb_delay = 9'000'000;  // EIP-2384, Muir Glacier, a fork of its own before
    berlin.tx_types[at(TxType::AccessList)] = true;  // EIP-2930
    berlin.has_access_lists = true;                  // EIP-2929
    berlin.access_list_address_gas = 2400;           // EIP-2930
    berlin.access_list_storage_key_gas = 1900;       // EIP-2930

    RuleSet& london = next(Revision::London);
    london.tx_types[at(TxType::DynamicFee)] = true;  // EIP-1559
    london.has_base_fee = true;                      // EIP-1559
    london.refund_quotient = 5;                      // EIP-3529
    london.bomb_delay = 9'700'000;                   // EIP-3554

    RuleSet& paris = next(Revision::Paris);  // EIP-3675
    paris.difficulty_rule = DifficultyRule::Zero;
    paris.difficulty_min = {};
    paris.has_difficulty_bomb = false;
    paris.bomb_delay = 0;
    paris.block_reward = 0;
    paris.ommers_max = 0;
    paris.has_prev_randao = true;  // EIP-4399

    RuleSet& shanghai = next(Revision::Shanghai);
    shanghai.has_warm_coinbase = true;        // EIP-3651
    shanghai.initcode_size_max = 2 * 0x6000;  // EIP-3860
    shanghai.initcode_word_gas = 2;           // EIP-3860
    shanghai.has_withdrawals = true;          // EIP-4895

    RuleSet& cancun = next(Revision::Cancun);
    cancun.tx_types[at(TxType::Blob)] = true;  // EIP-4844
    cancun.has_blobs = true;
    cancun.blobs = {.target = 3, .max = 6, .max_per_tx = 6, .base_fee_update_fraction = 3338477};
    cancun.has_beacon_root = true;           // EIP-4788
    cancun.self_destruct_spares_old = true;  // EIP-6780

    RuleSet& prague = next(Revision::Prague);
    prague.tx_types[at(TxType::SetCode)] = true;  // EIP-7702
    prague.authorization_gas = 25000;
    prague.authorization_refund = 25000 - 12500;
    prague.floor_gas_per_token = 10;  // EIP-7623
    prague.blobs = {.target = 6,
                    .max = 9,
                    .max_per_tx = 9,  // EIP-7691
                    .base_fee_update_fraction = 5007716};
    prague.has_block_hash_history = true;  // EIP-2935
    prague.has_requests = true;            // EIP-7685, 6110, 7002, 7251

    RuleSet& osaka = next(Revision::Osaka);
    osaka.tx_gas_limit_max = 1ULL << 24;   // EIP-7825
    osaka.block_size_max = 8'388'608;      // EIP-7934: 10 MiB less 2 MiB for the beacon block
    osaka.blobs.max_per_tx = 6;            // EIP-7594
    osaka.blobs.has_reserve_price = true;  // EIP-7918
    return t;
}

constexpr Table kTable = make_table();

constexpr RuleSet make_cairn_testnet() noexcept {
    const RuleSet& london = kTable[at(Revision::London)];
    RuleSet r = kTable[at(Revision::Osaka)];
    // Blocks are proof of work's, as the London header carries them.
    r.difficulty_rule = DifficultyRule::Asert;
    r.difficulty_min = london.difficulty_min;
    r.asert_ideal_block_time = 10;
    r.asert_half_life = 3600;
    r.block_reward = 2'000'000'000'000'000'000ULL;
    r.ommers_max = london.ommers_max;
    r.has_prev_randao = false;
    // What belongs to a beacon chain is not there: EIP-4788, 4844, 4895, 6110, 7002, 7251, 7918.
    r.tx_types[at(TxType::Blob)] = false;
    r.has_blobs = false;
    r.blobs = {};
    r.has_beacon_root = false;
    r.has_withdrawals = false;
    r.has_requests = false;
    return r;
}

constexpr RuleSet kCairnTestnet = make_cairn_testnet();

constexpr RuleSet make_cairn_dev() noexcept {
    RuleSet r = kCairnTestnet;
    r.difficulty_rule = DifficultyRule::Constant;
    r.difficulty_min = {Uint256{1}};
    r.asert_ideal_block_time = 0;
    r.asert_half_life = 0;
    return r;
}

constexpr RuleSet kCairnDev = make_cairn_dev();

// Properties that a wrong edit of a row would break.
constexpr bool revisions_are_in_place() noexcept {
    for (std::size_t i = 0; i < kRevisionCount; ++i)
        if (at(kTable[i].revision) != i) return false;
    return true;
}
constexpr bool tx_types_only_grow() noexcept {
    for (std::size_t i = 1; i < kRevisionCount; ++i)
        for (std::size_t type = 0; type < kTxTypeCount; ++type)
            if (kTable[i - 1].tx_types[type] && !kTable[i].tx_types[type]) return false;
    return true;
}
constexpr bool blobs_are_consistent(const RuleSet& r) noexcept {
    const bool has_schedule = r.blobs.base_fee_update_fraction != 0 && 0 < r.blobs.target &&
                              r.blobs.target < r.blobs.max && r.blobs.max_per_tx <= r.blobs.max;
    return r.has_blobs ? has_schedule : r.blobs.max == 0 && !r.allows(TxType::Blob);
}
static_assert(revisions_are_in_place());
static_assert(tx_types_only_grow());
static_assert(kTable[at(Revision::Istanbul)].tx_types ==
              std::array{true, false, false, false, false});
static_assert(kTable[at(Revision::London)].tx_types == std::array{true, true, true, false, false});
static_assert(kTable[at(Revision::Osaka)].tx_types == std::array{true, true, true, true, true});
static_assert(kCairnTestnet.tx_types == std::array{true, true, true, false, true});
static_assert(kTable[at(Revision::Petersburg)].bomb_delay == 5'000'000);
static_assert(blobs_are_consistent(kTable[at(Revision::Shanghai)]));
static_assert(blobs_are_consistent(kTable[at(Revision::Cancun)]));
static_assert(blobs_are_consistent(kTable[at(Revision::Osaka)]) && blobs_are_consistent(kCairnDev));

}  // namespace

const RuleSet& rules_of(Revision revision) noexcept {
    return kTable[at(revision)];
}
const RuleSet& cairn_testnet_rules() noexcept {
    return kCairnTestnet;
}
const RuleSet& cairn_dev_rules() noexcept {
    return kCairnDev;
}

}  // namespace cairn::chain
