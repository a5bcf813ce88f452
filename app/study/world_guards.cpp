#include "app/study/world.hpp"

namespace headroom {

void World::watch(const std::string& owner, const ClientPlan& plan, Client& client,
                  const std::string& name) {
  if (plan.hedge && plan.hedge->tied) {
    client.set_ties(&ties_);
    has_ties_ = true;
  }
  if (!plan.is_guarded()) return;
  client.note_in(log(), name);
  guards_.push_back({owner, &plan, &client});
}

Endpoint& World::with_fallback(const std::string& name, const WorkloadPlan& plan,
                               Endpoint& clients) {
  if (!plan.fallback) return clients;
  AtClients& one = at_clients_[name];
  one.plan.concurrency = Limit::unlimited();
  one.plan.queue_limit = Limit::unlimited();
  one.server = std::make_unique<Server>(simulation_, one.plan, name + " fallback",
                                        std::vector{sites_.of_workload(name)}, measurement_);
  std::uint32_t next_number = 1;
  std::vector<Program> programs;
  programs.push_back({"fallback", compile(*plan.fallback, "workloads." + name, next_number)});
  one.server->set_programs(std::move(programs));
  auto fallback = std::make_unique<Fallback>(simulation_, clients, one.server->instance(0),
                                             plan.target.service);
  one.fallback = fallback.get();
  ports_.push_back(std::move(fallback));
  return *ports_.back();
}

/// What the policies of each owner's calls did, all of them together.
void World::add_policies(RunResult& result) const {
  const auto add = [&](const std::string& owner, auto& policies) {
    GuardCounts sum;
    bool limits = false, breaks = false, isolates = false;
    for (const Guard& guard : guards_) {
      if (guard.owner != owner) continue;
      limits = limits || guard.plan->rate_limit;
      breaks = breaks || guard.plan->circuit_breaker;
      isolates = isolates || guard.plan->bulkhead;
      const GuardCounts one = guard.client->guarded_since();
      sum.rate_limited += one.rate_limited;
      sum.breaker_open += one.breaker_open;
      sum.bulkhead_full += one.bulkhead_full;
      sum.openings += one.openings;
      sum.open_s += one.open_s;
    }
    if (limits) policies.emplace_back("rate_limited", static_cast<double>(sum.rate_limited));
    if (breaks) {
      policies.emplace_back("breaker_openings", static_cast<double>(sum.openings));
      policies.emplace_back("breaker_open_s", sum.open_s);
      policies.emplace_back("breaker_open", static_cast<double>(sum.breaker_open));
    }
    if (isolates) policies.emplace_back("bulkhead_full", static_cast<double>(sum.bulkhead_full));
  };
  for (WorkloadResult& workload : result.workloads) {
    add("workloads." + workload.name, workload.policies);
    const auto at_client = at_clients_.find(workload.name);
    if (at_client == at_clients_.end()) continue;
    at_client->second.server->result();  // Its laws are asserted.
    workload.policies.emplace_back("fallbacks",
                                   static_cast<double>(at_client->second.fallback->used()));
  }
  for (ServiceResult& service : result.services)
    add(service.name, service.policies);
}

}  // namespace headroom
