#include "app/study/arithmetic_demand.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic_times.hpp"
#include "app/study/arithmetic_workers.hpp"
#include "app/study/shard_load.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

double mean_s(const Distribution& distribution) {
  return mean(distribution) * 1e-9;
}

void add_scaled(EndpointDemand& sum, const EndpointDemand& part, double times) {
  sum.cpu_s += times * part.cpu_s;
  sum.steps += times * part.steps;
  for (const Count& call : part.calls)
    sum.calls.push_back({call.index, times * call.times});
  for (const Count& balancer : part.balancers)
    sum.balancers.push_back({balancer.index, times * balancer.times});
  for (const Traffic& one : part.traffic)
    sum.traffic.push_back(
        {one.service, one.operation, times * one.times, one.bytes, one.reply_bytes});
  for (const GuardedCall& call : part.guarded)
    sum.guarded.push_back({call.service, call.concurrency, times * call.times, call.held_s});
}

/// The probability that at least `need` of independent trials succeed.
double at_least(std::size_t need, const std::vector<double>& successes) {
  std::vector<double> exactly{1};  // by number of successes so far
  for (const double p : successes) {
    exactly.push_back(0);
    for (std::size_t k = exactly.size() - 1; k > 0; --k)
      exactly[k] = exactly[k] * (1 - p) + exactly[k - 1] * p;
    exactly[0] *= 1 - p;
  }
  double sum = 0;
  for (std::size_t k = need; k < exactly.size(); ++k)
    sum += exactly[k];
  return std::min(1.0, sum);
}

}  // namespace

/// Adds up steps that follow one another. A step that fails ends the request, so what comes after
/// it counts with the probability of getting there, which is `total.success`.
class Flow {
 public:
  Flow(Demands& demands, const Demands::Places& places, double cores)
      : demands_(demands), places_(places), cores_(cores) {}

  EndpointDemand of(const Steps& steps) const {
    EndpointDemand total;
    for (const Step& step : steps) {
      const EndpointDemand one =
          std::visit([&](const auto& what) { return demand(what); }, step.what);
      add_scaled(total, one, total.success);
      total.held_s += total.success * one.held_s;
      total.success *= one.success;
    }
    return total;
  }

 private:
  EndpointDemand demand(const CpuStep& step) const {
    EndpointDemand one;
    one.cpu_s = one.held_s = mean_s(step.work);
    one.steps = 1;
    return one;
  }
  EndpointDemand demand(const WaitStep& step) const {
    EndpointDemand one;
    one.held_s = mean_s(step.time);
    one.steps = 1;
    return one;
  }
  EndpointDemand demand(const CallStep& step) const;
  EndpointDemand demand(const PublishStep& step) const {
    return demand(static_cast<const CallStep&>(step));
  }
  EndpointDemand demand(const ParallelStep& step) const;
  EndpointDemand demand(const ChooseStep& step) const {
    EndpointDemand sum;
    sum.success = 0;
    for (const ChooseBranch& branch : step.branches) {
      const EndpointDemand one = of(branch.steps);
      add_scaled(sum, one, branch.p.value);
      sum.held_s += branch.p.value * one.held_s;
      sum.success += branch.p.value * one.success;
    }
    sum.success = std::min(1.0, sum.success);
    return sum;
  }
  EndpointDemand demand(const RepeatStep& step) const {
    const EndpointDemand one = of(step.steps);
    const double all = std::pow(one.success, step.times);
    const double turns = one.success < 1 ? (1 - all) / (1 - one.success) : step.times;
    EndpointDemand sum;
    add_scaled(sum, one, turns);
    sum.held_s = turns * one.held_s;
    sum.success = all;
    return sum;
  }
  EndpointDemand demand(const FailStep& step) const {
    EndpointDemand one;
    one.success = 1 - step.chance.p.value;
    return one;
  }

  Demands& demands_;
  const Demands::Places& places_;
  double cores_;  ///< Of one replica.
};

EndpointDemand Flow::demand(const CallStep& step) const {
  EndpointDemand one;
  const std::size_t node = demands_.graph().node(demands_.plan_, step);
  if (node == CallGraph::npos) return one;
  const EndpointDemand& callee = demands_.of(node);
  one.calls.push_back({node, 1});
  for (const std::size_t balancer : demands_.balancers_before(step.target.service))
    one.balancers.push_back({balancer, 1});
  one.success = callee.success;
  one.held_s = callee.held_s;
  const CachePlan* cache = demands_.plan_.cache(step.target.service);
  if (!cache || !cache->local_to) {
    const std::string& operation = demands_.graph().nodes()[node].endpoint;
    one.traffic.push_back({demands_.position_of(step.target.service), operation,
                           callee.copies + callee.looks, mean_or_zero(step.size),
                           mean_or_zero(step.reply_size)});
    one.held_s += demands_.way_of_call_s(places_, step, node);
  }
  for (const auto& limit : {step.client.timeout, step.client.deadline})
    if (limit) one.held_s = std::min(one.held_s, limit->in_seconds());
  if (const auto& bulkhead = step.client.bulkhead)
    one.guarded.push_back(
        {step.target.service, static_cast<double>(bulkhead->concurrency), 1, one.held_s});
  if (!step.on_miss) return one;
  const EndpointDemand fetch = of(*step.on_miss);
  const double misses = 1 - demands_.hit_ratio(step).value_or(0);
  add_scaled(one, fetch, misses);
  one.held_s += misses * fetch.held_s;
  one.success = (1 - misses) + misses * fetch.success;
  return one;
}

EndpointDemand Flow::demand(const ParallelStep& step) const {
  EndpointDemand sum;
  std::vector<double> successes;
  for (const Steps& branch : step.branches) {
    const EndpointDemand one = of(branch);
    add_scaled(sum, one, 1);
    successes.push_back(one.success);
  }
  if (successes.empty()) return sum;
  if (!demands_.drawn_) demands_.drawn_ = std::make_unique<DrawnTimes>(demands_);
  sum.held_s = demands_.drawn_->mean_s(step, places_, cores_);
  sum.success = at_least(
      std::min<std::size_t>(step.need.value_or(successes.size()), successes.size()), successes);
  return sum;
}

double cores_of(const ServerPlan& server) {
  if (server.cores) return *server.cores;
  return server.concurrency.is_unlimited() ? std::numeric_limits<double>::infinity()
                                           : static_cast<double>(server.concurrency.count);
}

Demands::~Demands() = default;

Demands::Demands(const ScenarioPlan& plan) : plan_(plan), graph_(plan) {
  if (plan.network) {
    network_ = *plan.network;
    routes_.emplace_back(network_, plan.zones);
    if (!network_.topology.empty()) {
      sites_.emplace(plan);
      const Topology& topology = *sites_->topology();
      forwarding_ = std::make_unique<Forwarding>(topology);
      spread_ = std::make_unique<Spread>(topology, *forwarding_, network_.topology.ecmp);
    }
    for (const auto& [name, link] : network_.links)
      latency_s_.push_back(link.latency ? mean_s(*link.latency) : 0);
  }
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    const ServicePlan& service = plan.services.entries[i].second;
    service_of_.insert(service_of_.end(), endpoint_names(service).size(), i);
  }
  order_ = graph_.in_order();
  demands_.resize(graph_.nodes().size());
  std::size_t first = 0;
  std::vector<std::size_t> place_in_service(demands_.size());
  for (std::size_t node = 0; node < demands_.size(); ++node) {
    if (node > 0 && service_of_[node] != service_of_[node - 1]) first = node;
    place_in_service[node] = node - first;
  }
  for (auto node = order_.rbegin(); node != order_.rend(); ++node) {
    const auto& service = plan.services.entries[service_of_[*node]];
    const Places places = places_of(service.first);
    const std::size_t place = place_in_service[*node];
    if (const auto* cache = std::get_if<CachePlan>(&service.second.kind))
      demands_[*node] = of_cache(*cache, graph_.nodes()[*node].endpoint);
    else if (const auto* store = std::get_if<DatabasePlan>(&service.second.kind))
      demands_[*node] = of_database(service.first, *store, graph_.nodes()[*node].endpoint);
    else if (is_broker(service.second))
      demands_[*node] = of_broker(service.first);
    else
      demands_[*node] = Flow(*this, places, cores_of(*server_of(service.second)))
                            .of(steps_of(*server_of(service.second), place));
  }
}

/// A cache holds a slot for its own work only; what it writes goes to its store all the same.
EndpointDemand Demands::of_cache(const CachePlan& cache, std::string_view operation) const {
  EndpointDemand one;
  one.held_s = mean_s(cache.service_time);
  one.steps = 1;
  if (operation != "set" || !cache.store || cache.write == WritePolicy::aside) return one;
  const std::size_t store = graph_.node(plan_, store_of(plan_, cache));
  if (store != CallGraph::npos) one.calls.push_back({store, 1});
  for (const std::size_t balancer : balancers_before(cache.store->target.service))
    one.balancers.push_back({balancer, 1});
  return one;
}

/// Copies of the key are read or written by nodes that work side by side; so are those of all other
/// shards read where who asks does not know which has the key.
EndpointDemand Demands::of_database(const std::string& name, const DatabasePlan& store,
                                    std::string_view operation) const {
  EndpointDemand one;
  one.held_s = work_of_copy_s(store, operation);
  one.copies = copies_at_work(store, operation);
  one.looks = share_asked_everywhere(plan_, name) * (store.shards.count - 1) *
              copies_at_work(store, "read");
  one.look_s = work_of_copy_s(store, "read");
  one.steps = 1;
  return one;
}

/// Its machines do the same side by side; each group of workers then gets every message. What they
/// need is asked for, not waited for.
EndpointDemand Demands::of_broker(const std::string& name) const {
  EndpointDemand one;
  const ServicePlan& service = *plan_.services.find(name);
  const BrokerPlan& broker = *broker_of(service);
  if (broker.service_time) one.held_s = mean_s(*broker.service_time);
  one.copies = broker.replicas;
  for (const auto& [worker, plan] : plan_.workers_of(name)) {
    const std::size_t node = graph_.node(plan_, CallTarget{worker, {}});
    const WorkerShare share(plan_, worker);
    if (node != CallGraph::npos) one.calls.push_back({node, share.of_messages() / share.batch()});
  }
  return one;
}

std::vector<std::size_t> Demands::balancers_before(const std::string& service) const {
  std::vector<std::size_t> found;
  const BalancerPlan* balancer = plan_.balancer(service);
  std::string_view name = service;
  while (balancer && found.size() < plan_.services.size()) {
    found.push_back(plan_.services.position(name));
    name = balancer->to.name;
    balancer = plan_.balancer(name);
  }
  return found;
}

std::size_t Demands::position_of(const std::string& service) const {
  const std::size_t position = plan_.services.position(service);
  return position == plan_.services.npos ? 0 : position;
}

}  // namespace headroom
