// Where calls begin and end in the network, and how long they are on the way.
#include <algorithm>
#include <map>

#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic_demand.hpp"
#include "models/moments.hpp"

namespace headroom {

/// On which sites its instances stand, each as often as it does there.
Demands::Places Demands::sites_of(const std::string& service) const {
  auto sites = sites_->of(service);
  if (const auto tier = tier_of(plan_, service); tier && tier->replicas < sites.size())
    sites.resize(tier->replicas);
  Places places;
  std::map<std::uint16_t, std::size_t> position;
  for (const std::uint16_t site : sites) {
    const auto [known, is_new] = position.emplace(site, places.size());
    if (is_new) places.push_back({site, 0});
    places[known->second].times += 1.0 / static_cast<double>(sites.size());
  }
  return places;
}

Demands::Places Demands::places_of_workload(const std::string& workload) const {
  if (sites_) return {{sites_->of_workload(workload), 1}};
  const WorkloadPlan* plan = plan_.workloads.find(workload);
  return {{plan && plan->zone ? plan_.zone_index(plan->zone->name) : std::size_t{0}, 1}};
}

Demands::Places Demands::places_of(const std::string& service) const {
  if (sites_) return sites_of(service);
  const auto tier = tier_of(plan_, service);
  const BalancerPlan* balancer = plan_.balancer(service);
  if (!tier && !balancer) return {{0, 1}};
  const auto& zones = tier ? tier->zones : balancer->zones;
  if (zones.empty()) return {{0, 1}};
  const std::size_t instances = tier ? tier->replicas : zones.size();
  Places places;
  for (std::size_t i = 0; i < std::min(zones.size(), instances); ++i) {
    // Instance k stands in zone k modulo their number.
    const std::size_t here = (instances - i + zones.size() - 1) / zones.size();
    places.push_back({plan_.zone_index(zones[i].name),
                      static_cast<double>(here) / static_cast<double>(instances)});
  }
  return places;
}

std::size_t Demands::zone_of(std::size_t place) const {
  return sites_ ? sites_->zone_of(static_cast<std::uint16_t>(place)) : place;
}

StoreImbalance Demands::imbalance_of(const std::string& database, const StoreCalls& calls) const {
  return store_imbalance(plan_, database, calls, sites());
}

/// Mean time from places to others, where shares multiply.
double Demands::hop_s(const Places& from, const Places& to, double bytes) const {
  double sum_s = 0;
  for (const Count& start : from) {
    for (const Count& end : to) {
      const double share = start.times * end.times;
      if (sites_)
        spread_->add(sites_->nodes()[start.index], sites_->nodes()[end.index], share);
      else
        sum_s += share * link_s(start.index, end.index, bytes);
    }
  }
  if (!sites_) return sum_s;
  const Topology& topology = *sites_->topology();
  spread_->lay([&](std::uint32_t hop, double share) {
    const LinkPlan& link = topology.links[topology.edges[hop].link].plan;
    sum_s += share * (mean_or_zero(link.latency) + mean_or_zero(link.jitter)) * 1e-9;
    if (link.bandwidth) sum_s += share * bytes / link.bandwidth->bytes_per_s;
  });
  return sum_s;
}

double Demands::link_s(std::size_t from, std::size_t to, double bytes) const {
  const std::uint32_t entry = routes_.front().entry(from, to);
  if (entry == Routes::none) return 0;
  const auto& bandwidth = network_.links.entries[entry].second.bandwidth;
  return latency_s_[entry] + (bandwidth ? bytes / bandwidth->bytes_per_s : 0);
}

Demands::Places Demands::entered(std::size_t place, const std::string& service) const {
  Places places = places_of(service);
  return plan_.balancer(service) == nullptr ? places : nearest(place, places);
}

/// The balancer in the same place, else one in the same zone, else all of them.
Demands::Places Demands::nearest(std::size_t place, const Places& places) const {
  for (const Count& each : places)
    if (each.index == place) return {{place, 1}};
  if (sites_) {
    const auto zone_of = [&](std::size_t site) {
      return sites_->zone_of(static_cast<std::uint16_t>(site));
    };
    for (const Count& each : places)
      if (zone_of(each.index) == zone_of(place)) return {{each.index, 1}};
  }
  return places;
}

/// Of the copies of a database those that answer reads from there.
const Demands::Places& Demands::readers(std::size_t place, const std::string& database) const {
  const std::size_t zone = zone_of(place);
  const auto [known, is_new] = readers_.try_emplace({database, zone});
  Places& readers = known->second;
  if (!is_new) return readers;
  const auto shares = read_shares(plan_, database, zone, sites());
  const auto places = sites_ ? sites_->of(database) : zones_of_instances(plan_, database);
  std::map<std::size_t, double> found;
  for (std::size_t node = 0; node < shares.size(); ++node)
    if (shares[node] > 0) found[places[node]] += shares[node];
  for (const auto& [at, share] : found)
    readers.push_back({at, share});
  return readers;
}

void Demands::follow(const Places& from, const std::string& service, std::string_view operation,
                     const std::function<void(const Places&, const Places&)>& leg) const {
  const BalancerPlan* balancer = plan_.balancer(service);
  const ServicePlan* target = plan_.services.find(service);
  const bool is_store = target && std::holds_alternative<DatabasePlan>(target->kind);
  if (is_store && operation == "read") {
    for (const Count& start : from)
      leg({start}, readers(start.index, service));
    return;
  }
  Places there = places_of(service);
  if (balancer == nullptr) return leg(from, there);
  std::map<std::size_t, double> entered;
  for (const Count& start : from) {
    const Places first = nearest(start.index, there);
    leg({start}, first);
    for (const Count& place : first)
      entered[place.index] += start.times * place.times;
  }
  Places here;
  for (const auto& [place, times] : entered)
    here.push_back({place, times});
  for (std::size_t tiers = 0; balancer && tiers < plan_.services.size(); ++tiers) {
    there = places_of(balancer->to.name);
    leg(here, there);
    here = std::move(there);
    balancer = plan_.balancer(balancer->to.name);
  }
}

/// None to a cache in the memory of its caller.
double Demands::way_of_call_s(const Places& from, const CallStep& step, std::size_t node) const {
  const CachePlan* cache = plan_.cache(step.target.service);
  if (cache && cache->local_to) return 0;
  return way_s(from, step.target.service, graph_.nodes()[node].endpoint, mean_or_zero(step.size),
               mean_or_zero(step.reply_size));
}

double Demands::way_s(const Places& from, const std::string& service, std::string_view operation,
                      double bytes, double reply_bytes) const {
  if (routes_.empty()) return 0;
  double sum_s = 0;
  follow(from, service, operation, [&](const Places& here, const Places& there) {
    sum_s += hop_s(here, there, bytes) + hop_s(there, here, reply_bytes);
  });
  return sum_s;
}

}  // namespace headroom
