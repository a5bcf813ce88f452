#include "models/network/platform_map.hpp"

#include <algorithm>
#include <boost/pending/disjoint_sets.hpp>
#include <set>

namespace headroom {

namespace {

/// Which nodes of the routes, and which ends of links, are one place.
class Places {
 public:
  explicit Places(const PlatformPlan& platform)
      : platform_(platform), sets_(platform.nodes.size() + 2 * platform.links.size()) {
    for (std::uint32_t link = 0; link < platform.links.size(); ++link) {
      const std::uint32_t back = platform.links[link].back;
      if (back == link) continue;
      unite(begin_of(link), end_of(back));
      unite(end_of(link), begin_of(back));
    }
    std::vector<PlatformPlan::Hop> open;
    for (const PlatformPlan::Hop& hop : platform.hops) {
      if (platform.links[hop.link].back == hop.link)
        open.push_back(hop);
      else
        cross(hop);
    }
    cross_all(std::move(open));
  }

  std::size_t of_node(std::uint32_t node) { return sets_.find_set(std::size_t{node}); }
  std::size_t begin_of(std::uint32_t link) {
    return sets_.find_set(platform_.nodes.size() + 2 * std::size_t{link});
  }
  std::size_t end_of(std::uint32_t link) {
    return sets_.find_set(platform_.nodes.size() + 2 * std::size_t{link} + 1);
  }

 private:
  void unite(std::size_t one, std::size_t other) { sets_.union_set(one, other); }
  void cross(const PlatformPlan::Hop& hop) {
    unite(of_node(hop.from), begin_of(hop.link));
    unite(of_node(hop.to), end_of(hop.link));
  }
  void cross_back(const PlatformPlan::Hop& hop) {
    unite(of_node(hop.from), end_of(hop.link));
    unite(of_node(hop.to), begin_of(hop.link));
  }

  /// Which way a route crosses a link that both directions share is known once one of its ends is.
  /// Where none is, it is taken for the way of the first.
  void cross_all(std::vector<PlatformPlan::Hop> open) {
    std::set<std::uint32_t> crossed;
    while (!open.empty()) {
      const std::size_t before = open.size();
      std::erase_if(open, [&](const PlatformPlan::Hop& hop) {
        const std::size_t from = of_node(hop.from), to = of_node(hop.to);
        const std::size_t begin = begin_of(hop.link), end = end_of(hop.link);
        if (crossed.insert(hop.link).second || from == begin || to == end)
          cross(hop);
        else if (from == end || to == begin)
          cross_back(hop);
        else
          return false;
        return true;
      });
      if (open.size() < before) continue;
      cross(open.back());
      open.pop_back();
    }
  }

  const PlatformPlan& platform_;
  boost::disjoint_sets_with_storage<> sets_;
};

struct Place {
  std::vector<std::uint32_t> hosts;
  std::vector<std::uint32_t> inside;  ///< Links that begin and end there.
  std::uint32_t node = Topology::none;
};

}  // namespace

Topology map_of(const TopologyPlan& plan, std::span<const std::string> zones) {
  const PlatformPlan& platform = plan.drawn;
  Topology map;
  Places places(platform);
  std::map<std::size_t, Place> used;
  for (std::uint32_t node = 0; node < platform.nodes.size(); ++node) {
    if (!platform.nodes[node].is_host) continue;
    used[places.of_node(node)].hosts.push_back(map.add_node(platform.nodes[node].name, true));
  }
  std::set<std::uint32_t> crossed;
  for (const PlatformPlan::Hop& hop : platform.hops)
    crossed.insert(hop.link);
  for (std::uint32_t link = 0; link < platform.links.size(); ++link) {
    map.add_link(platform.links[link].name, platform.links[link].plan);
    if (!crossed.contains(link)) continue;
    const std::size_t begin = places.begin_of(link), end = places.end_of(link);
    used[end];
    if (begin == end)
      used[begin].inside.push_back(link);
    else
      used[begin];
  }
  std::size_t nameless = 0;
  for (auto& [number, place] : used) {
    if (place.hosts.size() == 1 && place.inside.empty()) {
      place.node = place.hosts.front();
      continue;
    }
    std::string name = place.inside.empty() ? "junction " + std::to_string(++nameless)
                                            : platform.links[place.inside.front()].name;
    const auto cables =
        std::count_if(place.inside.begin(), place.inside.end(),
                      [&](std::uint32_t link) { return link <= platform.links[link].back; });
    if (cables > 1) name += " and " + std::to_string(cables - 1) + " more";
    place.node = map.add_node(std::move(name), false);
    for (const std::uint32_t host : place.hosts)
      map.connect(host, place.node, {});
  }
  for (const std::uint32_t link : crossed) {
    const std::uint32_t begin = used[places.begin_of(link)].node;
    const std::uint32_t end = used[places.end_of(link)].node;
    map.add_edge(begin, end, link);
    if (platform.links[link].back == link && begin != end) map.add_edge(end, begin, link);
  }
  add_written(plan, zones, map);
  return map;
}

}  // namespace headroom
