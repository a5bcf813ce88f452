#include "app/study/theories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/scenario/call_graph.hpp"
#include "models/analytic/cache.hpp"
#include "models/analytic/closed_network.hpp"
#include "models/analytic/finite_station.hpp"
#include "models/analytic/single_station.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

/// Chosen: a queue that is longer may take longer than any run to show its steady state once it is
/// full most of the time.
constexpr std::int64_t longest_queue = 200;
/// Chosen: nobody would notice.
constexpr double negligible_loss = 1e-9;

/// Some balancer, cache or step of a server calls it.
bool is_called_from_within(const ScenarioPlan& plan, const std::string& name) {
  for (const auto& [other, service] : plan.services) {
    if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind))
      if (balancer->to.name == name) return true;
    if (const auto* cache = std::get_if<CachePlan>(&service.kind))
      if (cache->store && cache->store->target.service == name) return true;
    const auto* server = server_of(service);
    if (!server) continue;
    bool calls = false;
    for (const auto& [endpoint, steps] : server->endpoints)
      for_each_call(steps, {}, [&](const CallStep& step, const std::string&) {
        calls = calls || step.target.service == name;
      });
    if (calls) return true;
  }
  return false;
}

std::string policy_of(const WorkloadPlan& workload) {
  const ClientPlan& client = workload.client;
  if (client.timeout) return "a timeout";
  if (client.deadline) return "a deadline";
  if (client.retry) return "retries";
  if (client.hedge) return "hedges";
  if (client.rate_limit) return "a rate limit";
  if (client.circuit_breaker) return "a circuit breaker";
  return client.bulkhead ? "a bulkhead" : "";
}

/// A station on its own and who comes to it.
class StationInQuestion {
 public:
  StationInQuestion(const ScenarioPlan& plan, const std::string& name, const ServerPlan& server)
      : plan_(plan), server_(server), found_{name, {}, {}} {}

  ServiceTheory theory() {
    find();
    if (!found_.model.empty()) found_.why_not.clear();
    return found_;
  }

 private:
  void find();
  std::string obstacle() const;
  void find_callers();
  void find_form();
  void give(std::string model, double sojourn_s) {
    found_.model = std::move(model);
    found_.sojourn_mean_s = sojourn_s;
  }
  bool no(std::string why) {
    found_.why_not = std::move(why);
    return false;
  }
  double per_s() const {
    double sum = 0;
    for (const auto& each : classes_)
      sum += each.rate;
    return sum;
  }
  bool give_impatient(const Distribution& patience);
  bool give_limited();
  void give_priorities();
  void give_shared();
  void give_closed(const WorkloadPlan& users, const ClosedPlan& closed);

  const ScenarioPlan& plan_;
  const ServerPlan& server_;
  ServiceTheory found_;
  std::vector<const WorkloadPlan*> callers_;
  std::vector<PriorityClass> classes_;  ///< By caller.
  double service_s_ = 0, spread_ = 0;
  std::uint64_t c_ = 0;
};

std::string StationInQuestion::obstacle() const {
  const Distribution* work = server_.service_time ? &*server_.service_time : nullptr;
  if (server_.replicas != 1) return "several replicas";
  if (work == nullptr) return "endpoints of several steps";
  if (server_.admission) return "admission control";
  if (server_.state == ServerState::session) return "sessions";
  if (!std::isfinite(squared_cv(*work))) return "service times without a variance";
  const bool shares = server_.discipline == Discipline::processor_sharing;
  if (!shares && server_.concurrency.is_unlimited()) return "unlimited slots: nobody waits";
  if (!shares && server_.cores && *server_.cores < server_.concurrency.count)
    return "fewer cores than slots";
  if (shares && (!server_.cores || !server_.concurrency.is_unlimited()))
    return "shared cores with a limit of slots";
  if (is_called_from_within(plan_, found_.service)) return "called by other services";
  return {};
}

void StationInQuestion::find_callers() {
  for (const auto& [name, workload] : plan_.workloads)
    if (workload.target.service == found_.service) callers_.push_back(&workload);
  for (const WorkloadPlan* caller : callers_) {
    const auto* poisson = std::get_if<PoissonPlan>(&caller->arrivals.process);
    const double rate = poisson ? poisson->rate.per_s * plan_.run.load : 0;
    classes_.push_back({rate, service_s_, spread_});
  }
}

void StationInQuestion::find() {
  found_.why_not = obstacle();
  if (!found_.why_not.empty()) return;
  service_s_ = mean(*server_.service_time) * 1e-9;
  spread_ = squared_cv(*server_.service_time);
  const bool shares = server_.discipline == Discipline::processor_sharing;
  c_ = shares ? *server_.cores : static_cast<std::uint64_t>(server_.concurrency.count);
  find_callers();
  if (callers_.empty()) return void(no("no workload calls it"));
  for (const WorkloadPlan* caller : callers_) {
    const std::string policy = policy_of(*caller);
    if (!policy.empty()) return void(no("its callers have " + policy));
  }
  if (callers_.size() == 1)
    if (const auto* closed = std::get_if<ClosedPlan>(&callers_[0]->arrivals.process))
      return give_closed(*callers_[0], *closed);
  for (const WorkloadPlan* caller : callers_)
    if (!std::holds_alternative<PoissonPlan>(caller->arrivals.process))
      return void(no("arrivals that are not Poisson"));
  find_form();
}

void StationInQuestion::find_form() {
  const bool is_markov = server_.service_time->kind == Distribution::Kind::exponential;
  const auto& patience = callers_.front()->patience;
  for (const WorkloadPlan* caller : callers_)
    if (caller->patience.has_value() != patience.has_value() || (patience && callers_.size() > 1))
      return void(no("patience of several workloads"));
  switch (server_.discipline) {
    case Discipline::processor_sharing:
      return patience ? void(no("patience")) : give_shared();
    case Discipline::priority:
      if (patience) return void(no("patience"));
      if (callers_.size() > 1) return give_priorities();
      break;
    case Discipline::fifo:
    case Discipline::lifo:
    case Discipline::random:
      break;
    default:
      return void(no("an order that has no closed form here"));
  }
  if (patience) {
    if (!is_markov || server_.discipline != Discipline::fifo)
      return void(no("patience where work is not exponential or not first come first served"));
    give_impatient(*patience);
    return;
  }
  if (is_markov && give_limited()) return;
  if (is_markov) return;
  if (c_ != 1) return void(no("several servers and work that is not exponential"));
  if (per_s() * service_s_ >= 1) return void(no("asked for more than it can do"));
  give("M/G/1", mg1_sojourn(per_s(), service_s_, spread_));
}

bool StationInQuestion::give_limited() {
  const double load = per_s() * service_s_ / static_cast<double>(c_);
  const std::string name = fmt::format("M/M/{}", c_);
  if (server_.queue_limit.is_unlimited()) {
    if (load >= 1) return no("asked for more than it can do");
    give(name, mmc_sojourn(per_s(), service_s_, c_));
    return true;
  }
  const std::uint64_t room = c_ + static_cast<std::uint64_t>(server_.queue_limit.count);
  const StationSolution limited = limited_station(per_s(), service_s_, c_, room);
  if (load < 1 && limited.loss < negligible_loss) {
    give(name, mmc_sojourn(per_s(), service_s_, c_));
    return true;
  }
  if (server_.queue_limit.count > longest_queue)
    return no("a long queue that fills up: its steady state is far away");
  give(fmt::format("{}/{}", name, room), limited.sojourn);
  found_.loss = limited.loss;
  return true;
}

bool StationInQuestion::give_impatient(const Distribution& patience) {
  if (patience.kind != Distribution::Kind::exponential)
    return no("patience that is not exponential");
  const auto solution = impatient_station(per_s(), service_s_, c_, mean(patience) * 1e-9);
  // So many are never in the queue that it might as well be without end.
  if (!server_.queue_limit.is_unlimited() &&
      static_cast<double>(server_.queue_limit.count) < 10 * solution.queue + 100)
    return no("patience and a short queue");
  give(fmt::format("M/M/{}+M (Erlang A)", c_), solution.sojourn);
  found_.loss = solution.loss;
  return true;
}

/// The mean over all classes, as the service measures it.
void StationInQuestion::give_priorities() {
  if (c_ != 1) return void(no("priorities at several servers"));
  if (per_s() * service_s_ >= 1) return void(no("asked for more than it can do"));
  std::vector<std::size_t> order(callers_.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return callers_[a]->priority > callers_[b]->priority;
  });
  std::vector<PriorityClass> classes;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool is_same = i > 0 && callers_[order[i]]->priority == callers_[order[i - 1]]->priority;
    if (is_same) {
      classes.back().rate += classes_[order[i]].rate;
    } else {
      classes.push_back(classes_[order[i]]);
    }
  }
  const auto sojourns = priority_sojourns(classes);
  double sum = 0;
  for (std::size_t i = 0; i < classes.size(); ++i)
    sum += sojourns[i] * classes[i].rate;
  give(fmt::format("M/G/1 with {} priorities", classes.size()), sum / per_s());
}

void StationInQuestion::give_shared() {
  if (per_s() * service_s_ >= static_cast<double>(c_))
    return void(no("asked for more than it can do"));
  const bool is_exact = c_ == 1 || server_.service_time->kind == Distribution::Kind::exponential;
  if (!is_exact) return void(no("several shared cores and work that is not exponential"));
  give(fmt::format("M/G/{} processor sharing", c_), sharing_sojourn(per_s(), service_s_, c_));
}

void StationInQuestion::give_closed(const WorkloadPlan& users, const ClosedPlan& closed) {
  const bool is_markov = server_.service_time->kind == Distribution::Kind::exponential;
  const auto count = static_cast<std::uint64_t>(closed.closed.users);
  if (users.patience) return void(no("patience"));
  if (!is_markov || server_.discipline != Discipline::fifo)
    return void(no("a closed workload needs exponential work, first come first served"));
  if (!server_.queue_limit.is_unlimited() &&
      static_cast<std::uint64_t>(server_.queue_limit.count) + c_ < count)
    return void(no("a queue that has no room for all users"));
  const double think_s = mean(closed.closed.think_time) * 1e-9;
  give(fmt::format("closed M/M/{} of {} users", c_, count),
       closed_network({{service_s_, c_}}, think_s, count).response);
}

/// LRU under independent references of one key space.
ServiceTheory cache_theory(const ScenarioPlan& plan, const std::string& name,
                           const CachePlan& cache) {
  ServiceTheory theory{name, {}, {}};
  const KeySpacePlan* keys = nullptr;
  bool is_gets_only = true;
  std::size_t spaces = 0;
  for (const auto& [other, service] : plan.services) {
    const auto* server = server_of(service);
    if (!server) continue;
    for (const auto& [endpoint, steps] : server->endpoints)
      for_each_call(steps, {}, [&](const CallStep& step, const std::string&) {
        const ServicePlan* behind = plan.behind(step.target.service);
        if (behind == nullptr || std::get_if<CachePlan>(&behind->kind) != &cache || !step.key)
          return;
        const KeySpacePlan* found = plan.keys.find(step.key->name);
        spaces += found != keys;
        keys = found;
        is_gets_only = is_gets_only && step.op && *step.op == Operation::get &&
                       (step.on_miss && !step.on_miss->empty());
      });
  }
  if (cache.hit_ratio) {
    theory.why_not = "its share of hits is given";
  } else if (cache.eviction != "lru") {
    theory.why_not = cache.eviction + " is not LRU";
  } else if (!cache.capacity || cache.capacity->is_unlimited() || cache.replicas != 1) {
    theory.why_not = "not one replica of a number of entries";
  } else if (cache.ttl || cache.invalidation || cache.store) {
    theory.why_not = "entries that expire, or writes";
  } else if (spaces != 1 || keys == nullptr || keys->replay || keys->hot || !keys->count) {
    theory.why_not = "not one key space of a Zipf law";
  } else if (!is_gets_only) {
    theory.why_not = "not only gets that are fetched where they miss";
  } else {
    theory.model = "LRU by Che";
    theory.hit_ratio = zipf_lru_hit_ratio_che(*keys->count, keys->zipf,
                                              static_cast<double>(cache.capacity->count));
  }
  return theory;
}

/// What no form here knows of, of the whole scenario.
std::string obstacle_of(const ScenarioPlan& plan) {
  if (!plan.failures.empty()) return "failures";
  if (!plan.is_stationary()) return "load that changes in time";
  return plan.network ? "a network that takes time" : "";
}

}  // namespace

std::vector<ServiceTheory> theories(const ScenarioPlan& plan) {
  std::vector<ServiceTheory> found;
  const std::string obstacle = obstacle_of(plan);
  std::map<std::string, ServiceTheory> network;
  if (obstacle.empty())
    for (ServiceTheory& part : jackson_network(plan))
      network.emplace(part.service, std::move(part));
  for (const auto& [name, service] : plan.services) {
    const auto* server = std::get_if<ServerPlan>(&service.kind);
    const auto* cache = std::get_if<CachePlan>(&service.kind);
    if (server == nullptr && cache == nullptr) continue;
    if (server != nullptr && !obstacle.empty()) {
      found.push_back({name, {}, obstacle});
    } else if (service.autoscale) {
      found.push_back({name, {}, "instances come and go"});
    } else if (cache != nullptr) {
      found.push_back(plan.failures.empty() ? cache_theory(plan, name, *cache)
                                            : ServiceTheory{name, {}, "failures"});
    } else {
      ServiceTheory alone = StationInQuestion(plan, name, *server).theory();
      const auto part = network.find(name);
      const bool takes_part = alone.model.empty() && part != network.end();
      // The network's reason is the better one for those that call or are called.
      const bool is_alone = alone.why_not != "called by other services" &&
                            alone.why_not != "endpoints of several steps";
      found.push_back(takes_part && (!part->second.model.empty() || !is_alone) ? part->second
                                                                               : alone);
    }
  }
  return found;
}

}  // namespace headroom
