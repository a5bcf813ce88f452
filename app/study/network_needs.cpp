#include "app/study/network_needs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/study/arithmetic.hpp"
#include "app/study/network_loads.hpp"
#include "models/fault/target.hpp"
#include "models/moments.hpp"
#include "models/network/analysis.hpp"

namespace headroom {

std::map<std::uint32_t, std::vector<std::string>> residents_of(const ScenarioPlan& plan,
                                                               const Sites& sites) {
  std::map<std::uint32_t, std::vector<std::string>> residents;
  for (const auto& [name, service] : plan.services) {
    const auto of = sites.of(name);
    for (std::size_t i = 0; i < of.size(); ++i)
      residents[sites.nodes()[of[i]]].push_back(of.size() == 1 ? name
                                                               : fmt::format("{}[{}]", name, i));
  }
  for (const auto& [name, workload] : plan.workloads)
    residents[sites.nodes()[sites.of_workload(name)]].push_back(name);
  return residents;
}

namespace {

class Analysis {
 public:
  Analysis(const ScenarioPlan& plan, const Sites& sites, NetworkNeeds& needs)
      : plan_(plan), sites_(sites), topology_(*sites.topology()), needs_(needs) {
    residents_ = residents_of(plan, sites);
    for (const auto& [node, names] : residents_)
      in_use_.push_back(node);
  }

  void find_single_points() {
    for (const WeakPoint& point : weak_points(topology_, in_use_))
      needs_.points.push_back(
          {point.name, point.is_link, point.cut_off.size(), names_of(point.cut_off)});
  }

  void follow_failures() {
    for (std::size_t number = 0; number < plan_.failures.size(); ++number) {
      const auto* kill = std::get_if<KillPlan>(&plan_.failures[number].verb);
      if (kill == nullptr) continue;
      const FaultTarget& target = kill->target;
      std::vector<std::uint32_t> nodes, edges;
      if (target.kind == FaultTarget::Kind::node)
        nodes = {topology_.node(target.name)};
      else if (target.kind == FaultTarget::Kind::link)
        edges = topology_.edges_between(topology_.node(target.name), topology_.node(target.to));
      else
        continue;
      const auto cut = cut_off_without(topology_, in_use_, nodes, edges);
      needs_.cut_off.push_back({number, print_target(target), names_of(cut)});
    }
  }

  void bound_rates() {
    for (const auto& [name, workload] : plan_.workloads) {
      RateBound bound{name, std::numeric_limits<double>::infinity(), false, {}};
      std::vector<std::uint32_t> here{sites_.nodes()[sites_.of_workload(name)]};
      const std::string* service = &workload.target.service;
      // Through any balancers, leg by leg; checked plans have no circles of them.
      while (service != nullptr) {
        std::vector<std::uint32_t> there = nodes_of(*service);
        // Who stands on the same host needs no link.
        const bool may_be_local = std::any_of(there.begin(), there.end(), [&](auto node) {
          return std::find(here.begin(), here.end(), node) != here.end();
        });
        if (!may_be_local) {
          consider(bound, here, there, mean_or_zero(workload.size), false);
          consider(bound, there, here, mean_or_zero(workload.reply_size), true);
        }
        here = std::move(there);
        const BalancerPlan* balancer = plan_.balancer(*service);
        service = balancer != nullptr ? &balancer->to.name : nullptr;
      }
      if (std::isfinite(bound.per_s)) needs_.bounds.push_back(std::move(bound));
    }
  }

 private:
  std::vector<std::uint32_t> nodes_of(const std::string& service) const {
    std::vector<std::uint32_t> nodes;
    for (const std::uint16_t site : sites_.of(service))
      nodes.push_back(sites_.nodes()[site]);
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    return nodes;
  }

  void consider(RateBound& bound, const std::vector<std::uint32_t>& from,
                const std::vector<std::uint32_t>& to, double bytes, bool of_answers) {
    if (bytes <= 0) return;
    const FlowBound flow = max_flow(topology_, from, to);
    if (flow.bytes_per_s / bytes >= bound.per_s) return;
    bound.per_s = flow.bytes_per_s / bytes;
    bound.of_answers = of_answers;
    bound.links.clear();
    for (const std::uint32_t link : flow.links)
      bound.links.push_back(topology_.links[link].name);
  }

  std::vector<std::string> names_of(const std::vector<std::uint32_t>& hosts) const {
    std::vector<std::string> names;
    for (const std::uint32_t host : hosts) {
      const auto here = residents_.find(host);
      if (here == residents_.end())
        names.push_back(topology_.nodes[host].name);
      else
        names.insert(names.end(), here->second.begin(), here->second.end());
    }
    return names;
  }

  const ScenarioPlan& plan_;
  const Sites& sites_;
  const Topology& topology_;
  NetworkNeeds& needs_;
  std::map<std::uint32_t, std::vector<std::string>> residents_;
  std::vector<std::uint32_t> in_use_;
};

void bound_rates_of_zones(const ScenarioPlan& plan, const NetworkLoads& loads,
                          NetworkNeeds& needs) {
  for (const auto& [name, workload] : plan.workloads) {
    RateBound bound{name, std::numeric_limits<double>::infinity(), false, {}};
    for (const bool back : {false, true}) {
      const double bytes = mean_or_zero(back ? workload.reply_size : workload.size);
      // Each zone has one way to each other: together they carry the sum.
      double sum = 0;
      std::vector<std::string> links;
      for (const LoadedLink& link : loads.between(name, workload.target.service, back)) {
        sum += link.bandwidth_bytes_per_s.value_or(std::numeric_limits<double>::infinity());
        links.push_back(link.name);
      }
      if (bytes <= 0 || links.empty() || sum / bytes >= bound.per_s) continue;
      bound.per_s = sum / bytes;
      bound.of_answers = back;
      bound.links = std::move(links);
    }
    if (std::isfinite(bound.per_s)) needs.bounds.push_back(std::move(bound));
  }
}

}  // namespace

NetworkNeeds network_needs(const ScenarioPlan& plan) {
  NetworkNeeds needs;
  if (!plan.network || !plan.network->has_links()) return needs;
  const NetworkLoads loads(plan);
  for (const LoadedLink& link : loads.links())
    needs.links.push_back({link.name, link.bytes_per_s, link.bandwidth_bytes_per_s});
  const auto share = [](const LinkNeed& link) {
    return link.bandwidth_bytes_per_s ? link.needed_bytes_per_s / *link.bandwidth_bytes_per_s : 0;
  };
  std::stable_sort(needs.links.begin(), needs.links.end(),
                   [&](const LinkNeed& a, const LinkNeed& b) { return share(a) > share(b); });
  needs.notes = loads.notes();
  if (const Sites* sites = loads.sites()) {
    Analysis analysis(plan, *sites, needs);
    analysis.find_single_points();
    analysis.follow_failures();
    analysis.bound_rates();
  } else {
    bound_rates_of_zones(plan, loads, needs);
  }
  return needs;
}

}  // namespace headroom
