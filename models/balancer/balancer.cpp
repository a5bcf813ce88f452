#include "models/balancer/balancer.hpp"

namespace headroom {

namespace {

std::vector<Backend> backends_of(const BalancerPlan& plan,
                                 const std::vector<BackendTarget>& targets) {
  std::vector<Backend> backends(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    backends[i].endpoint = targets[i].endpoint;
    backends[i].zone = targets[i].zone;
    if (i < plan.weights.size()) backends[i].weight = plan.weights[i];
  }
  return backends;
}

sim::Stream stream_of(const sim::Simulation& simulation, const std::string& name) {
  return sim::Stream(simulation.seed(), simulation.replication(), name + "/policy");
}

}  // namespace

/// One call in progress, until its answer or until its frame is destroyed.
class Balancer::Outstanding {
 public:
  Outstanding(Balancer& balancer, std::size_t backend)
      : balancer_(balancer), backend_(backend), started_(balancer.simulation_.now()) {
    balancer.backends_.start_call(backend);
    balancer.policy_->on_start(balancer.backends_, backend);
  }
  Outstanding(const Outstanding&) = delete;
  Outstanding& operator=(const Outstanding&) = delete;
  ~Outstanding() {
    balancer_.backends_.end_call(backend_);
    balancer_.policy_->on_end(balancer_.backends_, backend_,
                              balancer_.simulation_.now() - started_);
  }

 private:
  Balancer& balancer_;
  std::size_t backend_;
  sim::Time started_;
};

Balancer::Balancer(Station& station, const BalancerPlan& plan, const std::string& name,
                   std::uint16_t zone, const std::vector<BackendTarget>& targets)
    : Endpoint(station.simulation()),
      station_(station),
      zone_(zone),
      backends_(backends_of(plan, targets)),
      policy_(make_policy(plan, backends_, stream_of(simulation_, name))) {
  if (!plan.health_check) return;
  health_check_ = std::make_unique<HealthCheck>(*this, *plan.health_check);
  health_check_->start();
}

sim::Task<Reply> Balancer::call(Request request) {
  Visit visit(station_);
  ++arrivals_;
  request.zone = zone_;
  const std::size_t chosen = policy_->choose(request, backends_);
  if (chosen == Policy::nobody) {
    visit.drop(DropCause::no_backend);
    co_return Reply::rejected(DropCause::no_backend);
  }
  HEADROOM_CHECK_IN(simulation_, chosen < backends_.size() && backends_[chosen].healthy);
  const Outstanding outstanding(*this, chosen);
  const Reply reply = co_await backends_[chosen].endpoint->call(request);
  visit.complete(reply.is_ok());
  co_return reply;
}

sim::Task<bool> Balancer::probe(std::uint16_t) {
  co_return !backends_.healthy().empty();
}

void Balancer::set_healthy(std::size_t backend, bool healthy) {
  if (backends_.set_healthy(backend, healthy)) policy_->on_health(backends_, backend);
}

BalancerService::BalancerService(sim::Simulation& simulation, const BalancerPlan& plan,
                                 const std::string& name, const std::vector<std::uint16_t>& zones,
                                 const std::vector<BackendTarget>& targets,
                                 const Measurement& measurement)
    : simulation_(simulation),
      station_(simulation, name, "load_balancer", measurement),
      measured_from_(simulation.now()) {
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const std::string own_name = name + "[" + std::to_string(i) + "]";
    instances_.push_back(std::make_unique<Balancer>(station_, plan, own_name, zones[i], targets));
  }
}

void BalancerService::start_measuring() {
  measured_from_ = simulation_.now();
  station_.start_measuring();
  for (const auto& instance : instances_)
    instance->start_measuring();
}

ServiceResult BalancerService::result() const {
  ServiceResult result = station_.result();
  std::uint64_t arrivals = 0;
  for (const auto& instance : instances_) {
    result.replicas.emplace_back().arrivals = instance->arrivals();
    arrivals += instance->arrivals();
  }
  HEADROOM_CHECK_IN(simulation_, arrivals == result.arrivals);
  const auto measured_ns = (simulation_.now() - measured_from_).count_ns();
  result.instance_area = static_cast<__int128>(instances_.size()) * measured_ns;
  return result;
}

}  // namespace headroom
