// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chain/store/read_view.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"

namespace cairn::rpc {

/// What a parameter decodes to, or what is wrong with it in geth's words.
template <class T>
using Decoded = Result<T, std::string>;

/// How a C++ type is read from a JSON parameter and described in OpenRPC. A specialisation has
/// `static Decoded<T> decode(const nlohmann::json&)` and `static std::string schema()`.
template <class T>
struct ParamCodec;

/// The pool's block: the head's child as it would be built.
struct PendingTag {
    friend bool operator==(const PendingTag&, const PendingTag&) noexcept = default;
};

/// How a request names a block: a tag, a number, a hash (EIP-1898), or what is pending.
using BlockSelector = std::variant<PendingTag, chain::BlockTag, BlockNumber, chain::BlockByHash>;

/// A block by tag or number only.
struct BlockNumberSelector {
    BlockSelector block;
};

/// A parameter that the handler reads by itself: any JSON value.
struct AnyJson {
    const nlohmann::json* value = nullptr;  ///< lives as long as the request
};

/// Declares a codec whose functions are defined in a .cpp file.
#define CAIRN_PARAM_CODEC(type)                                              \
    template <>                                                              \
    struct ParamCodec<type> {                                                \
        [[nodiscard]] static Decoded<type> decode(const nlohmann::json& in); \
        [[nodiscard]] static std::string schema();                           \
    }

CAIRN_PARAM_CODEC(bool);
CAIRN_PARAM_CODEC(std::string);
/// A quantity; JSON numbers are taken as well, since scripts send them.
CAIRN_PARAM_CODEC(std::uint64_t);
CAIRN_PARAM_CODEC(Uint256);
CAIRN_PARAM_CODEC(double);
CAIRN_PARAM_CODEC(Bytes);
CAIRN_PARAM_CODEC(Address);
CAIRN_PARAM_CODEC(Hash256);
CAIRN_PARAM_CODEC(BlockHash);
CAIRN_PARAM_CODEC(TxHash);
CAIRN_PARAM_CODEC(BlockSelector);
CAIRN_PARAM_CODEC(BlockNumberSelector);
CAIRN_PARAM_CODEC(AnyJson);
CAIRN_PARAM_CODEC(std::vector<double>);
CAIRN_PARAM_CODEC(std::vector<std::string>);

/// The member `name` of an object by its codec; nothing where it is missing or null. The error
/// names the member as Go does: "… into Go struct field TransactionArgs.from of type
/// common.Address".
template <class T>
[[nodiscard]] Decoded<std::optional<T>> decode_member(const nlohmann::json& object,
                                                      const char* name, std::string_view go_struct);

/// `error` of a codec, with the struct field named where Go would.
[[nodiscard]] std::string with_field(std::string error, std::string_view go_struct,
                                     std::string_view name);

/// The member of an object, or null where there is none.
[[nodiscard]] const nlohmann::json* find_member(const nlohmann::json& object, const char* name);

template <class T>
Decoded<std::optional<T>> decode_member(const nlohmann::json& object, const char* name,
                                        std::string_view go_struct) {
    const auto* member = find_member(object, name);
    if (member == nullptr) return std::optional<T>{};
    auto value = ParamCodec<T>::decode(*member);
    if (!value) return Unexpected{with_field(value.error(), go_struct, name)};
    return std::optional<T>{std::move(*value)};
}

}  // namespace cairn::rpc
