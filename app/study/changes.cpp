#include "app/study/changes.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <optional>
#include <stdexcept>

#include "app/study/change_parts.hpp"
#include "app/study/job.hpp"

namespace headroom {

namespace {

constexpr double less_work = 0.8;

// Each says whether there was anything to scale.
bool scale(Distribution& distribution, double factor) {
  distribution = scaled(distribution, factor);
  return true;
}
bool scale(std::optional<Distribution>& distribution, double factor) {
  return distribution && scale(*distribution, factor);
}
bool scale(StoreTimesPlan& times, double factor) {
  return scale(times.read, factor) | scale(times.write, factor);
}
bool scale(Named<Steps>& endpoints, double factor) {
  bool found = false;
  for (auto& [name, steps] : endpoints.entries) {
    for_each_step(steps, [&](Step& step) {
      if (auto* cpu = std::get_if<CpuStep>(&step.what)) found = scale(cpu->work, factor);
      if (auto* wait = std::get_if<WaitStep>(&step.what)) found = scale(wait->time, factor);
    });
  }
  return found;
}

ServicePlan* changed_service(ScenarioPlan& plan, const std::string& name) {
  for (auto& [each, service] : plan.services.entries)
    if (each == name) return &service;
  return nullptr;
}

/// The plan with one service changed; nothing where `change` has nothing to change there. `change`
/// says what comes after the name of the service in --set.
std::optional<Change> with_service(const ScenarioPlan& plan, const std::string& service,
                                   std::string what,
                                   const std::function<std::string(ServicePlan&)>& change) {
  Change made{std::move(what), {}, base_of(plan)};
  ServicePlan* changed = changed_service(made.plan, service);
  const std::string setting = changed ? change(*changed) : std::string();
  if (setting.empty()) return std::nullopt;
  made.setting = fmt::format("services.{}.{}", service, setting);
  return made;
}

/// Where weights say what each replica gets, one more has none.
bool is_weighted(const ScenarioPlan& plan, const std::string& service) {
  for (const auto& [name, other] : plan.services) {
    const auto* balancer = std::get_if<BalancerPlan>(&other.kind);
    if (balancer && balancer->to.name == service && !balancer->weights.empty()) return true;
  }
  return false;
}

/// Whether the rules of scenarios allow it: one copy more may be one that others do not expect.
bool is_allowed(const ScenarioPlan& plan) {
  try {
    plan_of(job_of(plan, 0, {}, {}));
    return true;
  } catch (const ScenarioRefused&) {
    return false;
  }
}

ServerPlan* server_in(ServicePlan& service) {
  if (auto* server = std::get_if<ServerPlan>(&service.kind)) return server;
  return std::get_if<WorkerPlan>(&service.kind);
}

}  // namespace

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

/// The plan to be changed, without the goals that ask about a failure by its position.
ScenarioPlan base_of(const ScenarioPlan& plan) {
  ScenarioPlan base = plan;
  std::erase_if(base.slos.entries, [](const auto& slo) { return slo.second.during.has_value(); });
  return base;
}

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
  if (is_weighted(plan, service)) return std::nullopt;
  const ServicePlan* now = plan.services.find(service);
  const bool is_log = now && std::holds_alternative<LogPlan>(now->kind);
  const bool is_store = now && std::holds_alternative<DatabasePlan>(now->kind);
  return with_service(plan, service,
                      fmt::format("one more {} of {}",
                                  is_log                       ? "machine"
                                  : is_store && now->autoscale ? "shard"
                                                               : "replica",
                                  service),
                      [](ServicePlan& changed) -> std::string {
                        if (auto* log = std::get_if<LogPlan>(&changed.kind)) {
                          log->brokers = log->nodes() + 1;
                          return fmt::format("brokers={}", *log->brokers);
                        }
                        if (changed.autoscale)
                          return fmt::format("autoscale.max={}", changed.autoscale->max += 1);
                        return std::visit(
                            [](auto& kind) -> std::string {
                              if constexpr (requires { kind.replicas += 1; })
                                return fmt::format("replicas={}", kind.replicas += 1);
                              return {};
                            },
                            changed.kind);
                      });
}

std::optional<Change> one_more_core(const ScenarioPlan& plan, const std::string& service) {
  return with_service(
      plan, service, "one more core at " + service, [](ServicePlan& changed) -> std::string {
        ServerPlan* server = server_in(changed);
        const bool has_few =
            server && server->cores &&
            (server->concurrency.is_unlimited() || *server->cores < server->concurrency.count);
        if (!has_few) return {};
        return fmt::format("cores={}", *server->cores += 1);
      });
}

std::optional<Change> twice_the_slots(const ScenarioPlan& plan, const std::string& service) {
  return with_service(plan, service, "twice the slots of " + service,
                      [](ServicePlan& changed) -> std::string {
                        return std::visit(
                            [](auto& kind) -> std::string {
                              if constexpr (requires { kind.concurrency.count *= 2; })
                                if (!kind.concurrency.is_unlimited())
                                  return fmt::format("concurrency={}", kind.concurrency.count *= 2);
                              return {};
                            },
                            changed.kind);
                      });
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
        if constexpr (requires { scale(kind.service_time, factor); })
          found = scale(kind.service_time, factor);
        if constexpr (requires { scale(kind.endpoints, factor); })
          found = scale(kind.endpoints, factor) || found;
        return found;
      },
      changed->kind);
  if (!has_work) return std::nullopt;
  return change;
}

std::optional<Change> bigger_cache(const ScenarioPlan& plan, const std::string& service) {
  return with_service(plan, service, "a cache twice as large at " + service,
                      [](ServicePlan& changed) -> std::string {
                        auto* cache = std::get_if<CachePlan>(&changed.kind);
                        if (!cache) return {};
                        if (cache->capacity && !cache->capacity->is_unlimited())
                          return fmt::format("capacity={}", cache->capacity->count *= 2);
                        if (cache->memory)
                          return fmt::format("memory={}B", cache->memory->count *= 2);
                        if (!cache->hit_ratio || cache->hit_ratio->value >= 1) return {};
                        return fmt::format(
                            "hit_ratio={:.17g}",
                            cache->hit_ratio->value = (1 + cache->hit_ratio->value) / 2);
                      });
}

std::optional<Change> one_more_shard(const ScenarioPlan& plan, const std::string& service) {
  return with_service(plan, service, "one more shard of " + service,
                      [](ServicePlan& changed) -> std::string {
                        auto* store = std::get_if<DatabasePlan>(&changed.kind);
                        if (!store || !store->rebalance.empty()) return {};
                        return fmt::format("shards.count={}", store->shards.count += 1);
                      });
}

std::optional<Change> one_more_partition(const ScenarioPlan& plan, const std::string& service) {
  return with_service(plan, service, "one more partition of " + service,
                      [](ServicePlan& changed) -> std::string {
                        auto* log = std::get_if<LogPlan>(&changed.kind);
                        return log ? fmt::format("partitions={}", log->partitions += 1) : "";
                      });
}

std::optional<Change> without_admission(const ScenarioPlan& plan, const std::string& service) {
  return with_service(plan, service, "no admission control at " + service,
                      [](ServicePlan& changed) -> std::string {
                        ServerPlan* server = server_in(changed);
                        if (!server || !server->admission) return {};
                        server->admission.reset();
                        return "admission=null";
                      });
}

std::vector<Change> counterfactuals(const ScenarioPlan& plan) {
  std::vector<Change> changes;
  const auto add = [&](std::optional<Change> change) {
    if (change) changes.push_back(std::move(*change));
  };
  for (const auto& [name, service] : plan.services) {
    for (const auto more : {one_more_replica, one_more_core, twice_the_slots, bigger_cache,
                            one_more_shard, one_more_partition, without_admission})
      if (auto change = more(plan, name); change && is_allowed(change->plan))
        changes.push_back(std::move(*change));
    add(work_scaled(plan, name, less_work));
  }
  for (const auto policy :
       {ClientPolicy::retry, ClientPolicy::hedge, ClientPolicy::timeout, ClientPolicy::deadline,
        ClientPolicy::rate_limit, ClientPolicy::circuit_breaker, ClientPolicy::bulkhead})
    add(without_policy(plan, policy));
  for (std::size_t failure = 0; failure < plan.failures.size(); ++failure)
    add(without_failure(plan, failure));
  if (plan.failures.size() > 1) add(without_failures(plan));
  for (std::size_t workload = 1; workload < plan.workloads.size(); ++workload)
    add(without_workload(plan, workload));
  add(without_latency(plan));
  add(twice_the_bandwidth(plan));
  add(without_losses(plan));
  return changes;
}

}  // namespace headroom
