// SPDX-License-Identifier: MIT
#include "node/evm_tool/exception_names.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cairn::node {
namespace {

using chain::TxError;

DecodeError rlp(RlpError error, DecodeField field) {
    return {DecodeCause::Rlp, field, error};
}

TEST(ExceptionNames, both_vocabularies) {
    EXPECT_TRUE(names_error("TransactionException.NONCE_IS_MAX", TxError::NonceIsMax));
    EXPECT_TRUE(names_error("TR_NonceHasMaxValue", TxError::NonceIsMax));
    EXPECT_TRUE(names_error("SenderNotEOA", TxError::SenderNotEoa));
    EXPECT_TRUE(
        names_error("TransactionException.INITCODE_SIZE_EXCEEDED", TxError::InitcodeTooLarge));
    EXPECT_FALSE(names_error("TransactionException.NONCE_IS_MAX", TxError::NonceTooHigh));
}

TEST(ExceptionNames, the_prefix_belongs_to_one_vocabulary_only) {
    EXPECT_FALSE(names_error("NONCE_IS_MAX", TxError::NonceIsMax));
    EXPECT_FALSE(names_error("TransactionException.TR_NoFunds", TxError::InsufficientFunds));
    EXPECT_FALSE(is_known_exception("NONCE_IS_MAX"));
    EXPECT_FALSE(is_known_exception("BlockException.INVALID_GASLIMIT"));
}

TEST(ExceptionNames, alternatives) {
    constexpr std::string_view kEither =
        "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS|TransactionException.INTRINSIC_GAS_TOO_"
        "LOW";
    EXPECT_TRUE(names_error(kEither, TxError::InsufficientFunds));
    EXPECT_TRUE(names_error(kEither, TxError::IntrinsicGasTooLow));
    EXPECT_FALSE(names_error(kEither, TxError::NonceTooLow));
    EXPECT_TRUE(is_known_exception(kEither));
    EXPECT_FALSE(is_known_exception("TR_NoFunds|Nonsense"));
    EXPECT_FALSE(is_known_exception("Nonsense|TR_NoFunds"));
    EXPECT_TRUE(names_error("Nonsense|TR_NoFunds", TxError::InsufficientFunds));
    EXPECT_FALSE(is_known_exception(""));
    EXPECT_FALSE(is_known_exception("TR_NoFunds|"));
}

TEST(ExceptionNames, decoding_errors_by_field) {
    EXPECT_TRUE(names_error("TransactionException.RLP_LEADING_ZEROS_R",
                            rlp(RlpError::IntegerLeadingZero, DecodeField::SignatureR)));
    EXPECT_FALSE(names_error("TransactionException.RLP_LEADING_ZEROS_R",
                             rlp(RlpError::IntegerLeadingZero, DecodeField::SignatureS)));
    EXPECT_FALSE(names_error("TransactionException.RLP_LEADING_ZEROS_R",
                             rlp(RlpError::IntegerTooWide, DecodeField::SignatureR)));
    EXPECT_TRUE(names_error("TransactionException.ADDRESS_TOO_LONG",
                            DecodeError{DecodeCause::TooLong, DecodeField::To, RlpError::None}));
    EXPECT_FALSE(names_error("TransactionException.ADDRESS_TOO_LONG",
                             DecodeError{DecodeCause::TooShort, DecodeField::To, RlpError::None}));
    EXPECT_FALSE(names_error(
        "TransactionException.ADDRESS_TOO_LONG",
        DecodeError{DecodeCause::TooLong, DecodeField::AccessListAddress, RlpError::None}));
    EXPECT_TRUE(names_error("TransactionException.RLP_TOO_FEW_ELEMENTS",
                            rlp(RlpError::MissingItem, DecodeField::SignatureS)));
}

TEST(ExceptionNames, values_wider_than_256_bits) {
    EXPECT_TRUE(names_wide_value("TR_RLP_WRONGVALUE"));
    EXPECT_TRUE(names_wide_value("TransactionException.RLP_INVALID_VALUE"));
    EXPECT_TRUE(names_wide_value("TransactionException.VALUE_OVERFLOW"));
    EXPECT_FALSE(names_wide_value("TR_NoFunds"));
}

TEST(ExceptionNames, every_check_of_the_transaction_has_a_name) {
    // In the order of the enumerators; execution-spec-tests has a name for each.
    constexpr std::string_view kNames[chain::kTxErrorCount] = {
        "TYPE_NOT_SUPPORTED",
        "INVALID_SIGNATURE_VRS",
        "INVALID_CHAINID",
        "INVALID_SIGNATURE_VRS",
        "INVALID_SIGNATURE_VRS",
        "EC_RECOVERY_FAIL",
        "NONCE_IS_MAX",
        "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
        "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
        "INITCODE_SIZE_EXCEEDED",
        "GAS_LIMIT_EXCEEDS_MAXIMUM",
        "INTRINSIC_GAS_TOO_LOW",
        "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
        "TYPE_3_TX_CONTRACT_CREATION",
        "TYPE_3_TX_ZERO_BLOBS",
        "TYPE_3_TX_BLOB_COUNT_EXCEEDED",
        "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH",
        "TYPE_4_TX_CONTRACT_CREATION",
        "TYPE_4_EMPTY_AUTHORIZATION_LIST",
        "SENDER_NOT_EOA",
        "NONCE_MISMATCH_TOO_LOW",
        "NONCE_MISMATCH_TOO_HIGH",
        "INSUFFICIENT_ACCOUNT_FUNDS",
        "INSUFFICIENT_MAX_FEE_PER_GAS",
        "INSUFFICIENT_MAX_FEE_PER_BLOB_GAS",
        "GAS_ALLOWANCE_EXCEEDED",
        "TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"};
    for (std::size_t i = 0; i < chain::kTxErrorCount; ++i) {
        const auto error = static_cast<TxError>(i);
        EXPECT_TRUE(names_error("TransactionException." + std::string{kNames[i]}, error))
            << chain::to_string(error);
    }
}

}  // namespace
}  // namespace cairn::node
