#include "app/study/explanation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "app/study/arithmetic.hpp"
#include "app/study/arithmetic_demand.hpp"
#include "app/study/theories.hpp"
#include "models/analytic/traffic.hpp"

namespace headroom {

namespace {

/// The lowest ceiling of all services, links, bulkheads and logs.
std::optional<double> ceiling_of(const Arithmetic& needs, const std::vector<Constraint>& further) {
  std::optional<double> lowest;
  if (needs.bottleneck) lowest = needs.services[*needs.bottleneck].ceiling_per_s;
  for (const Constraint& each : further)
    if (each.ceiling_per_s)
      lowest = std::min(lowest.value_or(*each.ceiling_per_s), *each.ceiling_per_s);
  return lowest;
}

double requests_per_s(const Arithmetic& needs) {
  double sum = 0;
  for (const auto& workload : needs.workloads)
    sum += workload.peak_per_s;
  return sum;
}

const std::string partitions = "partitions";

/// Times that messages come to the broker of a worker for each time that requests need it: what is
/// asked of the worker, however much of that it gets round to. 0 of what is no worker.
double published_to(const ScenarioPlan& plan, const Arithmetic& needs, const Summary& measured,
                    const std::string& worker) {
  if (plan.worker(worker) == nullptr) return 0;
  const std::string& broker = plan.worker(worker)->consumes.name;
  const ServiceNeeds* planned = needs.service(broker);
  const ServiceSummary* found = service_of(measured, broker);
  return planned && found ? amplification_of(plan, *planned, *found) : 0;
}

ServiceLaw law_of(const ScenarioPlan& plan, const ServiceNeeds& needs, double all_per_s,
                  const ServiceSummary* found, double published) {
  ServiceLaw law;
  law.service = needs.service;
  const bool is_core = needs.uses_cpu && !needs.slots_run_out_first;
  if (needs.largest_share)
    law.resource = needs.by_partitions ? partitions : is_core ? "cores" : "slots";
  if (all_per_s > 0) law.visits = needs.requests_per_s / all_per_s;
  law.demand_s = law.visits * (needs.uses_cpu ? needs.cpu_s : needs.held_s);
  law.ceiling_per_s = needs.ceiling_per_s;
  if (found == nullptr) return law;
  law.arrivals_per_s = found->arrivals_per_s.value.value_or(0);
  law.amplification = amplification_of(plan, needs, *found);
  law.waits_s = found->wait_s.mean;
  if (!needs.largest_share) return law;
  const double mean_share =
      needs.requests_per_s > 0 ? *needs.largest_share * needs.mean_per_s / needs.requests_per_s : 0;
  const double asked = mean_share * std::max(law.amplification, published);
  law.share = asked * needs.imbalance;
  // Busy cores are the service's own doing, and slow ones show here; held slots may be waiting for
  // somebody else, who is then the one to blame.
  if (needs.uses_cpu && found->busiest_utilization.value)
    law.share = std::max(*law.share, *found->busiest_utilization.value);
  return law;
}

void find_constraints(const ScenarioPlan& plan, Explanation& explanation,
                      std::vector<Constraint> further) {
  auto& found = explanation.constraints;
  for (const ServiceLaw& law : explanation.services) {
    if (!law.share) continue;
    const bool by_partitions = law.resource == partitions;
    const std::string& whose =
        by_partitions ? plan.worker(law.service)->consumes.name : law.service;
    found.push_back({whose, law.resource, *law.share, law.ceiling_per_s});
  }
  for (Constraint& more : further)
    found.push_back(std::move(more));
  std::stable_sort(found.begin(), found.end(),
                   [](const Constraint& a, const Constraint& b) { return a.share > b.share; });
}

const Metric* metric_named(const std::vector<Metric>& metrics, const std::string& name) {
  for (const Metric& metric : metrics)
    if (metric.name == name) return &metric;
  return nullptr;
}

double relative(const Difference& difference) {
  if (!difference.difference.value || !difference.a.value || *difference.a.value == 0) return 0;
  return *difference.difference.value / *difference.a.value;
}

/// How much better, relatively: of p99 or a lag, whichever gains more; then of goodput.
std::pair<double, double> gain(const Effect& effect) {
  double less = relative(effect.p99);
  for (const Difference& lag : effect.lags)
    less = std::min(less, relative(lag));
  return {-less, relative(effect.goodput)};
}

}  // namespace

std::vector<double> endpoint_rates(const ScenarioPlan& plan) {
  const Demands demands(plan);
  const Arithmetic needs = arithmetic(plan);
  std::vector<double> outside(demands.graph().nodes().size());
  for (std::size_t i = 0; i < plan.workloads.size(); ++i) {
    for (const Entry& entry : entries_of(plan, demands.graph(), plan.workloads.entries[i].second))
      outside[entry.node] += entry.share * needs.workloads[i].peak_per_s;
  }
  return visits_of(demands, outside);
}

std::vector<double> visits_of(const Demands& demands, const std::vector<double>& outside) {
  std::vector<Routing> routing;
  for (std::size_t node = 0; node < outside.size(); ++node)
    for (const Count& call : demands.of(node).calls)
      routing.push_back({node, call.index, call.times});
  return solve_traffic(outside, routing).value_or(std::vector<double>(outside.size()));
}

Explanation explain_laws(const ScenarioPlan& plan, const Design& present) {
  Explanation explanation;
  const Arithmetic needs = arithmetic(plan);
  const double all_per_s = requests_per_s(needs);
  explanation.workload = plan.workloads.entries.front().first;
  explanation.without_waiting_s = needs.workloads.front().answer_s;
  explanation.network = network_needs(plan);
  auto further = further_constraints(plan, needs, explanation.network, present.summary);
  explanation.ceiling_per_s = ceiling_of(needs, further);
  for (const ServiceNeeds& each : needs.services)
    explanation.services.push_back(
        law_of(plan, each, all_per_s, service_of(present.summary, each.service),
               published_to(plan, needs, present.summary, each.service)));
  find_constraints(plan, explanation, std::move(further));
  explanation.tries_again = without_policy(plan, ClientPolicy::retry).has_value() ||
                            without_policy(plan, ClientPolicy::hedge).has_value();
  if (const auto form = closed_form_of(plan)) {
    explanation.closed = closed_network(form->stations, form->think_s, form->users);
    explanation.bounds = closed_bounds(form->stations, form->think_s, form->users);
  }
  return explanation;
}

Effect effect_of(Change change, const Design& present, const Design& changed, double confidence) {
  Effect effect;
  const auto metrics = common_metrics({present, changed});
  const auto difference = [&](const Metric& metric) {
    return difference_of(metric, present, changed, confidence);
  };
  const std::string workload = "workloads." + present.summary.workloads.front().name;
  effect.p99 = difference(*metric_named(metrics, workload + ".latency_s.p99"));
  effect.goodput = difference(*metric_named(metrics, workload + ".goodput_per_s"));
  for (const Metric& metric : metrics)
    if (metric.name.ends_with(".lag_s.p99")) effect.lags.push_back(difference(metric));
  effect.grows = changed.summary.grows;
  const Arithmetic needs = arithmetic(changed.plan);
  effect.ceiling_per_s = ceiling_of(
      needs,
      further_constraints(changed.plan, needs, network_needs(changed.plan), changed.summary));
  effect.change = std::move(change);
  return effect;
}

CapacityChange capacity_change(const CapacityBounds& now, const CapacityBounds& changed) {
  CapacityChange change;
  if (now.breaks) change.low = changed.holds.value_or(0) - *now.breaks;
  if (changed.breaks) change.high = *changed.breaks - now.holds.value_or(0);
  return change;
}

Use judged(const Explanation& explanation, const Effect& effect) {
  constexpr double negligible = 1e-3;
  bool better = false, worse = false;
  const auto count = [&](Better verdict) {
    better = better || verdict == Better::b;
    worse = worse || verdict == Better::a;
  };
  count(effect.p99.verdict);
  for (const Difference& lag : effect.lags)
    count(lag.verdict);
  if (std::abs(relative(effect.goodput)) >= negligible) count(effect.goodput.verdict);
  if (effect.capacity && explanation.capacity) {
    const CapacityChange change = capacity_change(*explanation.capacity, *effect.capacity);
    if (change.low && *change.low >= 0) better = true;
    if (change.high && *change.high <= 0) worse = true;
  }
  if (better) return worse ? Use::mixed : Use::helps;
  return worse ? Use::harms : Use::none_seen;
}

void rank_effects(Explanation& explanation) {
  constexpr std::array places{0, 3, 1, 2};  // helps, harms, mixed, none seen
  const auto place = [&](const Effect& effect) {
    return places[static_cast<std::size_t>(judged(explanation, effect))];
  };
  std::stable_sort(explanation.effects.begin(), explanation.effects.end(),
                   [&](const Effect& x, const Effect& y) {
                     const auto x_gain = gain(x), y_gain = gain(y);
                     return std::tuple(place(x), -x_gain.first, -x_gain.second) <
                            std::tuple(place(y), -y_gain.first, -y_gain.second);
                   });
}

}  // namespace headroom
