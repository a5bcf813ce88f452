// What is told of changes of shards: while they go on, and at the end.
#include <algorithm>
#include <utility>

#include "models/store/rebalancer.hpp"

namespace headroom {

std::string Rebalancer::shard_name(std::uint32_t shard) const {
  return setup_.name + ".shard[" + std::to_string(shard) + "]";
}

void Rebalancer::note(const char* event, const std::string& target,
                      std::vector<std::pair<std::string, LoggedEvent::Value>> details) {
  if (log_ != nullptr) log_->note(event, target, std::move(details));
}

void Rebalancer::note_progress() {
  const RebalanceResult& result = results_[current_];
  const double share = result.keys_to_move > 0 ? result.keys_moved / result.keys_to_move : 1;
  const int tenths = static_cast<int>(share * 10);
  if (tenths <= tenths_) return;
  tenths_ = tenths;
  note("rebalance progress", setup_.name,
       {{"keys_moved", result.keys_moved},
        {"share", share},
        {"moved_bytes", result.bytes_sent},
        {"redirects", static_cast<double>(result.redirects)}});
}

void Rebalancer::add_to(ServiceResult& result) const {
  double begun = 0, keys = 0, bytes = 0, redirects = 0, took_s = 0;
  const auto all = results();
  for (std::size_t i = first_measured_; i < all.size(); ++i) {
    begun += all[i].begun ? 1 : 0;
    keys += all[i].keys_moved;
    bytes += all[i].bytes_sent;
    redirects += static_cast<double>(all[i].redirects);
    took_s += static_cast<double>(all[i].took_ns) * 1e-9;
  }
  result.counts.emplace_back("rebalances", begun);
  result.counts.emplace_back("rebalancing_s", took_s);
  result.counts.emplace_back("moved_keys", keys);
  result.counts.emplace_back("moved_bytes", bytes);
  result.counts.emplace_back("redirects", redirects);
}

std::vector<RebalanceResult> Rebalancer::results() const {
  std::vector<RebalanceResult> results = results_;
  for (std::size_t i = 0; i < results.size(); ++i) {
    RebalanceResult& result = results[i];
    if (result.begun && !result.ended) result.took_ns = simulation_.now().count_ns() - result.at_ns;
    if (!result.ended) continue;
    const bool is_last = i + 1 == results.size() || !results[i + 1].begun;
    if (!is_last) {
      result.after = results[i + 1].before;
      continue;
    }
    result.after = *setup_.operations;
    for (std::size_t shard = 0; shard < mark_.size(); ++shard)
      result.after[shard] -= std::min(result.after[shard], mark_[shard]);
  }
  return results;
}

}  // namespace headroom
