#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/summary.hpp"
#include "models/analytic/closed_network.hpp"

namespace headroom {

/// What a closed form says of one service, or why none is known.
struct ServiceTheory {
  std::string service;
  std::string model;                       ///< "M/M/24", "M/G/1"; empty where no form applies.
  std::string why_not;                     ///< Then the first assumption that does not hold.
  std::optional<double> sojourn_mean_s{};  ///< Of those that are served.
  std::optional<double> loss{};  ///< Share of requests turned away, or that gave up waiting.
  std::optional<double> hit_ratio{};
};

/// Every server and cache of the scenario, each as a station for which there is a closed form or
/// with the reason why it is none. Stations: one replica, called only by Poisson workloads without
/// client policies (or by one closed workload), no network, no failures. Forms: M/M/c, M/M/c/K,
/// M/G/1, M/G/1 with priorities, processor sharing, Erlang A, a closed network of one station and
/// thinking users, servers that call one another as a Jackson network, LRU caches by Che.
std::vector<ServiceTheory> theories(const ScenarioPlan& plan);

/// Servers that call one another, as an open network of queues with a product form: Poisson
/// workloads, one exponential piece of work at each visit, a queue for the cores (callers wait for
/// answers without a slot or a core that could run out). Mean sojourns include the calls. Where an
/// assumption fails there is only the reason. Source: Jackson 1957; visits by the traffic
/// equations.
std::vector<ServiceTheory> jackson_network(const ScenarioPlan& plan);

/// A theory beside what was measured; `why_not` also where the run is not what the form is of.
struct HeldTheory {
  ServiceTheory theory;
  std::optional<bool> agrees;  ///< Null where there is no interval to hold it against.
};
std::vector<HeldTheory> held_theories(const ScenarioPlan& plan, const Summary& summary);

/// One closed workload and servers as in `jackson_network`: what a round needs of each.
struct ClosedForm {
  std::vector<ClosedStation> stations;
  double think_s = 0;
  std::uint64_t users = 0;
};
/// Nothing where the scenario is no such network.
std::optional<ClosedForm> closed_form_of(const ScenarioPlan& plan);

}  // namespace headroom
