// SPDX-License-Identifier: MIT
#include "node/net/enr.hpp"

#include <array>

#include "core/base/assert.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {
namespace {

constexpr std::string_view kTextPrefix = "enr:";
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string to_base64url(ByteView bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < n ? bytes[i + j] : 0U);
        for (std::size_t j = 0; j <= n; ++j) out += kAlphabet[group >> (18 - 6 * j) & 63];
    }
    return out;
}

std::optional<Bytes> from_base64url(std::string_view text) {
    Bytes out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const auto value = kAlphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<std::uint8_t>(bits >> held));
        bits &= (1U << held) - 1;
    }
    // A single left-over character, or left-over bits that are not zero, is no encoding at all.
    if (held == 6 || bits != 0) return std::nullopt;
    return out;
}

/// keccak256 of the list [seq, key, value, …].
Hash256 content_hash(ByteView content_items) {
    return keccak256(rlp_encode_list(content_items));
}

std::optional<ByteView> string_in(const std::map<std::string, Bytes>& entries, const char* key) {
    const auto it = entries.find(key);
    if (it == entries.end()) return std::nullopt;
    RlpReader reader{it->second};
    ByteView value;
    if (!reader.read_view(value)) return std::nullopt;
    return value;
}

}  // namespace

Result<NodeRecord, EnrError> NodeRecord::parse(std::string_view text) {
    if (!text.starts_with(kTextPrefix)) return Unexpected{EnrError::NotEnr};
    text.remove_prefix(kTextPrefix.size());
    if (text.size() > 2 * kNodeRecordMax) return Unexpected{EnrError::TooLarge};
    const auto bytes = from_base64url(text);
    if (!bytes) return Unexpected{EnrError::NotEnr};
    return decode(*bytes);
}

Result<NodeRecord, EnrError> NodeRecord::decode(ByteView encoded) {
    if (encoded.size() > kNodeRecordMax) return Unexpected{EnrError::TooLarge};
    NodeRecord record;
    RlpReader reader = RlpReader::of_list(encoded);
    ByteView signature;
    reader.read_exact(signature, 64);
    const ByteView content = reader.rest();
    reader.read(record.seq_);
    std::string last;
    while (!reader.at_end()) {
        ByteView key;
        RlpItem value;
        reader.read_view(key);
        if (!reader.read_item(value)) break;
        std::string name{as_text(key)};
        if (!record.entries_.empty() && name <= last) return Unexpected{EnrError::KeysUnsorted};
        last = name;
        record.entries_.emplace(std::move(name), to_bytes(value.encoded));
    }
    if (reader.failed()) return Unexpected{EnrError::Malformed};

    const auto scheme = string_in(record.entries_, "id");
    if (!scheme || as_text(*scheme) != "v4") return Unexpected{EnrError::UnknownIdentity};
    const auto key = string_in(record.entries_, "secp256k1");
    // Only the compressed form of 33 bytes belongs into a record.
    if (!key || key->size() != 33) return Unexpected{EnrError::BadKey};
    const auto id = secp256k1::parse_public_key(*key);
    if (!id) return Unexpected{EnrError::BadKey};
    const secp256k1::Signature parsed{Hash256::from(signature.first(32)),
                                      Hash256::from(signature.subspan(32)), 0};
    if (!secp256k1::verify(content_hash(content), parsed, *id))
        return Unexpected{EnrError::BadSignature};
    record.id_ = *id;
    record.encoded_ = to_bytes(encoded);
    return record;
}

NodeRecord NodeRecord::make(const NodeKey& key, std::uint64_t seq, const EnrFields& fields) {
    NodeRecord record;
    record.id_ = key.id;
    record.seq_ = seq;
    auto& entries = record.entries_;
    const auto put = [&entries](const char* name, ByteView value) {
        entries[name] = rlp_encode(value);
    };
    const auto put_ports = [&](const char* tcp, const char* udp) {
        if (fields.tcp_port != 0) entries[tcp] = rlp_encode(std::uint64_t{fields.tcp_port});
        if (fields.udp_port != 0) entries[udp] = rlp_encode(std::uint64_t{fields.udp_port});
    };
    put("id", as_bytes("v4"));
    put("secp256k1", *secp256k1::compress(key.id));
    if (fields.ip4) put("ip", fields.ip4->view());
    if (fields.ip6) put("ip6", fields.ip6->view());
    // Without tcp6 and udp6 the ports hold for both addresses (EIP-778).
    put_ports("tcp", "udp");
    if (fields.fork_id) {
        std::array<std::uint8_t, 4> hash{};
        store_be32(hash.data(), fields.fork_id->hash);
        Bytes& value = entries["eth"];
        RlpWriter writer{value};
        writer.begin_list();
        writer.begin_list();
        writer.add(ByteView{hash});
        writer.add(fields.fork_id->next);
        writer.end_list();
        writer.end_list();
    }

    Bytes content;
    RlpWriter writer{content};
    writer.add(seq);
    for (const auto& [name, value] : entries) {
        writer.add(as_bytes(name));
        writer.add_raw(value);
    }
    const auto signature = secp256k1::sign(content_hash(content), key.secret);
    CAIRN_ASSERT(signature.has_value());
    Bytes signature_bytes = to_bytes(signature->r);
    append(signature_bytes, signature->s);
    Bytes items = rlp_encode(ByteView{signature_bytes});
    append(items, content);
    record.encoded_ = rlp_encode_list(items);
    CAIRN_ASSERT(record.encoded_.size() <= kNodeRecordMax);
    return record;
}

std::string NodeRecord::to_string() const {
    return std::string{kTextPrefix} + to_base64url(encoded_);
}

std::optional<std::uint16_t> NodeRecord::port(const char* key) const {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return std::nullopt;
    const auto value = rlp_decode<std::uint64_t>(it->second);
    if (!value || *value > 0xffff) return std::nullopt;
    return static_cast<std::uint16_t>(*value);
}

std::optional<Endpoint> NodeRecord::endpoint(const char* ip_key, std::size_t ip_size,
                                             const char* tcp_key, const char* udp_key) const {
    const auto bytes = string_in(entries_, ip_key);
    if (!bytes || bytes->size() != ip_size) return std::nullopt;
    const auto common_tcp = port("tcp");
    const auto common_udp = port("udp");
    return Endpoint{*IpAddress::from_bytes(*bytes),
                    port(udp_key).value_or(common_udp.value_or(std::uint16_t{0})),
                    port(tcp_key).value_or(common_tcp.value_or(std::uint16_t{0}))};
}

std::optional<Endpoint> NodeRecord::endpoint4() const {
    return endpoint("ip", 4, "tcp", "udp");
}
std::optional<Endpoint> NodeRecord::endpoint6() const {
    return endpoint("ip6", 16, "tcp6", "udp6");
}

std::optional<chain::ForkId> NodeRecord::fork_id() const {
    const auto it = entries_.find("eth");
    if (it == entries_.end()) return std::nullopt;
    RlpReader outer = RlpReader::of_list(it->second);
    RlpReader inner = outer.list();
    ByteView hash;
    chain::ForkId id;
    inner.read_exact(hash, 4);
    inner.read(id.next);
    // Later versions may add items after these (EIP-2124's ENR entry says so).
    if (inner.failed()) return std::nullopt;
    id.hash = load_be32(hash.data());
    return id;
}

}  // namespace cairn::node
