// One replication of a scenario and nothing else: what a request costs on its whole way from its
// workload through client policies, network, balancers and servers, to be run under a profiler.
// Arguments: the scenario, then settings as for `headroom run --set`. There is no warm-up, so the
// requests and events that it prints are all there were; instructions_per_request.sh beside this
// file takes the difference of two runs.

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "app/scenario/scenario.hpp"
#include "app/study/run.hpp"

int main(int argc, char** argv) {
  using namespace headroom;
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s SCENARIO [SETTING...]\n", argv[0]);
    return 2;
  }
  const std::vector<std::string> settings(argv + 2, argv + argc);
  Diagnostics diagnostics;
  const auto plan = read_scenario(argv[1], settings, diagnostics);
  if (!plan) {
    std::fputs(diagnostics.text().c_str(), stderr);
    return 2;
  }
  // Without a warm-up, so that every request of the run is one that was measured.
  const Measurement measurement = measurement_of(*plan, sim::Duration(), 60);
  const auto start = std::chrono::steady_clock::now();
  const RunResult result = simulate(*plan, 0, measurement, {});
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  std::uint64_t requests = 0;
  for (const WorkloadResult& workload : result.workloads) {
    for (const EndpointResult& endpoint : workload.endpoints)
      requests += endpoint.issued;
  }
  std::printf("requests %llu events %llu digest %016llx ns/request %.0f\n",
              static_cast<unsigned long long>(requests),
              static_cast<unsigned long long>(result.events),
              static_cast<unsigned long long>(result.digest),
              spent.count() / static_cast<double>(requests));
  return 0;
}
