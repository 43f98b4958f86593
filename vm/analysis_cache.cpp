// SPDX-License-Identifier: MIT
#include "vm/analysis_cache.hpp"

namespace cairn::vm {

std::shared_ptr<const AnalyzedCode> AnalysisCache::get(const CodeHash& hash, ByteView code, Revision revision) {
    // The same contract calling itself or called in a loop is the most frequent case by far.
    if (!items_.empty() && items_.front().key == Key{hash, revision}) return items_.front().code;
    if (const auto it = index_.find(Key{hash, revision}); it != index_.end()) {
        items_.splice(items_.begin(), items_, it->second);
        return it->second->code;
    }
    auto analyzed = analyze(code, revision);
    items_.push_front({{hash, revision}, analyzed});
    index_.emplace(items_.front().key, items_.begin());
    bytes_ += analyzed->weight();
    evict();
    return analyzed;
}

void AnalysisCache::evict() {
    // The newest stays even when it alone is over the bound: its frame needs it anyway.
    while (bytes_ > bytes_max_ && items_.size() > 1) {
        bytes_ -= items_.back().code->weight();
        index_.erase(items_.back().key);
        items_.pop_back();
    }
}

}  // namespace cairn::vm
