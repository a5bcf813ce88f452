#include "models/cache/component.hpp"

#include <utility>

#include "models/draw.hpp"

namespace headroom {

Cache::Cache(sim::Simulation& simulation, const CachePlan& plan, std::string name,
             const std::vector<std::uint16_t>& zones, std::span<const KeySpace> keys,
             Versions& versions, const Measurement& measurement, std::uint32_t most,
             std::uint32_t present)
    : simulation_(simulation),
      plan_(plan),
      station_(simulation, std::move(name), "cache", measurement),
      shared_{plan, station_, keys, versions, measurement.end},
      members_(most > 0 ? most : plan.replicas, most > 0 ? present : plan.replicas),
      feed_(simulation.seed(), simulation.replication(), station_.name() + "/feed") {
  for (std::uint32_t index = 0; index < members_.size(); ++index) {
    instances_.push_back(
        std::make_unique<CacheInstance>(simulation, shared_, index, zones[index % zones.size()]));
    instances_.back()->join(members_);
    if (members_.standing(index) == Standing::absent) set_present(index, false);
  }
  if (!plan.hit_ratio) versions.listen(*this);
}

void Cache::set_store(Endpoint& store, std::uint16_t endpoint) {
  for (auto& instance : instances_)
    instance->set_store(store, endpoint);
}

void Cache::on_commit(std::uint64_t item) {
  for (auto& instance : instances_)
    instance->on_commit(item);
  if (!plan_.invalidation) return;
  const bool is_lost = feed_.uniform() < plan_.invalidation->loss.value;
  const sim::Duration delay = draw_duration(plan_.invalidation->delay, feed_);
  if (!is_lost) simulation_.spawn(invalidate(item, delay));
}

sim::Task<> Cache::invalidate(std::uint64_t item, sim::Duration delay) {
  co_await simulation_.delay(delay);
  for (auto& instance : instances_)
    instance->invalidate(item);
}

void Cache::start_measuring() {
  station_.start_measuring();
  for (auto& instance : instances_)
    instance->start_measuring();
}

ServiceCounts Cache::counts() const {
  ServiceCounts counts = station_.counts();
  for (const auto& instance : instances_)
    counts.used += instance->result().used;
  return counts;
}

ServiceResult Cache::result() const {
  ServiceResult result = station_.result();
  result.cache.emplace();
  std::uint64_t in_doubt = 0;
  for (const auto& instance : instances_) {
    in_doubt += instance->writes_in_doubt();
    result.replicas.push_back(instance->result());
    result.instance_area += instance->up_area();
    *result.cache += instance->cache_result();
  }
  if (plan_.write == WritePolicy::behind)
    result.counts.emplace_back("writes_in_doubt", static_cast<double>(in_doubt));
  return result;
}

}  // namespace headroom
