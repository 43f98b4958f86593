// SPDX-License-Identifier: MIT
#include "chain/trie/proof.hpp"

#include "chain/trie/node.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

/// One step down from a node towards a key.
struct Step {
    enum class Kind { Malformed, Value, Absent, Descend };
    Kind kind = Kind::Malformed;
    /// Descend: the child's reference.
    const std::uint8_t* ref = nullptr;
    /// Value.
    ByteView value{};

    static Step absent() noexcept { return {Kind::Absent, nullptr, {}}; }
    static Step found(ByteView at_key) noexcept { return {Kind::Value, nullptr, at_key}; }
    static Step descend(const std::uint8_t* child) noexcept { return {Kind::Descend, child, {}}; }
};

/// Reads the node that hangs at `path`, a prefix of `key`, and extends `path` to the child's place.
Step step_down(ByteView encoding, const Nibbles& key, Nibbles& path) noexcept {
    DecodedNode node;
    if (!decode_node(encoding, node)) return {};
    if (node.kind == DecodedNode::Kind::Branch) {
        if (path.size == kNibblesMax) return {};
        if (path.size == key.size)
            return node.value.empty() ? Step::absent() : Step::found(node.value);
        const std::uint8_t nibble = key[path.size];
        path.push(nibble);
        if (node.children[nibble] == nullptr) return Step::absent();
        return Step::descend(node.children[nibble]);
    }
    bool is_leaf = false;
    if (!append_hex_prefix(node.path_form, path, is_leaf)) return {};
    if (is_leaf) return path == key ? Step::found(node.value) : Step::absent();
    if (!starts_with(key, path)) return Step::absent();
    return Step::descend(node.children[0]);
}

/// Goes down through nodes that stand inside `encoding` as far as they reach: a value, absence, or
/// a hash to follow.
Step step_down_embedded(ByteView encoding, const Nibbles& key, Nibbles& path) noexcept {
    for (;;) {
        const Step step = step_down(encoding, key, path);
        if (step.kind != Step::Kind::Descend || step.ref[0] == kHashItem) return step;
        // Each lies inside the one before and so is shorter: this ends.
        encoding = {step.ref, ref_length(step.ref)};
    }
}

}  // namespace

Result<Proof, TrieError> make_proof(const NodeStore& store, const TrieOwner& owner,
                                    const Nibbles& key) {
    Proof proof;
    Nibbles path;
    ByteView row = store.load(owner, path);
    if (row.empty()) return proof;
    for (;;) {
        proof.push_back(to_bytes(row));
        const Step step = step_down_embedded(row, key, path);
        if (step.kind == Step::Kind::Malformed) return Unexpected{TrieError::MalformedNode};
        if (step.kind != Step::Kind::Descend) return proof;
        row = store.load(owner, path);
        if (row.empty()) return Unexpected{TrieError::MissingNode};
    }
}

Result<std::optional<ByteView>, ProofError> verify_proof(const Hash256& root, const Nibbles& key,
                                                         std::span<const Bytes> proof) {
    using Found = std::optional<ByteView>;
    if (proof.empty()) {
        if (root != kEmptyTrieRoot) return Unexpected{ProofError::RootMismatch};
        return Found{};
    }
    Hash256 expected = root;
    Nibbles path;
    for (std::size_t i = 0; i < proof.size(); ++i) {
        if (keccak256(proof[i]) != expected)
            return Unexpected{i == 0 ? ProofError::RootMismatch : ProofError::NodeMismatch};
        const bool is_last = i + 1 == proof.size();
        // The empty trie may also be shown by its one node, the empty string.
        if (i == 0 && root == kEmptyTrieRoot) {
            if (!is_last) return Unexpected{ProofError::ExtraNode};
            return Found{};
        }
        const Step step = step_down_embedded(proof[i], key, path);
        if (step.kind == Step::Kind::Malformed) return Unexpected{ProofError::MalformedNode};
        if (step.kind == Step::Kind::Descend) {
            expected = Hash256::from({step.ref + 1, 32});
            continue;
        }
        if (!is_last) return Unexpected{ProofError::ExtraNode};
        if (step.kind == Step::Kind::Absent) return Found{};
        return Found{step.value};
    }
    return Unexpected{ProofError::MissingNode};
}

Result<std::optional<Account>, ProofError> verify_account_proof(const Hash256& state_root,
                                                                const Address& address,
                                                                std::span<const Bytes> proof) {
    const auto value = verify_proof(state_root, account_key(address), proof);
    if (!value) return Unexpected{value.error()};
    if (!*value) return std::optional<Account>{};
    const auto account = decode_account(**value);
    if (!account) return Unexpected{ProofError::BadValue};
    return std::optional<Account>{*account};
}

Result<Uint256, ProofError> verify_storage_proof(const Hash256& storage_root, const Uint256& slot,
                                                 std::span<const Bytes> proof) {
    const auto value = verify_proof(storage_root, storage_key(slot), proof);
    if (!value) return Unexpected{value.error()};
    if (!*value) return Uint256{};
    const auto word = rlp_decode<Uint256>(**value);
    if (!word || word->is_zero()) return Unexpected{ProofError::BadValue};
    return *word;
}

}  // namespace cairn::chain
