// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the command line asks for, as main() reads it. Amounts, addresses and files are still text:
/// the commands check them.
namespace cairn::wallet {

/// Options that every command takes.
struct GlobalOptions {
    std::string rpc_url = "http://127.0.0.1:8545";
    std::optional<std::uint64_t> chain_id;  ///< the node must be on it
    std::string genesis;                    ///< hash that the node's block 0 must have; empty: any
    std::string keystore;                   ///< folder of key files; empty: ~/.cairn/keystore
    bool json = false;
    bool yes = false;  ///< do not ask before sending
};

/// Which key signs, and where its password comes from.
struct KeyOptions {
    std::string from;                          ///< address; empty: the only account there is
    std::string key_file;                      ///< a key file outside of the keystore
    std::optional<std::uint32_t> dev_account;  ///< account of the public development mnemonic
    std::string password_file;  ///< first line is the password; else $CAIRN_PASSWORD, else a prompt
};

/// Choices about a transaction that are made by itself where they are absent.
struct TxOptions {
    std::string value = "0";
    std::optional<std::uint64_t> gas_limit;
    std::string max_fee;  ///< amount per gas
    std::string tip;      ///< amount per gas
    std::optional<std::uint64_t> nonce;
    bool wait = false;
    std::uint64_t confirmations = 1;
    std::uint64_t timeout_seconds = 300;
};

/// Where a contract's interface comes from.
struct InterfaceOptions {
    std::string abi_file;  ///< JSON ABI, artifact, or solc output
    std::string contract;  ///< name of the contract in solc output
};

struct NewOptions {
    std::size_t words = 12;
    bool light = false;  ///< cheap key derivation
    std::string password_file;
};

struct ImportOptions {
    std::string kind;  ///< mnemonic, key, xprv, keystore
    std::string file;  ///< the secret; else $CAIRN_SECRET, else a prompt
    std::string path;  ///< derivation path; empty: the first account's
    std::string password_file;
    bool light = false;
};

struct ExportOptions {
    KeyOptions key;
    std::string to_file;
    bool reveal = false;
};

struct BalanceOptions {
    std::string address;
    std::string block = "latest";
};

struct SendOptions {
    std::string to;
    KeyOptions key;
    TxOptions tx;
};

struct DeployOptions {
    std::string artifact;  ///< file, or bytecode in hex
    std::vector<std::string> arguments;
    InterfaceOptions interface;
    KeyOptions key;
    TxOptions tx;
};

struct CallOptions {
    std::string contract;
    std::string function;
    std::vector<std::string> arguments;
    InterfaceOptions interface;
    std::string from;
    std::string block = "latest";
};

struct TransactOptions {
    CallOptions call;
    KeyOptions key;
    TxOptions tx;
};

struct LogsOptions {
    std::string address;
    std::vector<std::string> events;
    InterfaceOptions interface;
    std::string from_block = "earliest";
    std::string to_block = "latest";
};

struct DecodeOptions {
    std::string data;
    std::vector<std::string> signatures;
    InterfaceOptions interface;
    bool output = false;
    bool raw_tx = false;
};

struct SignOptions {
    std::string message;
    std::string file;
    KeyOptions key;
};

struct VerifySignatureOptions {
    std::string message;
    std::string file;
    std::string typed_file;
    std::string signature;
    std::string address;
};

struct WatchOptions {
    std::vector<std::string> addresses;
    std::uint64_t blocks = 0;  ///< end after so many; 0: never
    double interval_seconds = 1;
};

struct NotarizeOptions {
    std::string file;
    std::string registry;
    KeyOptions key;
    TxOptions tx;
};

struct VerifyOptions {
    std::string file;
    std::string registry;
};

struct SigninOptions {
    std::string domain;
    std::string uri;
    std::string statement;
    std::string address;
    std::string nonce;
    std::string message_file;
    std::string signature;
    std::string registry;  ///< identity registry that may name delegates
    std::uint64_t valid_seconds = 600;
    KeyOptions key;
};

}  // namespace cairn::wallet
