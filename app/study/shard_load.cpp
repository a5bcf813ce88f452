#include "app/study/shard_load.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic_rates.hpp"
#include "models/store/sharding.hpp"

namespace headroom {

namespace {

/// Null where there are none of that name. The only endpoint need not be named.
const Steps* steps_called(const ServerPlan& server, const CallTarget& target) {
  const auto& endpoints = server.endpoints;
  if (target.endpoint.empty() && endpoints.size() == 1) return &endpoints.entries.front().second;
  return endpoints.find(target.endpoint.empty() ? "call" : target.endpoint);
}

constexpr std::uint64_t head = 10'000;  // Chosen: by far the most of the requests under Zipf.

/// How often the keys of each space are asked for at one service.
struct KeyRates {
  const ScenarioPlan& plan;
  const ServicePlan* wanted;
  std::map<std::string, double> rates{};

  void call(const CallTarget& target, const std::string& key, double rate, std::size_t depth) {
    const ServicePlan* service = plan.behind(target.service);
    if (service == nullptr || depth > plan.services.size()) return;
    if (service == wanted && !key.empty()) rates[key] += rate;
    const auto* server = server_of(*service);
    const Steps* steps = server ? steps_called(*server, target) : nullptr;
    if (steps == nullptr) return;
    for_each_call(*steps, {}, [&](const CallStep& step, const std::string&) {
      call(step.target, step.key ? step.key->name : key, rate, depth + 1);
    });
  }
  void add(const WorkloadPlan& workload) {
    const double rate =
        std::max(1e-9, offered_rate(plan.run, workload.arrivals.process).peak_per_s);
    const std::string key = workload.key ? workload.key->name : std::string();
    if (!workload.mix) return call(workload.target, key, rate, 0);
    for (const auto& [endpoint, share] : *workload.mix)
      call({workload.target.service, endpoint}, key, rate * share.value, 0);
  }
};

/// The sum of i^-exponent for i from `first` to `last`, by the midpoint rule: exact to a millionth
/// from ten thousand on.
double tail_weight(double first, double last, double exponent) {
  if (last < first) return 0;
  const double a = first - 0.5, b = last + 0.5;
  if (std::abs(exponent - 1) < 1e-9) return std::log(b / a);
  return (std::pow(b, 1 - exponent) - std::pow(a, 1 - exponent)) / (1 - exponent);
}

class ShardLoad {
 public:
  ShardLoad(const Sharding& sharding, std::uint32_t shards, const Layout& layout)
      : sharding_(sharding), layout_(layout), load_(shards) {}

  void add(const KeySpacePlan& space, std::uint8_t number, double rate) {
    if (space.replay) return add_replay(space, number, rate);
    const double hot = space.hot ? static_cast<double>(space.hot->count) : 0;
    const double hot_share = space.hot ? space.hot->share.value : 0;
    for (std::uint64_t item = 0; item < std::min(head, static_cast<std::uint64_t>(hot)); ++item)
      load_[owner(number, item)] += rate * hot_share / hot;
    const double ranks = static_cast<double>(space.items()) - hot;
    const double counted = std::min(ranks, static_cast<double>(head));
    double all = tail_weight(counted + 1, ranks, space.zipf);
    const double tail = all;
    for (double rank = 1; rank <= counted; ++rank)
      all += std::pow(rank, -space.zipf);
    const double unit = rate * (1 - hot_share) / all;
    for (double rank = 1; rank <= counted; ++rank)
      load_[owner(number, static_cast<std::uint64_t>(hot + rank - 1))] +=
          unit * std::pow(rank, -space.zipf);
    add_tail(space, number, hot, counted, unit, tail);
  }
  /// All shards are asked.
  void add_everywhere(double rate) {
    for (double& load : load_)
      load += rate;
  }
  std::vector<double> take() { return std::move(load_); }

 private:
  std::uint32_t owner(std::uint8_t number, std::uint64_t item) const {
    Request request;
    request.key_space = number;
    request.key = item;
    return layout_.owner(layout_.cell_of(sharding_.position_of(request)));
  }
  /// Ranges get the ranks that are theirs; else what is left is spread as positions are.
  void add_tail(const KeySpacePlan& space, std::uint8_t number, double hot, double counted,
                double unit, double tail) {
    if (tail <= 0) return;
    if (sharding_.by() != ShardBy::range) {
      for (std::size_t cell = 0; cell < layout_.cells(); ++cell)
        load_[layout_.owner(cell)] += unit * tail * layout_.width(cell);
      return;
    }
    const auto items = static_cast<double>(space.items());
    for (double first = hot + counted; first < items;) {
      const auto item = static_cast<std::uint64_t>(first);
      const std::uint32_t shard = owner(number, item);
      const double shards = static_cast<double>(load_.size());
      const double end = std::min(items, std::ceil((shard + 1) * items / shards));
      load_[shard] += unit * tail_weight(first - hot + 1, end - hot, space.zipf);
      first = std::max(end, first + 1);
    }
  }
  void add_replay(const KeySpacePlan& space, std::uint8_t number, double rate) {
    const std::size_t stride = std::max<std::size_t>(1, space.replayed.size() / 1'000'000);
    for (std::size_t i = 0; i < space.replayed.size(); i += stride)
      load_[owner(number, space.replayed[i])] +=
          rate * static_cast<double>(stride) / static_cast<double>(space.replayed.size());
  }

  const Sharding& sharding_;
  const Layout& layout_;
  std::vector<double> load_;
};

}  // namespace

std::vector<double> shard_loads(const ScenarioPlan& plan, const std::string& database) {
  const ServicePlan* service = plan.services.find(database);
  const auto* store = service ? std::get_if<DatabasePlan>(&service->kind) : nullptr;
  // An autoscaler comes to as many shards as the busiest needs.
  if (store == nullptr || service->autoscale || store->shards.count < 2) return {};
  std::vector<KeySpace> keys;
  keys.reserve(plan.keys.size());
  for (const auto& [name, space] : plan.keys)
    keys.emplace_back(space, static_cast<std::uint8_t>(keys.size() + 1), name);
  KeyRates rates{plan, service};
  for (const auto& [name, workload] : plan.workloads)
    rates.add(workload);
  const Sharding sharding(store->shards, database, keys);
  const Layout layout = sharding.layout();
  ShardLoad load(sharding, store->shards.count, layout);
  for (std::size_t i = 0; i < plan.keys.size(); ++i) {
    const std::string& name = plan.keys.entries[i].first;
    const auto found = rates.rates.find(name);
    if (found == rates.rates.end()) continue;
    if (store->shards.key && store->shards.key->name != name)
      load.add_everywhere(found->second);
    else
      load.add(plan.keys.entries[i].second, keys[i].number(), found->second);
  }
  std::vector<double> loads = load.take();
  const bool is_asked =
      std::any_of(loads.begin(), loads.end(), [](double each) { return each > 0; });
  if (!is_asked) return {};
  return loads;
}

double share_asked_everywhere(const ScenarioPlan& plan, const std::string& database) {
  const ServicePlan* service = plan.services.find(database);
  const auto* store = service ? std::get_if<DatabasePlan>(&service->kind) : nullptr;
  if (store == nullptr || !store->shards.key || store->shards.count < 2) return 0;
  KeyRates rates{plan, service};
  for (const auto& [name, workload] : plan.workloads)
    rates.add(workload);
  double all = 0, everywhere = 0;
  for (const auto& [name, rate] : rates.rates) {
    all += rate;
    if (name != store->shards.key->name) everywhere += rate;
  }
  return all > 0 ? everywhere / all : 0;
}

}  // namespace headroom
