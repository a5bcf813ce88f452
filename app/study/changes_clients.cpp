#include <fmt/format.h>

#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "app/scenario/call_graph.hpp"
#include "app/study/change_parts.hpp"
#include "app/study/changes.hpp"
#include "app/study/judge.hpp"

namespace headroom {

namespace {

/// Whether it was there.
bool drop(ClientPlan& client, ClientPolicy policy) {
  const auto reset = [](auto& part) {
    const bool had = part.has_value();
    part.reset();
    return had;
  };
  switch (policy) {
    case ClientPolicy::retry:
      return reset(client.retry);
    case ClientPolicy::hedge:
      return reset(client.hedge);
    case ClientPolicy::timeout:
      return reset(client.timeout);
    case ClientPolicy::deadline:
      return reset(client.deadline);
    case ClientPolicy::rate_limit:
      return reset(client.rate_limit);
    case ClientPolicy::circuit_breaker:
      return reset(client.circuit_breaker);
    case ClientPolicy::bulkhead:
      return reset(client.bulkhead);
  }
  return false;
}

/// Everybody who calls somebody.
void for_each_client(ScenarioPlan& plan, const std::function<void(ClientPlan&)>& visit) {
  const auto visit_steps = [&](Steps& steps) {
    for_each_step(steps, [&](Step& step) {
      if (auto* call = std::get_if<CallStep>(&step.what)) visit(call->client);
      if (auto* publish = std::get_if<PublishStep>(&step.what)) visit(publish->client);
    });
  };
  for (auto& [name, workload] : plan.workloads.entries) {
    visit(workload.client);
    if (workload.fallback) visit_steps(*workload.fallback);
  }
  for (auto& [name, service] : plan.services.entries) {
    if (auto* cache = std::get_if<CachePlan>(&service.kind); cache && cache->store)
      visit(cache->store->client);
    if (auto* server = std::get_if<ServerPlan>(&service.kind))
      for (auto& [endpoint, steps] : server->endpoints.entries)
        visit_steps(steps);
    if (auto* worker = std::get_if<WorkerPlan>(&service.kind))
      for (auto& [endpoint, steps] : worker->endpoints.entries)
        visit_steps(steps);
  }
}

constexpr std::array<const char*, 7> policy_names{
    "retries", "hedges", "timeouts", "deadlines", "rate limits", "circuit breakers", "bulkheads"};

/// What a failure sets off does not happen without it; the failures after it move up.
void drop_copies_after(std::size_t failure, Named<BulkPlan>& bulk) {
  std::erase_if(bulk.entries,
                [&](const auto& named) { return named.second.after_failure == failure; });
  for (auto& [name, copies] : bulk.entries)
    if (copies.after_failure && *copies.after_failure > failure) --*copies.after_failure;
}

void drop_failure(ScenarioPlan& plan, std::size_t failure) {
  plan.failures.erase(plan.failures.begin() + static_cast<std::ptrdiff_t>(failure));
  if (plan.network) drop_copies_after(failure, plan.network->bulk);
}

/// Every link that the scenario itself describes, not those of a platform file.
void for_each_link(NetworkPlan& network, const std::function<void(LinkPlan&)>& visit) {
  for (auto* links : {&network.links, &network.topology.links})
    for (auto& [name, link] : links->entries)
      visit(link);
  if (!network.topology.generate) return;
  auto& kind = network.topology.generate->kind;
  if (auto* star = std::get_if<StarPlan>(&kind)) visit(star->link);
  if (auto* tree = std::get_if<FatTreePlan>(&kind)) visit(tree->link);
  if (auto* tiers = std::get_if<LeafSpinePlan>(&kind)) {
    visit(tiers->host_link);
    visit(tiers->spine_link);
  }
  if (auto* regions = std::get_if<RegionsPlan>(&kind); regions && regions->inside)
    visit(*regions->inside);
}

/// A change of the network whose links were changed by `change`; nothing where none was.
std::optional<Change> with_links(const ScenarioPlan& plan, std::string what,
                                 const std::function<bool(LinkPlan&)>& change) {
  if (!plan.network) return std::nullopt;
  Change made{std::move(what), {}, base_of(plan)};
  bool had = false;
  for_each_link(*made.plan.network, [&](LinkPlan& link) { had = change(link) || had; });
  if (!had) return std::nullopt;
  return made;
}

}  // namespace

std::optional<Change> without_policy(const ScenarioPlan& plan, ClientPolicy policy) {
  Change change{
      fmt::format("no {}", policy_names[static_cast<std::size_t>(policy)]), {}, base_of(plan)};
  bool had = false;
  for_each_client(change.plan, [&](ClientPlan& client) { had = drop(client, policy) || had; });
  if (!had) return std::nullopt;
  return change;
}

std::optional<Change> without_failure(const ScenarioPlan& plan, std::size_t failure) {
  if (failure >= plan.failures.size()) return std::nullopt;
  const auto described = failure_summaries(plan, {});
  Change change{fmt::format("without failure {} ({} {})", failure, described[failure].verb,
                            described[failure].target),
                {},
                base_of(plan)};
  drop_failure(change.plan, failure);
  return change;
}

std::optional<Change> without_failures(const ScenarioPlan& plan) {
  if (plan.failures.empty()) return std::nullopt;
  Change change{"without any failure", {}, base_of(plan)};
  while (!change.plan.failures.empty())
    drop_failure(change.plan, 0);
  return change;
}

std::optional<Change> without_workload(const ScenarioPlan& plan, std::size_t workload) {
  if (workload == 0 || workload >= plan.workloads.size()) return std::nullopt;
  const std::string& name = plan.workloads.entries[workload].first;
  for (const FailurePlan& failure : plan.failures)
    if (const auto* surge = std::get_if<SurgePlan>(&failure.verb))
      if (surge->workload.name == name) return std::nullopt;
  Change change{"without the workload " + name, {}, base_of(plan)};
  auto& workloads = change.plan.workloads.entries;
  workloads.erase(workloads.begin() + static_cast<std::ptrdiff_t>(workload));
  if (live_services(change.plan).size() < live_services(plan).size()) {
    // A service that nobody calls is in no scenario, so it stays, and asks once in many days.
    workloads = base_of(plan).workloads.entries;
    workloads[workload].second.arrivals.process = PoissonPlan{Rate{1e-6}};
  }
  std::erase_if(change.plan.slos.entries, [&](const auto& slo) {
    return slo.second.workload && slo.second.workload->name == name;
  });
  return change;
}

std::optional<Change> without_latency(const ScenarioPlan& plan) {
  // Of a platform file and between regions it is what was measured.
  const bool is_measured =
      plan.network &&
      (plan.network->topology.platform ||
       (plan.network->topology.generate &&
        std::holds_alternative<RegionsPlan>(plan.network->topology.generate->kind)));
  if (is_measured) return std::nullopt;
  return with_links(plan, "no latency of the network", [](LinkPlan& link) {
    const bool had = link.latency || link.jitter;
    link.latency.reset();
    link.jitter.reset();
    return had;
  });
}

std::optional<Change> twice_the_bandwidth(const ScenarioPlan& plan) {
  const std::string what = "twice the bandwidth of every link";
  auto made = with_links(plan, what, [](LinkPlan& link) {
    if (link.bandwidth) link.bandwidth->bytes_per_s *= 2;
    return link.bandwidth.has_value();
  });
  if (!plan.network || !plan.network->topology.generate) return made;
  const auto* planned = std::get_if<RegionsPlan>(&plan.network->topology.generate->kind);
  if (planned == nullptr || !planned->bandwidth) return made;
  if (!made) made = Change{what, {}, base_of(plan)};
  auto& generated = made->plan.network->topology.generate;
  std::get_if<RegionsPlan>(&generated->kind)->bandwidth->bytes_per_s *= 2;
  return made;
}

std::optional<Change> without_losses(const ScenarioPlan& plan) {
  return with_links(plan, "no losses of the network", [](LinkPlan& link) {
    const bool had = link.loss.value > 0;
    link.loss.value = 0;
    return had;
  });
}

}  // namespace headroom
