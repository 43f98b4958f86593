// SPDX-License-Identifier: MIT
#include "core/types/account.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn {
namespace {

TEST(Account, the_named_hashes_are_those_of_nothing) {
    EXPECT_EQ(kEmptyCodeHash, keccak256({}).as<CodeHash>());
    EXPECT_EQ(kEmptyTrieRoot, keccak256(Bytes{0x80}));
    EXPECT_EQ(kEmptyOmmersHash, keccak256(Bytes{0xc0}));
}

// The empty account's leaf value as every client stores it.
constexpr std::string_view kEmptyAccount =
    "f8448080a056e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
    "a0c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";

TEST(Account, empty_account_encodes_as_everywhere) {
    EXPECT_EQ(to_hex(encode_account({})), kEmptyAccount);
    EXPECT_TRUE(Account{}.is_empty());
}

TEST(Account, storage_alone_does_not_fill_an_account) {
    Account account;
    account.storage_root = Hash256{};
    EXPECT_TRUE(account.is_empty());
    account = {};
    account.nonce = 1;
    EXPECT_FALSE(account.is_empty());
    account = {};
    account.balance = 1;
    EXPECT_FALSE(account.is_empty());
    account = {};
    account.code_hash = CodeHash{};
    EXPECT_FALSE(account.is_empty());
}

TEST(Account, extremes_round_trip) {
    Account account;
    account.nonce = ~0ULL;
    account.balance = Uint256::max();
    account.storage_root.bytes.fill(0xff);
    account.code_hash.bytes.fill(0x01);
    const auto back = decode_account(encode_account(account));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, account);
}

TEST(Account, every_truncation_and_a_byte_too_much_are_refused) {
    Bytes bytes = *from_hex(kEmptyAccount);
    for (std::size_t n = 0; n < bytes.size(); ++n)
        ASSERT_FALSE(decode_account(ByteView{bytes}.first(n)));
    bytes.push_back(0);
    const auto got = decode_account(bytes);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error(),
              (DecodeError{DecodeCause::Rlp, DecodeField::Whole, RlpError::TrailingBytes}));
}

TEST(Account, errors_name_their_field) {
    const auto error_of = [](std::string_view hex) {
        return decode_account(*from_hex(hex)).error();
    };
    EXPECT_EQ(error_of("c0"),
              (DecodeError{DecodeCause::Rlp, DecodeField::Nonce, RlpError::MissingItem}));
    EXPECT_EQ(error_of("c20180"), (DecodeError{DecodeCause::Rlp, DecodeField::AccountStorageRoot,
                                               RlpError::MissingItem}));
    EXPECT_EQ(error_of("c3018080"), (DecodeError{DecodeCause::TooShort,
                                                 DecodeField::AccountStorageRoot, RlpError::None}));
    EXPECT_EQ(to_string(error_of("c3018080")), "too few bytes in storage root");
    EXPECT_EQ(to_string(error_of("c0")), "MissingItem in nonce");
}

}  // namespace
}  // namespace cairn
