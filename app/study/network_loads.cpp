#include "app/study/network_loads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/study/network_targets.hpp"
#include "models/moments.hpp"
#include "models/network/tcp.hpp"

namespace headroom {

namespace {

std::string bytes_text(double bytes) {
  const bool is_large = bytes >= 999.5e6;  // would print as 1e+03 MB
  return fmt::format("{:.3g} {}", bytes / (is_large ? 1e9 : 1e6), is_large ? "GB" : "MB");
}

std::string rate_text(double bytes_per_s) {
  return bytes_text(bytes_per_s) + "/s";
}

std::string time_text(double seconds) {
  return fmt::format("{:.3g} ms", seconds * 1e3);
}

}  // namespace

NetworkLoads::NetworkLoads(const ScenarioPlan& plan, const Arithmetic& arithmetic)
    : plan_(plan), arithmetic_(arithmetic), demands_(plan), all_sites_(plan) {
  if (plan.network->topology.empty()) routes_.emplace(*plan.network, plan.zones);
  for (; workload_ < plan.workloads.size(); ++workload_)
    add_workload(plan.workloads.entries[workload_].first, plan.workloads.entries[workload_].second,
                 arithmetic_.workloads[workload_].peak_per_s);
  add_bulk();
}

void NetworkLoads::add_workload(const std::string& name, const WorkloadPlan& workload,
                                double per_s) {
  const std::size_t target = plan_.services.position(workload.target.service);
  const bool is_store =
      std::holds_alternative<DatabasePlan>(plan_.services.entries[target].second.kind);
  std::vector<double> of_node(demands_.graph().nodes().size());
  for (const Entry& entry : entries_of(plan_, demands_.graph(), workload)) {
    of_node[entry.node] += entry.share;
    const EndpointDemand& called = demands_.of(entry.node);
    const double copies = is_store ? called.copies + called.looks : 1;
    add_calls(demands_.places_of_workload(name),
              {target, demands_.graph().nodes()[entry.node].endpoint, entry.share * copies,
               mean_or_zero(workload.size), mean_or_zero(workload.reply_size)},
              per_s);
  }
  for (const std::size_t node : demands_.in_order()) {
    const double times = of_node[node];
    if (times <= 0) continue;
    const EndpointDemand& demand = demands_.of(node);
    const auto& caller = plan_.services.entries[demands_.service_of(node)].first;
    for (const Traffic& calls : demand.traffic)
      add_calls(demands_.places_of(caller), calls, per_s * times);
    for (const Count& call : demand.calls)
      of_node[call.index] += times * call.times;
  }
}

void NetworkLoads::add_calls(const Places& from, const Traffic& calls, double per_s) {
  const std::string& name = plan_.services.entries[calls.service].first;
  demands_.follow(from, name, calls.operation, [&](const Places& here, const Places& there) {
    for (const Count& one : here) {
      for (const Count& other : there) {
        const double made_per_s = per_s * calls.times * one.times * other.times;
        add_way(one.index, other.index, made_per_s * calls.bytes);
        add_way(other.index, one.index, made_per_s * calls.reply_bytes);
      }
    }
  });
  lay();
}

/// Of a topology it is on its links after `lay`.
void NetworkLoads::add_way(std::size_t from, std::size_t to, double bytes_per_s) {
  if (bytes_per_s <= 0) return;
  if (const Sites* sites = demands_.sites())
    return demands_.spread()->add(sites->nodes()[from], sites->nodes()[to], bytes_per_s);
  const std::uint32_t entry = routes_->entry(from, to);
  if (entry == Routes::none) return;
  const auto& [key, link] = plan_.network->links.entries[entry];
  const auto& a = plan_.zones[from];
  const auto& b = plan_.zones[to];
  const bool shared = !link.duplex && routes_->entry(to, from) == entry;
  add_to(shared ? std::min(a, b) + " <-> " + std::max(a, b) : a + " -> " + b, bytes_per_s, key,
         link);
}

void NetworkLoads::lay() {
  if (!demands_.sites()) return;
  const Topology& topology = *demands_.sites()->topology();
  demands_.spread()->lay([&](std::uint32_t hop, double bytes_per_s) {
    add_to_link(topology.edges[hop].link, bytes_per_s);
  });
}

void NetworkLoads::add_to_link(std::uint32_t number, double bytes_per_s) {
  const auto& links = demands_.sites()->topology()->links;
  if (by_number_.empty()) by_number_.assign(links.size(), SIZE_MAX);
  std::size_t& position = by_number_[number];
  if (position == SIZE_MAX) {
    position = links_.size();
    links_.push_back(unloaded(links[number].name, links[number].plan));
  }
  add(links_[position], bytes_per_s);
}

LoadedLink NetworkLoads::unloaded(const std::string& name, const LinkPlan& plan) const {
  LoadedLink link{name, 0, std::nullopt};
  if (plan.bandwidth) link.bandwidth_bytes_per_s = plan.bandwidth->bytes_per_s;
  link.is_shared = plan.shared;
  link.of_workload.resize(plan_.workloads.size());
  return link;
}

void NetworkLoads::add(LoadedLink& link, double bytes_per_s) const {
  link.bytes_per_s += bytes_per_s;
  if (workload_ < link.of_workload.size()) link.of_workload[workload_] += bytes_per_s;
}

void NetworkLoads::add_to(const std::string& name, double bytes_per_s, const std::string& key,
                          const LinkPlan& plan) {
  const auto [known, is_new] = by_name_.emplace(name, links_.size());
  if (is_new) {
    links_.push_back(unloaded(name, plan));
    links_.back().key = key;
  }
  add(links_[known->second], bytes_per_s);
}

std::vector<std::size_t> NetworkLoads::places_named(const std::vector<std::string>& names) const {
  std::vector<std::size_t> places;
  for (const std::string& name : names) {
    const auto site = site_named(plan_, all_sites_, name);
    if (site) places.push_back(all_sites_.topology() ? *site : all_sites_.zone_of(*site));
  }
  return places;
}

void NetworkLoads::add_bulk() {
  for (const auto& [name, bulk] : plan_.network->bulk) {
    if (!bulk.throttle) continue;  // It takes what is left.
    const auto from = places_named(bulk.from), to = places_named(bulk.to);
    for (std::size_t i = 0; i < std::max(from.size(), to.size()); ++i)
      add_way(from[i % from.size()], to[i % to.size()], bulk.throttle->bytes_per_s);
  }
  lay();
}

std::vector<LoadedLink> NetworkLoads::between(std::string_view workload, const std::string& service,
                                              bool back) const {
  std::vector<LoadedLink> found;
  for (const Count& start : demands_.places_of_workload(std::string(workload))) {
    for (const Count& end : demands_.entered(start.index, service)) {
      const std::size_t from = back ? end.index : start.index, to = back ? start.index : end.index;
      const std::uint32_t entry = routes_->entry(from, to);
      if (entry == Routes::none) return {};
      found.push_back(unloaded(plan_.zones[from] + " -> " + plan_.zones[to],
                               plan_.network->links.entries[entry].second));
    }
  }
  return found;
}

std::vector<const LinkPlan*> NetworkLoads::way(std::size_t from, std::size_t to) const {
  std::vector<const LinkPlan*> links;
  if (const Sites* sites = demands_.sites()) {
    const Topology& topology = *sites->topology();
    for (const std::uint32_t hop :
         demands_.forwarding()->route(sites->nodes()[from], sites->nodes()[to], 0))
      links.push_back(&topology.links[topology.edges[hop].link].plan);
  } else if (const std::uint32_t entry = routes_->entry(from, to); entry != Routes::none) {
    links.push_back(&plan_.network->links.entries[entry].second);
  }
  return links;
}

std::vector<std::string> NetworkLoads::notes() const {
  std::vector<std::string> notes;
  const bool flow = plan_.network->engine == NetworkEngine::flow;
  for (const auto& [name, bulk] : plan_.network->bulk) {
    const auto from = places_named(bulk.from), to = places_named(bulk.to);
    if (from.empty() || to.empty()) continue;
    double round_trip_s = 0, passes = 1, most = std::numeric_limits<double>::infinity();
    for (const bool back : {false, true}) {
      for (const LinkPlan* link : back ? way(to[0], from[0]) : way(from[0], to[0])) {
        round_trip_s += link->latency ? mean(*link->latency) * 1e-9 : 0;
        if (back) continue;
        passes *= 1 - link->loss.value;
        if (link->bandwidth) most = std::min(most, link->bandwidth->bytes_per_s);
      }
    }
    if (bulk.throttle) most = std::min(most, bulk.throttle->bytes_per_s);
    if (!std::isfinite(most) || round_trip_s <= 0) continue;
    const double window = static_cast<double>(bulk.window.count);
    const double by_window = window_bytes_per_s(window, round_trip_s);
    if (!flow && by_window < most)
      notes.push_back(
          fmt::format("{}: a window of {} over a round trip of {} carries at most {}, not {}; the "
                      "bandwidth-delay product is {}",
                      name, bytes_text(window), time_text(round_trip_s), rate_text(by_window),
                      rate_text(most), bytes_text(bandwidth_delay_bytes(most, round_trip_s))));
    const double by_loss = mathis_bytes_per_s(round_trip_s, 1 - passes);
    if (by_loss < most)
      notes.push_back(fmt::format(
          "{}: TCP would get {} over a loss of {} and a round trip of {} (Mathis et al. 1997)",
          name, rate_text(by_loss), fmt::format("{:.3g} %", 100 * (1 - passes)),
          time_text(round_trip_s)));
  }
  return notes;
}

}  // namespace headroom
