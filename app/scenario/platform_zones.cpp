#include "app/scenario/platform_zones.hpp"

#include <algorithm>
#include <set>

namespace headroom {

namespace {

void append(LinkList& links, const LinkList& more) {
  links.insert(links.end(), more.begin(), more.end());
}

/// The zone and those around it, the outermost last.
std::vector<const PlatformZone*> around(const PlatformZone* zone) {
  std::vector<const PlatformZone*> all;
  for (; zone != nullptr; zone = zone->parent)
    all.push_back(zone);
  return all;
}

}  // namespace

const PlatformZone* PlatformRoutes::home_of(const std::string& name) const {
  const auto found = homes_.find(name);
  return found == homes_.end() ? nullptr : found->second;
}

std::optional<LinkList> PlatformRoutes::between(const std::string& from,
                                                const std::string& to) const {
  return between(from, to, 0);
}

/// Through the zone that holds both: from the sender to the gateway of its part, over to the
/// gateway of the other part, and on from there.
std::optional<LinkList> PlatformRoutes::between(const std::string& from, const std::string& to,
                                                unsigned depth) const {
  if (from == to) return LinkList();
  const PlatformZone *home = home_of(from), *other_home = home_of(to);
  if (home == nullptr || other_home == nullptr || depth > deepest) return std::nullopt;
  auto ups = around(home), downs = around(other_home);
  while (ups.size() > 1 && downs.size() > 1 && ups[ups.size() - 2] == downs[downs.size() - 2]) {
    ups.pop_back();
    downs.pop_back();
  }
  const std::string& one = ups.size() == 1 ? from : ups[ups.size() - 2]->id;
  const std::string& other = downs.size() == 1 ? to : downs[downs.size() - 2]->id;
  const auto middle = inside(*ups.back(), one, other, depth);
  if (!middle) return std::nullopt;
  LinkList links;
  if (ups.size() > 1) {
    const auto first = between(from, middle->from_gateway, depth + 1);
    if (!first) return std::nullopt;
    append(links, *first);
  }
  append(links, middle->links);
  if (downs.size() > 1) {
    const auto last = between(middle->to_gateway, to, depth + 1);
    if (!last) return std::nullopt;
    append(links, *last);
  }
  return links;
}

std::optional<PlatformZone::Route> PlatformRoutes::inside(const PlatformZone& zone,
                                                          const std::string& from,
                                                          const std::string& to,
                                                          unsigned depth) const {
  if (zone.routing == PlatformZone::Routing::cluster) {
    PlatformZone::Route route;
    if (const auto spoke = zone.spokes.find(from); spoke != zone.spokes.end())
      append(route.links, spoke->second.up);
    append(route.links, zone.backbone);
    if (const auto spoke = zone.spokes.find(to); spoke != zone.spokes.end())
      append(route.links, spoke->second.down);
    return route;
  }
  if (zone.routing == PlatformZone::Routing::shortest) return shortest(zone, from, to, depth);
  const auto found = zone.routes.find({from, to});
  if (found == zone.routes.end()) return std::nullopt;
  return found->second;
}

/// The fewest links; the first of several such by name. Source: Dijkstra 1959.
std::optional<PlatformZone::Route> PlatformRoutes::shortest(const PlatformZone& zone,
                                                            const std::string& from,
                                                            const std::string& to,
                                                            unsigned depth) const {
  std::map<std::string, std::pair<std::size_t, std::string>> best{{from, {0, {}}}};
  std::set<std::pair<std::size_t, std::string>> open{{0, from}};
  while (!open.empty()) {
    const auto [length, at] = *open.begin();
    open.erase(open.begin());
    if (at == to) break;
    for (auto route = zone.routes.lower_bound({at, {}});
         route != zone.routes.end() && route->first.first == at; ++route) {
      const std::string& next = route->first.second;
      const std::size_t longer = length + route->second.links.size();
      const auto known = best.find(next);
      if (known != best.end() && known->second.first <= longer) continue;
      if (known != best.end()) open.erase({known->second.first, next});
      best[next] = {longer, at};
      open.insert({longer, next});
    }
  }
  if (!best.count(to)) return std::nullopt;
  std::vector<const PlatformZone::Route*> steps;
  for (std::string at = to; at != from; at = best.at(at).second)
    steps.push_back(&zone.routes.at({best.at(at).second, at}));
  std::reverse(steps.begin(), steps.end());
  PlatformZone::Route whole{{}, steps.front()->from_gateway, steps.back()->to_gateway};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i > 0 && steps[i - 1]->to_gateway != steps[i]->from_gateway) {
      const auto across = between(steps[i - 1]->to_gateway, steps[i]->from_gateway, depth + 1);
      if (!across) return std::nullopt;
      append(whole.links, *across);
    }
    append(whole.links, steps[i]->links);
  }
  return whole;
}

}  // namespace headroom
