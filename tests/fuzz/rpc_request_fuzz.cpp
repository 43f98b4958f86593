// SPDX-License-Identifier: MIT
// Any bytes as a request: every codec of parameters behind small methods, through dispatcher and
// framer. The answer must be empty or JSON.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/bytes.hpp"
#include "rpc/bind.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/errors.hpp"
#include "rpc/http/json_framer.hpp"
#include "rpc/openrpc.hpp"

namespace {

using namespace cairn;
using namespace cairn::rpc;

struct Nothing {};

template <class T>
Reply take(Nothing&, Call&, JsonWriter& out, T) {
    out.boolean(true);
    return {};
}

Reply take_revert(Nothing&, Call&, JsonWriter& out, Bytes data) {
    out.text(revert_reason(data));
    return {};
}

template <class T>
void add(std::vector<Method>& rows, Nothing& nothing, const char* name) {
    rows.push_back(method(nothing, {name, "", "any", Cost::Light}, {"value"}, take<T>));
}

struct Table {
    Table() {
        std::vector<Method> rows;
        add<bool>(rows, nothing, "a");
        add<std::string>(rows, nothing, "b");
        add<std::uint64_t>(rows, nothing, "c");
        add<Uint256>(rows, nothing, "d");
        add<Bytes>(rows, nothing, "e");
        add<Address>(rows, nothing, "f");
        add<Hash256>(rows, nothing, "g");
        add<BlockSelector>(rows, nothing, "h");
        add<BlockNumberSelector>(rows, nothing, "i");
        add<std::vector<double>>(rows, nothing, "j");
        add<std::optional<std::vector<std::string>>>(rows, nothing, "k");
        rows.push_back(method(nothing, {"l", "", "string", Cost::Light}, {"data"}, take_revert));
        dispatcher.add(std::move(rows));
        dispatcher.add(rpc_methods(dispatcher, "1"));
    }
    Nothing nothing;
    Dispatcher dispatcher;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Table table;
    const auto text = as_text({data, size});
    Call call;
    const auto answer = table.dispatcher.handle(text, ApiSet::all(), call);
    if (!answer.empty() && !nlohmann::json::accept(answer)) std::abort();
    // The framer gives back no more than it was given, and never the same bytes twice.
    JsonFramer framer{size};
    framer.append(text);
    std::size_t total = 0;
    while (const auto message = framer.next()) total += message->size();
    if (total > size) std::abort();
    return 0;
}
