// SPDX-License-Identifier: MIT
// What a Stratum client does with a server's lines, written apart from the server's code: from the public descriptions
// of the dialect, in the steps of a plain CPU miner.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/bytes.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::node {

class ForeignClient {
  public:
    using Json = nlohmann::json;

    /// Reads every line of an output and keeps what it says.
    void read(const std::string& text) {
        std::size_t begin = 0;
        while (begin < text.size()) {
            const std::size_t end = text.find('\n', begin);
            read_line(text.substr(begin, end - begin));
            begin = end == std::string::npos ? text.size() : end + 1;
        }
    }

    void read_line(const std::string& line) {
        const Json message = Json::parse(line);
        lines.push_back(message);
        if (!message.contains("method")) {
            answers.push_back(message);
            if (message["result"].is_array() && message["result"].size() == 3 && message["result"][1].is_string()) {
                extranonce1 = message["result"][1].get<std::string>();
                extranonce2_size = message["result"][2].get<std::size_t>();
            }
            return;
        }
        if (message["method"] == "mining.set_difficulty") next_difficulty = message["params"][0].get<double>();
        if (message["method"] == "mining.notify") {
            job = message["params"];
            ++jobs;
            // The next job takes a difficulty over, as minerd and others do.
            difficulty = next_difficulty;
        }
    }

    /// The 80 bytes of a header, from the job's texts alone.
    [[nodiscard]] Bytes header(const std::string& extranonce2, const std::string& time, const std::string& nonce,
                               const std::string& version) const {
        const auto text = [&](std::size_t i) { return job[i].get<std::string>(); };
        Bytes coinbase = *from_hex(text(2) + extranonce1 + extranonce2 + text(3));
        Hash256 root = sha256d(coinbase);
        for (const Json& branch : job[4]) {
            Bytes both = to_bytes(root);
            append(both, *from_hex(branch.get<std::string>()));
            root = sha256d(both);
        }
        Bytes out = reversed(*from_hex(version));
        const Bytes previous = *from_hex(text(1));
        for (std::size_t i = 0; i < previous.size(); i += 4)
            append(out, reversed(Bytes{previous.begin() + static_cast<std::ptrdiff_t>(i),
                                       previous.begin() + static_cast<std::ptrdiff_t>(i) + 4}));
        append(out, root);
        append(out, reversed(*from_hex(time)));
        append(out, reversed(*from_hex(text(6))));
        append(out, reversed(*from_hex(nonce)));
        return out;
    }

    /// A share that reaches the client's own target, as the params behind user and job id.
    struct Share {
        std::string extranonce2;
        std::string time;
        std::string nonce;
        std::string version_bits;  ///< empty: none
    };

    /// Counts nonces from `first` on until one reaches minerd's target of this difficulty.
    [[nodiscard]] Share solve(double wanted_difficulty, std::uint32_t first = 0, std::uint64_t extranonce = 0,
                              const std::string& version_bits = {}) const {
        Share share{.extranonce2 = little_endian(extranonce), .time = job[7].get<std::string>(), .nonce = {},
                    .version_bits = version_bits};
        std::string version = job[5].get<std::string>();
        if (!version_bits.empty())
            version = fmt::format("{:08x}", std::stoul(version, nullptr, 16) | std::stoul(version_bits, nullptr, 16));
        Bytes bytes = header(share.extranonce2, share.time, "00000000", version);
        for (std::uint32_t nonce = first;; ++nonce) {
            store_le32(bytes.data() + 76, nonce);
            if (!reaches(bytes, wanted_difficulty)) continue;
            share.nonce = fmt::format("{:08x}", nonce);
            return share;
        }
    }

    [[nodiscard]] std::string submit(const Share& share, const std::string& user, int id = 4) const {
        return submit_job(share, user, job[0].get<std::string>(), id);
    }
    [[nodiscard]] static std::string submit_job(const Share& share, const std::string& user, const std::string& job_id,
                                                int id = 4) {
        Json params = {user, job_id, share.extranonce2, share.time, share.nonce};
        if (!share.version_bits.empty()) params.push_back(share.version_bits);
        return Json{{"id", id}, {"method", "mining.submit"}, {"params", params}}.dump();
    }

    /// Whether a header's hash is at most 2^224 * 65535/65536 / difficulty, nearly: its highest 64 bits are compared.
    [[nodiscard]] static bool reaches(const Bytes& header, double difficulty) {
        const Hash256 hash = sha256d(header);
        const double top = static_cast<double>(load_le64(hash.data() + 24)) + 1;
        return top <= std::ldexp(65535.0 / 65536.0, 32) / difficulty;
    }

    /// As minerd and others count their extranonce: little-endian from 0.
    [[nodiscard]] std::string little_endian(std::uint64_t extranonce) const {
        Bytes bytes(extranonce2_size);
        for (std::size_t i = 0; i < bytes.size() && i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(extranonce >> 8 * i);
        return to_hex(bytes);
    }

    std::string extranonce1;
    std::size_t extranonce2_size = 0;
    double difficulty = 1;
    double next_difficulty = 1;
    Json job;
    int jobs = 0;
    std::vector<Json> lines;
    std::vector<Json> answers;

  private:
    static Bytes reversed(Bytes bytes) {
        std::reverse(bytes.begin(), bytes.end());
        return bytes;
    }
};

}  // namespace cairn::node
