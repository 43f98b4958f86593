// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/types/difficulty.hpp"
#include "core/types/revision.hpp"
#include "core/types/transaction.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// How a block's difficulty follows from its parent's.
enum class DifficultyRule : std::uint8_t {
    Frontier,   ///< Yellow Paper of 2015: a step up or down at 13 s
    Homestead,  ///< EIP-2: in proportion to the distance from 10 s
    Byzantium,  ///< EIP-100: takes the parent's ommers into account
    Zero,       ///< EIP-3675: no proof of work
    Asert,      ///< aserti3-2d on Ethereum's integer difficulty (Cairn's testnet)
    Constant,   ///< always `difficulty_min` (Cairn's dev)
};

/// Parameters of the blob market (EIP-4844, EIP-7840, EIP-7892). All zero where there are no blobs.
struct BlobSchedule {
    std::uint64_t target = 0;      ///< blobs per block that leave the price as it is
    std::uint64_t max = 0;         ///< blobs per block
    std::uint64_t max_per_tx = 0;  ///< blobs per transaction (EIP-7594 bounds it apart from `max`)
    std::uint64_t base_fee_update_fraction = 0;
    /// Whether the blob price is held near the price of execution (EIP-7918).
    bool has_reserve_price = false;

    friend bool operator==(const BlobSchedule&, const BlobSchedule&) noexcept = default;
};

/// Units of blob gas in one blob (EIP-4844, GAS_PER_BLOB).
inline constexpr Gas kGasPerBlob = 131072;

/// Stands for "no limit" in the limits below.
inline constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

/// Everything of the ledger rules that a fork changes, as plain data. Code asks the rules, never a
/// block number or a revision; what the opcodes change is in vm/gas_table.hpp. Rows:
/// chain/spec/rule_table.hpp.
struct RuleSet {
    /// Which machine runs the code: opcodes, their prices, precompiles.
    Revision revision = Revision::Frontier;

    // Transactions: validity.
    /// By TxType: which envelopes are taken (EIP-2718, 2930, 1559, 4844, 7702).
    std::array<bool, kTxTypeCount> tx_types{};
    bool requires_low_s = false;         ///< s at most half the group order (EIP-2)
    bool has_replay_protection = false;  ///< legacy v may carry the chain id (EIP-155)
    bool rejects_senders_with_code =
        false;  ///< EIP-3607; a delegation designator is no code here (EIP-7702)
    Gas tx_gas_limit_max = kUnlimited;  ///< EIP-7825: 2^24
    std::size_t initcode_size_max =
        kUnlimited;  ///< bytes, of a creation's data and of CREATE (EIP-3860)
    std::size_t code_size_max = kUnlimited;  ///< bytes of deployed code (EIP-170)

    // Transactions: price before the first instruction (Yellow Paper section 6.2).
    Gas tx_gas = 21000;
    Gas tx_creation_gas = 0;              ///< on top, 32000 from EIP-2 on
    Gas tx_data_zero_gas = 4;             ///< per zero byte of data
    Gas tx_data_nonzero_gas = 68;         ///< per other byte; 16 by EIP-2028
    Gas access_list_address_gas = 0;      ///< EIP-2930: 2400
    Gas access_list_storage_key_gas = 0;  ///< EIP-2930: 1900
    Gas initcode_word_gas = 0;            ///< per 32 bytes of a creation's data; EIP-3860: 2
    Gas authorization_gas = 0;            ///< per tuple; EIP-7702 PER_EMPTY_ACCOUNT_COST 25000
    /// Given back (as refund) for a tuple whose authority exists: EIP-7702's 25000 less
    /// PER_AUTH_BASE_COST 12500.
    Gas authorization_refund = 0;
    /// Least price of a token of data, a zero byte being one token and another four (EIP-7623: 10).
    /// 0: no floor.
    Gas floor_gas_per_token = 0;

    // Transactions: execution.
    std::uint64_t refund_quotient =
        2;                           ///< at most gas used divided by this is refunded; EIP-3529: 5
    bool has_access_lists = false;   ///< accounts and slots are cold until touched (EIP-2929)
    bool has_warm_coinbase = false;  ///< EIP-3651
    bool has_base_fee = false;       ///< EIP-1559: part of the price is burnt
    bool clears_empty_accounts = false;       ///< touched empty accounts vanish (EIP-161)
    std::uint64_t created_account_nonce = 0;  ///< nonce of a contract at its creation; EIP-161: 1
    bool self_destruct_spares_old =
        false;  ///< only accounts made in the same transaction vanish (EIP-6780)
    bool receipt_has_state_root =
        true;  ///< root after each transaction; a status byte from EIP-658 on

    // Blocks.
    Wei block_reward{5'000'000'000'000'000'000ULL};  ///< wei to the beneficiary (EIP-649,
                                                     ///< EIP-1234); 0 after the merge
    DifficultyRule difficulty_rule = DifficultyRule::Frontier;
    Difficulty difficulty_min{Uint256{131072}};
    bool has_difficulty_bomb = true;
    /// Blocks by which the bomb's clock is set back (EIP-649, 1234, 2384, 3554, 4345, 5133).
    BlockNumber bomb_delay = 0;
    /// Seconds between blocks that Asert aims at, and after which a schedule off by that much
    /// doubles or halves.
    UnixSeconds asert_ideal_block_time = 0;
    UnixSeconds asert_half_life = 0;
    std::size_t ommers_max = 2;               ///< 0 after the merge (EIP-3675)
    std::size_t extra_data_size_max = 32;     ///< bytes
    std::size_t block_size_max = kUnlimited;  ///< bytes of the block's RLP (EIP-7934)
    /// What opcode 0x44 gives: the difficulty, or the header's mix hash (EIP-4399).
    bool has_prev_randao = false;
    bool has_withdrawals = false;  ///< EIP-4895
    bool has_blobs = false;        ///< EIP-4844: the two header fields and the price
    BlobSchedule blobs;
    bool has_beacon_root = false;         ///< EIP-4788: header field and system call
    bool has_block_hash_history = false;  ///< EIP-2935: system call
    bool has_requests =
        false;  ///< EIP-7685 with 6110, 7002 and 7251: header field and system calls

    /// Whether the type of envelope is taken.
    [[nodiscard]] constexpr bool allows(TxType type) const noexcept {
        return tx_types[static_cast<std::size_t>(type)];
    }
    friend bool operator==(const RuleSet&, const RuleSet&) noexcept = default;
};

}  // namespace cairn::chain
