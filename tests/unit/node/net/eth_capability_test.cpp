// SPDX-License-Identifier: MIT
#include "node/net/eth_capability.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

using Fault = EthCapability::Fault;
constexpr auto kStatusCode = static_cast<std::uint32_t>(EthCode::Status);
constexpr auto kNodeDataCode = static_cast<std::uint32_t>(EthCode::GetNodeData);
constexpr auto kBodiesCode = static_cast<std::uint32_t>(EthCode::GetBlockBodies);

Bytes status_bytes(const LocalChain& chain, EthVersion version = EthVersion::Eth68) {
    return encode_eth_message(version, make_status(chain, version));
}

TEST(EthCapability, status_then_messages) {
    const LocalChain chain = test_chain();
    EthCapability eth{EthVersion::Eth68};
    const auto ready = eth.receive(chain, kStatusCode, status_bytes(chain));
    ASSERT_TRUE(ready);
    EXPECT_EQ(std::get<EthCapability::Ready>(*ready).status.head, chain.head);
    EXPECT_TRUE(eth.is_ready());
    const auto message = eth.receive(chain, kBodiesCode, hex("c280c0"));
    ASSERT_TRUE(message);
    EXPECT_TRUE(std::holds_alternative<GetBlockBodies>(std::get<EthMessage>(*message)));
}

TEST(EthCapability, order_of_messages_is_enforced) {
    const LocalChain chain = test_chain();
    EthCapability eth{EthVersion::Eth68};
    EXPECT_EQ(eth.receive(chain, kBodiesCode, hex("c280c0")).error().fault, Fault::StatusMissing);
    ASSERT_TRUE(eth.receive(chain, kStatusCode, status_bytes(chain)));
    EXPECT_EQ(eth.receive(chain, kStatusCode, status_bytes(chain)).error().fault,
              Fault::StatusTwice);
    EXPECT_EQ(eth.receive(chain, kNodeDataCode, hex("c280c0")).error().fault, Fault::Malformed);
}

StatusError refusal(const LocalChain& ours, const LocalChain& theirs) {
    EthCapability eth{EthVersion::Eth68};
    const auto verdict = eth.receive(ours, kStatusCode, status_bytes(theirs));
    EXPECT_EQ(verdict.error().fault, Fault::OtherChain);
    EXPECT_FALSE(eth.is_ready());
    EXPECT_EQ(to_string(verdict.error()), to_string(verdict.error().status));
    return verdict.error().status;
}

TEST(EthCapability, peers_of_other_chains_are_told_apart) {
    EXPECT_EQ(refusal(test_chain(1, 7), test_chain(1, 8)), StatusError::OtherNetwork);
    EXPECT_EQ(refusal(test_chain(1, 7), test_chain(2, 7)), StatusError::OtherGenesis);
    // The network is looked at before the genesis block.
    EXPECT_EQ(refusal(test_chain(1, 7), test_chain(2, 8)), StatusError::OtherNetwork);
}

LocalChain forked_chain(BlockNumber fork, BlockNumber head) {
    LocalChain chain = test_chain();
    chain.forks = forks_at({fork}, chain.genesis);
    chain.head_number = head;
    return chain;
}

TEST(EthCapability, fork_ids_are_compared) {
    // We passed a fork at 10 that they do not know of.
    EXPECT_EQ(refusal(forked_chain(10, 20), test_chain()), StatusError::RemoteStale);
    // They passed a fork that we do not know.
    EXPECT_EQ(refusal(test_chain(), forked_chain(10, 20)), StatusError::OtherFork);
}

TEST(EthCapability, announces_three_versions) {
    const auto local = eth_capabilities();
    ASSERT_EQ(local.size(), 3U);
    for (const auto& capability : local) {
        EXPECT_EQ(capability.capability.name, "eth");
        EXPECT_EQ(capability.code_count, 17U);
    }
}

}  // namespace
}  // namespace cairn::node
