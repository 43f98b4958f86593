// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace cairn::node {

/// What `cairn-evm run` is asked for, as text from the command line; run_code judges it. Numbers are decimal or 0x.
struct RunOptions {
    std::string code;        ///< hex, or `-` for standard input; empty: what the prestate has at `receiver`
    std::string code_file;   ///< a file with hex, or `-`
    std::string input;       ///< call data, hex
    std::string input_file;  ///< a file with hex, or `-`
    std::string gas = "10000000000";
    std::string value = "0";  ///< wei
    std::string gas_price = "0";
    std::string fork;  ///< a revision's name; empty: the latest
    std::string sender = "0x000000000000000000000000000073656e646572";    // "sender" in ASCII
    std::string receiver = "0x0000000000000000000000007265636569766572";  // "receiver"
    std::string prestate;  ///< a JSON file in the form of a geth genesis `alloc`
    bool create = false;   ///< the code is init code
    bool trace = false;    ///< EIP-3155 lines on stdout, and nothing else there
    bool trace_memory = false;
    bool json = false;  ///< the result as one JSON object
    bool dump = false;  ///< the state afterwards too, as JSON in the form of `alloc`

    // What the block says.
    std::string chain_id = "1";
    std::string number = "0";
    std::string timestamp = "0";
    std::string coinbase = "0x0000000000000000000000000000000000000000";
    std::string gas_limit = "30000000";
    std::string base_fee = "0";
    std::string blob_base_fee = "1";
    std::string difficulty;   ///< opcode 0x44 before Paris, decimal or 0x
    std::string prev_randao;  ///< opcode 0x44 from Paris on, 32 bytes of hex or a number
};

/// Runs one piece of bytecode as the outermost call or creation of a transaction, without intrinsic gas and fees, and
/// prints what it leaves. kExitOk on success, kExitFailed when it reverted or failed, kExitBadInput for a bad request.
int run_code(const RunOptions& options);

}  // namespace cairn::node
