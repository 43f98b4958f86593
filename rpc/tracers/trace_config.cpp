// SPDX-License-Identifier: MIT
#include "rpc/tracers/trace_config.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "rpc/tracers/call_tracer.hpp"
#include "rpc/tracers/erc7562_tracer.hpp"
#include "rpc/tracers/small_tracers.hpp"

namespace cairn::rpc {
namespace {

using nlohmann::json;

constexpr std::chrono::hours kDurationMax{24};

/// Sets `out` from the member, where there is one; false where it is no boolean.
bool read_flag(const json& object, const char* name, bool& out) {
    const auto* member = find_member(object, name);
    if (member == nullptr || member->is_null()) return true;
    if (!member->is_boolean()) return false;
    out = member->get<bool>();
    return true;
}

/// The same for an option that says what not to do.
bool read_opposite(const json& object, const char* name, bool& out) {
    bool is_off = !out;
    if (!read_flag(object, name, is_off)) return false;
    out = !is_off;
    return true;
}

Unexpected<std::string> wrong_type(const char* what) {
    return Unexpected{std::string{"json: cannot unmarshal into Go value of type "} + what};
}

std::optional<TracerKind> find_kind(std::string_view name) {
    static constexpr std::pair<std::string_view, TracerKind> kNames[] = {
        {"", TracerKind::StructLog},           {"structLogger", TracerKind::StructLog},
        {"callTracer", TracerKind::Call},      {"flatCallTracer", TracerKind::FlatCall},
        {"prestateTracer", TracerKind::Prestate}, {"4byteTracer", TracerKind::FourByte},
        {"noopTracer", TracerKind::Noop},      {"muxTracer", TracerKind::Mux},
        {"erc7562Tracer", TracerKind::Erc7562},
    };
    for (const auto& [known, kind] : kNames)
        if (known == name) return kind;
    return std::nullopt;
}

bool read_struct_log(const json& in, StructLogOptions& out) {
    if (!read_opposite(in, "disableStack", out.has_stack) || !read_opposite(in, "disableStorage", out.has_storage) ||
        !read_flag(in, "enableMemory", out.has_memory) || !read_flag(in, "enableReturnData", out.has_return_data))
        return false;
    const auto* limit = find_member(in, "limit");
    if (limit == nullptr || limit->is_null()) return true;
    if (!limit->is_number_integer() || (limit->is_number_integer() && *limit < 0)) return false;
    out.bytes_max = limit->get<std::size_t>();
    return true;
}

/// Reads the options of the kind that was chosen.
Decoded<TraceConfig> read_options(TraceConfig out, const json& options) {
    if (!options.is_object()) return wrong_type("tracers.config");
    if (out.kind == TracerKind::Mux) {
        for (const auto& [name, part] : options.items()) {
            const auto kind = find_kind(name);
            if (!kind || name.empty()) return Unexpected{"tracer not found: " + name};
            TraceConfig inner;
            inner.kind = *kind;
            auto read = part.is_null() ? Decoded<TraceConfig>{inner} : read_options(inner, part);
            if (!read) return read;
            out.parts.emplace_back(name, std::move(*read));
        }
        return out;
    }
    const bool is_good =
        read_flag(options, "onlyTopCall", out.call.has_top_only) && read_flag(options, "withLog", out.call.has_logs) &&
        read_flag(options, "convertParityErrors", out.flat.converts_errors) &&
        read_flag(options, "includePrecompiles", out.flat.includes_precompiles) &&
        read_flag(options, "diffMode", out.prestate.has_diff) &&
        read_opposite(options, "disableCode", out.prestate.has_code) &&
        read_opposite(options, "disableStorage", out.prestate.has_storage) &&
        read_flag(options, "includeEmpty", out.prestate.includes_empty) && read_struct_log(options, out.struct_log);
    if (!is_good) return wrong_type("tracers.config");
    if (out.prestate.has_diff && out.prestate.includes_empty)
        return Unexpected<std::string>{"cannot use diffMode with includeEmpty"};
    return out;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    static constexpr std::pair<std::string_view, double> kUnits[] = {
        {"ns", 1e-6}, {"us", 1e-3}, {"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}};
    if (text.empty()) return std::nullopt;
    if (text == "0") return std::chrono::milliseconds{0};
    double sum_ms = 0;
    while (!text.empty()) {
        double value = 0;
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
        if (error != std::errc{} || value < 0) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const auto unit_size = std::min(text.find_first_of("0123456789."), text.size());
        const auto unit = text.substr(0, unit_size);
        text.remove_prefix(unit_size);
        const auto* found = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const auto& u) { return u.first == unit; });
        if (found == std::end(kUnits)) return std::nullopt;
        sum_ms += value * found->second;
        if (sum_ms > static_cast<double>(std::chrono::milliseconds{kDurationMax}.count())) return std::nullopt;
    }
    return std::chrono::milliseconds{static_cast<std::int64_t>(sum_ms)};
}

Decoded<TraceConfig> ParamCodec<TraceConfig>::decode(const json& in) {
    TraceConfig out;
    if (in.is_null()) return out;
    if (!in.is_object()) return wrong_type("tracers.TraceConfig");
    if (!read_struct_log(in, out.struct_log)) return wrong_type("tracers.TraceConfig");
    if (const auto* timeout = find_member(in, "timeout"); timeout != nullptr && !timeout->is_null()) {
        const auto duration =
            timeout->is_string() ? parse_duration(timeout->get_ref<const std::string&>()) : std::nullopt;
        if (!duration) return Unexpected<std::string>{"time: invalid duration " + timeout->dump(-1, ' ', true)};
        out.time_max = *duration;
    }
    if (const auto* tracer = find_member(in, "tracer"); tracer != nullptr && !tracer->is_null()) {
        if (!tracer->is_string()) return wrong_type("string");
        const auto& name = tracer->get_ref<const std::string&>();
        const auto kind = find_kind(name);
        if (!kind) return Unexpected{"tracer not found: " + name};
        out.kind = *kind;
    }
    const auto* options = find_member(in, "tracerConfig");
    if (options == nullptr || options->is_null()) return out;
    return read_options(std::move(out), *options);
}

std::string ParamCodec<TraceConfig>::schema() {
    return R"({"type":"object","properties":{"tracer":{"type":"string"},"tracerConfig":{"type":"object"},)"
           R"("timeout":{"type":"string"},"disableStack":{"type":"boolean"},"disableStorage":{"type":"boolean"},)"
           R"("enableMemory":{"type":"boolean"},"enableReturnData":{"type":"boolean"},"limit":{"type":"integer"}}})";
}

std::unique_ptr<TxTracer> TraceConfig::make() const {
    switch (kind) {
        case TracerKind::StructLog: return std::make_unique<StructLogger>(struct_log);
        case TracerKind::Call: return std::make_unique<CallTracer>(call);
        case TracerKind::FlatCall: return std::make_unique<FlatCallTracer>(flat);
        case TracerKind::Prestate: return std::make_unique<PrestateTracer>(prestate);
        case TracerKind::FourByte: return std::make_unique<FourByteTracer>();
        case TracerKind::Noop: return std::make_unique<NoopTracer>();
        case TracerKind::Erc7562: return std::make_unique<Erc7562Tracer>(call.has_logs);
        case TracerKind::Mux: break;
    }
    MuxTracer::Parts made;
    for (const auto& [name, part] : parts) made.emplace_back(name, part.make());
    return std::make_unique<MuxTracer>(std::move(made));
}

}  // namespace cairn::rpc
