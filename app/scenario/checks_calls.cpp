#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/checks.hpp"
#include "app/scenario/suggest.hpp"
#include "app/scenario/tiers.hpp"

namespace headroom {

namespace {

/// A call without an endpoint of a server that has several.
void check_target(const Checking& checking, const CallTarget& target, const std::string& pointer,
                  bool may_have_mix) {
  const ServicePlan* service = checking.plan.behind(target.service);
  if (!service || endpoint_index(*service, target.endpoint)) return;
  const auto names = endpoint_names(*service);
  std::string hint = fmt::format("write \"{}.{}\"", target.service, names.front());
  if (may_have_mix) hint += fmt::format(", or a mix such as {{\"{}\": \"100%\"}}", names.front());
  checking.error(
      pointer,
      fmt::format("\"{}\" has several endpoints ({}): which?", target.service, listed(names, 6)),
      hint);
}

/// A call that names its endpoint by what it does, or in its target.
void check_call(const Checking& checking, const CallStep& step, const std::string& pointer) {
  const ServicePlan* service = checking.plan.behind(step.target.service);
  if (!service) return;
  const std::string at = pointer.substr(0, pointer.rfind('/'));
  if (!goes_by_operation(*service)) return check_target(checking, step.target, pointer, false);
  const auto names = endpoint_names(*service);
  const std::string called = called_endpoint(*service, step);
  const std::string hint = fmt::format("write \"op\": \"{}\"", names.front());
  if (called.empty()) {
    checking.error(
        pointer,
        fmt::format("what does this do in \"{}\": {}?", step.target.service, listed(names)), hint);
  } else if (!endpoint_index(*service, called)) {
    checking.error(
        at + "/op",
        fmt::format("\"{}\" knows {}, not \"{}\"", step.target.service, listed(names), called),
        suggestion(called, names));
  } else if (step.op && operation_named(called) != *step.op) {
    checking.error(at + "/op", fmt::format("the target says \"{}\" already", called),
                   "one of them is enough");
  }
}

void check_mix(const Checking& checking, const std::string& workload, const WorkloadPlan& plan) {
  const std::string pointer = "/workloads" + pointer_step(workload);
  if (!plan.mix) return check_target(checking, plan.target, pointer + "/target", true);
  const ServicePlan* service = checking.plan.behind(plan.target.service);
  if (!service) return;
  const auto names = endpoint_names(*service);
  for (const auto& [endpoint, share] : *plan.mix) {
    if (std::find(names.begin(), names.end(), endpoint) != names.end()) continue;
    const std::string at = pointer + "/mix" + pointer_step(endpoint);
    const Node* node = at_pointer(checking.document, at);
    checking.diagnostics.error(
        node ? node->heading() : Place{}, at,
        fmt::format("\"{}\" has no endpoint \"{}\"", plan.target.service, endpoint),
        suggestion(endpoint, names));
  }
}

void check_targets(const Checking& checking) {
  for (const auto& [name, workload] : checking.plan.workloads) {
    check_mix(checking, name, workload);
    if (!workload.fallback) continue;
    const std::string pointer = "/workloads" + pointer_step(name) + "/fallback";
    for_each_call(*workload.fallback, pointer, [&](const CallStep& step, const std::string& at) {
      check_call(checking, step, at);
    });
  }
  for (const auto& [name, service] : checking.plan.services) {
    const auto* server = server_of(service);
    if (!server) continue;
    for (const auto& [endpoint, steps] : server->endpoints) {
      const std::string pointer = service_pointer(name) + "/endpoints" + pointer_step(endpoint);
      for_each_call(steps, pointer, [&](const CallStep& step, const std::string& at) {
        check_call(checking, step, at);
      });
    }
  }
}

/// "a.x -> b -> a.x", without endpoints where a server has one.
std::string name_of(const ScenarioPlan& plan, const CallGraph::Node& node) {
  const ServerPlan* server = plan.server(node.service);
  const bool has_one = server && server->endpoints.size() <= 1;
  return has_one ? node.service : node.service + "." + node.endpoint;
}

void check_circles(const Checking& checking, const CallGraph& graph) {
  for (const auto& circle : graph.circles()) {
    std::string way;
    for (const std::size_t edge : circle)
      way += name_of(checking.plan, graph.nodes()[graph.edges()[edge].from]) + " -> ";
    way += name_of(checking.plan, graph.nodes()[graph.edges()[circle.front()].from]);
    checking.error(graph.edges()[circle.back()].pointer, "these calls go in a circle: " + way,
                   "each turn holds one more slot until none is left, or brings one more message");
  }
}

/// Balancers in a row must end at a server.
bool check_balancer_circles(const Checking& checking) {
  bool good = true;
  for (const auto& [name, service] : checking.plan.services) {
    const auto* balancer = std::get_if<BalancerPlan>(&service.kind);
    if (!balancer || checking.plan.behind(name)) continue;
    good = false;
    const bool itself = balancer->to.name == name;
    checking.error(
        service_pointer(name) + "/to",
        itself ? fmt::format("\"{}\" spreads calls over itself", name)
               : fmt::format("behind \"{}\" there are only load balancers, in a circle", name),
        "name the server it stands in front of");
  }
  return good;
}

/// Services that something names: as a target, in a call or behind a balancer.
std::set<std::string> named_services(const ScenarioPlan& plan) {
  std::set<std::string> named;
  for (const auto& [name, workload] : plan.workloads) {
    named.insert(workload.target.service);
    for_each_call(
        workload.fallback.value_or(Steps()), {},
        [&](const CallStep& step, const std::string&) { named.insert(step.target.service); });
  }
  for (const auto& [name, service] : plan.services) {
    if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind))
      named.insert(balancer->to.name);
    if (const auto* cache = std::get_if<CachePlan>(&service.kind))
      if (cache->store) named.insert(cache->store->target.service);
    if (const auto* server = server_of(service))
      for (const auto& [endpoint, steps] : server->endpoints)
        for_each_call(steps, {}, [&](const CallStep& step, const std::string&) {
          named.insert(step.target.service);
        });
    if (const ServiceRef* aside = dead_letter_of(service)) named.insert(aside->name);
    if (plan.worker(name) != nullptr) named.insert(name);
  }
  return named;
}

/// Brokers and workers are told of with what is between them.
bool is_reported_here(const ScenarioPlan& plan, const ServicePlan& service) {
  const auto* worker = std::get_if<WorkerPlan>(&service.kind);
  return !headroom::is_broker(service) &&
         (worker == nullptr || plan.is_broker(worker->consumes.name));
}

void check_callers(const Checking& checking) {
  const auto live = live_services(checking.plan);
  const auto named = named_services(checking.plan);
  for (const auto& [name, service] : checking.plan.services) {
    if (live.contains(name) || !is_reported_here(checking.plan, service)) continue;
    const Node* node = at_pointer(checking.document, service_pointer(name));
    const bool is_named = named.contains(name);
    checking.diagnostics.error(
        node ? node->heading() : Place{}, service_pointer(name),
        is_named ? fmt::format("no request gets to service \"{}\": nobody calls its callers", name)
                 : fmt::format("nobody calls service \"{}\"", name),
        "call it from a step or make it the target of a workload, or take it out");
  }
}

/// Endpoints without callers harm nothing but are seldom meant.
void check_endpoints(const Checking& checking, const CallGraph& graph) {
  std::vector<std::size_t> starts;
  for (const auto& [name, workload] : checking.plan.workloads) {
    for (const Entry& entry : entries_of(checking.plan, graph, workload))
      starts.push_back(entry.node);
    for_each_call(workload.fallback.value_or(Steps()), {},
                  [&](const CallStep& step, const std::string&) {
                    const std::size_t called = graph.node(checking.plan, step);
                    if (called != CallGraph::npos) starts.push_back(called);
                  });
  }
  const auto reached = graph.reached_from(starts);
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const auto& node = graph.nodes()[i];
    if (reached[i]) continue;
    const std::string at =
        service_pointer(node.service) + "/endpoints" + pointer_step(node.endpoint);
    if (checking.is_given(at))
      checking.warning(
          at, fmt::format("nobody calls endpoint \"{}\" of \"{}\"", node.endpoint, node.service));
  }
}

}  // namespace

void check_calls(const Checking& checking) {
  const std::size_t before = checking.diagnostics.error_count();
  check_targets(checking);
  check_messages(checking, live_services(checking.plan));
  const bool ends = check_balancer_circles(checking);
  check_callers(checking);
  if (!ends) return;
  const CallGraph graph(checking.plan);
  check_circles(checking, graph);
  if (checking.diagnostics.error_count() == before) check_endpoints(checking, graph);
}

}  // namespace headroom
