#include "models/server/server.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

Server::Server(sim::Simulation& simulation, const ServerPlan& plan, std::string name,
               std::vector<std::uint16_t> zones, const Measurement& measurement)
    : station_(simulation, std::move(name), "server", measurement),
      shared_{plan, programs_, station_, false, nullptr} {
  for (std::uint32_t index = 0; index < plan.replicas; ++index) {
    instances_.push_back(
        std::make_unique<ServerInstance>(simulation, shared_, index, zones[index % zones.size()]));
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
  for (auto& instance : instances_)
    instance->start_measuring();
}

ServiceResult Server::result() const {
  ServiceResult result = station_.result();
  for (const auto& instance : instances_) {
    result.replicas.push_back(instance->result());
    result.instance_area += instance->up_area();
  }
  return result;
}

}  // namespace headroom
