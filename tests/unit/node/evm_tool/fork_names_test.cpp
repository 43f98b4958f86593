// SPDX-License-Identifier: MIT
#include "node/evm_tool/fork_names.hpp"

#include <gtest/gtest.h>

namespace {

using namespace cairn;
using namespace cairn::node;

TEST(ForkNames, every_revision_is_found_under_its_own_name) {
    for (std::size_t i = 0; i < kRevisionCount; ++i) {
        const auto revision = static_cast<Revision>(i);
        EXPECT_EQ(find_revision(revision_name(revision)), revision) << revision_name(revision);
    }
}

TEST(ForkNames, names_of_the_public_tests_and_of_geth) {
    EXPECT_EQ(find_revision("EIP150"), Revision::Tangerine);
    EXPECT_EQ(find_revision("EIP158"), Revision::Spurious);
    EXPECT_EQ(find_revision("ConstantinopleFix"), Revision::Petersburg);
    EXPECT_EQ(find_revision("Merge"), Revision::Paris);
    EXPECT_EQ(find_revision("TangerineWhistle"), Revision::Tangerine);
    EXPECT_EQ(find_revision("SpuriousDragon"), Revision::Spurious);
}

TEST(ForkNames, case_does_not_matter) { EXPECT_EQ(find_revision("lOnDoN"), Revision::London); }

TEST(ForkNames, anything_else_is_unknown) {
    for (const auto* name : {"", "Lond", "London ", "Londonx", "Atlantis"}) EXPECT_EQ(find_revision(name), std::nullopt);
}

TEST(ForkNames, list_is_complete_and_in_order) {
    EXPECT_EQ(known_revisions(),
              "Frontier, Homestead, Tangerine, Spurious, Byzantium, Constantinople, Petersburg, Istanbul, Berlin, "
              "London, Paris, Shanghai, Cancun, Prague, Osaka");
}

}  // namespace
