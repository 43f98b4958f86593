// SPDX-License-Identifier: MIT
#include "chain/spec/json_document.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace cairn::chain {
namespace {

using Json = nlohmann::json;

/// Reads characters and counts lines on the way, for the reader that pulls it along.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    /// `line` is counted up; nullptr for an end.
    CountingIterator(const char* at, std::size_t* line) : at_{at}, line_{line} {}

    reference operator*() const { return *at_; }
    CountingIterator& operator++() {
        if (*at_ == '\n' && line_ != nullptr) ++*line_;
        ++at_;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
        return a.at_ == b.at_;
    }

private:
    const char* at_;
    std::size_t* line_;
};

/// Builds the value from the reader's events.
class Builder final : public nlohmann::json_sax<Json> {
public:
    /// @param lines  set to the fields' lines, unless null
    Builder(const std::size_t& line, Json& root, JsonLines* lines)
        : line_{line}, root_{root}, lines_{lines} {}

    /// Hands on the members of this object of the root instead of keeping them.
    void stream(std::string_view name, const JsonMemberVisitor& visit) {
        streamed_ = name;
        visit_ = &visit;
    }

    [[nodiscard]] const SpecError& error() const { return error_; }

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t& digits) override {
        const bool is_integer =
            std::ranges::all_of(digits, [](char c) { return '0' <= c && c <= '9'; });
        return is_integer ? put(digits) : put(value);
    }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return fail("is binary"); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        key_ = name;
        const bool is_there = open_.back().value->contains(name);
        if (lines_ != nullptr) lines_->add(path_of(name), line_);
        if (is_streaming() && open_.size() == kStreamDepth) member_name_ = name;
        return is_there ? fail("is there twice") : true;
    }
    bool parse_error(std::size_t, const std::string&,
                     const nlohmann::detail::exception& error) override {
        // "[json.exception.parse_error.101] parse error at line 1, column 3: …"
        std::string why = error.what();
        if (const auto end = why.find("] "); end != std::string::npos) why.erase(0, end + 2);
        if (const auto end = why.find(": "); end != std::string::npos) why.erase(0, end + 2);
        error_ = {.field = {}, .why = "is no JSON: " + why, .line = line_};
        return false;
    }

private:
    struct Open {
        Json* value;
        std::size_t path_size;  ///< of the path before it
    };

    /// Objects open where members are streamed: the root and theirs.
    static constexpr std::size_t kStreamDepth = 2;

    [[nodiscard]] bool is_streaming() const noexcept { return is_inside_; }
    /// A value that is a member of the streamed object is whole.
    bool deliver() {
        const bool goes_on = (*visit_)(member_name_, member_);
        member_ = nullptr;
        return goes_on;
    }

    [[nodiscard]] std::string path_of(const std::string& name) const {
        return path_.empty() ? name : path_ + "." + name;
    }
    bool fail(std::string why) {
        error_ = {.field = path_of(key_), .why = std::move(why), .line = line_};
        return false;
    }
    /// Places a value where the events stand; null only before the root.
    Json* place(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (is_streaming() && open_.size() == kStreamDepth) {
            member_ = std::move(value);
            return &member_;
        }
        Json& around = *open_.back().value;
        if (around.is_array()) {
            around.push_back(std::move(value));
            return &around.back();
        }
        Json& field = around[key_];
        field = std::move(value);
        return &field;
    }
    bool put(Json value) {
        place(std::move(value));
        return is_streaming() && open_.size() == kStreamDepth ? deliver() : true;
    }
    bool open(Json value) {
        if (open_.size() >= kJsonDepthMax) return fail("is nested too deeply");
        const bool is_field = !open_.empty() && open_.back().value->is_object();
        const std::size_t path_size = path_.size();
        const bool is_object = value.is_object();
        Json* placed = place(std::move(value));
        if (is_field && lines_ != nullptr) path_ = path_of(key_);
        open_.push_back({placed, path_size});
        if (visit_ != nullptr && is_field && is_object && open_.size() == kStreamDepth &&
            key_ == streamed_)
            is_inside_ = true;
        return true;
    }
    bool close() {
        path_.resize(open_.back().path_size);
        open_.pop_back();
        if (!is_streaming()) return true;
        if (open_.size() == kStreamDepth) return deliver();
        if (open_.size() < kStreamDepth) is_inside_ = false;
        return true;
    }

    const std::size_t& line_;
    Json& root_;
    JsonLines* lines_;
    std::string_view streamed_;
    const JsonMemberVisitor* visit_ = nullptr;
    bool is_inside_ = false;  // of the streamed object
    Json member_;
    std::string member_name_;
    std::vector<Open> open_;
    std::string path_;
    std::string key_;
    SpecError error_;
};

}  // namespace

std::size_t JsonLines::line_of(std::string_view path) const {
    while (!path.empty()) {
        if (const auto it = lines_.find(std::string{path}); it != lines_.end()) return it->second;
        const std::size_t dot = path.rfind('.');
        path = path.substr(0, dot == std::string_view::npos ? 0 : dot);
    }
    return 1;
}

Result<void, SpecError> parse_json(std::string_view text, nlohmann::json& root, JsonLines& lines) {
    std::size_t line = 1;
    Builder builder{line, root, &lines};
    // The reader copies iterators, so that the count lives outside them.
    if (!Json::sax_parse(CountingIterator{text.data(), &line},
                         CountingIterator{text.data() + text.size(), nullptr}, &builder))
        return Unexpected{builder.error()};
    return {};
}

bool parse_json_streaming(std::string_view text, nlohmann::json& root, std::string_view streamed,
                          const JsonMemberVisitor& visit) {
    const std::size_t line = 0;
    Builder builder{line, root, nullptr};
    builder.stream(streamed, visit);
    return Json::sax_parse(text.data(), text.data() + text.size(), &builder);
}

}  // namespace cairn::chain
