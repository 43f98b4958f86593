// SPDX-License-Identifier: MIT
#include "core/codec/rlp_encode.hpp"

namespace cairn {
namespace {

constexpr std::uint8_t kStringBase = 0x80;
constexpr std::uint8_t kListBase = 0xc0;

/// Writes the header of a string or list, as `base` says, with a payload of `size` bytes.
std::size_t write_header(std::uint8_t* out, std::uint8_t base, std::size_t size) noexcept {
    if (size <= kRlpShortPayloadMax) {
        out[0] = static_cast<std::uint8_t>(base + size);
        return 1;
    }
    const std::size_t length_bytes = rlp_header_size(size) - 1;
    out[0] = static_cast<std::uint8_t>(base + kRlpShortPayloadMax + length_bytes);
    std::uint8_t be[8];
    store_be64(be, size);
    std::memcpy(out + 1, be + 8 - length_bytes, length_bytes);
    return 1 + length_bytes;
}

}  // namespace

std::size_t rlp_write_list_header(std::uint8_t* out, std::size_t payload) noexcept {
    return write_header(out, kListBase, payload);
}

void RlpWriter::add(std::uint64_t x) {
    if (x < 0x80) {
        out_.push_back(x == 0 ? kRlpEmptyString : static_cast<std::uint8_t>(x));
        return;
    }
    // Header and number side by side in one buffer, so that the vector grows once.
    const std::size_t width = rlp_size(x) - 1;
    std::uint8_t buffer[9];
    store_be64(buffer + 1, x);
    std::uint8_t* const start = buffer + 8 - width;
    *start = static_cast<std::uint8_t>(kStringBase + width);
    out_.insert(out_.end(), start, buffer + 9);
}

void RlpWriter::add(const Uint256& x) {
    if (x.fits_u64()) {
        add(x.limb[0]);
        return;
    }
    const std::size_t width = x.byte_width();
    std::uint8_t buffer[33];
    store_be256(buffer + 1, x);
    std::uint8_t* const start = buffer + 32 - width;
    *start = static_cast<std::uint8_t>(kStringBase + width);
    out_.insert(out_.end(), start, buffer + 33);
}

void RlpWriter::add(ByteView bytes) {
    if (bytes.size() == 1 && bytes[0] < 0x80) {
        out_.push_back(bytes[0]);
        return;
    }
    if (bytes.size() <= kRlpShortPayloadMax) {
        std::uint8_t buffer[1 + kRlpShortPayloadMax];
        buffer[0] = static_cast<std::uint8_t>(kStringBase + bytes.size());
        if (!bytes.empty()) std::memcpy(buffer + 1, bytes.data(), bytes.size());
        out_.insert(out_.end(), buffer, buffer + 1 + bytes.size());
        return;
    }
    std::uint8_t header[kRlpHeaderMax];
    const std::size_t n = write_header(header, kStringBase, bytes.size());
    out_.insert(out_.end(), header, header + n);
    append(out_, bytes);
}

void RlpWriter::list_header(std::size_t payload) {
    std::uint8_t header[kRlpHeaderMax];
    const std::size_t n = rlp_write_list_header(header, payload);
    out_.insert(out_.end(), header, header + n);
}

void RlpWriter::end_list() {
    CAIRN_ASSERT(depth_ > 0);
    const std::size_t start = open_[--depth_];
    const std::size_t payload = out_.size() - start - 1;
    std::uint8_t header[kRlpHeaderMax];
    const std::size_t n = rlp_write_list_header(header, payload);
    out_[start] = header[0];
    if (n > 1)
        out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(start) + 1, header + 1, header + n);
}

Bytes rlp_encode(std::uint64_t x) {
    Bytes out;
    out.reserve(rlp_size(x));
    RlpWriter{out}.add(x);
    return out;
}

Bytes rlp_encode(const Uint256& x) {
    Bytes out;
    out.reserve(rlp_size(x));
    RlpWriter{out}.add(x);
    return out;
}

Bytes rlp_encode(ByteView bytes) {
    Bytes out;
    out.reserve(rlp_size(bytes));
    RlpWriter{out}.add(bytes);
    return out;
}

Bytes rlp_encode_list(ByteView payload) {
    Bytes out;
    out.reserve(rlp_list_size(payload.size()));
    RlpWriter w{out};
    w.list_header(payload.size());
    w.add_raw(payload);
    return out;
}

}  // namespace cairn
