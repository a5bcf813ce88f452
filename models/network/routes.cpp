#include "models/network/routes.hpp"

#include <algorithm>
#include <optional>

#include "models/text.hpp"

namespace headroom {

namespace {

/// How specifically the key names the way between two zones; -1 when it does not.
int rank_of(const LinkKey& key, const std::string& from, const std::string& to) {
  if (key.same_zone) return from == to ? 0 : -1;
  const int named = (key.from != "*") + (key.to != "*");
  if (from == to && named < 2) return -1;
  const auto fits = [&](const std::string& start, const std::string& end) {
    return (key.from == "*" || key.from == start) && (key.to == "*" || key.to == end);
  };
  if (!fits(from, to) && !(key.both_ways && fits(to, from))) return -1;
  return 1 + 2 * named + (key.both_ways ? 0 : 1);
}

/// "a", "b" and 5 more
std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 4;  // Chosen: one line.
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    text += (i == 0 ? "" : ", ") + in_quotes(names[i]);
  }
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

void check_keys(const NetworkPlan& plan, std::span<const std::string> zones, Findings& findings) {
  for (const auto& [name, link] : plan.links) {
    const auto key = parse_link_key(name);
    if (!key) {
      findings.error(name, in_quotes(name) + " names no link",
                     "write \"same zone\", \"a <-> b\" or \"a -> b\"; \"*\" is any other zone");
      continue;
    }
    if (key->same_zone) continue;
    for (const auto& zone : {key->from, key->to}) {
      if (zone == "*" || std::find(zones.begin(), zones.end(), zone) != zones.end()) continue;
      findings.error(name, in_quotes(zone) + " is not a zone",
                     "the zones are " + list_of({zones.begin(), zones.end()}));
    }
    if (!key->both_ways && !link.duplex) {
      findings.warning(name, "a link of one direction has no other to share its bandwidth with",
                       "write it with <->");
    }
  }
}

void check_clashes(const NetworkPlan& plan, std::span<const std::string> zones,
                   const Routes& routes, Findings& findings) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> told;
  for (const auto& clash : routes.clashes()) {
    const std::pair pair{clash.first, clash.second};
    if (std::find(told.begin(), told.end(), pair) != told.end()) continue;
    told.push_back(pair);
    const std::string way = zones[clash.from] + " -> " + zones[clash.to];
    findings.error(plan.links.entries[clash.second].first,
                   "fits " + in_quotes(way) + " as well as " +
                       in_quotes(plan.links.entries[clash.first].first) + " does",
                   "add a link " + in_quotes(way));
  }
}

void check_reach(std::span<const std::string> zones, const Routes& routes, Findings& findings) {
  for (std::size_t from = 0; from < zones.size(); ++from) {
    std::vector<std::string> missing;
    for (std::size_t to = 0; to < zones.size(); ++to) {
      if (from == to || routes.entry(from, to) != Routes::none) continue;
      const bool told = to < from && routes.entry(to, from) == Routes::none;
      if (!told) missing.push_back(zones[to]);
    }
    if (missing.empty()) continue;
    findings.error({}, "no route from " + in_quotes(zones[from]) + " to " + list_of(missing),
                   "add " + in_quotes(zones[from] + " <-> " + missing.front()) +
                       ", or \"* <-> *\" for every pair not named");
  }
}

}  // namespace

Routes::Routes(const NetworkPlan& plan, std::span<const std::string> zones)
    : zones_(zones.size()), entries_(zones.size() * zones.size(), none) {
  std::vector<std::optional<LinkKey>> keys;
  for (const auto& [name, link] : plan.links)
    keys.push_back(parse_link_key(name));
  for (std::size_t from = 0; from < zones_; ++from) {
    for (std::size_t to = 0; to < zones_; ++to) {
      int best = -1;
      std::uint32_t& entry = entries_[from * zones_ + to];
      std::uint32_t rival = none;
      for (std::uint32_t i = 0; i < keys.size(); ++i) {
        const int rank = keys[i] ? rank_of(*keys[i], zones[from], zones[to]) : -1;
        if (rank < best || rank < 0) continue;
        rival = rank == best ? entry : none;
        best = rank;
        entry = i;
      }
      if (rival == none) continue;
      clashes_.push_back(
          {rival, entry, static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(to)});
    }
  }
}

void check_network(const NetworkPlan& plan, std::span<const std::string> zones,
                   Findings& findings) {
  if (plan.links.empty()) return;
  check_keys(plan, zones, findings);
  const Routes routes(plan, zones);
  check_clashes(plan, zones, routes, findings);
  check_reach(zones, routes, findings);
}

}  // namespace headroom
