#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/sites.hpp"

namespace headroom {

/// Copies of a shard that an operation costs work: who answers a read, and all for a write, as each
/// copy applies it. A cas is a write, whether it changes anything or not.
double copies_at_work(const DatabasePlan& store, std::string_view operation);

/// Mean work of one copy for an operation, seconds.
double work_of_copy_s(const DatabasePlan& store, std::string_view operation);

/// By node, the share of the reads from a zone that it answers; of a quorum all copies do. Shards
/// are those to begin with, and asked alike.
std::vector<double> read_shares(const ScenarioPlan& plan, const std::string& database,
                                std::size_t zone, const Sites* sites);

/// Operations that reach a database, by the zone of their callers.
struct StoreCalls {
  std::map<std::size_t, double> reads;
  double writes = 0;

  void add(std::string_view operation, std::size_t zone, double times);
  void add(const StoreCalls& other, double times);
};

/// How many times the mean the busiest of some is at work; 1 where all have the same.
struct StoreImbalance {
  double of_shards = 1;  ///< By the popularity of their keys.
  double of_copies = 1;  ///< Of a shard, by who answers reads.
  double of_nodes = 1;   ///< By both.
};

/// Where the work of a database for these operations is. Leaders are the copies that lead to begin
/// with. `sites` are those of the plan, or null where it has no topology.
StoreImbalance store_imbalance(const ScenarioPlan& plan, const std::string& database,
                               const StoreCalls& calls, const Sites* sites);

}  // namespace headroom
