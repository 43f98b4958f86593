// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/spec/rule_set.hpp"
#include "chain/state/memory_state.hpp"
#include "core/base/expected.hpp"
#include "core/types/account.hpp"
#include "core/types/ids.hpp"
#include "core/types/revision.hpp"
#include "core/types/transaction.hpp"

namespace cairn::node {

/// An account of a pre-state with its storage root, so that the root of what a case leaves needs only what changed.
struct RootedAccount {
    Address address;
    Account account;
};

/// The block that a state test runs in, as its file gives it; what a revision makes of it is the runner's business.
struct StateTestEnv {
    Address coinbase;
    BlockNumber number = 0;
    UnixSeconds timestamp = 0;
    Gas gas_limit = 0;
    Uint256 difficulty;
    std::optional<Uint256> random;
    Wei base_fee;
    std::optional<Gas> excess_blob_gas;
    std::optional<Gas> parent_excess_blob_gas;
    std::optional<Gas> parent_blob_gas_used;
};

/// One expectation: the result of one choice of data, gas and value under one fork.
struct StateTestPost {
    std::size_t data = 0;
    std::size_t gas = 0;
    std::size_t value = 0;
    Hash256 state_root;
    Hash256 logs_hash;
    /// Name of the exception that must refuse the transaction, several joined by '|'; empty when it must run.
    std::string exception;
};

/// Expectations under one fork.
struct StateTestFork {
    std::string name;
    /// Absent when the fork is not known here.
    std::optional<Revision> revision;
    /// The file's "Prague" is the draft that draft_bls.hpp describes; `revision` is the one it extends.
    bool is_draft_bls = false;
    std::vector<StateTestPost> posts;
};

/// One test: a pre-state, a transaction with choices, and what comes out.
struct StateTest {
    std::string name;
    StateTestEnv env;
    chain::MemoryState pre;
    /// Accounts of `pre`, ascending by address.
    std::vector<RootedAccount> pre_accounts;
    /// Everything of the transaction but the choices below; its type too (AccessList is told from Legacy per choice).
    Transaction tx;
    Address sender;
    std::vector<Bytes> data;
    std::vector<Gas> gas_limits;
    /// Absent where the number has more than 256 bits: such a transaction cannot be decoded.
    std::vector<std::optional<Wei>> values;
    /// By index of data; absent where the choice has no access list. Empty when no choice has one.
    std::vector<std::optional<AccessList>> access_lists;
    std::vector<StateTestFork> forks;
};

/// Reads a file of the public GeneralStateTests format: a JSON object of tests by name.
/// @return the tests in the file's order, or a sentence on what is wrong with it
[[nodiscard]] Result<std::vector<StateTest>, std::string> read_state_test_file(const std::filesystem::path& path);

/// The same from JSON text.
[[nodiscard]] Result<std::vector<StateTest>, std::string> parse_state_tests(std::string_view json);

}  // namespace cairn::node
