#include "app/study/job.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/bytes.hpp"
#include "app/study/worker.hpp"

namespace headroom {

Job job_of(const ScenarioPlan& plan, std::uint32_t replication, const Measurement& measurement,
           const RunLimits& limits) {
  const ScenarioPlan whole = with_defaults(plan);
  return {resolved(whole).dump(), replication, measurement, limits,
          whole.run.max_memory ? whole.run.max_memory->count : 0};
}

std::string job_bytes(const Job& job) {
  ByteWriter writer;
  writer.put(job);
  return writer.take();
}

std::optional<Job> job_of_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  Job job;
  reader.get(job);
  if (!reader.at_end()) return std::nullopt;
  return job;
}

ScenarioPlan plan_of(const Job& job) {
  const int file = ::memfd_create("scenario", MFD_CLOEXEC);
  const char* text = job.scenario.data();
  for (std::size_t left = job.scenario.size(); left > 0;) {
    const ssize_t written = file < 0 ? -1 : ::write(file, text, left);
    if (written <= 0) {
      const std::error_code why(errno, std::generic_category());
      if (file >= 0) ::close(file);
      throw std::system_error(why, "a scenario for a worker");
    }
    text += written;
    left -= static_cast<std::size_t>(written);
  }
  Diagnostics diagnostics;
  const auto plan = read_scenario("/proc/self/fd/" + std::to_string(file), {}, diagnostics);
  ::close(file);
  if (!plan) throw ScenarioRefused("a worker cannot read its scenario\n" + diagnostics.text());
  return *plan;
}

bool needs_process(const ScenarioPlan& plan) {
  return plan.network && plan.network->engine == NetworkEngine::flow;
}

RunResult run_within(const RunLimits& limits, const ScenarioPlan& plan, std::uint32_t replication,
                     const Measurement& measurement, const std::function<bool(double)>& go_on) {
  const auto run = [&](const ScenarioPlan& scenario, const std::function<bool(double)>& ask) {
    if (!needs_process(plan) && !limits.isolate)
      return simulate(scenario, replication, measurement, ask);
    return simulate_in_worker(job_of(scenario, replication, measurement, limits),
                              needs_process(plan), ask);
  };
  const TracePick* pick = picked_by(plan.run);
  if (pick == nullptr || !pick->quantile || replication > 0) return run(plan, go_on);
  // A request of that rank is found first; then the run is repeated to see it.
  const auto half = [&](double before) {
    return [&go_on, before](double share) { return !go_on || go_on((before + share) / 2); };
  };
  RunResult found = run(plan, half(0));
  if (!found.picked) return found;
  ScenarioPlan seen = plan;
  seen.run.trace = TracePick::of(pick->workload, found.picked->number);
  RunResult result = run(seen, half(1));
  result.picked = found.picked;
  return result;
}

}  // namespace headroom
