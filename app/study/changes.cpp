#include "app/study/changes.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <optional>

#include "app/study/judge.hpp"

namespace headroom {

namespace {

constexpr double less_work = 0.8;

/// Every step in the list and below it.
void for_each_step(Steps& steps, const std::function<void(Step&)>& visit) {
  for (Step& step : steps) {
    visit(step);
    CallStep* call = std::get_if<CallStep>(&step.what);
    if (auto* publish = std::get_if<PublishStep>(&step.what)) call = publish;
    if (call != nullptr) {
      if (call->on_miss) for_each_step(*call->on_miss, visit);
      if (call->fallback) for_each_step(*call->fallback, visit);
    }
    if (auto* parallel = std::get_if<ParallelStep>(&step.what))
      for (Steps& branch : parallel->branches)
        for_each_step(branch, visit);
    if (auto* choose = std::get_if<ChooseStep>(&step.what))
      for (ChooseBranch& branch : choose->branches)
        for_each_step(branch.steps, visit);
    if (auto* repeat = std::get_if<RepeatStep>(&step.what)) for_each_step(repeat->steps, visit);
  }
}

void scale(Distribution& distribution, double factor) {
  distribution = scaled(distribution, factor);
}
void scale(std::optional<Distribution>& distribution, double factor) {
  if (distribution) scale(*distribution, factor);
}
void scale(StoreTimesPlan& times, double factor) {
  scale(times.read, factor);
  scale(times.write, factor);
}
void scale(Named<Steps>& endpoints, double factor) {
  for (auto& [name, steps] : endpoints.entries) {
    for_each_step(steps, [&](Step& step) {
      if (auto* cpu = std::get_if<CpuStep>(&step.what)) scale(cpu->work, factor);
      if (auto* wait = std::get_if<WaitStep>(&step.what)) scale(wait->time, factor);
    });
  }
}

ServicePlan* changed_service(ScenarioPlan& plan, const std::string& name) {
  for (auto& [each, service] : plan.services.entries)
    if (each == name) return &service;
  return nullptr;
}

/// The plan to be changed, without the goals that ask about a failure by its position.
ScenarioPlan base_of(const ScenarioPlan& plan) {
  ScenarioPlan base = plan;
  std::erase_if(base.slos.entries, [](const auto& slo) { return slo.second.during.has_value(); });
  return base;
}

bool drop_retry(ClientPlan& client) {
  const bool had = client.retry.has_value();
  client.retry.reset();
  return had;
}

}  // namespace

Distribution scaled(const Distribution& distribution, double factor) {
  using Kind = Distribution::Kind;
  Distribution result = distribution;
  result.written.clear();
  if (distribution.kind == Kind::lognormal) {
    result.a += std::log(factor);
  } else {
    result.a *= factor;
  }
  if (distribution.kind == Kind::uniform) result.b *= factor;
  for (Distribution& part : result.parts)
    part = scaled(part, factor);
  for (double& value : result.values)
    value *= factor;
  return result;
}

std::optional<Change> one_more_replica(const ScenarioPlan& plan, const std::string& service) {
  Change change{"one more replica of " + service, {}, base_of(plan)};
  ServicePlan* changed = changed_service(change.plan, service);
  const bool has_replicas =
      changed != nullptr &&
      std::visit(
          [&](auto& kind) {
            if constexpr (requires { kind.replicas += 1; }) {
              change.setting = fmt::format("services.{}.replicas={}", service, kind.replicas += 1);
              return true;
            }
            return false;
          },
          changed->kind);
  if (!has_replicas) return std::nullopt;
  // Where weights say what each replica gets, one more has none.
  for (const auto& [name, other] : plan.services) {
    const auto* balancer = std::get_if<BalancerPlan>(&other.kind);
    if (balancer && balancer->to.name == service && !balancer->weights.empty()) return std::nullopt;
  }
  return change;
}

std::optional<Change> work_scaled(const ScenarioPlan& plan, const std::string& service,
                                  double factor) {
  Change change{
      fmt::format("{:.3g} % less work at {}", 100 * (1 - factor), service), {}, base_of(plan)};
  ServicePlan* changed = changed_service(change.plan, service);
  if (changed == nullptr) return std::nullopt;
  const bool has_work = std::visit(
      [&](auto& kind) {
        bool found = false;
        if constexpr (requires { scale(kind.service_time, factor); }) {
          scale(kind.service_time, factor);
          found = true;
        }
        if constexpr (requires { scale(kind.endpoints, factor); }) scale(kind.endpoints, factor);
        return found;
      },
      changed->kind);
  if (!has_work) return std::nullopt;
  return change;
}

std::optional<Change> without_retries(const ScenarioPlan& plan) {
  Change change{"no retries", {}, base_of(plan)};
  bool had = false;
  for (auto& [name, workload] : change.plan.workloads.entries)
    had = drop_retry(workload.client) || had;
  for (auto& [name, service] : change.plan.services.entries) {
    if (auto* cache = std::get_if<CachePlan>(&service.kind); cache && cache->store)
      had = drop_retry(cache->store->client) || had;
    std::visit(
        [&](auto& kind) {
          if constexpr (requires { kind.endpoints.entries.front().second.front().what; }) {
            for (auto& [endpoint, steps] : kind.endpoints.entries) {
              for_each_step(steps, [&](Step& step) {
                if (auto* call = std::get_if<CallStep>(&step.what))
                  had = drop_retry(call->client) || had;
                if (auto* publish = std::get_if<PublishStep>(&step.what))
                  had = drop_retry(publish->client) || had;
              });
            }
          }
        },
        service.kind);
  }
  if (!had) return std::nullopt;
  return change;
}

/// What a failure sets off does not happen without it; the failures after it move up.
void drop_copies_after(std::size_t failure, Named<BulkPlan>& bulk) {
  std::erase_if(bulk.entries,
                [&](const auto& named) { return named.second.after_failure == failure; });
  for (auto& [name, copies] : bulk.entries)
    if (copies.after_failure && *copies.after_failure > failure) --*copies.after_failure;
}

std::optional<Change> without_failure(const ScenarioPlan& plan, std::size_t failure) {
  if (failure >= plan.failures.size()) return std::nullopt;
  const auto described = failure_summaries(plan, {});
  Change change{fmt::format("without failure {} ({} {})", failure, described[failure].verb,
                            described[failure].target),
                {},
                base_of(plan)};
  change.plan.failures.erase(change.plan.failures.begin() + static_cast<std::ptrdiff_t>(failure));
  if (change.plan.network) drop_copies_after(failure, change.plan.network->bulk);
  return change;
}

namespace {

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

}  // namespace

std::optional<Change> without_latency(const ScenarioPlan& plan) {
  if (!plan.network || plan.network->topology.platform) return std::nullopt;
  // Between regions it is what was measured.
  const auto& generated = plan.network->topology.generate;
  if (generated && std::holds_alternative<RegionsPlan>(generated->kind)) return std::nullopt;
  Change change{"no latency of the network", {}, base_of(plan)};
  bool had = false;
  for_each_link(*change.plan.network, [&](LinkPlan& link) {
    had = had || link.latency.has_value();
    link.latency.reset();
  });
  if (!had) return std::nullopt;
  return change;
}

std::optional<Change> with_twice_the_bandwidth(const ScenarioPlan& plan) {
  if (!plan.network) return std::nullopt;
  Change change{"twice the bandwidth of every link", {}, base_of(plan)};
  bool had = false;
  const auto twice = [&](std::optional<Bandwidth>& bandwidth) {
    if (!bandwidth) return;
    had = true;
    bandwidth->bytes_per_s *= 2;
  };
  for_each_link(*change.plan.network, [&](LinkPlan& link) { twice(link.bandwidth); });
  auto& generated = change.plan.network->topology.generate;
  if (auto* regions = generated ? std::get_if<RegionsPlan>(&generated->kind) : nullptr)
    twice(regions->bandwidth);
  if (!had) return std::nullopt;
  return change;
}

std::vector<Change> counterfactuals(const ScenarioPlan& plan) {
  std::vector<Change> changes;
  const auto add = [&](std::optional<Change> change) {
    if (change) changes.push_back(std::move(*change));
  };
  for (const auto& [name, service] : plan.services) {
    add(one_more_replica(plan, name));
    add(work_scaled(plan, name, less_work));
  }
  add(without_retries(plan));
  for (std::size_t failure = 0; failure < plan.failures.size(); ++failure)
    add(without_failure(plan, failure));
  add(without_latency(plan));
  add(with_twice_the_bandwidth(plan));
  return changes;
}

}  // namespace headroom
