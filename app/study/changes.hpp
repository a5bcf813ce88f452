#pragma once

#include <string>
#include <vector>

#include "app/scenario/plan.hpp"

namespace headroom {

/// One thing that could be different about a scenario, and the scenario with it.
struct Change {
  std::string what;     ///< "one more replica of app"
  std::string setting;  ///< How to write it after --set; empty where no single setting does it.
  ScenarioPlan plan;
};

/// Times as long by `factor` (above 0), whatever the law.
Distribution scaled(const Distribution& distribution, double factor);

// Each gives nothing where the scenario has nothing of the kind to change.

/// Goals that ask about single failures are left out of changed plans: they are about the scenario
/// as it is.
std::optional<Change> one_more_replica(const ScenarioPlan& plan, const std::string& service);
/// All work of the service takes `factor` times as long: its service time, the cpu and wait steps
/// of its endpoints.
std::optional<Change> work_scaled(const ScenarioPlan& plan, const std::string& service,
                                  double factor);
std::optional<Change> without_retries(const ScenarioPlan& plan);
std::optional<Change> without_failure(const ScenarioPlan& plan, std::size_t failure);
/// Messages arrive at once; bandwidth and losses stay. Not for platform files and regions of a
/// cloud, whose latencies are what was measured.
std::optional<Change> without_latency(const ScenarioPlan& plan);
/// Not for platform files.
std::optional<Change> with_twice_the_bandwidth(const ScenarioPlan& plan);

/// All of them: for each service one more replica and 20 % less work, no retries, each failure
/// left out, no latency of the network, twice its bandwidth.
std::vector<Change> counterfactuals(const ScenarioPlan& plan);

}  // namespace headroom
