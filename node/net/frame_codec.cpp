// SPDX-License-Identifier: MIT
#include "node/net/frame_codec.hpp"

#include <snappy.h>

#include <algorithm>
#include <array>

#include "core/base/assert.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/crypto/secret.hpp"
#include "node/net/p2p_messages.hpp"

namespace cairn::node {
namespace {

constexpr std::size_t kBlock = kAesBlockBytes;
/// Header and its tag.
constexpr std::size_t kHeaderBytes = 2 * kBlock;
/// [capability-id, context-id], both 0: what every client writes and none reads.
constexpr std::array<std::uint8_t, 3> kHeaderData{0xc2, 0x80, 0x80};

constexpr std::size_t padded(std::size_t size) {
    return (size + kBlock - 1) / kBlock * kBlock;
}

const char* chars(ByteView bytes) {
    return reinterpret_cast<const char*>(bytes.data());
}

Bytes compress(ByteView payload) {
    Bytes out(snappy::MaxCompressedLength(payload.size()));
    std::size_t size = 0;
    snappy::RawCompress(chars(payload), payload.size(), reinterpret_cast<char*>(out.data()), &size);
    out.resize(size);
    return out;
}

Result<Bytes, FrameError> decompress(ByteView content) {
    std::size_t size = 0;
    if (!snappy::GetUncompressedLength(chars(content), content.size(), &size))
        return Unexpected{FrameError::BadSnappy};
    if (size > kMessageBytesMax) return Unexpected{FrameError::TooLarge};
    if (size / kSnappyRatioMax > content.size()) return Unexpected{FrameError::SnappyPromise};
    Bytes out(size);
    if (!snappy::RawUncompress(chars(content), content.size(), reinterpret_cast<char*>(out.data())))
        return Unexpected{FrameError::BadSnappy};
    return out;
}

}  // namespace

std::string_view to_string(FrameError error) noexcept {
    switch (error) {
        case FrameError::BadHeaderTag:
            return "wrong tag of a frame's header";
        case FrameError::BadBodyTag:
            return "wrong tag of a frame's content";
        case FrameError::Empty:
            return "frame without a message";
        case FrameError::TooLarge:
            return "message too large";
        case FrameError::BadCode:
            return "malformed message code";
        case FrameError::BadSnappy:
            return "content does not decompress";
        case FrameError::SnappyPromise:
            return "compressed content promises an impossible length";
    }
    return "unknown";
}

AesBlock FrameCodec::RunningTag::digest() const noexcept {
    const Hash256 hash = state_.peek();
    AesBlock out;
    std::copy_n(hash.begin(), out.size(), out.begin());
    return out;
}

/// Absorbs aes(mac-secret, digest) ^ `with` and answers the digest then.
AesBlock FrameCodec::RunningTag::mix(const AesBlock& with) {
    AesBlock seed = cipher_.encrypt(digest());
    for (std::size_t i = 0; i < seed.size(); ++i)
        seed[i] = static_cast<std::uint8_t>(seed[i] ^ with[i]);
    state_.update(seed);
    return digest();
}

AesBlock FrameCodec::RunningTag::header_tag(ByteView ciphertext) {
    AesBlock block;
    std::copy_n(ciphertext.begin(), block.size(), block.begin());
    return mix(block);
}

AesBlock FrameCodec::RunningTag::body_tag(ByteView ciphertext) {
    state_.update(ciphertext);
    return mix(digest());
}

// The counter starts at zero in both directions: the key is of this session only, and each
// direction's stream is told apart by its tags alone, as the protocol has it.
FrameCodec::FrameCodec(SessionSecrets secrets)
    : encrypt_{secrets.aes.reveal(), AesBlock{}},
      decrypt_{secrets.aes.reveal(), AesBlock{}},
      egress_{secrets.egress_mac, secrets.mac.reveal()},
      ingress_{secrets.ingress_mac, secrets.mac.reveal()} {}

void FrameCodec::write(std::uint32_t code, ByteView payload, Bytes& out) {
    Bytes compressed;
    if (snappy_) {
        compressed = compress(payload);
        payload = compressed;
    }
    const Bytes code_bytes = rlp_encode(std::uint64_t{code});
    const std::size_t content = code_bytes.size() + payload.size();
    CAIRN_ASSERT(content <= kFrameBytesMax);

    const std::size_t start = out.size();
    const std::size_t body = padded(content);
    out.resize(start + kHeaderBytes + body + kBlock);
    const auto frame = std::span{out}.subspan(start);

    frame[0] = static_cast<std::uint8_t>(content >> 16);
    frame[1] = static_cast<std::uint8_t>(content >> 8);
    frame[2] = static_cast<std::uint8_t>(content);
    std::copy(kHeaderData.begin(), kHeaderData.end(), frame.begin() + 3);
    const auto header = frame.first(kBlock);
    encrypt_.apply(header, header);
    std::ranges::copy(egress_.header_tag(header), frame.begin() + kBlock);

    const auto sealed = frame.subspan(kHeaderBytes, body);
    std::copy(code_bytes.begin(), code_bytes.end(), sealed.begin());
    std::copy(payload.begin(), payload.end(),
              sealed.begin() + static_cast<std::ptrdiff_t>(code_bytes.size()));
    encrypt_.apply(sealed, sealed);
    std::ranges::copy(egress_.body_tag(sealed),
                      frame.begin() + static_cast<std::ptrdiff_t>(kHeaderBytes + body));
}

std::size_t FrameCodec::bytes_wanted() const noexcept {
    return content_bytes_ ? padded(*content_bytes_) + kBlock : kHeaderBytes;
}

Result<void, FrameError> FrameCodec::read_header(ByteView header) {
    const AesBlock tag = ingress_.header_tag(header.first(kBlock));
    if (!equal_constant_time(tag, header.subspan(kBlock, kBlock)))
        return Unexpected{FrameError::BadHeaderTag};
    AesBlock plain;
    decrypt_.apply(header.first(kBlock), plain);
    const std::size_t content = static_cast<std::size_t>(plain[0]) << 16 |
                                static_cast<std::size_t>(plain[1]) << 8 | plain[2];
    if (content == 0) return Unexpected{FrameError::Empty};
    if (content > frame_bytes_max_) return Unexpected{FrameError::TooLarge};
    content_bytes_ = content;
    return {};
}

Result<std::optional<WireMessage>, FrameError> FrameCodec::read(ByteView input,
                                                                std::size_t& consumed) {
    consumed = 0;
    if (!content_bytes_) {
        if (input.size() < kHeaderBytes) return std::optional<WireMessage>{};
        if (const auto verdict = read_header(input.first(kHeaderBytes)); !verdict)
            return Unexpected{verdict.error()};
        consumed = kHeaderBytes;
        input = input.subspan(kHeaderBytes);
    }
    const std::size_t content = *content_bytes_;
    const std::size_t body = padded(content);
    if (input.size() < body + kBlock) return std::optional<WireMessage>{};

    const ByteView sealed = input.first(body);
    if (!equal_constant_time(ingress_.body_tag(sealed), input.subspan(body, kBlock)))
        return Unexpected{FrameError::BadBodyTag};
    Bytes plain(body);
    decrypt_.apply(sealed, plain);
    content_bytes_.reset();
    consumed += body + kBlock;

    auto message = open_content(ByteView{plain}.first(content));
    if (!message) return Unexpected{message.error()};
    message->wire_bytes = kHeaderBytes + body + kBlock;
    return std::optional<WireMessage>{std::move(*message)};
}

Result<WireMessage, FrameError> FrameCodec::open_content(ByteView content) const {
    WireMessage message;
    const auto code = rlp_take_item(content);
    if (!code) return Unexpected{FrameError::BadCode};
    RlpReader reader{code->encoded};
    if (!reader.read(message.code)) return Unexpected{FrameError::BadCode};
    if (!snappy_) {
        message.payload = to_bytes(content);
        return message;
    }
    auto payload = decompress(content);
    // A goodbye is heard without compression too, as other clients send it: its sender has left, and is not to blame.
    if (!payload && message.code == static_cast<std::uint32_t>(P2pCode::Disconnect))
        payload = to_bytes(content);
    if (!payload) return Unexpected{payload.error()};
    message.payload = std::move(*payload);
    return message;
}

}  // namespace cairn::node
