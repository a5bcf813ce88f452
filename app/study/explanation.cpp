#include "app/study/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "app/study/arithmetic.hpp"
#include "app/study/arithmetic_demand.hpp"
#include "app/study/theories.hpp"
#include "models/analytic/traffic.hpp"

namespace headroom {

namespace {

const ServiceSummary* measured(const Summary& summary, const std::string& name) {
  for (const auto& service : summary.services)
    if (service.name == name) return &service;
  return nullptr;
}

/// The lowest ceiling of all services.
std::optional<double> ceiling_of(const Arithmetic& needs) {
  if (!needs.bottleneck) return std::nullopt;
  return needs.services[*needs.bottleneck].ceiling_per_s;
}

double requests_per_s(const Arithmetic& needs) {
  double sum = 0;
  for (const auto& workload : needs.workloads)
    sum += workload.peak_per_s;
  return sum;
}

ServiceLaw law_of(const ServiceNeeds& needs, double all_per_s, const ServiceSummary* found) {
  ServiceLaw law;
  law.service = needs.service;
  const bool is_core = needs.uses_cpu && !needs.slots_run_out_first;
  if (needs.largest_share) law.resource = is_core ? "cores" : "slots";
  if (all_per_s > 0) law.visits = needs.requests_per_s / all_per_s;
  law.demand_s = law.visits * (needs.uses_cpu ? needs.cpu_s : needs.held_s);
  law.ceiling_per_s = needs.ceiling_per_s;
  if (found == nullptr) return law;
  law.arrivals_per_s = found->arrivals_per_s.value.value_or(0);
  law.waits_s = found->wait_s.mean;
  if (!needs.largest_share) return law;
  const double asked = needs.requests_per_s > 0
                           ? *needs.largest_share * law.arrivals_per_s / needs.requests_per_s
                           : 0;
  law.share = asked * needs.imbalance;
  // Busy cores are the service's own doing, and slow ones show here; held slots may be waiting for
  // somebody else, who is then the one to blame.
  if (needs.uses_cpu && found->busiest_utilization.value)
    law.share = std::max(*law.share, *found->busiest_utilization.value);
  return law;
}

void find_bottlenecks(Explanation& explanation) {
  const auto fuller = [&](std::size_t a, std::optional<std::size_t> b) {
    return !b || *explanation.services[a].share > *explanation.services[*b].share;
  };
  for (std::size_t i = 0; i < explanation.services.size(); ++i) {
    if (!explanation.services[i].share) continue;
    if (fuller(i, explanation.bottleneck)) {
      explanation.next = explanation.bottleneck;
      explanation.bottleneck = i;
    } else if (fuller(i, explanation.next)) {
      explanation.next = i;
    }
  }
}

const Metric* metric_named(const std::vector<Metric>& metrics, const std::string& name) {
  for (const Metric& metric : metrics)
    if (metric.name == name) return &metric;
  return nullptr;
}

/// How much better, relatively: of p99, then of goodput.
std::pair<double, double> gain(const Effect& effect) {
  const auto relative = [](const Difference& difference) {
    if (!difference.difference.value || !difference.a.value || *difference.a.value == 0) return 0.0;
    return *difference.difference.value / *difference.a.value;
  };
  return {-relative(effect.p99), relative(effect.goodput)};
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
  explanation.ceiling_per_s = ceiling_of(needs);
  for (const ServiceNeeds& each : needs.services)
    explanation.services.push_back(
        law_of(each, all_per_s, measured(present.summary, each.service)));
  find_bottlenecks(explanation);
  explanation.network = network_needs(plan);
  if (const auto form = closed_form_of(plan)) {
    explanation.closed = closed_network(form->stations, form->think_s, form->users);
    explanation.bounds = closed_bounds(form->stations, form->think_s, form->users);
  }
  return explanation;
}

Effect effect_of(Change change, const Design& present, const Design& changed, double confidence) {
  Effect effect;
  const auto metrics = common_metrics({present, changed});
  const std::string workload = "workloads." + present.summary.workloads.front().name;
  effect.p99 = difference_of(*metric_named(metrics, workload + ".latency_s.p99"), present, changed,
                             confidence);
  effect.goodput = difference_of(*metric_named(metrics, workload + ".goodput_per_s"), present,
                                 changed, confidence);
  effect.grows = changed.summary.grows;
  effect.ceiling_per_s = ceiling_of(arithmetic(changed.plan));
  effect.change = std::move(change);
  return effect;
}

Better judged(const Effect& effect) {
  return effect.p99.verdict != Better::cannot_tell ? effect.p99.verdict : effect.goodput.verdict;
}

void rank_effects(std::vector<Effect>& effects) {
  const auto place = [](const Effect& effect) {
    const Better verdict = judged(effect);
    return verdict == Better::b ? 0 : verdict == Better::cannot_tell ? 1 : 2;
  };
  std::stable_sort(effects.begin(), effects.end(), [&](const Effect& x, const Effect& y) {
    const auto x_gain = gain(x), y_gain = gain(y);
    return std::tuple(place(x), -x_gain.first, -x_gain.second) <
           std::tuple(place(y), -y_gain.first, -y_gain.second);
  });
}

}  // namespace headroom
