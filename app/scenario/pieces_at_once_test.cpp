// More cores than slots: whether a warning is due.
#include <catch2/catch.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {
namespace {

/// What is said of a server of two slots that has so many cores and does these steps.
std::string said_of(int cores, const std::string& steps) {
  const Folder folder;
  const std::string file = folder.write(
      "s.json", R"({"headroom": 1, "name": "wide", "run": {"duration": "1s"},
                    "workloads": {"w": {"target": "app", "arrivals": {"poisson": "1/s"}}},
                    "services": {"app": {"kind": "server", "concurrency": 2, "cores": )" +
                    std::to_string(cores) + R"(, "endpoints": {"call": [)" + steps + "]}}}}");
  Diagnostics diagnostics;
  REQUIRE(read_scenario(file, {}, diagnostics));
  return diagnostics.text();
}

TEST_CASE("cores beyond what requests can work on at once are never used") {
  const std::string work = R"([{"cpu": "1ms"}])";
  const std::string one = R"({"cpu": "1ms"})";
  const std::string three = R"({"parallel": [)" + work + ", " + work + ", " + work + "]}";
  const std::string first_of = R"({"parallel": [)" + work + ", " + work + R"(], "need": 1})";
  const std::string never_used = "some cores are never used";
  CHECK(said_of(2, one).find(never_used) == std::string::npos);
  CHECK(said_of(3, one).find("3 cores but 2 slots: " + never_used) != std::string::npos);
  CHECK(said_of(6, three).find(never_used) == std::string::npos);
  CHECK(said_of(7, three).find("7 cores but 2 slots with 3 pieces of work each: " + never_used) !=
        std::string::npos);
  CHECK(said_of(1000, first_of).find(never_used) == std::string::npos);
}

}  // namespace
}  // namespace headroom
