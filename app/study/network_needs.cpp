#include "app/study/network_needs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "app/study/arithmetic.hpp"
#include "app/study/network_loads.hpp"
#include "models/moments.hpp"
#include "models/network/analysis.hpp"

namespace headroom {

namespace {

RateBound unbounded(const std::string& workload) {
  return {workload, std::numeric_limits<double>::infinity(), false, {}};
}

class Analysis {
 public:
  Analysis(const ScenarioPlan& plan, const Sites& sites, NetworkNeeds& needs)
      : plan_(plan), sites_(sites), topology_(*sites.topology()), needs_(needs) {}

  void find_single_points() {
    const DrawnTopology drawn = drawn_topology(plan_, sites_);
    const auto& links = plan_.network->topology.drawn.links;
    for (const WeakPoint& point : weak_points(drawn.topology, drawn.in_use())) {
      // A place of a platform may be the link that joins all there.
      const bool is_link =
          point.is_link || std::any_of(links.begin(), links.end(),
                                       [&](const auto& link) { return link.name == point.name; });
      needs_.points.push_back(
          {point.name, is_link, point.cut_off.size(), drawn.names_on(point.cut_off)});
    }
  }

  void bound_rates() {
    for (const auto& [name, workload] : plan_.workloads) {
      RateBound bound = unbounded(name);
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
      needs_.bounds.push_back(std::move(bound));
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

  const ScenarioPlan& plan_;
  const Sites& sites_;
  const Topology& topology_;
  NetworkNeeds& needs_;
};

void bound_rates_of_zones(const ScenarioPlan& plan, const NetworkLoads& loads,
                          NetworkNeeds& needs) {
  for (const auto& [name, workload] : plan.workloads) {
    RateBound bound = unbounded(name);
    for (const bool back : {false, true}) {
      const double bytes = mean_or_zero(back ? workload.reply_size : workload.size);
      // Each zone has one way to each other: together they carry the sum.
      double sum = 0;
      std::vector<std::string> links;
      for (const LoadedLink& link : loads.between(name, workload.target.service, back)) {
        sum += link.bandwidth_bytes_per_s && link.is_shared
                   ? *link.bandwidth_bytes_per_s
                   : std::numeric_limits<double>::infinity();
        links.push_back(link.name);
      }
      if (bytes <= 0 || links.empty() || sum / bytes >= bound.per_s) continue;
      bound.per_s = sum / bytes;
      bound.of_answers = back;
      bound.links = std::move(links);
    }
    needs.bounds.push_back(std::move(bound));
  }
}

/// What a workload alone, with all that it calls, makes of the links it uses: several ways may lead
/// over one cable, and those it calls may need more than it does.
void hold_to_links(const NetworkLoads& loads, std::vector<RateBound>& bounds) {
  constexpr double rounding = 1e-9;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    RateBound& bound = bounds[i];
    for (const LoadedLink& link : loads.links()) {
      const double asked = link.of_workload[i];
      if (asked <= 0 || !link.bandwidth_bytes_per_s || !link.is_shared) continue;
      const double share = asked / *link.bandwidth_bytes_per_s;
      const double per_s = loads.arithmetic().workloads[i].peak_per_s / share;
      if (per_s >= bound.per_s * (1 - rounding)) continue;
      bound.per_s = per_s;
      bound.full_link = link.name;
      bound.links.clear();
    }
  }
  std::erase_if(bounds, [](const RateBound& bound) { return !std::isfinite(bound.per_s); });
}

LinkNeed need_of(const ScenarioPlan& plan, const Arithmetic& needs, const LoadedLink& link) {
  constexpr double rounding = 1e-9;
  LinkNeed need{link.name, link.bytes_per_s, link.bandwidth_bytes_per_s, std::nullopt};
  need.is_shared = link.is_shared;
  need.key = link.key;
  if (!link.bandwidth_bytes_per_s || !link.is_shared) return need;
  const bool has_open = needs.open_per_s > 0;
  double requests_per_s = 0, asked = 0;
  for (std::size_t i = 0; i < plan.workloads.size(); ++i) {
    if (has_open && needs.workloads[i].is_closed) continue;
    requests_per_s += needs.workloads[i].peak_per_s;
    asked += link.of_workload[i];
  }
  if (asked <= 0) return need;
  need.ceiling_per_s = requests_per_s * *link.bandwidth_bytes_per_s / asked;
  need.is_overloaded = has_open && asked >= *link.bandwidth_bytes_per_s * (1 - rounding);
  return need;
}

std::vector<LinkNeed> needs_of(const ScenarioPlan& plan, const NetworkLoads& loads) {
  std::vector<LinkNeed> links;
  for (const LoadedLink& link : loads.links())
    links.push_back(need_of(plan, loads.arithmetic(), link));
  std::stable_sort(links.begin(), links.end(),
                   [](const LinkNeed& a, const LinkNeed& b) { return a.share() > b.share(); });
  return links;
}

}  // namespace

std::vector<LinkNeed> link_needs(const ScenarioPlan& plan, const Arithmetic& arithmetic) {
  if (!plan.network || !plan.network->has_links()) return {};
  return needs_of(plan, NetworkLoads(plan, arithmetic));
}

const LinkNeed* first_full(const std::vector<LinkNeed>& links) {
  const LinkNeed* first = nullptr;
  for (const LinkNeed& link : links)
    if (link.ceiling_per_s && (!first || *link.ceiling_per_s < *first->ceiling_per_s))
      first = &link;
  return first;
}

NetworkNeeds network_needs(const ScenarioPlan& plan) {
  NetworkNeeds needs;
  if (!plan.network || !plan.network->has_links()) return needs;
  const Arithmetic rates = arithmetic(plan);
  const NetworkLoads loads(plan, rates);
  needs.links = needs_of(plan, loads);
  needs.notes = loads.notes();
  if (const Sites* sites = loads.sites()) {
    Analysis analysis(plan, *sites, needs);
    analysis.find_single_points();
    analysis.bound_rates();
  } else {
    bound_rates_of_zones(plan, loads, needs);
  }
  hold_to_links(loads, needs.bounds);
  needs.cut_off = cut_off_by_failures(plan, Sites(plan));
  return needs;
}

}  // namespace headroom
