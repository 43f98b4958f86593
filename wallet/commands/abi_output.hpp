// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "wallet/abi.hpp"
#include "wallet/abi_value.hpp"

namespace cairn::wallet {

/// The value as JSON: numbers as decimal text (JSON's lose digits), addresses with checksum, bytes
/// as hex, tuples as objects where all components are named and differ, else as arrays.
[[nodiscard]] nlohmann::json abi_to_json(const AbiType& type, const AbiValue& value);

/// One line a parameter: "name  value", or only the value.
[[nodiscard]] std::string params_to_text(const std::vector<AbiParam>& params,
                                         const AbiValue& values);

/// The data decoded, or a Failure with code Failed that says why it does not decode.
[[nodiscard]] AbiValue decode_or_fail(const std::vector<AbiParam>& params, ByteView data,
                                      const std::string& what);

/// A log's fields by an event: indexed ones from the topics, the others from the data.
struct DecodedLog {
    std::string name;
    /// The event's inputs in order; the type of a hashed one is bytes32.
    std::vector<AbiParam> params;
    AbiValue values;
};

/// Reads a log with the first of the events that it fits; nothing where none does.
[[nodiscard]] std::optional<DecodedLog> decode_log(const std::vector<AbiEvent>& events,
                                                   const std::vector<Bytes>& topics, ByteView data);

}  // namespace cairn::wallet
