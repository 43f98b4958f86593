// SPDX-License-Identifier: MIT
#include "chain/store/page_check.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "chain/store/store_error.hpp"

namespace cairn::chain {
namespace {

constexpr std::uint32_t kMagic = 0xBEEFC0DE;
constexpr std::uint32_t kDataVersion = 1;
constexpr std::size_t kHeaderBytes = 16;  // of a page
constexpr std::size_t kNodeBytes = 8;     // of a node, before its key
constexpr std::size_t kRecordBytes = 48;  // of a table's record
constexpr std::uint64_t kNoPage = ~std::uint64_t{0};
constexpr unsigned kBranch = 0x01, kLeaf = 0x02, kOverflow = 0x04, kMeta = 0x08;
constexpr unsigned kKinds = 0x7f;  // what a page may be, without LMDB's passing marks
constexpr unsigned kBigData = 0x01, kSubData = 0x02;
constexpr unsigned kIntegerKey = 0x08;  // a table's flag: keys are machine integers
constexpr unsigned kDepthMax = 32;      // LMDB's cursors hold no more

[[nodiscard]] std::uint16_t load_le16(const std::uint8_t* p) noexcept {
    return static_cast<std::uint16_t>(p[0] | p[1] << 8);
}

/// What LMDB keeps of a table.
struct Record {
    std::uint32_t pad = 0;
    unsigned flags = 0;
    unsigned depth = 0;
    std::uint64_t branches = 0, leaves = 0, overflows = 0, rows = 0;
    std::uint64_t root = kNoPage;

    static Record from(const std::uint8_t* p) noexcept {
        Record r;
        r.pad = load_le32(p);
        r.flags = load_le16(p + 4);
        r.depth = load_le16(p + 6);
        r.branches = load_le64(p + 8);
        r.leaves = load_le64(p + 16);
        r.overflows = load_le64(p + 24);
        r.rows = load_le64(p + 32);
        r.root = load_le64(p + 40);
        return r;
    }
};

struct MetaPage {
    Record free, main;
    std::uint64_t last_page = 0;
    std::uint64_t txn = 0;
};

struct Node {
    unsigned flags = 0;
    ByteView key;
    std::uint64_t child = 0;  // branch: page; leaf with kBigData: first page of the value
    std::uint64_t size = 0;   // leaf: bytes of the value
    const std::uint8_t* data = nullptr;
};

/// A page still to be looked at, and the keys it must lie between.
struct Visit {
    std::uint64_t page = 0;
    unsigned level = 0;         // 1 is the root
    Bytes low;                  // no key is below
    std::optional<Bytes> high;  // every key is below
};

class File {
public:
    explicit File(const std::filesystem::path& path) : path_{path.string()} {
        fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd_ < 0 && errno != ENOENT) fail("open");
        struct stat status{};
        if (fd_ >= 0 && ::fstat(fd_, &status) != 0) fail("look at");
        size_ = static_cast<std::uint64_t>(status.st_size);
    }
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] bool is_empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// Reads `out` in full, or answers false where the file ends before.
    [[nodiscard]] bool read(std::uint64_t offset, std::span<std::uint8_t> out) const {
        std::size_t done = 0;
        while (done < out.size()) {
            const auto n = ::pread(fd_, out.data() + done, out.size() - done,
                                   static_cast<off_t>(offset + done));
            if (n == 0) return false;
            if (n < 0 && errno != EINTR) fail("read");
            if (n > 0) done += static_cast<std::size_t>(n);
        }
        return true;
    }

private:
    [[noreturn]] void fail(const std::string& tried) const {
        throw StoreError{errno == EACCES ? StoreFault::ReadOnly : StoreFault::InputOutput,
                         tried + " " + path_ + ": " + std::strerror(errno)};
    }
    std::string path_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
};

class Checker {
public:
    Checker(const std::filesystem::path& path, PageDepth depth) : file_{path}, depth_{depth} {}

    PageReport run(std::uint64_t txn) {
        if (file_.is_empty()) return std::move(report_);
        report_.is_there = true;
        const auto meta = find_meta(txn);
        if (!meta) return std::move(report_);
        report_.txn = meta->txn;
        report_.pages = meta->last_page + 1;
        if (report_.pages > file_.size() / report_.page_bytes) {
            fault(0, "", "the file is shorter than the pages it is said to hold");
            return std::move(report_);
        }
        if (depth_ == PageDepth::Header) return std::move(report_);
        if (depth_ == PageDepth::All) {
            seen_.assign(report_.pages, false);
            seen_[0] = seen_[1] = true;
        }
        page_.resize(report_.page_bytes);
        check_table("(free list)", meta->free, Content::FreeList);
        check_table("(tables)", meta->main, Content::Tables);
        for (const auto& [name, record] : tables_) check_table(name, record, Content::Rows);
        if (depth_ == PageDepth::All && report_.faults.empty() &&
            std::find(seen_.begin(), seen_.end(), false) != seen_.end())
            fault(0, "", "a page is neither in use nor on the free list");
        return std::move(report_);
    }

private:
    enum class Content { FreeList, Tables, Rows };

    bool fault(std::uint64_t page, const std::string& table, std::string what) {
        if (report_.faults.size() < kPageFaultsMax)
            report_.faults.push_back({page, table, std::move(what)});
        return false;
    }
    [[nodiscard]] bool is_over() const noexcept { return report_.faults.size() >= kPageFaultsMax; }

    /// The header page of a commit; the faults say why there is none.
    std::optional<MetaPage> find_meta(std::uint64_t txn) {
        std::array<std::uint8_t, kHeaderBytes + 136> bytes{};
        std::optional<MetaPage> best;
        for (std::uint64_t i = 0; i < 2; ++i) {
            // The second page's place follows from the page size, which the first one says.
            if (!file_.read(i * report_.page_bytes, bytes)) {
                fault(i, "", "the file ends within its header pages");
                return std::nullopt;
            }
            const std::uint8_t* p = bytes.data() + kHeaderBytes;
            MetaPage meta{Record::from(p + 24), Record::from(p + 72), load_le64(p + 120),
                          load_le64(p + 128)};
            const std::size_t page_bytes = meta.free.pad;
            const bool is_sane =
                load_le64(bytes.data()) == i && (load_le16(bytes.data() + 10) & kKinds) == kMeta &&
                load_le32(p) == kMagic && load_le32(p + 4) == kDataVersion && page_bytes >= 512 &&
                page_bytes <= 65536 && (page_bytes & (page_bytes - 1)) == 0 &&
                meta.last_page >= 1 && (i == 0 || page_bytes == report_.page_bytes);
            if (!is_sane) {
                fault(i, "", "a header page is not one of LMDB 0.9's");
                return std::nullopt;
            }
            report_.page_bytes = page_bytes;
            if (txn == 0 ? (!best || meta.txn > best->txn) : meta.txn == txn) best = meta;
        }
        if (!best) fault(0, "", "the commit to look at is not in the file");
        return best;
    }

    /// Marks pages as met; false where one is outside of the file or was met before.
    bool mark(const std::string& table, std::uint64_t page, std::uint64_t count) {
        if (page < 2 || page >= report_.pages || count > report_.pages - page)
            return fault(page, table, "a reference leads out of the file");
        if (depth_ != PageDepth::All) return true;
        for (std::uint64_t i = page; i < page + count; ++i) {
            if (seen_[i]) return fault(i, table, "a page is used twice");
            seen_[i] = true;
        }
        return true;
    }

    void check_table(const std::string& name, const Record& record, Content content) {
        report_.branches += record.branches;
        if (record.root == kNoPage) {
            if (record.rows != 0) fault(0, name, "rows are counted, but there is no root page");
            return;
        }
        if (record.depth == 0 || record.depth > kDepthMax) {
            fault(record.root, name, "the record of the table has an impossible depth");
            return;
        }
        Record count;
        std::vector<Visit> stack;
        stack.push_back({record.root, 1, {}, std::nullopt});
        while (!stack.empty() && !is_over()) {
            const Visit visit = std::move(stack.back());
            stack.pop_back();
            check_page(name, record, content, visit, stack, count);
        }
        if (depth_ != PageDepth::All || !report_.faults.empty()) return;
        if (count.rows != record.rows || count.branches != record.branches ||
            count.leaves != record.leaves || count.overflows != record.overflows)
            fault(record.root, name, "rows or pages are not as many as the table's record says");
    }

    void check_page(const std::string& name, const Record& record, Content content,
                    const Visit& visit, std::vector<Visit>& stack, Record& count) {
        if (!mark(name, visit.page, 1)) return;
        const bool is_leaf = visit.level == record.depth;
        if (is_leaf && depth_ == PageDepth::Branches && content != Content::Tables) return;
        if (!file_.read(visit.page * report_.page_bytes, page_)) {
            fault(visit.page, name, "the file ends within the page");
            return;
        }
        ++report_.checked;
        const unsigned kind = load_le16(page_.data() + 10) & kKinds;
        const std::size_t lower = load_le16(page_.data() + 12);
        const std::size_t upper = load_le16(page_.data() + 14);
        const std::size_t keys = (lower - kHeaderBytes) / 2;
        if (load_le64(page_.data()) != visit.page || kind != (is_leaf ? kLeaf : kBranch) ||
            lower < kHeaderBytes || lower % 2 != 0 || lower > upper || upper > page_.size() ||
            keys < (is_leaf ? 1U : 2U)) {
            fault(visit.page, name, "the page's header contradicts its place");
            return;
        }
        ++(is_leaf ? count.leaves : count.branches);
        if (is_leaf) count.rows += keys;
        Bytes previous;
        for (std::size_t i = 0; i < keys; ++i) {
            Node node;
            if (!read_node(upper, i, is_leaf, node)) {
                fault(visit.page, name, "a row reaches out of its page");
                return;
            }
            // The first key of a branch page is not looked at; its child begins where the page
            // does.
            const bool has_key = is_leaf || i > 0;
            const bool is_ordered =
                (record.flags & kIntegerKey) != 0 || !has_key ||
                is_in_order(visit, previous, node.key, i > 0 && !previous.empty());
            if (!is_ordered || (has_key && node.key.empty())) {
                fault(visit.page, name, "keys are out of order");
                return;
            }
            if (!is_leaf) {
                if (i > 0) stack.back().high = to_bytes(node.key);
                stack.push_back({node.child, visit.level + 1,
                                 i > 0 ? to_bytes(node.key) : visit.low, visit.high});
            } else if (!check_leaf_node(name, content, visit.page, node, count)) {
                return;
            }
            if (has_key) previous.assign(node.key.begin(), node.key.end());
        }
    }

    static bool is_in_order(const Visit& visit, const Bytes& previous, ByteView key,
                            bool has_previous) {
        const auto less = [](ByteView a, ByteView b) {
            return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
        };
        if (has_previous && !less(previous, key)) return false;
        return !less(key, visit.low) && (!visit.high || less(key, *visit.high));
    }

    /// Node `i` of the page at hand; false where it does not lie between `upper` and its end.
    bool read_node(std::size_t upper, std::size_t i, bool is_leaf, Node& node) const {
        const std::size_t offset = load_le16(page_.data() + kHeaderBytes + 2 * i);
        if (offset < upper || offset % 2 != 0 || offset + kNodeBytes > page_.size()) return false;
        const std::uint8_t* p = page_.data() + offset;
        const std::size_t room = page_.size() - offset - kNodeBytes;
        const std::size_t key_bytes = load_le16(p + 6);
        if (key_bytes > room) return false;
        node.key = {p + kNodeBytes, key_bytes};
        node.data = p + kNodeBytes + key_bytes;
        const std::uint64_t low = load_le16(p) | std::uint64_t{load_le16(p + 2)} << 16;
        node.flags = load_le16(p + 4);
        if (!is_leaf) {
            node.child = low | std::uint64_t{node.flags} << 32;
            return true;
        }
        node.size = low;
        if ((node.flags & kBigData) != 0) {
            if (room - key_bytes < 8) return false;
            node.child = load_le64(node.data);
            return true;
        }
        return node.size <= room - key_bytes;
    }

    bool check_leaf_node(const std::string& name, Content content, std::uint64_t page,
                         const Node& node, Record& count) {
        const unsigned allowed = content == Content::Tables ? kSubData : kBigData;
        if ((node.flags & ~allowed) != 0) return fault(page, name, "a row has impossible marks");
        if (content == Content::Tables) {
            if (node.flags != kSubData || node.size != kRecordBytes)
                return fault(page, name, "a row is no table's record");
            tables_.emplace_back(std::string{as_text(node.key)}, Record::from(node.data));
            return true;
        }
        Bytes large;
        ByteView value{node.data, node.size};
        if ((node.flags & kBigData) != 0) {
            if (depth_ != PageDepth::All) return true;
            const bool is_wanted = content == Content::FreeList;
            if (!check_large(name, node, count, is_wanted ? &large : nullptr)) return false;
            value = large;
        }
        return content != Content::FreeList || depth_ != PageDepth::All ||
               check_free(page, name, value);
    }

    /// A value on pages of its own.
    bool check_large(const std::string& name, const Node& node, Record& count, Bytes* out) {
        // A value that shrank may keep more pages than it fills.
        const std::uint64_t needed = (kHeaderBytes - 1 + node.size) / report_.page_bytes + 1;
        if (node.child < 2 || node.child >= report_.pages)
            return fault(node.child, name, "a reference leads out of the file");
        std::array<std::uint8_t, kHeaderBytes> header{};
        const std::uint64_t offset = node.child * report_.page_bytes;
        const bool is_read = file_.read(offset, header);
        const std::uint64_t pages = load_le32(header.data() + 12);
        if (!is_read || load_le64(header.data()) != node.child ||
            (load_le16(header.data() + 10) & kKinds) != kOverflow || pages < needed)
            return fault(node.child, name, "the page's header contradicts its place");
        if (!mark(name, node.child, pages)) return false;
        ++report_.checked;
        count.overflows += pages;
        if (out == nullptr) return true;
        out->resize(node.size);
        return file_.read(offset + kHeaderBytes, *out) ||
               fault(node.child, name, "the file ends within the page");
    }

    /// Pages that one commit has freed: their count, then their numbers.
    bool check_free(std::uint64_t page, const std::string& name, ByteView value) {
        if (value.size() < 8 || value.size() % 8 != 0 ||
            load_le64(value.data()) != value.size() / 8 - 1)
            return fault(page, name, "a list of free pages has another length than it says");
        for (std::size_t i = 8; i < value.size(); i += 8) {
            if (!mark(name, load_le64(value.data() + i), 1)) return false;
            ++report_.free;
        }
        return true;
    }

    File file_;
    PageDepth depth_;
    PageReport report_;
    Bytes page_;
    std::vector<bool> seen_;
    std::vector<std::pair<std::string, Record>> tables_;
};

}  // namespace

PageReport check_pages(const std::filesystem::path& file, PageDepth depth, std::uint64_t txn) {
    return Checker{file, depth}.run(txn);
}

}  // namespace cairn::chain
