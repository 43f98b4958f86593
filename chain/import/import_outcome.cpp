// SPDX-License-Identifier: MIT
#include "chain/import/import_outcome.hpp"

namespace cairn::chain {

std::string_view to_string(ImportStatus status) noexcept {
    switch (status) {
        case ImportStatus::Canonical: return "canonical";
        case ImportStatus::SideChain: return "side chain";
        case ImportStatus::AlreadyKnown: return "already known";
        case ImportStatus::Invalid: return "invalid";
        case ImportStatus::Undecodable: return "undecodable";
        case ImportStatus::Early: return "too early";
        case ImportStatus::UnknownParent: return "unknown parent";
        case ImportStatus::BelowHorizon: return "below the pruning horizon";
        case ImportStatus::NotProcessed: return "not processed";
    }
    return "unknown";
}

std::string to_string(const ImportOutcome& outcome) {
    std::string text{to_string(outcome.status)};
    if (outcome.fault) text += ": " + to_string(*outcome.fault);
    if (outcome.decode_error) text += ": " + std::string{to_string(*outcome.decode_error)};
    return text;
}

}  // namespace cairn::chain
