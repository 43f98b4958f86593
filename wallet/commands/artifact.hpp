// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "wallet/abi.hpp"
#include "wallet/commands/options.hpp"

namespace cairn::wallet {

/// A contract as a compiler left it.
struct Artifact {
    Abi abi;
    Bytes init_code;  ///< empty where the file has only an interface
};

/// Reads solc's standard-JSON output, an artifact of Hardhat or Foundry, a bare JSON ABI, or
/// bytecode in hex. Fails with BadRequest: nothing of these, several contracts and none named,
/// bytecode that is not linked.
/// @param contract  name of the contract where the text holds several; else not looked at
[[nodiscard]] Artifact read_artifact(std::string_view text, const std::string& contract);

/// The interface of --abi, if it is given.
[[nodiscard]] std::optional<Abi> interface_of(const InterfaceOptions& options);

/// The function that `text` names: a signature, or a name or signature of the interface. Where a
/// name is overloaded the number of arguments decides. Fails with BadRequest.
[[nodiscard]] AbiFunction find_function(const std::optional<Abi>& abi, const std::string& text,
                                        std::size_t arguments);

/// The arguments encoded. Fails with BadRequest, naming the argument.
[[nodiscard]] Bytes encode_arguments(const std::vector<AbiParam>& params,
                                     const std::vector<std::string>& arguments);

}  // namespace cairn::wallet
