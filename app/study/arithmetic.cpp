#include "app/study/arithmetic.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic_demand.hpp"
#include "app/study/arithmetic_rates.hpp"
#include "app/study/arithmetic_workers.hpp"
#include "app/study/store_work.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

/// Below this relative distance what is needed counts as all there is: 0.1 x 10 is not quite 1.
constexpr double rounding = 1e-9;

/// What one request of a workload causes, by position of the service.
struct Visits {
  explicit Visits(std::size_t services)
      : calls(services), nodes(services), cpu_s(services), held_s(services) {}
  std::vector<double> calls, nodes, cpu_s, held_s;
  std::map<std::size_t, StoreCalls> stores;
  double servers = 0;  ///< Calls of servers, all together.
};

/// Totals that grow workload by workload; and how unevenly workers share what they get.
struct Totals {
  double open_cores = 0, open_slots = 0;
  WorkerShare::Units cores, slots;
};

class Calculation {
 public:
  explicit Calculation(const ScenarioPlan& plan)
      : plan_(plan), demands_(plan), totals_(plan.services.size()) {
    for (std::size_t i = 0; i < plan.services.size(); ++i) {
      const auto* balancer = std::get_if<BalancerPlan>(&plan.services.entries[i].second.kind);
      if (balancer && balancer->policy == "weighted_round_robin") weighted_.push_back(i);
    }
  }

  Arithmetic run() {
    for (const auto& [name, service] : plan_.services) {
      result_.services.push_back(empty_needs(name, service));
      if (plan_.worker(name) != nullptr) divide_work(result_.services.back());
    }
    for (const auto& [name, workload] : plan_.workloads)
      add_workload(name, workload);
    for (std::size_t i = 0; i < result_.services.size(); ++i)
      finish(result_.services[i], i);
    find_bottleneck();
    result_.has_drawn_times = demands_.has_drawn_times();
    return std::move(result_);
  }

 private:
  static ServiceNeeds empty_needs(const std::string& name, const ServicePlan& service);
  void divide_work(ServiceNeeds& needs);
  Visits visits_of(const std::string& name, const std::vector<Entry>& entries,
                   const WorkloadPlan& workload) const;
  void add_store_calls(Visits& visits, std::size_t node, const Demands::Places& callers,
                       double times) const;
  double answer_of(const std::string& name, const std::vector<Entry>& entries,
                   const WorkloadPlan& workload) const;
  double closed_bound(const ClosedOptions& closed, const Visits& visits, double answer_s) const;
  void add_workload(const std::string& name, const WorkloadPlan& workload);
  double imbalance_of(const ServiceNeeds& needs) const;
  void note_imbalance(ServiceNeeds& needs, std::size_t position) const;
  void finish(ServiceNeeds& needs, std::size_t position) const;
  void find_bottleneck();

  const ScenarioPlan& plan_;
  Demands demands_;
  Arithmetic result_;
  std::vector<Totals> totals_;
  std::vector<std::size_t> weighted_;  ///< Balancers that go by weight.
  std::map<std::size_t, StoreCalls> stores_;
  double closed_per_s_ = 0;
};

namespace {

void note_scale(const ServicePlan& service, ServiceNeeds& needs) {
  if (!service.autoscale) return;
  needs.fewest_replicas = service.autoscale->min;
  if (const auto& target = service.autoscale->target_utilization) needs.target = target->value;
}

}  // namespace

ServiceNeeds Calculation::empty_needs(const std::string& name, const ServicePlan& service) {
  ServiceNeeds needs;
  needs.service = name;
  if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind)) {
    needs.kind = "load_balancer";
    needs.replicas = static_cast<std::uint32_t>(std::max<std::size_t>(1, balancer->zones.size()));
    return needs;
  }
  if (const auto* cache = std::get_if<CachePlan>(&service.kind)) {
    needs.kind = "cache";
    needs.replicas = tier_of(service)->most;
    note_scale(service, needs);
    if (!cache->concurrency.is_unlimited())
      needs.slots = needs.replicas * static_cast<double>(cache->concurrency.count);
    return needs;
  }
  if (const auto* store = std::get_if<DatabasePlan>(&service.kind)) {
    needs.kind = "database";
    needs.replicas = service.autoscale ? tier_of(service)->most : store->nodes();
    note_scale(service, needs);
    if (needs.fewest_replicas) *needs.fewest_replicas *= store->replicas;
    if (!store->concurrency.is_unlimited())
      needs.slots = needs.replicas * static_cast<double>(store->concurrency.count);
    return needs;
  }
  if (is_broker(service)) {
    const Tier tier = *tier_of(service);
    needs.kind = std::holds_alternative<QueuePlan>(service.kind) ? "queue" : "log";
    needs.replicas = tier.replicas;
    if (!tier.concurrency.is_unlimited())
      needs.slots = needs.replicas * static_cast<double>(tier.concurrency.count);
    return needs;
  }
  const auto& server = *server_of(service);
  needs.kind = std::holds_alternative<WorkerPlan>(service.kind) ? "worker" : "server";
  needs.replicas = tier_of(service)->most;
  note_scale(service, needs);
  needs.uses_cpu = uses_cpu(server);
  const double replicas = needs.replicas;
  if (!server.concurrency.is_unlimited())
    needs.slots = replicas * static_cast<double>(server.concurrency.count);
  if (needs.uses_cpu) needs.cores = server.cores ? replicas * *server.cores : needs.slots;
  return needs;
}

/// Of the slots and cores of workers those count that can be busy.
void Calculation::divide_work(ServiceNeeds& needs) {
  const WorkerPlan& worker = *plan_.worker(needs.service);
  const WorkerShare share(plan_, needs.service);
  Totals& totals = totals_[result_.services.size() - 1];
  totals.slots = share.usable(worker.concurrency);
  needs.slots = totals.slots.there;
  if (!needs.uses_cpu) return;
  // As many cores as slots, where none are said.
  totals.cores = share.usable(worker.cores ? Limit{*worker.cores} : worker.concurrency,
                              std::max(1.0, pieces_at_once(worker)));
  needs.cores = totals.cores.there;
}

/// Where the node is an operation of a database.
void Calculation::add_store_calls(Visits& visits, std::size_t node, const Demands::Places& callers,
                                  double times) const {
  const std::size_t service = demands_.service_of(node);
  if (!std::holds_alternative<DatabasePlan>(plan_.services.entries[service].second.kind)) return;
  for (const Count& place : callers)
    visits.stores[service].add(demands_.graph().nodes()[node].endpoint,
                               demands_.zone_of(place.index), times * place.times);
}

Visits Calculation::visits_of(const std::string& name, const std::vector<Entry>& entries,
                              const WorkloadPlan& workload) const {
  Visits visits(plan_.services.size());
  std::vector<double> of_node(demands_.graph().nodes().size());
  for (const Entry& entry : entries) {
    of_node[entry.node] += entry.share;
    add_store_calls(visits, entry.node, demands_.places_of_workload(name), entry.share);
  }
  for (const std::size_t balancer : demands_.balancers_before(workload.target.service))
    visits.calls[balancer] += 1;
  for (const std::size_t node : demands_.in_order()) {
    const double times = of_node[node];
    if (times <= 0) continue;
    const EndpointDemand& demand = demands_.of(node);
    const std::size_t service = demands_.service_of(node);
    visits.calls[service] += times;
    visits.cpu_s[service] += times * demand.cpu_s;
    visits.nodes[service] += times * (demand.copies + demand.looks);
    visits.held_s[service] += times * demand.held_by_all_s();
    visits.servers += times;
    const auto callers = demands_.places_of(plan_.services.entries[service].first);
    for (const Count& call : demand.calls) {
      of_node[call.index] += times * call.times;
      add_store_calls(visits, call.index, callers, times * call.times);
    }
    for (const Count& balancer : demand.balancers)
      visits.calls[balancer.index] += times * balancer.times;
  }
  return visits;
}

double Calculation::answer_of(const std::string& name, const std::vector<Entry>& entries,
                              const WorkloadPlan& workload) const {
  double answer_s = 0;
  for (const Entry& entry : entries)
    answer_s += entry.share *
                (demands_.of(entry.node).held_s +
                 demands_.way_s(demands_.places_of_workload(name), workload.target.service,
                                demands_.graph().nodes()[entry.node].endpoint,
                                mean_or_zero(workload.size), mean_or_zero(workload.reply_size)));
  for (const auto& limit : {workload.client.timeout, workload.client.deadline})
    if (limit) answer_s = std::min(answer_s, limit->in_seconds());
  return answer_s;
}

double Calculation::closed_bound(const ClosedOptions& closed, const Visits& visits,
                                 double answer_s) const {
  const double turn_s = mean(closed.think_time) * 1e-9 + answer_s;
  double bound = turn_s > 0 ? closed.users / turn_s : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < result_.services.size(); ++i) {
    const ServiceNeeds& needs = result_.services[i];
    if (needs.cores && visits.cpu_s[i] > 0) bound = std::min(bound, *needs.cores / visits.cpu_s[i]);
    const auto store = visits.stores.find(i);
    const double imbalance = store == visits.stores.end()
                                 ? 1
                                 : demands_.imbalance_of(needs.service, store->second).of_nodes;
    if (needs.slots && visits.held_s[i] > 0)
      bound = std::min(bound, *needs.slots / (visits.held_s[i] * imbalance));
  }
  return bound;
}

void Calculation::add_workload(const std::string& name, const WorkloadPlan& workload) {
  const auto entries = entries_of(plan_, demands_.graph(), workload);
  const Visits visits = visits_of(name, entries, workload);
  const auto* closed = std::get_if<ClosedPlan>(&workload.arrivals.process);
  OfferedRate rate = offered_rate(plan_.run, workload.arrivals.process);
  const double answer_s = answer_of(name, entries, workload);
  if (closed) {
    rate.mean_per_s = rate.peak_per_s = closed_bound(closed->closed, visits, answer_s);
    closed_per_s_ += rate.peak_per_s;
  } else {
    result_.open_per_s += rate.peak_per_s;
  }
  result_.workloads.push_back(
      {name, closed != nullptr, rate.mean_per_s, rate.peak_per_s, visits.servers, answer_s});
  for (const auto& [service, calls] : visits.stores)
    stores_[service].add(calls, rate.peak_per_s);
  for (std::size_t i = 0; i < result_.services.size(); ++i) {
    if (visits.calls[i] <= 0) continue;
    ServiceNeeds& needs = result_.services[i];
    needs.requests_per_s += rate.peak_per_s * visits.calls[i];
    needs.mean_per_s += rate.mean_per_s * visits.calls[i];
    needs.visits_per_s += rate.mean_per_s * visits.nodes[i];
    needs.needed_cores += rate.peak_per_s * visits.cpu_s[i];
    needs.needed_slots += rate.peak_per_s * visits.held_s[i];
    if (closed) continue;
    totals_[i].open_cores += rate.peak_per_s * visits.cpu_s[i];
    totals_[i].open_slots += rate.peak_per_s * visits.held_s[i];
  }
}

/// Each replica gets its part of what no balancer brings and, by its weight, of what each balancer
/// brings.
double Calculation::imbalance_of(const ServiceNeeds& needs) const {
  double unweighted = needs.requests_per_s;
  std::vector<double> weighted(needs.replicas);
  for (const std::size_t i : weighted_) {
    const auto& balancer = std::get<BalancerPlan>(plan_.services.entries[i].second.kind);
    if (balancer.to.name != needs.service) continue;
    const auto& weights = balancer.weights;
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (weights.size() != weighted.size() || sum <= 0) continue;
    const double brings = result_.services[i].requests_per_s;
    unweighted -= brings;
    for (std::size_t replica = 0; replica < weighted.size(); ++replica)
      weighted[replica] += brings * weights[replica] / sum;
  }
  const double busiest = *std::max_element(weighted.begin(), weighted.end());
  if (busiest <= 0) return 1;
  const double mean = needs.requests_per_s / needs.replicas;
  return std::max(1.0, (busiest + std::max(0.0, unweighted) / needs.replicas) / mean);
}

void Calculation::note_imbalance(ServiceNeeds& needs, std::size_t position) const {
  const auto store = stores_.find(position);
  if (store == stores_.end()) {
    needs.imbalance = imbalance_of(needs);
    needs.busy_by = "the weights of its balancer";
    return;
  }
  const StoreImbalance found = demands_.imbalance_of(needs.service, store->second);
  // Chosen: hashes of many keys that are asked for alike differ by less.
  constexpr double worth_telling = 1.01;
  const bool of_reads = found.of_copies > 1;
  const bool of_keys = found.of_shards > (of_reads ? worth_telling : 1);
  needs.imbalance = found.of_nodes;
  needs.busiest = of_keys ? of_reads ? "node" : "shard" : "copy";
  needs.busy_by = of_keys ? "the popularity of its keys" : "";
  if (of_reads) needs.busy_by += of_keys ? " and who answers reads" : "who answers reads";
}

void Calculation::finish(ServiceNeeds& needs, std::size_t position) const {
  const Totals& totals = totals_[position];
  if (needs.requests_per_s > 0) {
    needs.cpu_s = needs.needed_cores / needs.requests_per_s;
    needs.held_s = needs.needed_slots / needs.requests_per_s;
  }
  if (needs.kind == "load_balancer") return;
  const auto share = [](double needed, const std::optional<double>& available) {
    const bool has_any = available && *available > 0;  // some workers never get anything to do
    return has_any ? std::optional<double>(needed / *available) : std::nullopt;
  };
  const auto of_cores = share(needs.needed_cores, needs.cores);
  const auto of_slots = share(needs.needed_slots, needs.slots);
  needs.busy_share = needs.uses_cpu ? of_cores : of_slots;
  note_imbalance(needs, position);
  const double cores_imbalance = needs.imbalance * totals.cores.imbalance;
  const double slots_imbalance = needs.imbalance * totals.slots.imbalance;
  needs.slots_run_out_first =
      of_slots &&
      (!of_cores || *of_slots * slots_imbalance > *of_cores * cores_imbalance * (1 + rounding));
  needs.imbalance = needs.slots_run_out_first ? slots_imbalance : cores_imbalance;
  needs.by_partitions = (needs.slots_run_out_first ? totals.slots : totals.cores).by_partitions;
  if (needs.kind == "worker") needs.busy_by = "its partitions";
  needs.largest_share = needs.slots_run_out_first ? of_slots : of_cores;

  if (needs.target && needs.busy_share) {
    needs.wanted_replicas = *needs.busy_share * needs.replicas / *needs.target;
    // A shard is as busy as its busiest copy.
    if (needs.kind == "database") *needs.wanted_replicas *= needs.imbalance;
  }
  const bool has_open = result_.open_per_s > 0;
  const double per_s = has_open ? result_.open_per_s : closed_per_s_;
  const auto limit = [&](double needed, const std::optional<double>& available, double imbalance) {
    if (!available || needed <= 0) return;
    const double of_busiest = needed * imbalance;
    const double ceiling = per_s * *available / of_busiest;
    needs.ceiling_per_s = std::min(needs.ceiling_per_s.value_or(ceiling), ceiling);
    if (has_open && of_busiest >= *available * (1 - rounding)) needs.is_overloaded = true;
  };
  limit(has_open ? totals.open_cores : needs.needed_cores, needs.cores, cores_imbalance);
  limit(has_open ? totals.open_slots : needs.needed_slots, needs.slots, slots_imbalance);
}

void Calculation::find_bottleneck() {
  for (std::size_t i = 0; i < result_.services.size(); ++i) {
    const auto& ceiling = result_.services[i].ceiling_per_s;
    if (!ceiling) continue;
    const bool lower =
        !result_.bottleneck || *ceiling < *result_.services[*result_.bottleneck].ceiling_per_s;
    if (lower) result_.bottleneck = i;
  }
}

}  // namespace

const ServiceNeeds* Arithmetic::service(std::string_view name) const {
  for (const ServiceNeeds& needs : services)
    if (needs.service == name) return &needs;
  return nullptr;
}

Arithmetic arithmetic(const ScenarioPlan& plan) {
  return Calculation(plan).run();
}

}  // namespace headroom
