// SPDX-License-Identifier: MIT
#include "core/crypto/sha256.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

using crypto_test::fixed;

// NIST's example values and FIPS 180-2, appendix B.
TEST(Sha256, known_answers) {
    EXPECT_EQ(sha256({}), fixed<Hash256>("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    EXPECT_EQ(sha256(as_bytes("abc")),
              fixed<Hash256>("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    EXPECT_EQ(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              fixed<Hash256>("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    EXPECT_EQ(sha256(Bytes(1'000'000, 'a')),
              fixed<Hash256>("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

TEST(Sha256d, is_the_hash_of_the_hash) {
    EXPECT_EQ(sha256d(as_bytes("hello")),
              fixed<Hash256>("9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"));
}

// The header of Bitcoin's first block, whose hash is public (shown in reverse byte order by convention).
TEST(Sha256d, block_header_of_80_bytes) {
    const Bytes header = crypto_test::hex(
        "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3"
        "888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c");
    EXPECT_EQ(sha256d(header), fixed<Hash256>("6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000"));
}

}  // namespace
}  // namespace cairn
