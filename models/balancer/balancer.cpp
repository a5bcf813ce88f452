#include "models/balancer/balancer.hpp"

namespace headroom {

namespace {

std::vector<Backend> backends_of(const BalancerPlan& plan, const BalancerSite& site,
                                 const std::vector<BackendTarget>& targets) {
  std::vector<Backend> backends(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    backends[i].endpoint = targets[i].endpoint;
    backends[i].zone = targets[i].zone;
    backends[i].is_near = targets[i].zone == site.zone;
    if (i < plan.weights.size()) backends[i].weight = plan.weights[i];
    if (site.members == nullptr) continue;
    const Standing standing = site.members->standing(i);
    if (standing == Standing::absent) backends[i].out |= static_cast<std::uint8_t>(Out::absent);
    if (standing == Standing::draining) backends[i].out |= static_cast<std::uint8_t>(Out::draining);
  }
  return backends;
}

sim::Stream stream_of(const sim::Simulation& simulation, const std::string& name) {
  return sim::Stream(simulation.seed(), simulation.replication(), name);
}

const char* event_of(Out reason, bool is_out) {
  if (reason == Out::unhealthy) return is_out ? "taken for ill" : "taken for healthy";
  return is_out ? "ejected" : "readmitted";
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

Balancer::Balancer(Station& station, const BalancerPlan& plan, const BalancerSite& site,
                   const std::vector<BackendTarget>& targets)
    : Endpoint(station.simulation()),
      station_(station),
      plan_(plan),
      site_(site),
      backends_(backends_of(plan, site, targets), &simulation_),
      policy_(make_policy(plan, backends_, stream_of(simulation_, site.name + "/policy"))) {
  if (site_.members != nullptr) site_.members->watch(*this);
  HEADROOM_CHECK(plan.sticky.has_value() == (site.sticky != nullptr));
  if (plan.slow_start) {
    slow_start_ = std::make_unique<SlowStart>(*plan.slow_start, backends_.size(),
                                              stream_of(simulation_, site.name + "/slow_start"));
  }
  if (plan.outlier_ejection)
    outliers_ = std::make_unique<OutlierEjection>(*this, *plan.outlier_ejection);
  if (!plan.health_check) return;
  health_check_ = std::make_unique<HealthCheck>(*this, *plan.health_check);
  health_check_->start();
}

sim::Task<Reply> Balancer::call(Request request) {
  Visit visit(station_, &request, Span::no_number, SpanKind::balancer);
  ++arrivals_;
  if (!alive()) {
    visit.drop(DropCause::killed);
    co_await simulation_.delay(sim::Duration());
    co_return Reply::failed(DropCause::killed);
  }
  request.zone = site_.site;
  const std::size_t chosen = choose(request);
  if (chosen == Policy::nobody) {
    visit.drop(DropCause::no_backend);
    co_return Reply::rejected(DropCause::no_backend);
  }
  const Outstanding outstanding(*this, chosen);
  auto call = backends_[chosen].endpoint->call(request);
  const Reply reply = co_await call;
  if (outliers_) outliers_->note(chosen, reply);
  visit.complete(reply.is_ok());
  co_return reply;
}

std::size_t Balancer::choose_specially(const Request& request) {
  if (site_.sticky == nullptr) return choose_sparing(request);
  const std::size_t pinned = site_.sticky->pinned(request, backends_);
  if (pinned != Policy::nobody) return pinned;
  const std::size_t chosen = choose_sparing(request);
  if (chosen != Policy::nobody) site_.sticky->pin(request, chosen);
  return chosen;
}

/// Whom slow start refuses is out for this choice. Where it refuses everybody the first is taken.
std::size_t Balancer::choose_sparing(const Request& request) {
  const std::size_t first = policy_->choose(request, backends_);
  const sim::Time now = simulation_.now();
  if (!slow_start_ || !slow_start_->is_on(now)) return first;
  std::vector<std::size_t> spared;
  std::size_t chosen = first;
  while (chosen != Policy::nobody && slow_start_->refuses(chosen, now)) {
    spared.push_back(chosen);
    change(chosen, Out::warming, true);
    chosen = policy_->choose(request, backends_);
  }
  for (const std::size_t each : spared)
    change(each, Out::warming, false);
  return chosen == Policy::nobody ? first : chosen;
}

sim::Task<bool> Balancer::probe(std::uint16_t) {
  co_return alive() && !backends_.healthy().empty();
}

void Balancer::change(std::size_t backend, Out reason, bool is_out) {
  if (backends_.set_out(backend, reason, is_out)) policy_->on_health(backends_, backend);
}

void Balancer::set_out(std::size_t backend, Out reason, bool is_out) {
  if (backends_.is_out(backend, reason) == is_out) return;
  change(backend, reason, is_out);
  if (slow_start_ && backends_[backend].healthy) slow_start_->joined(backend, simulation_.now());
  const bool is_news = reason == Out::unhealthy || reason == Out::ejected;
  if (site_.log == nullptr || !is_news) return;
  const std::string target = plan_.to.name + "[" + std::to_string(backend) + "]";
  site_.log->note(event_of(reason, is_out), target, {{"by", site_.name}});
}

void Balancer::on_standing(std::size_t index, Standing standing) {
  // What it was taken for before it left says nothing of it.
  if (standing != Standing::absent && backends_.is_out(index, Out::absent))
    set_out(index, Out::unhealthy, false);
  // First what comes to speak against it, so that it does not seem to serve in between.
  if (standing == Standing::absent) set_out(index, Out::absent, true);
  if (standing == Standing::draining) set_out(index, Out::draining, true);
  if (standing != Standing::absent) set_out(index, Out::absent, false);
  if (standing != Standing::draining) set_out(index, Out::draining, false);
}

void Balancer::start_measuring() {
  arrivals_ = 0;
  if (outliers_) outliers_->start_measuring();
}

}  // namespace headroom
