#include <fmt/format.h>

#include <cmath>

#include "app/scenario/call_graph.hpp"
#include "app/study/arithmetic_demand.hpp"
#include "app/study/explanation.hpp"
#include "app/study/theories.hpp"
#include "models/analytic/finite_station.hpp"
#include "models/analytic/single_station.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

bool has_policy(const ClientPlan& client) {
  return client.timeout || client.deadline || client.retry || client.hedge || client.rate_limit ||
         client.circuit_breaker || client.bulkhead;
}

/// One piece of exponential work, then calls one after the other; counts the pieces.
bool is_plain(const Steps& steps, int& pieces, double& work_s) {
  for (const Step& step : steps) {
    if (const auto* cpu = std::get_if<CpuStep>(&step.what)) {
      if (cpu->work.kind != Distribution::Kind::exponential) return false;
      ++pieces;
      work_s = mean(cpu->work) * 1e-9;
    } else if (const auto* call = std::get_if<CallStep>(&step.what)) {
      if (call->on_miss || call->fallback || call->optional || has_policy(call->client))
        return false;
    } else if (const auto* choose = std::get_if<ChooseStep>(&step.what)) {
      int in_branches = 0;
      for (const ChooseBranch& branch : choose->branches)
        if (!is_plain(branch.steps, in_branches, work_s) || in_branches > 0) return false;
    } else {
      return false;
    }
  }
  return true;
}

bool calls_somebody(const ServerPlan& server) {
  bool calls = false;
  for (const auto& [name, steps] : server.endpoints)
    for_each_call(steps, {}, [&](const CallStep&, const std::string&) { calls = true; });
  return calls;
}

/// The same work at each visit, and where it is done: servers of one station, or why it is none.
struct NetworkNode {
  double work_s = 0;
  std::uint64_t servers = 0;
  std::string why_not;
};
NetworkNode node_of(const ServerPlan& server) {
  if (server.replicas != 1) return {0, 0, "several replicas"};
  if (server.discipline != Discipline::fifo) return {0, 0, "not first come first served"};
  if (server.admission || server.brownout) return {0, 0, "admission control"};
  if (server.state == ServerState::session) return {0, 0, "sessions"};
  NetworkNode node;
  const std::size_t endpoints = server.service_time ? 1 : server.endpoints.size();
  for (std::size_t endpoint = 0; endpoint < endpoints; ++endpoint) {
    int pieces = 0;
    double work_s = 0;
    if (!is_plain(steps_of(server, endpoint), pieces, work_s) || pieces != 1)
      return {0, 0, "steps other than one exponential piece of work and plain calls"};
    if (endpoint > 0 && work_s != node.work_s) return {0, 0, "work that differs by endpoint"};
    node.work_s = work_s;
  }
  const bool has_slots = !server.concurrency.is_unlimited();
  if (has_slots && calls_somebody(server)) return {0, 0, "slots that are held during calls"};
  if (!has_slots && !server.cores) return {0, 0, "unlimited slots and cores: nobody waits"};
  const auto slots = static_cast<std::uint64_t>(has_slots ? server.concurrency.count : 0);
  if (has_slots && server.cores && *server.cores < slots) return {0, 0, "fewer cores than slots"};
  node.servers = has_slots ? slots : *server.cores;
  return node;
}

}  // namespace

std::vector<ServiceTheory> jackson_network(const ScenarioPlan& plan) {
  std::vector<ServiceTheory> found;
  std::vector<NetworkNode> nodes;
  std::string obstacle;
  for (const auto& [name, workload] : plan.workloads) {
    if (!std::holds_alternative<PoissonPlan>(workload.arrivals.process))
      obstacle = "arrivals that are not Poisson";
    if (has_policy(workload.client) || workload.patience) obstacle = "callers with policies";
  }
  for (const auto& [name, service] : plan.services) {
    const auto* server = std::get_if<ServerPlan>(&service.kind);
    nodes.push_back(server && !service.autoscale
                        ? node_of(*server)
                        : NetworkNode{0, 0, "a network of more than servers"});
    found.push_back({name, {}, nodes.back().why_not});
    if (obstacle.empty() && !nodes.back().why_not.empty())
      obstacle = fmt::format("the network has {}: {}", name, nodes.back().why_not);
  }
  const auto refuse = [&](const std::string& why) {
    for (ServiceTheory& theory : found)
      if (theory.why_not.empty()) theory.why_not = why;
    return found;
  };
  if (!obstacle.empty()) return refuse(obstacle);

  const Demands demands(plan);
  const auto rates = endpoint_rates(plan);
  std::vector<double> per_s(nodes.size()), own_s(nodes.size()), total_s(nodes.size());
  for (std::size_t node = 0; node < rates.size(); ++node)
    per_s[demands.service_of(node)] += rates[node];
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Limit& queue = std::get<ServerPlan>(plan.services.entries[i].second.kind).queue_limit;
    if (per_s[i] * nodes[i].work_s >= static_cast<double>(nodes[i].servers))
      return refuse(found[i].service + " is asked for more than it can do");
    own_s[i] = mmc_sojourn(per_s[i], nodes[i].work_s, nodes[i].servers);
    if (!queue.is_unlimited() &&
        limited_station(per_s[i], nodes[i].work_s, nodes[i].servers,
                        nodes[i].servers + static_cast<std::uint64_t>(queue.count))
                .loss > 1e-9)
      return refuse("queues that fill up");
  }
  // Callees first: the sojourn of a visit is its own and that of its calls.
  std::vector<double> visit_s(rates.size());
  const auto order = demands.in_order();
  for (auto node = order.rbegin(); node != order.rend(); ++node) {
    visit_s[*node] = own_s[demands.service_of(*node)];
    for (const Count& call : demands.of(*node).calls)
      visit_s[*node] += call.times * visit_s[call.index];
    total_s[demands.service_of(*node)] += rates[*node] * visit_s[*node];
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (per_s[i] <= 0) continue;
    found[i].model = fmt::format("M/M/{} in a Jackson network", nodes[i].servers);
    found[i].sojourn_mean_s = total_s[i] / per_s[i];
  }
  return found;
}

std::optional<ClosedForm> closed_form_of(const ScenarioPlan& plan) {
  if (plan.workloads.size() != 1 || !plan.failures.empty() || plan.network) return std::nullopt;
  const WorkloadPlan& users = plan.workloads.entries.front().second;
  const auto* closed = std::get_if<ClosedPlan>(&users.arrivals.process);
  if (closed == nullptr || has_policy(users.client) || users.patience) return std::nullopt;
  const Demands demands(plan);
  std::vector<double> outside(demands.graph().nodes().size());
  for (const Entry& entry : entries_of(plan, demands.graph(), users))
    outside[entry.node] += entry.share;
  const auto visits = visits_of(demands, outside);
  ClosedForm form;
  form.think_s = mean(closed->closed.think_time) * 1e-9;
  form.users = closed->closed.users;
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    const auto& [name, service] = plan.services.entries[i];
    const auto* server = std::get_if<ServerPlan>(&service.kind);
    if (server == nullptr || service.autoscale) return std::nullopt;
    const NetworkNode node = node_of(*server);
    const bool has_room = server->queue_limit.is_unlimited() ||
                          static_cast<std::uint64_t>(server->queue_limit.count) >= form.users;
    if (!node.why_not.empty() || !has_room) return std::nullopt;
    double here = 0;
    for (std::size_t at = 0; at < visits.size(); ++at)
      if (demands.service_of(at) == i) here += visits[at];
    form.stations.push_back({here * node.work_s, node.servers});
  }
  return form;
}

}  // namespace headroom
