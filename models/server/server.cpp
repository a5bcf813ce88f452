#include "models/server/server.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

Server::Server(sim::Simulation& simulation, const ServerPlan& plan, std::string name,
               std::vector<std::uint16_t> zones, const Measurement& measurement, std::uint32_t most,
               std::uint32_t present)
    : station_(simulation, std::move(name), "server", measurement),
      shared_{plan, programs_, station_, false, nullptr, nullptr},
      members_(most > 0 ? most : plan.replicas, most > 0 ? present : plan.replicas) {
  if (plan.state == ServerState::session) sessions_ = std::make_unique<SessionTable>();
  shared_.sessions = sessions_.get();
  for (std::uint32_t index = 0; index < members_.size(); ++index) {
    instances_.push_back(
        std::make_unique<ServerInstance>(simulation, shared_, index, zones[index % zones.size()]));
    instances_.back()->join(members_);
    if (members_.standing(index) == Standing::absent) instances_.back()->set_present(false);
  }
}

void Server::set_programs(std::vector<Program> programs) {
  programs_ = std::move(programs);
  for (Program& program : programs_)
    program.calls_nobody = !calls(program.actions);
  shared_.counts_cores =
      std::any_of(programs_.begin(), programs_.end(),
                  [](const Program& program) { return uses_cpu(program.actions); });
}

void Server::start_measuring() {
  station_.start_measuring();
  if (sessions_) sessions_->start_measuring();
  for (auto& instance : instances_)
    instance->start_measuring();
}

ServiceResult Server::result() const {
  ServiceResult result = station_.result();
  for (const auto& instance : instances_) {
    result.replicas.push_back(instance->result());
    result.instance_area += instance->up_area();
  }
  if (sessions_)
    result.counts.emplace_back("sessions_lost", static_cast<double>(sessions_->lost()));
  return result;
}

}  // namespace headroom
