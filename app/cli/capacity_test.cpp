#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

TEST_CASE("a misspelt setting to look along is told as that of a sweep is") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const auto told = [&](const std::string& option, const std::string& path) {
    const Answer answer = run_headroom({"capacity", file, option, path});
    CHECK(answer.code == 2);
    return answer.err;
  };
  for (const char* option : {"--vary", "--find"}) {
    CHECK(told(option, "services.app.concurency").find("did you mean \"concurrency\"?") !=
          std::string::npos);
    CHECK(told(option, "services.apq.concurrency").find("did you mean \"app\"?") !=
          std::string::npos);
  }
  // What might be there and is not needs bounds.
  CHECK(told("--vary", "workloads.w.timeout").find("bounds say where to look") !=
        std::string::npos);
}

TEST_CASE("where a goal is missed at any load, a load that was measured says why") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5, "mean < 5ms"));
  const Answer answer = run_headroom({"capacity", file, "--json"});
  CHECK(answer.code == 3);
  const auto capacity = nlohmann::json::parse(answer.out)["capacity"];
  CHECK(capacity["value"].is_null());
  CHECK(capacity["trials"][0]["slos"]["fast"]["measured"]["value"].is_null());
  const std::string because = capacity["because"];
  INFO(because);
  CHECK(because.find("no samples") == std::string::npos);
  CHECK(because.find("measured") != std::string::npos);
}

TEST_CASE("the smallest number that a setting can have is an answer, and no less is tried") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "enough",
    "run": {"warmup": "1s", "duration": "20s", "replications": 5},
    "workloads": {"w": {"target": "lb", "arrivals": {"poisson": "20/s"}}},
    "services": {
      "lb": {"kind": "load_balancer", "to": "app", "policy": "power_of_two"},
      "app": {"kind": "server", "replicas": 4, "concurrency": 3, "service_time": {"exp": "10ms"}}},
    "slos": {"fast": {"workload": "w", "require": "mean < 60ms"}}})");
  const auto smallest = [&](const std::string& path) {
    const Answer answer = run_headroom({"capacity", file, "--find", path, "--json"});
    INFO(answer.out << answer.err);
    CHECK(answer.code == 0);
    return nlohmann::json::parse(answer.out)["capacity"];
  };
  const auto slots = smallest("services.app.concurrency");
  CHECK(slots["value"] == 1);
  CHECK(slots["low"] == 1);
  CHECK(slots["high"] == 1);
  // Two of one replica cannot be chosen.
  const auto replicas = smallest("services.app.replicas");
  CHECK(replicas["value"] == 2);
  CHECK(replicas["low"] == 2);
  CHECK(replicas["sentence"].get<std::string>().find("the smallest value") != std::string::npos);
  // Within bounds that leave smaller ones out it is not known to be.
  CHECK(smallest("services.app.replicas=3..8")["value"].is_null());
  const auto both = smallest("services.app.replicas,services.app.concurrency");
  CHECK(both["value"] == nlohmann::json({2, 1}));
}

}  // namespace headroom
