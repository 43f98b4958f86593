// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "core/base/expected.hpp"

namespace cairn::node {

/// The JSON value in a file. The error is one line that names the file, and for broken JSON the line and column.
[[nodiscard]] Result<nlohmann::json, std::string> load_json(const std::filesystem::path& path);

}  // namespace cairn::node
