#include "app/study/theory.hpp"

#include <fmt/format.h>

#include <cmath>

#include "app/scenario/call_graph.hpp"
#include "models/analytic/single_station.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

bool has_policies(const WorkloadPlan& workload) {
  const ClientPlan& client = workload.client;
  return client.timeout || client.deadline || client.retry || workload.patience ||
         client.rate_limit || client.circuit_breaker || client.bulkhead;
}

/// Whether some balancer or some step of a server calls it.
bool is_called_from_within(const ScenarioPlan& plan, const std::string& name) {
  for (const auto& [other, service] : plan.services) {
    if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind))
      if (balancer->to.name == name) return true;
    if (const auto* cache = std::get_if<CachePlan>(&service.kind))
      if (cache->store && cache->store->target.service == name) return true;
    const auto* server = std::get_if<ServerPlan>(&service.kind);
    if (!server) continue;
    bool calls = false;
    for (const auto& [endpoint, steps] : server->endpoints)
      for_each_call(steps, {}, [&](const CallStep& step, const std::string&) {
        calls = calls || step.target.service == name;
      });
    if (calls) return true;
  }
  return false;
}

/// Of all who call it; nothing where one of them is no Poisson process.
std::optional<double> poisson_rate_per_s(const ScenarioPlan& plan, const std::string& name) {
  double rate = 0;
  for (const auto& [other, workload] : plan.workloads) {
    if (workload.target.service != name) continue;
    const auto* poisson = std::get_if<PoissonPlan>(&workload.arrivals.process);
    if (!poisson || has_policies(workload)) return std::nullopt;
    rate += poisson->rate.per_s * plan.run.load;
  }
  return rate;
}

bool is_blind(Discipline discipline) {
  return discipline == Discipline::fifo || discipline == Discipline::lifo ||
         discipline == Discipline::random;
}

std::optional<Theory> closed_form(const ScenarioPlan& plan, const std::string& name,
                                  const ServerPlan& server) {
  const bool is_plain = server.replicas == 1 && server.service_time && !server.admission &&
                        !server.concurrency.is_unlimited() && is_blind(server.discipline) &&
                        (!server.cores || *server.cores >= server.concurrency.count);
  if (!is_plain || is_called_from_within(plan, name)) return std::nullopt;
  const auto rate = poisson_rate_per_s(plan, name);
  const auto c = static_cast<std::uint64_t>(server.concurrency.count);
  const double service_s = mean(*server.service_time) * 1e-9;
  const double spread = squared_cv(*server.service_time);
  if (!rate || *rate * service_s >= static_cast<double>(c)) return std::nullopt;
  if (server.service_time->kind == Distribution::Kind::exponential)
    return Theory{name, fmt::format("M/M/{}", c), mmc_sojourn(*rate, service_s, c)};
  if (c != 1 || !std::isfinite(spread)) return std::nullopt;
  return Theory{name, "M/G/1", mg1_sojourn(*rate, service_s, spread)};
}

}  // namespace

std::vector<Theory> closed_forms(const ScenarioPlan& plan) {
  std::vector<Theory> found;
  if (plan.network || !plan.failures.empty()) return found;
  for (const auto& [name, service] : plan.services) {
    const auto* server = std::get_if<ServerPlan>(&service.kind);
    if (!server || service.autoscale || server->state == ServerState::session) continue;
    if (auto theory = closed_form(plan, name, *server)) found.push_back(std::move(*theory));
  }
  return found;
}

}  // namespace headroom
