#include "models/balancer/service.hpp"

namespace headroom {

BalancerService::BalancerService(sim::Simulation& simulation, const BalancerPlan& plan,
                                 const std::string& name, std::vector<BalancerSite> sites,
                                 const std::vector<BackendTarget>& targets,
                                 const Measurement& measurement)
    : simulation_(simulation),
      station_(simulation, name, "load_balancer", measurement),
      measured_from_(simulation.now()) {
  if (plan.sticky) sticky_.emplace(*plan.sticky, targets.size());
  for (std::size_t i = 0; i < sites.size(); ++i) {
    sites[i].name = name + "[" + std::to_string(i) + "]";
    sites[i].sticky = sticky_ ? &*sticky_ : nullptr;
    instances_.push_back(std::make_unique<Balancer>(station_, plan, sites[i], targets));
  }
}

void BalancerService::start_measuring() {
  measured_from_ = simulation_.now();
  station_.start_measuring();
  if (sticky_) sticky_->start_measuring();
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
  add_counts(result);
  return result;
}

void BalancerService::add_counts(ServiceResult& result) const {
  double ejections = 0;
  for (const auto& instance : instances_)
    if (const auto* outliers = instance->outliers())
      ejections += static_cast<double>(outliers->ejections());
  const Balancer& any = *instances_.front();
  if (any.outliers() != nullptr) result.counts.emplace_back("ejections", ejections);
  if (!sticky_) return;
  result.counts.emplace_back("pins_moved", static_cast<double>(sticky_->moved()));
  result.counts.emplace_back("pins_imbalance", sticky_->imbalance(any.backends()));
}

}  // namespace headroom
