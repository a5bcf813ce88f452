#include "app/study/store_work.hpp"

#include <algorithm>
#include <numeric>

#include "app/study/shard_load.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

bool is_read(std::string_view operation) {
  return operation == "read";
}

/// Who answers reads, whatever is written where it does nothing.
enum class Readers { all, first, last, any, nearest };
Readers readers_of(const DatabasePlan& store) {
  const ReplicationPlan& replication = store.replication;
  if (replication.protocol == "quorum") return Readers::all;
  if (replication.protocol == "none") return Readers::first;
  switch (replication.reads_from()) {
    case ReadsFrom::any:
      return Readers::any;
    case ReadsFrom::nearest:
      return Readers::nearest;
    default:
      return replication.protocol == "chain" ? Readers::last : Readers::first;
  }
}

double largest_over_mean(const std::vector<double>& values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (sum <= 0) return 1;
  const double most = *std::max_element(values.begin(), values.end());
  constexpr double rounding = 1e-9;
  const double ratio = most * static_cast<double>(values.size()) / sum;
  return ratio > 1 + rounding ? ratio : 1;
}

/// Reads of one shard by copy, in the mean of those that its callers make.
class ReadShares {
 public:
  ReadShares(const DatabasePlan& store, const std::vector<std::uint16_t>& zones,
             const StoreCalls& calls)
      : store_(store), readers_(readers_of(store)), zones_(zones), calls_(calls) {}

  std::vector<double> of_shard(std::uint32_t shard) const {
    const std::uint32_t copies = store_.replicas;
    std::vector<double> shares(copies);
    if (readers_ == Readers::first) shares.front() = 1;
    if (readers_ == Readers::last) shares.back() = 1;
    if (readers_ == Readers::all) std::fill(shares.begin(), shares.end(), 1);
    if (readers_ == Readers::any) std::fill(shares.begin(), shares.end(), 1.0 / copies);
    if (readers_ != Readers::nearest) return shares;
    double all = 0;
    for (const auto& [zone, times] : calls_.reads)
      all += times;
    for (const auto& [zone, times] : calls_.reads)
      if (all > 0) add_nearest(shares, shard, zone, times / all);
    return shares;
  }

 private:
  /// From a copy at random on, the first one that is in the zone; that one where none is.
  void add_nearest(std::vector<double>& shares, std::uint32_t shard, std::size_t zone,
                   double times) const {
    const std::uint32_t copies = store_.replicas;
    const auto is_there = [&](std::uint32_t copy) {
      return zones_[shard * store_.copies() + copy] == zone;
    };
    std::uint32_t chosen = copies;
    for (std::uint32_t first = 2 * copies; first-- > 0;) {
      const std::uint32_t copy = first % copies;
      if (is_there(copy)) chosen = copy;
      if (first < copies) shares[chosen < copies ? chosen : copy] += times / copies;
    }
  }

  const DatabasePlan& store_;
  const Readers readers_;
  const std::vector<std::uint16_t>& zones_;
  const StoreCalls& calls_;
};

std::vector<std::uint16_t> zones_of_nodes(const ScenarioPlan& plan, const std::string& database,
                                          const Sites* sites) {
  if (sites == nullptr) return zones_of_instances(plan, database);
  std::vector<std::uint16_t> zones = sites->of(database);
  for (std::uint16_t& zone : zones)
    zone = sites->zone_of(zone);
  return zones;
}

}  // namespace

double copies_at_work(const DatabasePlan& store, std::string_view operation) {
  const bool works_at_all = !is_read(operation) || readers_of(store) == Readers::all;
  return works_at_all ? store.replicas : 1;
}

double work_of_copy_s(const DatabasePlan& store, std::string_view operation) {
  const StoreTimesPlan& times = store.service_time;
  return mean(is_read(operation) ? times.read : times.write) * 1e-9;
}

std::vector<double> read_shares(const ScenarioPlan& plan, const std::string& database,
                                std::size_t zone, const Sites* sites) {
  const auto& store = std::get<DatabasePlan>(plan.services.find(database)->kind);
  const auto zones = zones_of_nodes(plan, database, sites);
  StoreCalls calls;
  calls.reads[zone] = 1;
  const ReadShares reads(store, zones, calls);
  std::vector<double> shares(zones.size());
  const double of_each = store.shards.count * copies_at_work(store, "read");
  for (std::uint32_t shard = 0; shard < store.shards.count; ++shard) {
    const auto of_copies = reads.of_shard(shard);
    for (std::uint32_t copy = 0; copy < store.replicas; ++copy)
      shares[shard * store.copies() + copy] = of_copies[copy] / of_each;
  }
  return shares;
}

void StoreCalls::add(std::string_view operation, std::size_t zone, double times) {
  (is_read(operation) ? reads[zone] : writes) += times;
}

void StoreCalls::add(const StoreCalls& other, double times) {
  writes += times * other.writes;
  for (const auto& [zone, made] : other.reads)
    reads[zone] += times * made;
}

StoreImbalance store_imbalance(const ScenarioPlan& plan, const std::string& database,
                               const StoreCalls& calls, const Sites* sites) {
  const auto& store = std::get<DatabasePlan>(plan.services.find(database)->kind);
  const std::vector<double> shards = shard_loads(plan, database);
  const auto zones = zones_of_nodes(plan, database, sites);
  const ReadShares reads(store, zones, calls);
  double reads_made = 0;
  for (const auto& [zone, times] : calls.reads)
    reads_made += times;
  // Shards that are asked for keys of others look for them, which is a read.
  const double looks = share_asked_everywhere(plan, database) * (store.shards.count - 1);
  reads_made += (reads_made + calls.writes) * looks;
  const double read_s = work_of_copy_s(store, "read") * reads_made;
  const double write_s = work_of_copy_s(store, "write") * calls.writes;
  std::vector<double> nodes, of_copies(store.replicas);
  for (std::uint32_t shard = 0; shard < store.shards.count; ++shard) {
    const double load = shards.empty() ? 1 : shards[shard];
    const std::vector<double> shares = reads.of_shard(shard);
    for (std::uint32_t copy = 0; copy < store.replicas; ++copy) {
      nodes.push_back(load * (read_s * shares[copy] + write_s));
      of_copies[copy] = std::max(of_copies[copy], read_s * shares[copy] + write_s);
    }
  }
  return {shards.empty() ? 1 : largest_over_mean(shards), largest_over_mean(of_copies),
          largest_over_mean(nodes)};
}

}  // namespace headroom
