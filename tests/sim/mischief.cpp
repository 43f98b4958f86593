// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/rules/difficulty.hpp"
#include "tests/sim/world.hpp"

// How liars change what they send.

namespace cairn::sim {
std::string_view to_string(Mischief mischief) noexcept {
    switch (mischief) {
        case Mischief::None:
            return "none";
        case Mischief::WrongRoots:
            return "wrong roots";
        case Mischief::WrongDifficulty:
            return "wrong difficulty";
        case Mischief::Withholder:
            return "withholder";
        case Mischief::Liar:
            return "liar";
        case Mischief::EndlessHeaders:
            return "endless headers";
        case Mischief::Garbler:
            return "garbler";
        case Mischief::Silent:
            return "silent";
        case Mischief::Equivocator:
            return "equivocator";
    }
    return "unknown";
}

std::vector<HashedHeader> World::invent_headers(Node& node, BlockNumber first,
                                                std::uint64_t amount) {
    std::vector<HashedHeader> headers;
    const auto chain = node.chain.snapshot();
    for (BlockNumber number = first; headers.size() < amount; ++number) {
        // Where its chain has blocks it tells the truth, so that what it invents stands on them.
        if (const auto hash = chain->canonical_hash(number)) {
            headers.push_back(*chain->header(*hash));
            continue;
        }
        if (const auto known = node.invented.find(number); known != node.invented.end()) {
            headers.push_back(known->second);
            continue;
        }
        const auto above = node.invented.find(number - 1);
        const auto top = chain->head().header;
        if (above == node.invented.end() && top->number + 1 != number) return headers;
        const HashedHeader parent = above == node.invented.end() ? top : above->second;
        Header header = *parent;
        header.parent_hash = parent.hash();
        header.number = number;
        header.timestamp = parent->timestamp + 1;
        header.transactions_root = kEmptyTrieRoot;
        const auto& rules = light_spec().rules_at(number, header.timestamp);
        header.difficulty = chain::next_difficulty(light_spec(), rules, *parent, header.timestamp);
        headers.emplace_back(std::move(header));
        node.invented.emplace(number, headers.back());
    }
    return headers;
}

bool World::falsify(Node& node, std::size_t, node::EthMessage& message) {
    auto* headers = std::get_if<node::BlockHeaders>(&message);
    auto* bodies = std::get_if<node::BlockBodies>(&message);
    switch (node.mischief) {
        case Mischief::Withholder:
            if (bodies != nullptr) bodies->bodies.clear();
            if (const auto* block = std::get_if<node::NewBlock>(&message)) {
                const auto& header = block->block.header;
                message = node::NewBlockHashes{{{header.hash(), header->number}}};
            }
            return true;
        case Mischief::EndlessHeaders:
            if (headers != nullptr && node.asked && node.asked->amount > 2)
                if (const auto* first = std::get_if<BlockNumber>(&node.asked->origin))
                    headers->headers = invent_headers(node, *first, node.asked->amount);
            return true;
        case Mischief::Garbler:
            if (headers != nullptr && !headers->headers.empty())
                std::reverse(headers->headers.begin(), headers->headers.end());
            if (bodies != nullptr)
                bodies->bodies.assign(1, BlockBody{{make_light_tx(7, 7, 7)}, {}, {}});
            return true;
        case Mischief::Silent:
            return headers == nullptr && bodies == nullptr &&
                   !std::holds_alternative<node::PooledTransactions>(message);
        case Mischief::None:
        case Mischief::WrongRoots:
        case Mischief::WrongDifficulty:
        case Mischief::Liar:
        case Mischief::Equivocator:
            return true;
    }
    return true;
}

}  // namespace cairn::sim
