#include "app/study/world.hpp"

namespace headroom {

void World::watch(const std::string& owner, const ClientPlan& plan, Client& client,
                  const std::string& name) {
  if (plan.hedge && plan.hedge->tied) {
    client.set_ties(&ties_);
    has_ties_ = true;
  }
  if (!plan.rate_limit && !plan.circuit_breaker && !plan.bulkhead) return;
  client.note_in(log(), name);
  guards_.push_back({owner, &plan, &client});
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
  for (WorkloadResult& workload : result.workloads)
    add("workloads." + workload.name, workload.policies);
  for (ServiceResult& service : result.services)
    add(service.name, service.policies);
}

}  // namespace headroom
