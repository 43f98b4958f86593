// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "rpc/method.hpp"
#include "rpc/param_codec.hpp"

namespace cairn::rpc {

/// What a row says beside its function.
struct MethodText {
    std::string name;
    std::string summary;
    /// JSON text of the result's schema, or one of the short words of result_schema().
    std::string result;
    Cost cost = Cost::Heavy;
};

/// The JSON Schema that a short word stands for: "quantity", "data", "hash", "address", "boolean",
/// "string", "object", "array", "any", each with "?" behind it where the result may be null. Other
/// text is taken as it stands.
[[nodiscard]] std::string result_schema(std::string_view word);

namespace detail {

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
struct Unwrapped {
    using Type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
    using Type = T;
};

/// The parameter `index` of the request: by position, or by name where the request names them.
[[nodiscard]] const nlohmann::json* param_at(const nlohmann::json& params, std::size_t index,
                                             const std::string& name);
/// Whether there are more than `count` parameters, and the words for it.
[[nodiscard]] Reply check_count(const nlohmann::json& params, std::size_t count);
[[nodiscard]] RpcError missing_param(std::size_t index);
[[nodiscard]] RpcError invalid_param(std::size_t index, const std::string& why);

/// Decodes one parameter into `out`; the first fault of all is kept in `fault`.
template <class T>
void take_param(const nlohmann::json& params, std::size_t index, const std::string& name,
                std::optional<T>& out, std::optional<RpcError>& fault) {
    if (fault) return;
    const auto* param = param_at(params, index, name);
    if (param == nullptr) {
        if constexpr (kIsOptional<T>) {
            out.emplace(std::nullopt);
        } else {
            fault = missing_param(index);
        }
        return;
    }
    auto value = ParamCodec<typename Unwrapped<T>::Type>::decode(*param);
    if (!value) {
        fault = invalid_param(index, value.error());
        return;
    }
    out.emplace(std::move(*value));
}

template <class Context, class... P, std::size_t... I>
Method::Handler make_handler(Context& context,
                             Reply (*function)(Context&, Call&, JsonWriter&, P...),
                             std::array<std::string, sizeof...(P)> names,
                             std::index_sequence<I...>) {
    return [&context, function, names = std::move(names)](Call& call, const nlohmann::json& params,
                                                          JsonWriter& out) -> Reply {
        if (auto counted = check_count(params, sizeof...(P)); !counted) return counted;
        std::tuple<std::optional<std::decay_t<P>>...> values;
        std::optional<RpcError> fault;
        static_cast<void>(names);  // no parameters, no names
        (take_param(params, I, names[I], std::get<I>(values), fault), ...);
        if (fault) return Unexpected{std::move(*fault)};
        return function(context, call, out, std::move(*std::get<I>(values))...);
    };
}

}  // namespace detail

/// A row of the method table whose parameters are those of a plain function: each is decoded by its
/// type's codec, std::optional marks what may be left out or null, and OpenRPC is told the same.
///
/// @param names  the parameters' names, as many as there are
template <class Context, class... P>
[[nodiscard]] Method method(Context& context, MethodText text,
                            const std::array<const char*, sizeof...(P)>& names,
                            Reply (*function)(Context&, Call&, JsonWriter&, P...)) {
    Method row;
    row.name = std::move(text.name);
    row.summary = std::move(text.summary);
    row.result_schema = result_schema(text.result);
    row.cost = text.cost;
    std::array<std::string, sizeof...(P)> owned;
    for (std::size_t i = 0; i < sizeof...(P); ++i) owned[i] = names[i];
    std::size_t index = 0;
    (row.params.push_back({owned[index++],
                           ParamCodec<typename detail::Unwrapped<std::decay_t<P>>::Type>::schema(),
                           !detail::kIsOptional<std::decay_t<P>>}),
     ...);
    row.handler =
        detail::make_handler(context, function, std::move(owned), std::index_sequence_for<P...>{});
    return row;
}

/// The same for a function without parameters.
template <class Context>
[[nodiscard]] Method method(Context& context, MethodText text,
                            Reply (*function)(Context&, Call&, JsonWriter&)) {
    return method(context, std::move(text), std::array<const char*, 0>{}, function);
}

}  // namespace cairn::rpc
