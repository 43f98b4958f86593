// SPDX-License-Identifier: MIT
#include "node/evm_tool/exception_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>

namespace cairn::node {
namespace {

using chain::TxError;

/// A set of decoding errors: those of a cause, an RLP error, a field; what is absent may be
/// anything.
struct DecodePattern {
    std::optional<DecodeCause> cause;
    std::optional<RlpError> rlp;
    std::optional<DecodeField> field;

    [[nodiscard]] constexpr bool matches(const DecodeError& error) const noexcept {
        return (!cause || *cause == error.cause) && (!rlp || *rlp == error.rlp) &&
               (!field || *field == error.field);
    }
};

constexpr DecodePattern rlp(RlpError error) noexcept {
    return {DecodeCause::Rlp, error, std::nullopt};
}
constexpr DecodePattern rlp(RlpError error, DecodeField field) noexcept {
    return {DecodeCause::Rlp, error, field};
}
constexpr DecodePattern anything_in(DecodeField field) noexcept {
    return {std::nullopt, std::nullopt, field};
}
constexpr DecodePattern cause(DecodeCause c) noexcept {
    return {c, std::nullopt, std::nullopt};
}
constexpr DecodePattern cause(DecodeCause c, DecodeField field) noexcept {
    return {c, std::nullopt, field};
}

constexpr std::size_t kErrorsMax = 3;
constexpr std::size_t kPatternsMax = 6;

struct Name {
    std::string_view text;
    std::array<std::optional<TxError>, kErrorsMax> errors{};
    std::array<std::optional<DecodePattern>, kPatternsMax> patterns{};

    constexpr Name(std::string_view name, std::initializer_list<TxError> tx_errors,
                   std::initializer_list<DecodePattern> decode_patterns = {})
        : text{name} {
        std::copy(tx_errors.begin(), tx_errors.end(), errors.begin());
        std::copy(decode_patterns.begin(), decode_patterns.end(), patterns.begin());
    }
};

using F = DecodeField;
using C = DecodeCause;
using R = RlpError;

// Names of execution-spec-tests, without "TransactionException.".
constexpr Name kSpecNames[] = {
    {"TYPE_NOT_SUPPORTED",
     {TxError::TypeNotSupported},
     {cause(C::UnknownTxType), rlp(R::ExpectedList, F::Whole)}},
    {"SENDER_NOT_EOA", {TxError::SenderNotEoa}},
    {"ADDRESS_TOO_SHORT", {}, {cause(C::TooShort, F::To)}},
    {"ADDRESS_TOO_LONG", {}, {cause(C::TooLong, F::To)}},
    {"NONCE_MISMATCH_TOO_HIGH", {TxError::NonceTooHigh}},
    {"NONCE_MISMATCH_TOO_LOW", {TxError::NonceTooLow}},
    {"NONCE_TOO_BIG", {TxError::NonceIsMax}},
    {"NONCE_IS_MAX", {TxError::NonceIsMax}},
    {"NONCE_OVERFLOW", {}, {rlp(R::IntegerTooWide, F::Nonce)}},
    {"GASLIMIT_OVERFLOW", {}, {rlp(R::IntegerTooWide, F::GasLimit)}},
    {"VALUE_OVERFLOW", {}, {rlp(R::IntegerTooWide, F::Value)}},
    {"GASPRICE_OVERFLOW",
     {},
     {rlp(R::IntegerTooWide, F::GasPrice), rlp(R::IntegerTooWide, F::MaxFee)}},
    {"PRIORITY_OVERFLOW", {}, {rlp(R::IntegerTooWide, F::MaxPriorityFee)}},
    {"GASLIMIT_PRICE_PRODUCT_OVERFLOW", {TxError::GasCostOverflow}},
    {"INVALID_SIGNATURE_VRS",
     {TxError::SignatureOutOfRange, TxError::SignatureSTooHigh,
      TxError::ReplayProtectionNotSupported},
     {cause(C::InvalidV), cause(C::ChainIdOverflow), cause(C::InvalidYParity),
      rlp(R::IntegerTooWide, F::SignatureV), rlp(R::IntegerTooWide, F::SignatureR),
      rlp(R::IntegerTooWide, F::SignatureS)}},
    {"INVALID_CHAINID",
     {TxError::WrongChainId},
     {cause(C::InvalidV), cause(C::ChainIdOverflow), rlp(R::IntegerTooWide, F::SignatureV),
      rlp(R::IntegerTooWide, F::ChainId)}},
    {"EC_RECOVERY_FAIL", {TxError::SignatureUnrecoverable}},
    {"RLP_INVALID_SIGNATURE_R", {}, {anything_in(F::SignatureR)}},
    {"RLP_INVALID_SIGNATURE_S", {}, {anything_in(F::SignatureS)}},
    {"RLP_INVALID_DATA", {}, {anything_in(F::Data)}},
    {"RLP_INVALID_GASLIMIT", {}, {anything_in(F::GasLimit)}},
    {"RLP_INVALID_NONCE", {}, {anything_in(F::Nonce)}},
    {"RLP_INVALID_TO", {}, {anything_in(F::To)}},
    {"RLP_INVALID_VALUE", {}, {anything_in(F::Value)}},
    {"RLP_LEADING_ZEROS_GASLIMIT", {}, {rlp(R::IntegerLeadingZero, F::GasLimit)}},
    {"RLP_LEADING_ZEROS_GASPRICE", {}, {rlp(R::IntegerLeadingZero, F::GasPrice)}},
    {"RLP_LEADING_ZEROS_VALUE", {}, {rlp(R::IntegerLeadingZero, F::Value)}},
    {"RLP_LEADING_ZEROS_NONCE", {}, {rlp(R::IntegerLeadingZero, F::Nonce)}},
    {"RLP_LEADING_ZEROS_R", {}, {rlp(R::IntegerLeadingZero, F::SignatureR)}},
    {"RLP_LEADING_ZEROS_S", {}, {rlp(R::IntegerLeadingZero, F::SignatureS)}},
    {"RLP_LEADING_ZEROS_V", {}, {rlp(R::IntegerLeadingZero, F::SignatureV)}},
    {"RLP_LEADING_ZEROS_BASEFEE", {}, {rlp(R::IntegerLeadingZero, F::MaxFee)}},
    {"RLP_LEADING_ZEROS_PRIORITY_FEE", {}, {rlp(R::IntegerLeadingZero, F::MaxPriorityFee)}},
    {"RLP_LEADING_ZEROS_DATA_SIZE",
     {},
     {rlp(R::LengthLeadingZero, F::Data), rlp(R::LengthNotLong, F::Data),
      rlp(R::NonCanonicalSingleByte, F::Data)}},
    {"RLP_LEADING_ZEROS_NONCE_SIZE",
     {},
     {rlp(R::LengthLeadingZero, F::Nonce), rlp(R::LengthNotLong, F::Nonce),
      rlp(R::NonCanonicalSingleByte, F::Nonce)}},
    {"RLP_TOO_FEW_ELEMENTS", {}, {rlp(R::MissingItem)}},
    {"RLP_TOO_MANY_ELEMENTS", {}, {rlp(R::ExtraItem)}},
    {"RLP_ERROR_EOF", {}, {rlp(R::Truncated), rlp(R::ItemOverrunsList)}},
    {"RLP_ERROR_SIZE",
     {},
     {rlp(R::Truncated), rlp(R::TrailingBytes), rlp(R::ItemOverrunsList), rlp(R::LengthTooLarge),
      rlp(R::LengthNotLong)}},
    {"RLP_ERROR_SIZE_LEADING_ZEROS", {}, {rlp(R::LengthLeadingZero), rlp(R::LengthNotLong)}},
    {"RLP_INVALID_HEADER", {}, {anything_in(F::Whole)}},
    {"RLP_INVALID_ACCESS_LIST_ADDRESS_TOO_LONG", {}, {cause(C::TooLong, F::AccessListAddress)}},
    {"RLP_INVALID_ACCESS_LIST_ADDRESS_TOO_SHORT", {}, {cause(C::TooShort, F::AccessListAddress)}},
    {"RLP_INVALID_ACCESS_LIST_STORAGE_TOO_LONG", {}, {cause(C::TooLong, F::AccessListStorageKey)}},
    {"RLP_INVALID_ACCESS_LIST_STORAGE_TOO_SHORT",
     {},
     {cause(C::TooShort, F::AccessListStorageKey)}},
    {"INSUFFICIENT_ACCOUNT_FUNDS", {TxError::InsufficientFunds, TxError::GasCostOverflow}},
    {"INSUFFICIENT_MAX_FEE_PER_GAS", {TxError::FeeCapBelowBaseFee}},
    {"PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS", {TxError::TipAboveFeeCap}},
    {"PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2", {TxError::TipAboveFeeCap}},
    {"INSUFFICIENT_MAX_FEE_PER_BLOB_GAS", {TxError::BlobFeeCapBelowBlobBaseFee}},
    {"INTRINSIC_GAS_TOO_LOW", {TxError::IntrinsicGasTooLow, TxError::GasLimitBelowFloor}},
    {"INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
     {TxError::GasLimitBelowFloor, TxError::IntrinsicGasTooLow}},
    {"INITCODE_SIZE_EXCEEDED", {TxError::InitcodeTooLarge}},
    {"GAS_ALLOWANCE_EXCEEDED", {TxError::BlockGasLimitReached}},
    {"GAS_LIMIT_EXCEEDS_MAXIMUM", {TxError::GasLimitAboveCap}},
    {"TYPE_3_TX_PRE_FORK", {TxError::TypeNotSupported}},
    {"TYPE_3_TX_ZERO_BLOBS_PRE_FORK", {TxError::TypeNotSupported}},
    {"TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH",
     {TxError::BlobHashVersion},
     {cause(C::TooShort, F::BlobHashes), cause(C::TooLong, F::BlobHashes)}},
    {"TYPE_3_TX_WITH_FULL_BLOBS", {}, {rlp(R::ExpectedString, F::ChainId)}},
    {"TYPE_3_TX_BLOB_COUNT_EXCEEDED", {TxError::BlobCountExceeded, TxError::BlockBlobLimitReached}},
    {"TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED",
     {TxError::BlockBlobLimitReached, TxError::BlobCountExceeded}},
    {"TYPE_3_TX_CONTRACT_CREATION", {TxError::BlobCreation}},
    {"TYPE_3_TX_ZERO_BLOBS", {TxError::BlobsMissing}},
    {"TYPE_4_EMPTY_AUTHORIZATION_LIST", {TxError::AuthorizationListEmpty}},
    {"TYPE_4_TX_CONTRACT_CREATION", {TxError::SetCodeCreation}},
    {"TYPE_4_INVALID_AUTHORIZATION_FORMAT", {}, {anything_in(F::Authorization)}},
    {"TYPE_4_INVALID_AUTHORITY_SIGNATURE", {}, {anything_in(F::Authorization)}},
    {"TYPE_4_INVALID_AUTHORITY_SIGNATURE_S_TOO_HIGH", {}, {anything_in(F::Authorization)}},
    {"TYPE_4_TX_PRE_FORK", {TxError::TypeNotSupported}},
};

// Names of retesteth, in the older files. The last letters of TR_NoFundsX and others tell filler
// cases apart, no more.
constexpr Name kLegacyNames[] = {
    {"TR_TypeNotSupported",
     {TxError::TypeNotSupported},
     {cause(C::UnknownTxType), rlp(R::ExpectedList, F::Whole)}},
    {"TR_TypeNotSupportedBlob", {TxError::TypeNotSupported}, {cause(C::UnknownTxType)}},
    {"TR_IntrinsicGas", {TxError::IntrinsicGasTooLow, TxError::GasLimitBelowFloor}},
    {"IntrinsicGas", {TxError::IntrinsicGasTooLow, TxError::GasLimitBelowFloor}},
    {"TR_NoFunds", {TxError::InsufficientFunds, TxError::GasCostOverflow}},
    {"TR_NoFundsX", {TxError::InsufficientFunds, TxError::GasCostOverflow}},
    {"TR_NoFundsValue", {TxError::InsufficientFunds, TxError::GasCostOverflow}},
    {"TR_NoFundsOrGas",
     {TxError::InsufficientFunds, TxError::GasCostOverflow, TxError::IntrinsicGasTooLow}},
    {"TR_NonceTooLow", {TxError::NonceTooLow}},
    {"TR_NonceTooHigh", {TxError::NonceTooHigh}},
    {"TR_NonceHasMaxValue", {TxError::NonceIsMax}},
    {"SenderNotEOA", {TxError::SenderNotEoa}},
    {"SenderNotEOAorNoCASH", {TxError::SenderNotEoa, TxError::InsufficientFunds}},
    {"TR_GasLimitReached", {TxError::BlockGasLimitReached}},
    {"TR_TipGtFeeCap", {TxError::TipAboveFeeCap}},
    {"TR_FeeCapLessThanBlocks", {TxError::FeeCapBelowBaseFee}},
    {"TR_FeeCapLessThanBlocksORNoFunds", {TxError::FeeCapBelowBaseFee, TxError::InsufficientFunds}},
    {"TR_FeeCapLessThanBlocksORGasLimitReached",
     {TxError::FeeCapBelowBaseFee, TxError::BlockGasLimitReached}},
    {"TR_InitCodeLimitExceeded", {TxError::InitcodeTooLarge}},
    {"TR_BLOBCREATE", {TxError::BlobCreation}},
    {"TR_EMPTYBLOB", {TxError::BlobsMissing}},
    {"TR_BLOBVERSION_INVALID", {TxError::BlobHashVersion}},
    {"TR_BLOBLIST_OVERSIZE", {TxError::BlobCountExceeded, TxError::BlockBlobLimitReached}},
    {"TR_RLP_WRONGVALUE", {}, {anything_in(F::Value)}},
    {"TR_RLP_LEADINGZEROS", {}, {rlp(R::IntegerLeadingZero)}},
};

const Name* find_name(std::string_view alternative) noexcept {
    constexpr std::string_view kPrefix = "TransactionException.";
    const auto find_in = [](const auto& names, std::string_view text) -> const Name* {
        const auto it = std::ranges::find(names, text, &Name::text);
        return it == std::end(names) ? nullptr : &*it;
    };
    if (alternative.starts_with(kPrefix))
        return find_in(kSpecNames, alternative.substr(kPrefix.size()));
    return find_in(kLegacyNames, alternative);
}

/// Calls `each` with every alternative's entry, or null for an unknown one, until it answers true.
template <class Each>
bool any_alternative(std::string_view exception, Each each) noexcept {
    while (true) {
        const std::size_t bar = exception.find('|');
        if (each(find_name(exception.substr(0, bar)))) return true;
        if (bar == std::string_view::npos) return false;
        exception.remove_prefix(bar + 1);
    }
}

}  // namespace

bool names_error(std::string_view exception, TxError error) noexcept {
    return any_alternative(exception, [error](const Name* name) {
        return name != nullptr &&
               std::ranges::find(name->errors, std::optional{error}) != name->errors.end();
    });
}

bool names_error(std::string_view exception, const DecodeError& error) noexcept {
    return any_alternative(exception, [&error](const Name* name) {
        return name != nullptr &&
               std::ranges::any_of(name->patterns, [&error](const auto& pattern) {
                   return pattern && pattern->matches(error);
               });
    });
}

bool names_wide_value(std::string_view exception) noexcept {
    return names_error(exception,
                       DecodeError{DecodeCause::Rlp, DecodeField::Value, RlpError::IntegerTooWide});
}

bool is_known_exception(std::string_view exception) noexcept {
    return !any_alternative(exception, [](const Name* name) { return name == nullptr; });
}

}  // namespace cairn::node
