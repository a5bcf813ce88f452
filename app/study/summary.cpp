#include "app/study/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic.hpp"
#include "app/study/clairvoyant.hpp"
#include "app/study/judge.hpp"
#include "app/study/network_figures.hpp"
#include "app/study/network_needs.hpp"
#include "app/study/theories.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "met";
    case Verdict::missed:
      return "missed";
    case Verdict::undecided:
      break;
  }
  return "undecided";
}

namespace {

/// A run that never settles measures its own length; the reason stands in place of the numbers.
void withhold(TimeSummary& times, const std::string& why) {
  times.mean = times.max = Figure::none(why);
  for (auto& percentile : times.percentiles)
    percentile.second = Figure::none(why);
}

void withhold(SubscriptionSummary& group, const std::string& why) {
  withhold(group.lag_s, why);
  withhold(group.done_s, why);
  group.lag = Figure::none(why);
}

void withhold_unsettled(Summary& summary, const Growth& growth) {
  const std::string why = "unstable: " + growth.because;
  for (auto& workload : summary.workloads) {
    withhold(workload.latency_s, why);
    workload.time_spent.reset();
    for (auto& endpoint : workload.endpoints)
      withhold(endpoint.latency_s, why);
  }
  for (std::size_t service = 0; service < summary.services.size(); ++service) {
    if (!growth.services[service]) continue;
    withhold(summary.services[service].wait_s, why);
    withhold(summary.services[service].sojourn_s, why);
    summary.services[service].queue_length = Figure::none(why);
    summary.services[service].in_system = Figure::none(why);
    if (auto& broker = summary.services[service].broker) {
      withhold(broker->total, why);
      for (SubscriptionSummary& group : broker->groups)
        withhold(group, why);
    }
  }
  for (auto& slo : summary.slos) {
    if (slo.verdict == Verdict::met) slo.verdict = Verdict::undecided;
    if (slo.of_time) slo.measured = Figure::none(why);
  }
}

/// Whether a service may keep calls from others that nobody misses.
bool may_keep_back(const ServicePlan& service) {
  const ServerPlan* server = server_of(service);
  if (server == nullptr) return false;
  bool may = server->brownout.has_value();
  for (const auto& [name, steps] : server->endpoints)
    for_each_call(steps, {}, [&](const CallStep& call, const std::string&) {
      may = may || call.client.is_guarded();
    });
  return may;
}

/// Whether arithmetic knows what is asked of each service, and does not only estimate it.
bool is_asked_exactly(const ScenarioPlan& plan) {
  return plan.failures.empty() &&
         std::none_of(plan.services.begin(), plan.services.end(),
                      [](const auto& named) {
                        // Copies that merge are told of several writes of a key at once.
                        const auto* store = std::get_if<DatabasePlan>(&named.second.kind);
                        const bool merges = store && store->replication.goes_by_clocks();
                        return named.second.autoscale || merges ||
                               std::holds_alternative<CachePlan>(named.second.kind) ||
                               may_keep_back(named.second);
                      }) &&
         std::none_of(plan.workloads.begin(), plan.workloads.end(),
                      [](const auto& named) { return named.second.client.is_guarded(); });
}

bool has_given_up(const RunResult& run) {
  for (const WorkloadResult& workload : run.workloads)
    for (const EndpointResult& endpoint : workload.endpoints)
      if (endpoint.all_finished() != endpoint.finished[static_cast<std::size_t>(Outcome::ok)])
        return true;
  for (const ServiceResult& service : run.services)
    for (const std::uint64_t dropped : service.drops)
      if (dropped > 0) return true;
  return false;
}

bool lets_nobody_wait(const ScenarioPlan& plan, const std::string& service) {
  const auto tier = tier_of(plan, service);
  return tier && !tier->queue_limit.is_unlimited() && tier->queue_limit.count == 0;
}

/// The link that by arithmetic is full first, where that is asked for more than it carries.
std::optional<std::string> overloaded_link(const ScenarioPlan& plan, const Arithmetic& needs) {
  const auto links = link_needs(plan, needs);
  const LinkNeed* first = first_full(links);
  if (!first || !first->is_overloaded) return std::nullopt;
  return fmt::format("link {}: {:.4g} MB/s are asked of {:.4g} MB/s", first->name,
                     first->needed_bytes_per_s / 1e6, *first->bandwidth_bytes_per_s / 1e6);
}

/// A service or a link that is asked for more than it can do while nothing limits its queue never
/// settles, even where a run is too short to show it. Nothing where a run has shown a limit, or
/// where arithmetic only estimates what is asked: behind caches, with pools that grow, of copies
/// that merge, with failures.
std::optional<Growth> overload(const ScenarioPlan& plan, Runs runs) {
  if (!is_asked_exactly(plan) || std::any_of(runs.begin(), runs.end(), has_given_up))
    return std::nullopt;
  const Arithmetic needs = arithmetic(plan);
  Growth found;
  for (const ServiceNeeds& asked : needs.services) {  // in the order of those of a run
    const bool is_overloaded =
        asked.is_overloaded && asked.busy_share && !lets_nobody_wait(plan, asked.service);
    found.services.push_back(is_overloaded);
    if (!is_overloaded) continue;
    if (!found.because.empty()) found.because += "; ";
    found.because += fmt::format("service {}: {:.4g}/s are asked of {:.4g}/s", asked.service,
                                 asked.requests_per_s,
                                 asked.requests_per_s / (*asked.busy_share * asked.imbalance));
  }
  if (const auto link = overloaded_link(plan, needs))
    found.because += (found.because.empty() ? "" : "; ") + *link;
  if (found.because.empty()) return std::nullopt;
  return found;
}

/// Why the runs do not settle, the link included that makes them: what waits for it may be with
/// those who send, as transfers and what is sent again are.
std::optional<Growth> growth_of(const ScenarioPlan& plan, Runs runs) {
  auto found = growth(runs);
  if (!found) return overload(plan, runs);
  if (!is_asked_exactly(plan) || found->of_link) return found;
  if (const auto link = overloaded_link(plan, arithmetic(plan))) found->because += "; " + *link;
  return found;
}

std::uint64_t combined_digest(const std::vector<RunResult>& runs) {
  std::uint64_t digest = 0;
  for (const RunResult& run : runs)
    digest = sim::mix(digest, run.digest);
  return digest;
}

/// The busier of two; of two that are full the one that by arithmetic is full first, as what a
/// caller waits for holds its slot.
bool is_before(const Summary::Bottleneck& one, const Summary::Bottleneck& other) {
  constexpr double full = 0.99;  // Chosen: some of what a link carries leaves it after the end.
  constexpr double never = std::numeric_limits<double>::infinity();
  if (one.utilization >= full && other.utilization >= full)
    return one.ceiling_per_s.value_or(never) < other.ceiling_per_s.value_or(never);
  return one.utilization > other.utilization;
}

void consider_links(const std::vector<LinkNeed>& needs, const Summary& summary,
                    std::optional<Summary::Bottleneck>& busiest) {
  const auto consider = [&](const LinkSummary& link, const std::optional<double>& ceiling_per_s) {
    if (!link.utilization.value) return;
    Summary::Bottleneck made{"link " + link.name, "bandwidth", *link.utilization.value,
                             ceiling_per_s};
    if (!busiest || is_before(made, *busiest)) busiest = std::move(made);
  };
  // In the order of `check`, so that of links that are as full both name the same one.
  std::map<std::string_view, const LinkSummary*> others;
  for (const LinkSummary& link : summary.network.links)
    others.emplace(link.name, &link);
  for (const LinkNeed& need : needs) {
    const auto link = others.find(need.name);
    if (link == others.end()) continue;
    if (need.is_shared) consider(*link->second, need.ceiling_per_s);
    others.erase(link);
  }
  for (const auto& [name, link] : others)
    consider(*link, std::nullopt);
}

/// What is the busiest: the cores or slots of a service, or a link.
std::optional<Summary::Bottleneck> bottleneck_of(const ScenarioPlan& plan, const Summary& summary) {
  std::optional<Summary::Bottleneck> bottleneck;
  const Arithmetic needs = arithmetic(plan);
  for (std::size_t i = 0; i < summary.services.size(); ++i) {
    const ServiceSummary& service = summary.services[i];
    const ServiceNeeds& needed = needs.services[i];  // in the same order
    const auto consider = [&](const Figure& share, const char* resource) {
      if (!share.value) return;
      Summary::Bottleneck made{service.name, resource, *share.value, needed.ceiling_per_s};
      if (!bottleneck || is_before(made, *bottleneck)) bottleneck = std::move(made);
    };
    if (needed.imbalance > 1) {
      consider(service.busiest_utilization, needed.uses_cpu ? "cores" : "slots");
      continue;
    }
    const bool of_cores = service.utilization.value != service.slots_held.value;
    consider(service.utilization, of_cores ? "cores" : "slots");
    consider(service.slots_held, "slots");
  }
  if (!summary.network.links.empty()) consider_links(link_needs(plan, needs), summary, bottleneck);
  return bottleneck;
}

std::vector<Summary::TheorySummary> theory_of(const ScenarioPlan& plan, const Summary& summary) {
  std::vector<Summary::TheorySummary> found;
  for (const HeldTheory& held : held_theories(plan, summary)) {
    const ServiceTheory& theory = held.theory;
    if (!theory.model.empty() && theory.sojourn_mean_s)
      found.push_back({theory.service, theory.model, *theory.sojourn_mean_s, held.agrees});
  }
  return found;
}

}  // namespace

Summary summarize(const ScenarioPlan& plan, const StudyResult& study) {
  Summary summary;
  const Runs runs = study.runs;
  summary.scenario = plan.name;
  summary.seed = plan.run.seed;
  summary.replications = static_cast<std::uint32_t>(runs.size());
  summary.digest = fmt::format("{:016x}", combined_digest(study.runs));
  summary.warmup_s = study.warmup.in_seconds();
  summary.duration_s = plan.run.duration.in_seconds();
  summary.warmup_found = study.warmup_found;
  summary.partial = study.interrupted;
  summary.sequential = study.sequential;
  for (std::size_t workload = 0; workload < plan.workloads.size(); ++workload) {
    summary.workloads.push_back(client_summary(plan, runs, workload));
    summary.workloads.back().time_spent = time_spent_summary(runs, workload);
  }
  const std::size_t services = runs.empty() ? 0 : runs.front().services.size();
  for (std::size_t service = 0; service < services; ++service) {
    summary.services.push_back(service_summary(runs, service));
    auto& added = summary.services.back();
    if (added.cache) added.cache->clairvoyant = clairvoyant_hit_ratio(plan, added.name);
  }
  for (const auto& [name, slo] : plan.slos)
    summary.slos.push_back(judge_slo(plan, runs, name, slo));
  summary.failures = failure_summaries(plan, runs);
  summary.consistency = consistency_summaries(plan, study.runs);
  for (const RunResult& run : runs)
    summary.events += run.events;
  summary.network = network_summary(plan, runs);
  summary.bottleneck = bottleneck_of(plan, summary);
  if (plan.is_stationary() && !runs.empty()) {
    const auto unsettled = growth_of(plan, runs);
    summary.settled = !unsettled && study.warmup_settled;
    if (unsettled) {
      summary.unsettled_because = unsettled->because;
      summary.grows = true;
      withhold_unsettled(summary, *unsettled);
    } else if (!study.warmup_settled) {
      summary.unsettled_because = "the pilot runs did not show the end of the warm-up";
    }
  }
  summary.theory = theory_of(plan, summary);
  summary.cost_per_h = cost_per_h(plan, runs);
  summary.verdict = overall(summary.slos);
  // What never settles has not shown that anything holds.
  if (summary.settled == false && summary.verdict == Verdict::met) {
    summary.verdict = Verdict::undecided;
  }
  return summary;
}

const ClientSummary* workload_of(const Summary& summary, const std::string& name) {
  for (const auto& workload : summary.workloads)
    if (workload.name == name) return &workload;
  return nullptr;
}

const ServiceSummary* service_of(const Summary& summary, const std::string& name) {
  for (const auto& service : summary.services)
    if (service.name == name) return &service;
  return nullptr;
}

}  // namespace headroom
