// SPDX-License-Identifier: MIT
#include "node/evm_tool/blocktest_exceptions.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <optional>

#include "node/evm_tool/exception_names.hpp"

namespace cairn::node {
namespace {

using B = chain::BlockError;
using chain::BlockFault;
using chain::ImportOutcome;
using chain::ImportStatus;

constexpr std::size_t kErrorsMax = 6;

/// Whether a name stands for bytes that are no block as well.
enum class Encoding : bool { Sound, Broken };
constexpr Encoding kBroken = Encoding::Broken;

struct Name {
    std::string_view text;
    std::array<std::optional<B>, kErrorsMax> errors{};
    bool is_undecodable = false;

    constexpr Name(std::string_view name, std::initializer_list<B> block_errors,
                   Encoding encoding = Encoding::Sound)
        : text{name}, is_undecodable{encoding == kBroken} {
        std::copy(block_errors.begin(), block_errors.end(), errors.begin());
    }
};

// Names of execution-spec-tests, without "BlockException.".
constexpr Name kSpecNames[] = {
    {"TOO_MANY_UNCLES", {B::OmmersTooMany}},
    {"UNCLE_IN_CHAIN", {B::OmmerDuplicate}},
    {"UNCLE_IS_ANCESTOR", {B::OmmerIsAncestor}},
    {"UNCLE_IS_BROTHER", {B::OmmerDuplicate, B::OmmerNotKin}},
    {"UNCLE_PARENT_INCORRECT", {B::OmmerNotKin}},
    {"UNCLE_UNKNOWN_PARENT", {B::OmmerNotKin}},
    {"UNKNOWN_PARENT", {B::UnknownParent, B::ParentInvalid}},
    {"UNKNOWN_PARENT_ZERO", {B::UnknownParent}},
    {"EXTRA_DATA_TOO_BIG", {B::ExtraDataTooLong}},
    {"EXTRA_DATA_INVALID_DAO", {B::DaoExtraDataWrong}},
    {"GASLIMIT_TOO_BIG", {B::GasLimitTooHigh}},
    {"INVALID_GASLIMIT", {B::GasLimitTooLow, B::GasLimitTooHigh, B::GasLimitStepTooLarge}},
    {"INVALID_BLOCK_NUMBER", {B::NumberNotNext}},
    {"INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT", {B::TimestampNotAfterParent}},
    // Work's difficulty where stake decides is wrong as well.
    {"INVALID_DIFFICULTY", {B::DifficultyWrong, B::DifficultyNotZero}},
    {"INVALID_LOG_BLOOM", {B::LogsBloomWrong}},
    {"INVALID_STATE_ROOT", {B::StateRootWrong}},
    {"INVALID_RECEIPTS_ROOT", {B::ReceiptsRootWrong}},
    {"INVALID_TRANSACTIONS_ROOT", {B::TransactionsRootWrong}},
    {"INVALID_UNCLES_HASH", {B::OmmersHashWrong}},
    {"GAS_USED_OVERFLOW", {B::GasUsedAboveLimit, B::GasUsedWrong}},
    {"INVALID_GAS_USED", {B::GasUsedWrong}},
    {"INVALID_GAS_USED_ABOVE_LIMIT", {B::GasUsedAboveLimit}},
    {"INVALID_BASEFEE_PER_GAS", {B::BaseFeeWrong, B::BaseFeeMissing}},
    {"INVALID_WITHDRAWALS_ROOT", {B::WithdrawalsRootWrong}},
    {"INCORRECT_BLOB_GAS_USED", {B::BlobGasUsedWrong, B::BlobGasNotMultiple}},
    {"BLOB_GAS_USED_ABOVE_LIMIT", {B::BlobGasAboveMax}},
    {"INCORRECT_EXCESS_BLOB_GAS", {B::ExcessBlobGasWrong}},
    {"INCORRECT_BLOCK_FORMAT",
     {B::BlobFieldsMissing, B::BlobFieldsUnexpected, B::BeaconRootMissing, B::BeaconRootUnexpected,
      B::RequestsHashMissing, B::RequestsHashUnexpected},
     kBroken},
    {"INVALID_REQUESTS", {B::RequestsHashWrong}},
    {"INVALID_DEPOSIT_EVENT_LAYOUT", {B::DepositLogInvalid}},
    {"SYSTEM_CONTRACT_EMPTY", {B::SystemCallFailed}},
    {"SYSTEM_CONTRACT_CALL_FAILED", {B::SystemCallFailed}},
    {"RLP_BLOCK_LIMIT_EXCEEDED", {B::BlockTooLarge}},
    {"RLP_STRUCTURES_ENCODING", {}, kBroken},
    {"RLP_WITHDRAWALS_NOT_READ", {B::WithdrawalsMissing}, kBroken},
    {"RLP_INVALID_FIELD_OVERFLOW_64", {}, kBroken},
    {"RLP_INVALID_ADDRESS", {}, kBroken},
    {"IMPORT_IMPOSSIBLE_LEGACY_WRONG_PARENT", {B::BaseFeeMissing, B::BaseFeeUnexpected}},
    {"IMPORT_IMPOSSIBLE_LONDON_WRONG_PARENT", {B::BaseFeeMissing, B::BaseFeeUnexpected}},
    // A block of work where stake decides has a difficulty, a seal and perhaps ommers; one of
    // stake where work decides has no difficulty.
    {"IMPORT_IMPOSSIBLE_PARIS_WRONG_POW",
     {B::DifficultyNotZero, B::NonceNotZero, B::OmmersHashNotEmpty}},
    {"IMPORT_IMPOSSIBLE_PARIS_WRONG_POS", {B::DifficultyWrong}},
    {"IMPORT_IMPOSSIBLE_LONDON_OVER_PARIS", {B::DifficultyNotZero, B::NonceNotZero}},
    {"IMPORT_IMPOSSIBLE_PARIS_OVER_SHANGHAI",
     {B::WithdrawalsRootMissing, B::WithdrawalsRootUnexpected}},
    {"IMPORT_IMPOSSIBLE_SHANGHAI", {B::WithdrawalsRootMissing, B::WithdrawalsRootUnexpected}},
    {"IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS", {B::OmmersHashNotEmpty, B::OmmersTooMany}},
    {"IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS", {B::DifficultyNotZero}},
};

// Names of retesteth, in the older files. A digit at the end tells wordings of one client apart.
constexpr Name kLegacyNames[] = {
    {"TooManyUncles", {B::OmmersTooMany}},
    {"UncleInChain", {B::OmmerDuplicate, B::OmmerIsAncestor}},
    {"UncleIsAncestor", {B::OmmerIsAncestor}},
    {"UncleIsBrother", {B::OmmerDuplicate, B::OmmerNotKin}},
    {"UncleTooOld", {B::OmmerNotKin}},
    {"UncleParentIsNotAncestor", {B::OmmerNotKin}},
    {"InvalidUncleParentHash", {B::OmmerNotKin}},
    {"UnknownParent", {B::UnknownParent, B::ParentInvalid}},
    {"UnknownParent2", {B::UnknownParent, B::ParentInvalid}},
    {"ExtraDataTooBig", {B::ExtraDataTooLong}},
    {"ExtraDataIncorrectDAO", {B::DaoExtraDataWrong}},
    {"InvalidGasLimit", {B::GasLimitTooLow, B::GasLimitTooHigh, B::GasLimitStepTooLarge}},
    // A header of the fork to come has its gas limit and its base fee.
    {"InvalidGasLimit2",
     {B::GasLimitTooLow, B::GasLimitTooHigh, B::GasLimitStepTooLarge, B::BaseFeeUnexpected}},
    {"InvalidGasLimit3", {B::GasLimitTooLow, B::GasLimitTooHigh, B::GasLimitStepTooLarge}},
    {"InvalidGasUsed", {B::GasUsedWrong}},
    {"InvalidGasUsed2", {B::GasUsedWrong}},
    {"TooMuchGasUsed", {B::GasUsedAboveLimit, B::GasUsedWrong}},
    {"TooMuchGasUsed2", {B::GasUsedAboveLimit, B::GasUsedWrong}},
    {"InvalidNumber", {B::NumberNotNext}},
    {"InvalidDifficulty", {B::DifficultyWrong, B::DifficultyNotZero}},
    {"InvalidDifficulty2", {B::DifficultyWrong}},
    {"InvalidTimestamp", {B::TimestampNotAfterParent, B::TimestampEarly}},
    {"InvalidTimestampEqualParent", {B::TimestampNotAfterParent}},
    {"InvalidTimestampOlderParent", {B::TimestampNotAfterParent}},
    {"InvalidLogBloom", {B::LogsBloomWrong}},
    {"InvalidStateRoot", {B::StateRootWrong}},
    {"InvalidReceiptsStateRoot", {B::ReceiptsRootWrong}},
    {"InvalidTransactionsRoot", {B::TransactionsRootWrong}},
    {"InvalidUnclesHash", {B::OmmersHashWrong}},
    {"InvalidBlockNonce", {B::SealAboveTarget, B::SealMixWrong}},
    {"InvalidBlockMixHash", {B::SealAboveTarget, B::SealMixWrong}},
    {"InvalidWithdrawals", {B::WithdrawalsRootWrong}},
    {"PostParisUncleHashIsNotEmpty", {B::OmmersHashNotEmpty, B::OmmersTooMany}},
    {"PostParisDifficultyIsNot0", {B::DifficultyNotZero}},
    {"3675PreParis1559BlockRejected",
     {B::DifficultyNotZero, B::NonceNotZero, B::OmmersHashNotEmpty}},
    {"3675PreMerge1559BlockRejected",
     {B::DifficultyNotZero, B::NonceNotZero, B::OmmersHashNotEmpty}},
    {"3675PoWBlockRejected", {B::DifficultyNotZero, B::NonceNotZero, B::OmmersHashNotEmpty}},
    {"3675PoSBlockRejected", {B::DifficultyWrong}},
    {"1559BlockImportImpossible_BaseFeeWrong", {B::BaseFeeWrong}},
    {"1559BlockImportImpossible_InitialBaseFeeWrong", {B::BaseFeeWrong}},
    {"1559BlockImportImpossible_HeaderIsLegacy", {B::BaseFeeMissing, B::BaseFeeUnexpected}},
    {"1559BlockImportImpossible_InitialGasLimitInvalid", {B::GasLimitStepTooLarge}},
    {"1559BlockImportImpossible_TargetGasHigh", {B::GasLimitStepTooLarge}},
    {"1559BlockImportImpossible_TargetGasLow", {B::GasLimitStepTooLarge, B::GasLimitTooLow}},
    {"LegacyBlockImportImpossible", {B::BaseFeeMissing, B::BaseFeeUnexpected}},
    {"LegacyBlockImportImpossible2", {B::BaseFeeMissing, B::BaseFeeUnexpected}},
    {"LegacyBlockBaseFeeTransaction", {B::BaseFeeMissing, B::BaseFeeUnexpected}, kBroken},
    {"INPUT_UNMARSHAL_ERROR", {}, kBroken},
    {"INPUT_UNMARSHAL_SIZE_ERROR", {}, kBroken},
    {"INPUT_UNMARSHAL_ADDRESS_ERROR", {}, kBroken},
    {"RLP_ExpectedAsList", {B::WithdrawalsMissing}, kBroken},
    {"RLP_BODY_UNMARSHAL_ERROR", {}, kBroken},
};

const Name* find_name(std::string_view alternative) noexcept {
    constexpr std::string_view kPrefix = "BlockException.";
    const auto find_in = [](const auto& names, std::string_view text) -> const Name* {
        const auto it = std::ranges::find(names, text, &Name::text);
        return it == std::end(names) ? nullptr : &*it;
    };
    if (alternative.starts_with(kPrefix))
        return find_in(kSpecNames, alternative.substr(kPrefix.size()));
    return find_in(kLegacyNames, alternative);
}

/// The rule that was found broken; nothing where the block was taken or could not be read.
std::optional<BlockFault> fault_of(const ImportOutcome& outcome) noexcept {
    if (outcome.status == ImportStatus::UnknownParent) return BlockFault{B::UnknownParent};
    if (outcome.status == ImportStatus::Early) return BlockFault{B::TimestampEarly};
    return outcome.fault;
}

bool means_fault(const Name& name, const BlockFault& fault) noexcept {
    const B error = fault.error == B::OmmerHeaderInvalid && fault.ommer_error ? *fault.ommer_error
                                                                              : fault.error;
    return std::ranges::find(name.errors, std::optional{error}) != name.errors.end();
}

bool alternative_names(std::string_view alternative, const ImportOutcome& outcome) noexcept {
    const Name* const name = find_name(alternative);
    if (outcome.decode_error)
        return name != nullptr ? name->is_undecodable
                               : names_error(alternative, *outcome.decode_error);
    const auto fault = fault_of(outcome);
    if (!fault) return false;
    if (name != nullptr) return means_fault(*name, *fault);
    return fault->tx_error && names_error(alternative, *fault->tx_error);
}

/// Whether `each` holds for any alternative.
template <class Each>
bool any_alternative(std::string_view exception, Each each) noexcept {
    while (true) {
        const std::size_t bar = exception.find('|');
        if (each(exception.substr(0, bar))) return true;
        if (bar == std::string_view::npos) return false;
        exception.remove_prefix(bar + 1);
    }
}

}  // namespace

bool names_outcome(std::string_view exception, const ImportOutcome& outcome) noexcept {
    return any_alternative(exception, [&outcome](std::string_view alternative) {
        return alternative_names(alternative, outcome);
    });
}

bool is_known_block_exception(std::string_view exception) noexcept {
    return !any_alternative(exception, [](std::string_view alternative) {
        return find_name(alternative) == nullptr && !is_known_exception(alternative);
    });
}

}  // namespace cairn::node
