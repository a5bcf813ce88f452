#include "app/scenario/call_graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/topological_sort.hpp>

#include "app/scenario/document.hpp"
#include "app/scenario/tiers.hpp"

namespace headroom {

namespace {

using Visit = std::function<void(const CallStep&, const std::string&)>;
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                                    boost::property<boost::edge_index_t, std::size_t>>;

struct StepWalk {
  const std::string& pointer;
  const Visit& visit;

  void operator()(const CallStep& step) const {
    visit(step, pointer + "/call");
    if (step.on_miss) for_each_call(*step.on_miss, pointer + "/on_miss", visit);
    if (step.fallback) for_each_call(*step.fallback, pointer + "/fallback", visit);
  }
  void operator()(const PublishStep& step) const {
    visit(step, pointer + "/publish");
    if (step.fallback) for_each_call(*step.fallback, pointer + "/fallback", visit);
  }
  void operator()(const ParallelStep& step) const {
    for (std::size_t i = 0; i < step.branches.size(); ++i)
      for_each_call(step.branches[i], pointer + "/parallel/" + std::to_string(i), visit);
  }
  void operator()(const ChooseStep& step) const {
    for (std::size_t i = 0; i < step.branches.size(); ++i)
      for_each_call(step.branches[i].steps, pointer + "/choose/" + std::to_string(i) + "/do",
                    visit);
  }
  void operator()(const RepeatStep& step) const {
    for_each_call(step.steps, pointer + "/do", visit);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

bool works_on_core(const Steps& steps);

struct CpuSearch {
  bool operator()(const CpuStep&) const { return true; }
  bool operator()(const CallStep& step) const {
    return (step.on_miss && works_on_core(*step.on_miss)) ||
           (step.fallback && works_on_core(*step.fallback));
  }
  bool operator()(const PublishStep& step) const {
    return step.fallback && works_on_core(*step.fallback);
  }
  bool operator()(const ParallelStep& step) const {
    return std::any_of(step.branches.begin(), step.branches.end(), works_on_core);
  }
  bool operator()(const ChooseStep& step) const {
    return std::any_of(step.branches.begin(), step.branches.end(),
                       [](const ChooseBranch& branch) { return works_on_core(branch.steps); });
  }
  bool operator()(const RepeatStep& step) const { return works_on_core(step.steps); }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

bool works_on_core(const Steps& steps) {
  return std::any_of(steps.begin(), steps.end(),
                     [](const Step& step) { return std::visit(CpuSearch(), step.what); });
}

Graph boost_graph(const CallGraph& calls) {
  Graph graph(calls.nodes().size());
  for (std::size_t i = 0; i < calls.edges().size(); ++i)
    boost::add_edge(calls.edges()[i].from, calls.edges()[i].to, i, graph);
  return graph;
}

/// Keeps the edge by which each node was found; an edge back to a node on the way closes a circle.
struct CircleFinder : boost::dfs_visitor<> {
  CircleFinder(const std::vector<CallGraph::Edge>& all_edges, std::vector<std::size_t>& by,
               std::vector<std::vector<std::size_t>>& into)
      : edges(all_edges), found_by(by), circles(into) {}

  void tree_edge(const Graph::edge_descriptor& edge, const Graph& graph) {
    found_by[boost::target(edge, graph)] = boost::get(boost::edge_index, graph, edge);
  }
  void back_edge(const Graph::edge_descriptor& edge, const Graph& graph) {
    std::vector<std::size_t> circle{boost::get(boost::edge_index, graph, edge)};
    const std::size_t start = boost::target(edge, graph);
    for (std::size_t at = boost::source(edge, graph); at != start; at = edges[found_by[at]].from)
      circle.insert(circle.begin(), found_by[at]);
    circles.push_back(std::move(circle));
  }

  const std::vector<CallGraph::Edge>& edges;
  std::vector<std::size_t>& found_by;
  std::vector<std::vector<std::size_t>>& circles;
};

}  // namespace

void for_each_call(const Steps& steps, const std::string& pointer, const Visit& visit) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string here = pointer + '/' + std::to_string(i);
    std::visit(StepWalk{here, visit}, steps[i].what);
  }
}

Steps steps_of(const ServerPlan& server, std::size_t endpoint) {
  if (endpoint < server.endpoints.size()) return server.endpoints.entries[endpoint].second;
  Steps steps(1);
  steps.front().what = CpuStep{server.service_time.value_or(Distribution())};
  return steps;
}

bool uses_cpu(const ServerPlan& server) {
  const auto& endpoints = server.endpoints;
  return server.service_time ||
         std::any_of(endpoints.begin(), endpoints.end(),
                     [](const auto& each) { return works_on_core(each.second); });
}

CallGraph::CallGraph(const ScenarioPlan& plan) {
  for (const auto& [name, service] : plan.services) {
    first_of_[&service] = nodes_.size();
    for (const auto endpoint : endpoint_names(service))
      nodes_.push_back({name, std::string(endpoint)});
  }
  for (const auto& [name, service] : plan.services) {
    if (const auto* server = server_of(service)) add_calls(plan, name, *server);
    if (const auto* cache = std::get_if<CachePlan>(&service.kind)) add_writes(plan, name, *cache);
    if (headroom::is_broker(service)) add_messages(plan, name);
  }
}

/// A broker is followed by those who work on its messages, and by the queue for those that nobody
/// can work on.
void CallGraph::add_messages(const ScenarioPlan& plan, const std::string& name) {
  const std::size_t from = node(plan, CallTarget{name, "publish"});
  for (const auto& [worker, terms] : plan.workers_of(name)) {
    const std::size_t to = node(plan, CallTarget{worker, {}});
    if (to != npos) edges_.push_back({from, to, service_pointer(worker) + "/consumes"});
  }
  const ServiceRef* aside = dead_letter_of(*plan.services.find(name));
  if (aside == nullptr || !plan.is_broker(aside->name)) return;
  edges_.push_back({from, node(plan, CallTarget{aside->name, "publish"}),
                    service_pointer(name) + "/dead_letter"});
}

void CallGraph::add_calls(const ScenarioPlan& plan, const std::string& name,
                          const ServerPlan& server) {
  for (const auto& [endpoint, steps] : server.endpoints) {
    const std::size_t from = node(plan, CallTarget{name, endpoint});
    const std::string pointer = service_pointer(name) + "/endpoints" + pointer_step(endpoint);
    for_each_call(steps, pointer, [&](const CallStep& step, const std::string& at) {
      const std::size_t to = node(plan, step);
      if (to != npos) edges_.push_back({from, to, at});
    });
  }
}

/// A cache that writes calls its store.
void CallGraph::add_writes(const ScenarioPlan& plan, const std::string& name,
                           const CachePlan& cache) {
  if (!cache.store || cache.write == WritePolicy::aside) return;
  const std::size_t to = node(plan, store_of(plan, cache));
  const std::size_t from = node(plan, CallTarget{name, "set"});
  if (to != npos) edges_.push_back({from, to, service_pointer(name) + "/store/call"});
}

std::size_t CallGraph::node(const ScenarioPlan& plan, const CallTarget& target) const {
  const ServicePlan* service = plan.behind(target.service);
  if (!service) return npos;
  const auto index = endpoint_index(*service, target.endpoint);
  if (!index) return npos;
  const auto first = first_of_.find(service);
  return first == first_of_.end() ? npos : first->second + *index;
}

std::size_t CallGraph::node(const ScenarioPlan& plan, const CallStep& step) const {
  const ServicePlan* service = plan.behind(step.target.service);
  if (!service) return npos;
  return node(plan, CallTarget{step.target.service, called_endpoint(*service, step)});
}

std::vector<std::vector<std::size_t>> CallGraph::circles() const {
  std::vector<std::vector<std::size_t>> found;
  std::vector<std::size_t> found_by(nodes_.size());
  const Graph graph = boost_graph(*this);
  boost::depth_first_search(graph, boost::visitor(CircleFinder(edges_, found_by, found)));
  return found;
}

std::vector<std::size_t> CallGraph::in_order() const {
  std::vector<std::size_t> called_first;
  Graph graph = boost_graph(*this);
  boost::topological_sort(graph, std::back_inserter(called_first));
  return {called_first.rbegin(), called_first.rend()};
}

std::vector<bool> CallGraph::reached_from(const std::vector<std::size_t>& starts) const {
  const Graph graph = boost_graph(*this);
  std::vector<boost::default_color_type> colors(nodes_.size(), boost::white_color);
  for (const std::size_t start : starts)
    if (colors[start] == boost::white_color)
      boost::depth_first_visit(graph, start, boost::dfs_visitor<>(), colors.data());
  std::vector<bool> reached;
  for (const auto color : colors)
    reached.push_back(color != boost::white_color);
  return reached;
}

std::vector<Entry> entries_of(const ScenarioPlan& plan, const CallGraph& graph,
                              const WorkloadPlan& workload) {
  std::vector<Entry> entries;
  const auto add = [&](const std::string& endpoint, double share) {
    const std::size_t node = graph.node(plan, CallTarget{workload.target.service, endpoint});
    if (node != CallGraph::npos) entries.push_back({node, share});
  };
  if (!workload.mix) add(workload.target.endpoint, 1);
  if (workload.mix)
    for (const auto& [endpoint, share] : *workload.mix)
      add(endpoint, share.value);
  return entries;
}

std::set<std::string> live_services(const ScenarioPlan& plan) {
  std::set<std::string> live;
  std::vector<std::string> next;
  const auto reach = [&](const std::string& service) {
    if (live.insert(service).second) next.push_back(service);
  };
  for (const auto& [name, workload] : plan.workloads) {
    reach(workload.target.service);
    for_each_call(workload.fallback.value_or(Steps()), {},
                  [&](const CallStep& step, const std::string&) { reach(step.target.service); });
  }
  while (!next.empty()) {
    const std::string service = next.back();
    next.pop_back();
    if (const auto* balancer = plan.balancer(service)) reach(balancer->to.name);
    if (const auto* cache = plan.cache(service))
      if (cache->store) reach(cache->store->target.service);
    if (plan.is_broker(service))
      for (const auto& [worker, terms] : plan.workers_of(service))
        reach(worker);
    const ServicePlan* here = plan.services.find(service);
    if (const ServiceRef* aside = here ? dead_letter_of(*here) : nullptr) reach(aside->name);
    if (const auto* server = plan.server(service))
      for (const auto& [endpoint, steps] : server->endpoints)
        for_each_call(steps, {}, [&](const CallStep& step, const std::string&) {
          reach(step.target.service);
        });
  }
  return live;
}

}  // namespace headroom
