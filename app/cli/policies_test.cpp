#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/program_runner_test.hpp"

namespace headroom {

using Json = nlohmann::json;

// The warm-up is 0 and nobody comes in the last minute, so nothing is under way at either end.
const char* const guarded = R"({
  "headroom": 1, "name": "guarded", "run": {"warmup": "0s", "duration": "180s", "replications": 3},
  "workloads": {"w": {"target": "shop", "timeout": "2s",
    "arrivals": {"start": "100/s", "stages": [{"duration": "120s", "target": "100/s"},
                 {"duration": "1ms", "target": "0/s"}, {"duration": "59s", "target": "0/s"}]}}},
  "services": {
    "shop": {"kind": "server", "concurrency": "unlimited", "endpoints": {"call": [
      {"call": "data", "timeout": "100ms", "fallback": [],
       "bulkhead": {"concurrency": 3}, "circuit_breaker": {"consecutive": 8, "open_for": "1s"}}]}},
    "data": {"kind": "server", "concurrency": 50, "service_time": {"exp": "30ms"}}},
  "failures": [{"at": "20s", "for": "15s", "error": "data", "rate": 1},
               {"at": "60s", "for": "15s", "pause": "data"},
               {"at": "90s", "for": "10s", "kill": "data"}]})";

TEST_CASE("every call is made, refused by the breaker or refused by the bulkhead") {
  const Folder folder;
  const Answer answer = run_headroom({"run", folder.write("s.json", guarded), "--json"});
  REQUIRE(answer.code == 0);
  const auto summary = Json::parse(answer.out);
  const auto& shop = summary["services"]["shop"];
  const auto count = [&](const char* name) {
    return shop["policies"][name]["value"].get<double>();
  };
  const double seconds = summary["duration_s"];
  const double asked = shop["arrivals_per_s"]["value"].get<double>() * seconds;
  const double made =
      summary["services"]["data"]["arrivals_per_s"]["value"].get<double>() * seconds;
  CHECK(std::abs(asked - made - count("breaker_open") - count("bulkhead_full")) < 1e-3);
  CHECK(count("breaker_openings") >= 3);
  CHECK(count("bulkhead_full") > 1000);
  // Whoever is refused or fails falls back, so that all are answered.
  CHECK(summary["workloads"]["w"]["error_rate"]["value"] == 0);
  CHECK(count("fallbacks") >= count("breaker_open") + count("bulkhead_full"));
  // Open for a second after each opening, and for the trial that follows.
  CHECK(count("breaker_open_s") >= count("breaker_openings") * 1.0 - 1);
  CHECK(count("breaker_open_s") < 60);
}

}  // namespace headroom
