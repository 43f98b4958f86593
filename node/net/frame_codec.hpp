// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/crypto/aes.hpp"
#include "core/crypto/keccak.hpp"
#include "node/net/limits.hpp"
#include "node/net/rlpx_handshake.hpp"

namespace cairn::node {

/// Why a stream of frames cannot go on. All are the other side's doing, or somebody's between us;
/// the connection has to end, since the running tags cannot be set right again.
enum class FrameError : std::uint8_t {
    BadHeaderTag,   ///< the header was changed, or frames were lost
    BadBodyTag,     ///< the content was changed
    Empty,          ///< a frame without the message's code
    TooLarge,       ///< a frame longer than allowed, or a message longer than kMessageBytesMax
    BadCode,        ///< the message's code is no RLP integer of at most 32 bits
    BadSnappy,      ///< the content does not decompress
    SnappyPromise,  ///< the preamble promises more than the content could hold
};
[[nodiscard]] std::string_view to_string(FrameError error) noexcept;

/// One message as it travels: its code over all capabilities, and its RLP.
struct WireMessage {
    std::uint32_t code = 0;
    Bytes payload;
    /// Bytes of the frame on the wire, tags and padding included.
    std::size_t wire_bytes = 0;
};

/// RLPx frames over a stream: AES-256-CTR under running Keccak tags, one message to a frame, its
/// content snappy-compressed once both sides have said Hello with version 5 (EIP-706).
///
/// Source: devp2p, rlpx.md, "Framing". One thread at a time. Throws SystemError when OpenSSL fails.
class FrameCodec {
public:
    explicit FrameCodec(SessionSecrets secrets);

    /// From here on contents are compressed, in both directions.
    void enable_snappy() noexcept { snappy_ = true; }
    /// Largest content of a frame that is read; kFrameBytesMax unless set.
    void set_frame_bytes_max(std::size_t bytes_max) noexcept { frame_bytes_max_ = bytes_max; }

    /// Appends the frame of one message. The content with its code is at most kFrameBytesMax after
    /// compression (asserted): callers keep to kMessageBytesMax less what snappy may add.
    void write(std::uint32_t code, ByteView payload, Bytes& out);

    /// Takes at most one message off the front of `input`.
    /// @param consumed  set to the bytes that are done with, also where no message is whole yet
    /// @return          nothing while the frame is not whole
    /// After an error the codec is of no more use.
    [[nodiscard]] Result<std::optional<WireMessage>, FrameError> read(ByteView input,
                                                                      std::size_t& consumed);

    /// Bytes that must be at hand before `read` gets further.
    [[nodiscard]] std::size_t bytes_wanted() const noexcept;

private:
    /// A running tag (one direction's "mac").
    class RunningTag {
    public:
        RunningTag(Keccak256 state, ByteView key) : state_{state}, cipher_{key} {}
        /// Tag of a header's ciphertext of 16 bytes.
        [[nodiscard]] AesBlock header_tag(ByteView ciphertext);
        /// Tag of a frame's ciphertext.
        [[nodiscard]] AesBlock body_tag(ByteView ciphertext);

    private:
        [[nodiscard]] AesBlock digest() const noexcept;
        [[nodiscard]] AesBlock mix(const AesBlock& with);
        Keccak256 state_;
        AesEcb cipher_;
    };

    [[nodiscard]] Result<void, FrameError> read_header(ByteView header);
    [[nodiscard]] Result<WireMessage, FrameError> open_content(ByteView content) const;

    AesCtr encrypt_;
    AesCtr decrypt_;
    RunningTag egress_;
    RunningTag ingress_;
    bool snappy_ = false;
    std::size_t frame_bytes_max_ = kFrameBytesMax;
    /// Length of the content whose header was read.
    std::optional<std::size_t> content_bytes_;
};

}  // namespace cairn::node
