// Caches against what another simulator counts on a trace that was recorded in production.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "app/scenario/recorded_trace.hpp"
#include "models/cache/trace.hpp"

namespace headroom {

TEST_CASE("misses of a recorded trace are those that libCacheSim counts") {
  const char* folder = std::getenv("HEADROOM_DATA");
  std::ifstream file(
      std::string(folder != nullptr ? folder : "") + "/cloudPhysicsIO.oracleGeneral.bin",
      std::ios::binary);
  if (!file) {
    WARN("skipped: HEADROOM_DATA names no folder with cloudPhysicsIO.oracleGeneral.bin");
    return;
  }
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const RecordedTrace trace(bytes);
  REQUIRE(trace.fault().empty());
  REQUIRE(trace.size() == 113'872);
  // Source: libCacheSim, test/test_evictionAlgo.c; 128 MiB to 1 GiB in steps of 128 MiB.
  const std::vector<std::uint64_t> lru{93374, 89783, 83572, 81722, 72494, 72104, 71972, 71704};
  const std::vector<std::uint64_t> fifo{93403, 89386, 84387, 84025, 72498, 72228, 72182, 72140};
  const auto counts = [&](std::string_view name, std::uint64_t step) {
    const auto policy = make_eviction_policy(name, CacheRoom::bytes(step << 27), sim::Stream(1));
    return replay(*policy, trace.size(), [&](std::size_t i) {
      const TraceRecord record = trace[i];
      return TraceRequest{record.object, record.size};
    });
  };
  for (std::size_t step = 1; step <= 8; ++step) {
    CHECK(counts("lru", step).misses == lru[step - 1]);
    CHECK(counts("fifo", step).misses == fifo[step - 1]);
  }
  CHECK(counts("lru", 1).requested_bytes == 4'368'040'448);
  CHECK(counts("lru", 1).missed_bytes == 4'214'303'232);
  CHECK(counts("lru", 8).missed_bytes == 3'061'662'720);
}

}  // namespace headroom
