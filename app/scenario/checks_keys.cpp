#include <fmt/format.h>

#include <set>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/checks.hpp"
#include "app/scenario/tiers.hpp"

namespace headroom {

namespace {

/// A cache with contents.
const CachePlan* real_cache_behind(const ScenarioPlan& plan, const std::string& service) {
  const ServicePlan* found = plan.behind(service);
  const auto* cache = found ? std::get_if<CachePlan>(&found->kind) : nullptr;
  return cache && !cache->hit_ratio ? cache : nullptr;
}

/// What cannot do anything without knowing which key a request is about: "cache", "database".
std::string_view keeper_behind(const ScenarioPlan& plan, const std::string& service) {
  if (real_cache_behind(plan, service)) return "cache";
  const ServicePlan* found = plan.behind(service);
  return found && std::holds_alternative<DatabasePlan>(found->kind) ? "database" : "";
}

std::string key_hint(const ScenarioPlan& plan) {
  if (!plan.keys.empty())
    return fmt::format("write \"key\": \"{}\"", plan.keys.entries.front().first);
  return R"(write "keys": {"item": {"count": 100000, "zipf": 0.9}} and "key": "item")";
}

/// Whether something among the steps sets what was missed.
bool fills(const ScenarioPlan& plan, const Steps& steps, const CachePlan* cache) {
  bool found = false;
  for_each_call(steps, {}, [&](const CallStep& step, const std::string&) {
    const ServicePlan* service = plan.behind(step.target.service);
    if (service && real_cache_behind(plan, step.target.service) == cache)
      found = found || operation_of(*service, step) == Operation::set;
  });
  return found;
}

/// `has_key`: whoever takes the step is asked about a key.
void check_call_of_store(const Checking& checking, const CallStep& step, const std::string& target,
                         bool has_key) {
  const ScenarioPlan& plan = checking.plan;
  const std::string at = target.substr(0, target.rfind('/'));
  const ServicePlan* service = plan.behind(step.target.service);
  if (!service) return;
  if (is_broker(*service)) return;
  const bool is_cache = std::holds_alternative<CachePlan>(service->kind);
  if (step.on_miss && !is_cache) {
    checking.error(at + "/on_miss",
                   fmt::format("\"{}\" is no cache: it cannot miss", step.target.service));
    return;
  }
  const std::string_view keeper = keeper_behind(plan, step.target.service);
  if (!keeper.empty() && !step.key && !has_key)
    checking.error(target, fmt::format("which key of {} \"{}\"?", keeper, step.target.service),
                   key_hint(plan));
  const CachePlan* cache = real_cache_behind(plan, step.target.service);
  if (!cache) return;
  if (step.on_miss && !fills(plan, *step.on_miss, cache))
    checking.warning(at + "/on_miss",
                     fmt::format("nothing here sets the key in \"{}\", so it is missed again",
                                 step.target.service),
                     fmt::format("add {{\"call\": \"{}\", \"op\": \"set\"}}", step.target.service));
}

void check_store(const Checking& checking, const std::string& name, const CachePlan& cache) {
  if (!cache.store || cache.write == WritePolicy::aside) return;
  const std::string at = service_pointer(name) + "/store/call";
  const CallTarget target = store_of(checking.plan, cache);
  const ServicePlan* store = checking.plan.behind(target.service);
  if (!store) return;
  if (std::holds_alternative<CachePlan>(store->kind))
    checking.error(at, fmt::format("\"{}\" is a cache, not a store", target.service));
  else if (goes_by_operation(*store) && target.endpoint != "write")
    checking.error(at, "what is set is written", fmt::format("write \"{}\"", target.service));
  else if (!endpoint_index(*store, target.endpoint))
    checking.error(at, fmt::format("\"{}\" has several endpoints: which?", target.service),
                   fmt::format("write \"{}.{}\"", target.service, endpoint_names(*store).front()));
}

/// Only its hosts ask a cache that is in their memory. `asker` is empty for a client.
void check_asker(const Checking& checking, const std::string& asker, const std::string& service,
                 const std::string& at) {
  const CachePlan* cache = checking.plan.cache(service);
  if (!cache || !cache->local_to || cache->local_to->name == asker) return;
  const std::string& host = cache->local_to->name;
  checking.error(at,
                 fmt::format("only \"{}\" can ask \"{}\", in whose memory it is", host, service),
                 fmt::format("call \"{}\", or take \"local_to\" out", host));
}

void check_local(const Checking& checking, const std::string& name, const ServicePlan& service) {
  const auto& cache = std::get<CachePlan>(service.kind);
  if (!cache.local_to) return;
  const std::string at = service_pointer(name);
  const std::string& host = cache.local_to->name;
  if (service.autoscale)
    checking.error(at + "/autoscale", fmt::format("there are as many as replicas of \"{}\"", host),
                   "take it out, or scale that");
  if (!cache.zones.empty())
    checking.error(at + "/zones", fmt::format("it is where \"{}\" is", host), "take them out");
  const ServicePlan* found = checking.plan.services.find(host);
  if (!found) return;
  if (!std::holds_alternative<ServerPlan>(found->kind)) {
    checking.error(at + "/local_to", fmt::format("\"{}\" is no server", host),
                   "name the server whose steps ask it");
    return;
  }
  const std::uint32_t hosts = tier_of(*found)->most;
  if (hosts > CachePlan::most_hosts)
    checking.error(at + "/local_to", fmt::format("\"{}\" has {} replicas", host, hosts),
                   fmt::format("{} at most have caches of their own", CachePlan::most_hosts));
  else if (cache.replicas != hosts)
    checking.error(at + (checking.is_given(at + "/replicas") ? "/replicas" : "/local_to"),
                   fmt::format("\"{}\" has {} replica{}, with one of these in each", host, hosts,
                               hosts == 1 ? "" : "s"),
                   fmt::format("write \"replicas\": {}", hosts));
}

}  // namespace

void check_keys(const Checking& checking) {
  const ScenarioPlan& plan = checking.plan;
  if (plan.keys.size() > most_key_spaces)
    checking.error("/keys", fmt::format("{} key spaces are too many", plan.keys.size()),
                   fmt::format("{} at most", most_key_spaces));
  std::set<std::string> used;
  for (const auto& [name, workload] : plan.workloads) {
    if (workload.key) used.insert(workload.key->name);
    for_each_call(workload.fallback.value_or(Steps()),
                  "/workloads" + pointer_step(name) + "/fallback",
                  [&](const CallStep& step, const std::string& at) {
                    if (step.key) used.insert(step.key->name);
                    check_call_of_store(checking, step, at, workload.key.has_value());
                    check_asker(checking, {}, step.target.service, at);
                  });
    check_asker(checking, {}, workload.target.service,
                "/workloads" + pointer_step(name) + "/target");
    const std::string_view keeper = keeper_behind(plan, workload.target.service);
    if (!workload.key && !keeper.empty())
      checking.error("/workloads" + pointer_step(name) + "/target",
                     fmt::format("which key of {} \"{}\"?", keeper, workload.target.service),
                     key_hint(plan));
  }
  const auto bare = asked_without_key(plan);
  for (const auto& [name, service] : plan.services) {
    if (const auto* cache = std::get_if<CachePlan>(&service.kind)) {
      check_store(checking, name, *cache);
      check_local(checking, name, service);
    }
    if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind))
      check_asker(checking, name, balancer->to.name, service_pointer(name) + "/to");
    const auto* server = server_of(service);
    if (!server) continue;
    const bool has_key = !bare.contains(&service);
    for (const auto& [endpoint, steps] : server->endpoints) {
      const std::string pointer = service_pointer(name) + "/endpoints" + pointer_step(endpoint);
      for_each_call(steps, pointer, [&](const CallStep& step, const std::string& at) {
        if (step.key) used.insert(step.key->name);
        check_call_of_store(checking, step, at, has_key);
        check_asker(checking, name, step.target.service, at);
      });
    }
  }
  for (const auto& [name, space] : plan.keys)
    if (!used.contains(name))
      checking.warning("/keys" + pointer_step(name),
                       fmt::format("nobody asks for a key of \"{}\"", name));
}

}  // namespace headroom
