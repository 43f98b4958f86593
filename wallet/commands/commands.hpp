// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "wallet/commands/options.hpp"

/// The commands of cairn-wallet, one file each. Each fails by throwing Failure (failure.hpp) or
/// SystemError and prints its answer to standard output: text for people, or with --json one JSON
/// object, the same facts under fixed names.
namespace cairn::wallet {

/// Prints the text, or with --json the JSON.
void print_answer(const GlobalOptions& options, const std::string& text,
                  const nlohmann::json& json);

void run_new(const GlobalOptions& options, const NewOptions& request);
void run_import(const GlobalOptions& options, const ImportOptions& request);
void run_export(const GlobalOptions& options, const ExportOptions& request);
void run_list(const GlobalOptions& options);
void run_balance(const GlobalOptions& options, const BalanceOptions& request);
void run_nonce(const GlobalOptions& options, const BalanceOptions& request);
void run_send(const GlobalOptions& options, const SendOptions& request);
void run_deploy(const GlobalOptions& options, const DeployOptions& request);
void run_call(const GlobalOptions& options, const CallOptions& request);
void run_transact(const GlobalOptions& options, const TransactOptions& request);
void run_logs(const GlobalOptions& options, const LogsOptions& request);
void run_decode(const GlobalOptions& options, const DecodeOptions& request);
void run_sign(const GlobalOptions& options, const SignOptions& request);
void run_sign_typed(const GlobalOptions& options, const SignOptions& request);
void run_verify_signature(const GlobalOptions& options, const VerifySignatureOptions& request);
void run_watch(const GlobalOptions& options, const WatchOptions& request);
void run_notarize(const GlobalOptions& options, const NotarizeOptions& request);
void run_verify(const GlobalOptions& options, const VerifyOptions& request);
void run_signin_request(const GlobalOptions& options, const SigninOptions& request);
void run_signin_answer(const GlobalOptions& options, const SigninOptions& request);
void run_signin_verify(const GlobalOptions& options, const SigninOptions& request);

}  // namespace cairn::wallet
