#pragma once

#include <string>
#include <vector>

#include "app/scenario/plan.hpp"

namespace headroom {

/// How often each shard of a database is asked, by the popularity of its keys; empty where all are
/// asked alike. Each call of a key counts as often as workloads reach it at their
/// peaks, whatever caches answer and whichever branch is taken. Shards are those to begin with. Of
/// many keys the first ten thousand count one by one, and the rest by how their popularity falls.
std::vector<double> shard_loads(const ScenarioPlan& plan, const std::string& database);

/// Of the operations of a database, counted in the same way, the share that all shards are asked
/// for: those about keys of other spaces than the one by which a shard is found.
double share_asked_everywhere(const ScenarioPlan& plan, const std::string& database);

}  // namespace headroom
