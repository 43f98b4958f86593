// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/types/decode_error.hpp"

namespace cairn {

/// Where the readers of one object leave their first error.
class DecodeSink {
public:
    [[nodiscard]] bool failed() const noexcept { return error_.has_value(); }
    /// Keeps the error unless there is one. Always answers false.
    bool fail(const DecodeError& error) noexcept {
        if (!error_) error_ = error;
        return false;
    }
    /// Set after a failure (asserted).
    [[nodiscard]] Unexpected<DecodeError> unexpected() const {
        CAIRN_ASSERT(failed());
        return Unexpected{*error_};
    }

private:
    std::optional<DecodeError> error_;
};

/// An RlpReader that knows which field it is at. All readers over one object, nested lists
/// included, share a sink: after the first error each of them reads nothing more, so that a decoder
/// runs straight through and asks once at its end.
class FieldReader {
public:
    /// Over the items of the one list that fills `input`; that it is none is an error of field
    /// `whole`.
    FieldReader(ByteView input, DecodeField whole, DecodeSink& sink) noexcept
        : FieldReader{RlpReader::of_list(input), whole, sink} {}

    /// Anything RlpReader::read takes, but fixed bytes (below).
    template <class T>
    bool read(DecodeField field, T& out) noexcept {
        return !sink_->failed() && (reader_.read(out) || fail(field));
    }
    /// Exactly N bytes.
    template <std::size_t N, class Tag>
    bool read(DecodeField field, FixedBytes<N, Tag>& out) noexcept {
        ByteView view;
        if (sink_->failed()) return false;
        if (!reader_.read_view(view)) return fail(field);
        return take(field, view, out);
    }
    /// N bytes, or the empty string for nothing.
    template <std::size_t N, class Tag>
    bool read(DecodeField field, std::optional<FixedBytes<N, Tag>>& out) noexcept {
        ByteView view;
        if (sink_->failed()) return false;
        if (!reader_.read_view(view)) return fail(field);
        out.reset();
        return view.empty() || take(field, view, out.emplace());
    }
    bool read(DecodeField field, Bytes& out) {
        return !sink_->failed() && (reader_.read_bytes(out) || fail(field));
    }
    bool read_view(DecodeField field, ByteView& out) noexcept {
        return !sink_->failed() && (reader_.read_view(out) || fail(field));
    }
    bool read_item(DecodeField field, RlpItem& out) noexcept {
        return !sink_->failed() && (reader_.read_item(out) || fail(field));
    }
    /// Opens the next item, a list.
    [[nodiscard]] FieldReader list(DecodeField field) noexcept {
        return FieldReader{reader_.list(), field, *sink_};
    }
    /// Whether there is another item and nothing has failed.
    [[nodiscard]] bool more() const noexcept { return !sink_->failed() && !reader_.at_end(); }
    /// Most items that can be left when each takes `item_bytes_min`: how much room to reserve.
    /// Counting the items instead would let a list of one-byte items, wrong ones, reserve many
    /// times the memory that they came in.
    [[nodiscard]] std::size_t items_max(std::size_t item_bytes_min) const noexcept {
        return reader_.rest().size() / item_bytes_min;
    }
    /// Number of items left.
    [[nodiscard]] std::size_t count() noexcept {
        const std::size_t n = sink_->failed() ? 0 : reader_.count();
        if (reader_.failed()) fail(whole_);
        return n;
    }
    /// Whether the next item is a list; false at the end.
    [[nodiscard]] bool at_list() const noexcept {
        const auto item = reader_.peek();
        return item.has_value() && item->is_list;
    }
    /// Fails where items are left.
    void finish() noexcept {
        if (sink_->failed()) return;
        if (const auto verdict = reader_.finish(); !verdict)
            sink_->fail({DecodeCause::Rlp, whole_, verdict.error()});
    }

private:
    FieldReader(RlpReader reader, DecodeField whole, DecodeSink& sink) noexcept
        : reader_{reader}, whole_{whole}, sink_{&sink} {
        if (reader_.failed()) fail(whole_);
    }
    bool fail(DecodeField field) noexcept {
        return sink_->fail({DecodeCause::Rlp, field, reader_.error()});
    }
    template <std::size_t N, class Tag>
    bool take(DecodeField field, ByteView view, FixedBytes<N, Tag>& out) noexcept {
        if (view.size() != N) {
            const auto cause = view.size() < N ? DecodeCause::TooShort : DecodeCause::TooLong;
            return sink_->fail({cause, field, RlpError::None});
        }
        out = FixedBytes<N, Tag>::from(view);
        return true;
    }

    RlpReader reader_;
    DecodeField whole_;
    DecodeSink* sink_;
};

}  // namespace cairn
