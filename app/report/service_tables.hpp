#pragma once

#include <string>

#include "app/report/paint.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// How busy every service was, what waited there and what was dropped.
std::string service_table(const Summary& summary, const Paint& paint);

/// What callers of databases saw; empty where there is none.
std::string store_table(const Summary& summary, const Paint& paint);
/// Of a database, those shards that a table names: all of a few, of many those that get the most.
/// None where there is one.
std::vector<std::size_t> told_shards(const StoreSummary& store);
/// Load, busy share and latency of the shards of databases.
std::string shard_table(const Summary& summary, const Paint& paint);
/// What waited in brokers, and what became of it; empty where there is none.
std::string broker_table(const Summary& summary, const Paint& paint);
/// What became of the look-ups of caches; empty where there is none.
std::string cache_table(const Summary& summary, const Paint& paint);

/// What is counted of pools whose instances come and go, and of what sticks to them; empty where
/// nothing is.
std::string pool_table(const Summary& summary, const Paint& paint);

/// What the policies of callers and servers did; empty where there are none.
/// The busiest links, and bulk copies; empty where there are none.
std::string network_table(const Summary& summary, const Paint& paint);
std::string policy_table(const Summary& summary, const Paint& paint);

/// Limit, measured interval and verdict of every SLO; empty without SLOs.
std::string slo_table(const Summary& summary, const Paint& paint);

/// Empty without failures.
std::string failure_table(const Summary& summary, const Paint& paint);

/// The busiest service and the load it could hold, in a sentence; empty where nothing is limited.
std::string bottleneck_sentence(const Summary& summary);

}  // namespace headroom
