// SPDX-License-Identifier: MIT
#include <iterator>

#include "rpc/eth_methods.hpp"
#include "rpc/tracers/tracing_methods.hpp"

namespace cairn::rpc {

std::vector<Method> chain_methods(EthContext& context) {
    std::vector<Method> rows;
    for (auto make :
         {eth_chain_methods, eth_config_methods, eth_state_methods, eth_tx_methods, eth_call_methods, eth_log_methods,
          eth_work_methods, web3_methods, txpool_methods, debug_methods, debug_trace_methods,
          parity_trace_methods, otterscan_methods, testing_methods}) {
        auto part = make(context);
        rows.insert(rows.end(), std::make_move_iterator(part.begin()),
                    std::make_move_iterator(part.end()));
    }
    return rows;
}

}  // namespace cairn::rpc
