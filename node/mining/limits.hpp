// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>

namespace cairn::node {

/// Bytes of a line from a Stratum client, without its end. The longest that clients send, a submit with a long worker
/// name, stays under 400.
inline constexpr std::size_t kStratumLineBytesMax = 4096;
/// Characters of a worker's name behind the address.
inline constexpr std::size_t kWorkerNameMax = 64;
/// Worker names that one connection may authorize; proxies use several.
inline constexpr std::size_t kWorkersPerSessionMax = 32;
/// Workers that are accounted; beyond it the one idle for longest is forgotten.
inline constexpr std::size_t kWorkersMax = 4096;

/// Jobs of a connection whose shares still count: at the latest after this many half minutes no client works on one.
inline constexpr std::size_t kJobsPerSessionMax = 16;
/// Shares of one job that are remembered in order to refuse them a second time. Vardiff aims at 5 a minute; a client
/// that reaches this number gets no more accepted before its next job.
inline constexpr std::size_t kSharesPerJobMax = 4096;

/// A job is given again under another id this long after the last one: minerd stops hashing 120 s after its last.
inline constexpr std::chrono::milliseconds kJobRefresh{30'000};
/// Time for a connection to authorize a worker.
inline constexpr std::chrono::milliseconds kAuthorizeTime{60'000};

/// Lines that a connection may send at once, and in a second on end. A fast machine sends hundreds of shares before the
/// first difficulty that suits it arrives.
inline constexpr double kLinesBurstMax = 2000;
inline constexpr double kLinesPerSecondMax = 50;

/// Penalty points at which a connection is closed and its address banned; one is forgiven each second.
inline constexpr double kPenaltyMax = 100;
inline constexpr double kPenaltyForgivenPerSecond = 1;
inline constexpr double kPenaltyNotJson = 25;
inline constexpr double kPenaltyMalformed = 10;     ///< JSON, but no request; a request with wrong params
inline constexpr double kPenaltyOutOfOrder = 10;    ///< submit before subscribe or authorize
inline constexpr double kPenaltyUnknownMethod = 2;  ///< some clients try what others have
inline constexpr double kPenaltyWrongUser = 10;
inline constexpr double kPenaltyBadShare = 4;       ///< low difficulty, duplicate, impossible time or version
inline constexpr double kPenaltyStaleShare = 0.2;   ///< honest in the moments after a new job
inline constexpr double kPenaltyFlood = 1;          ///< a line above the rate

/// How long an address stays banned: the first time shortly, for it may stand for many clients, and twice as long each
/// time after that, up to the longest. A ban is forgotten so long after its end. How many are remembered.
inline constexpr std::chrono::milliseconds kBanTimeMin{30'000};
inline constexpr std::chrono::milliseconds kBanTimeMax{3'600'000};
inline constexpr std::chrono::milliseconds kBanMemory{3'600'000};
inline constexpr std::size_t kBansMax = 10'000;

/// Connections at a time, in all and from one address: a whole farm may stand behind one router.
inline constexpr std::size_t kStratumConnectionsMax = 4096;
inline constexpr std::size_t kStratumConnectionsPerAddressMax = 2048;
/// Bytes waiting to be sent to a client that does not read; beyond it the connection is closed.
inline constexpr std::size_t kStratumBacklogBytesMax = 64 * 1024;

/// Long polls over HTTP that wait at a time, and for how long each.
inline constexpr std::size_t kLongPollsMax = 1024;
inline constexpr std::chrono::milliseconds kLongPollTime{60'000};

}  // namespace cairn::node
