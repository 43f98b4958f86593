// SPDX-License-Identifier: MIT
#include "node/net/node_db.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <tuple>

#include "node/net/limits.hpp"

namespace cairn::node {
namespace {

constexpr UnixSeconds kDay = 24 * 3600;

std::optional<UnixSeconds> take_number(std::string_view& line) {
    UnixSeconds value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc{}) return std::nullopt;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    return value;
}

std::optional<KnownNode> parse_line(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto node = parse_enode(line.substr(0, space));
    line.remove_prefix(space + 1);
    const auto seen = take_number(line);
    if (!node || !seen || !line.starts_with(' ')) return std::nullopt;
    line.remove_prefix(1);
    const auto connected = take_number(line);
    if (!connected || !line.empty()) return std::nullopt;
    return KnownNode{*node, *seen, *connected};
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(file, text.data(), text.size());
        if (n <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::fsync(file) == 0;
}

}  // namespace

KnownNode& NodeDb::entry(const Enode& node) {
    const auto it = nodes_.find(node.id);
    if (it == nodes_.end() && nodes_.size() >= kNodeDbMax) {
        const auto least = std::ranges::min_element(nodes_, {}, [](const auto& held) {
            return std::tuple{held.second.connected, held.second.seen};
        });
        nodes_.erase(least);
    }
    KnownNode& held = nodes_[node.id];
    held.node = node;
    return held;
}

void NodeDb::on_seen(const Enode& node, UnixSeconds now) {
    entry(node).seen = now;
}

void NodeDb::on_connected(const Enode& node, UnixSeconds now) {
    KnownNode& held = entry(node);
    held.seen = now;
    held.connected = now;
}

std::vector<KnownNode> NodeDb::nodes() const {
    std::vector<KnownNode> out;
    for (const auto& [id, known] : nodes_) out.push_back(known);
    std::ranges::sort(out, [](const KnownNode& a, const KnownNode& b) {
        return std::tie(a.connected, a.seen) > std::tie(b.connected, b.seen);
    });
    return out;
}

std::string NodeDb::to_text() const {
    std::string out;
    for (const KnownNode& known : nodes())
        out += to_string(known.node) + " " + std::to_string(known.seen) + " " +
               std::to_string(known.connected) + "\n";
    return out;
}

NodeDb NodeDb::from_text(std::string_view text, UnixSeconds now) {
    NodeDb db;
    while (!text.empty() && db.size() < kNodeDbMax) {
        const std::size_t end = text.find('\n');
        const auto known = parse_line(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (known && known->seen + kNodeDbDays * kDay >= now) db.entry(known->node) = *known;
    }
    return db;
}

NodeDb NodeDb::load(const std::filesystem::path& file, UnixSeconds now) {
    std::ifstream in{file, std::ios::binary};
    std::string text(kNodeDbFileMax, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return from_text(text, now);
}

bool NodeDb::save(const std::filesystem::path& file) const {
    const std::filesystem::path beside = file.string() + ".tmp";
    const int descriptor =
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) return false;
    const bool is_written = write_all(descriptor, to_text());
    const bool is_closed = ::close(descriptor) == 0;
    std::error_code error;
    if (is_written && is_closed) std::filesystem::rename(beside, file, error);
    return is_written && is_closed && !error;
}

}  // namespace cairn::node
