#include "models/server/server.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

Server::Server(sim::Simulation& simulation, const ServerPlan& plan, std::string name,
               std::vector<std::uint16_t> zones, const Measurement& measurement, std::uint32_t most,
               std::uint32_t present, const char* kind)
    : station_(simulation, std::move(name), kind, measurement),
      shared_{plan, programs_, station_, false, nullptr, nullptr, nullptr, nullptr},
      members_(most > 0 ? most : plan.replicas, most > 0 ? present : plan.replicas) {
  if (plan.state == ServerState::session) sessions_ = std::make_unique<SessionTable>();
  shared_.sessions = sessions_.get();
  if (plan.admission && plan.admission->adaptive_concurrency && measurement.windows.count > 0)
    limits_ = std::make_unique<sim::LevelSeries>(measurement.windows);
  shared_.limits = limits_.get();
  for (std::uint32_t index = 0; index < members_.size(); ++index) {
    instances_.push_back(
        std::make_unique<ServerInstance>(simulation, shared_, index, zones[index % zones.size()]));
    instances_.back()->join(members_);
    if (members_.standing(index) == Standing::absent) set_present(index, false);
  }
}

void Server::set_programs(std::vector<Program> programs) {
  programs_ = std::move(programs);
  for (Program& program : programs_)
    program.calls_nobody = !calls(program.actions);
  falls_back_ = std::any_of(programs_.begin(), programs_.end(),
                            [](const Program& program) { return falls_back(program.actions); });
  shared_.counts_cores =
      std::any_of(programs_.begin(), programs_.end(),
                  [](const Program& program) { return uses_cpu(program.actions); });
  const bool overlap = std::any_of(programs_.begin(), programs_.end(), [](const Program& program) {
    return overlaps(program.actions);
  });
  if (!overlap) return;
  for (auto& instance : instances_)
    instance->contend_for_cores();
}

void Server::start_measuring() {
  station_.start_measuring();
  if (sessions_) sessions_->start_measuring();
  for (auto& instance : instances_)
    instance->start_measuring();
}

ServiceCounts Server::counts() const {
  ServiceCounts counts = station_.counts();
  for (const auto& instance : instances_)
    counts.used += instance->result().used;
  return counts;
}

ServiceResult Server::result() const {
  ServiceResult result = station_.result();
  for (const auto& instance : instances_) {
    result.replicas.push_back(instance->result());
    result.instance_area += instance->up_area();
  }
  if (sessions_)
    result.counts.emplace_back("sessions_lost", static_cast<double>(sessions_->lost()));
  add_policies(result);
  return result;
}

void Server::add_policies(ServiceResult& result) const {
  const sim::Time now = station_.simulation().now();
  if (limits_) {
    result.limit_series.push_back(*limits_);
    result.limit_series.back().finish(now);
  }
  double limit_area = 0, up_area = 0, left_out = 0, fallbacks = 0;
  for (const auto& instance : instances_) {
    up_area += static_cast<double>(instance->up_area());
    limit_area += static_cast<double>(instance->limit_area());
    left_out += static_cast<double>(instance->left_out());
    fallbacks += static_cast<double>(instance->fallbacks());
  }
  const ServerPlan& plan = shared_.plan;
  if (plan.admission && plan.admission->adaptive_concurrency)
    result.policies.emplace_back("limit_mean", up_area > 0 ? limit_area / up_area : 0);
  if (plan.brownout) result.policies.emplace_back("calls_left_out", left_out);
  if (falls_back_) result.policies.emplace_back("fallbacks", fallbacks);
}

}  // namespace headroom
