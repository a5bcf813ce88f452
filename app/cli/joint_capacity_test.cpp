#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

using Json = nlohmann::json;

const char* const two_tiers = R"({
  "headroom": 1, "name": "two tiers", "run": {"warmup": "10s", "duration": "60s", "replications": 4},
  "zones": ["a", "b"],
  "workloads": {"w": {"target": "app", "arrivals": {"poisson": "250/s"}}},
  "services": {
    "app": {"kind": "server", "zones": ["a", "b"], "concurrency": "unlimited", "replicas": 1, "cost": 1,
      "endpoints": {"ask": [{"call": "one"}, {"call": "two"}]}},
    "one": {"kind": "server", "zones": ["a", "b"], "concurrency": 1, "replicas": 2, "cost": 1,
      "service_time": {"exp": "10ms"}},
    "two": {"kind": "server", "zones": ["a", "b"], "concurrency": 1, "replicas": 2, "cost": 5,
      "service_time": {"exp": "20ms"}}},
  "slos": {"fast": {"workload": "w", "require": "mean < 200ms"},
           "ok": {"workload": "w", "require": "error_rate < 60%"}}})";

TEST_CASE("several counts are found together at the least cost") {
  const Folder folder;
  const std::string file = folder.write("s.json", two_tiers);
  const Answer answer = run_headroom(
      {"capacity", file, "--find", "services.one.replicas,services.two.replicas=1..12", "--json"});
  REQUIRE(answer.code == 0);
  const auto capacity = Json::parse(answer.out)["capacity"];
  // 2.5 and 5 instances' worth of work: three and six at least.
  const auto counts = capacity["value"].get<std::vector<int>>();
  CHECK(counts[0] >= 3);
  CHECK(counts[1] >= 6);
  CHECK(counts[1] <= 7);
  CHECK(capacity["cost"] == counts[0] + 5 * counts[1]);
  // It holds, and with one less of either it does not.
  const auto run_with = [&](int one, int two) {
    return run_headroom({"run", file, "--set", "services.one.replicas=" + std::to_string(one),
                         "--set", "services.two.replicas=" + std::to_string(two)})
        .code;
  };
  CHECK(run_with(counts[0], counts[1]) == 0);
  CHECK(run_with(counts[0] - 1, counts[1]) != 0);
  CHECK(run_with(counts[0], counts[1] - 1) != 0);
  CHECK(run_headroom({"capacity", file, "--find", "services.one.replicas,services.nobody.replicas"})
            .code == 2);
}

TEST_CASE("what cannot be found together is refused") {
  const Folder folder;
  const std::string file = folder.write("s.json", two_tiers);
  for (const char* paths : {"services.one.replicas,services.one.replicas", "services.one.replicas,",
                            "services.one.replicas,run.load", ","})
    CHECK(run_headroom({"capacity", file, "--find", paths}).code == 2);
}

TEST_CASE("with a replica or a zone gone there is less capacity") {
  const Folder folder;
  const std::string file = folder.write("s.json", two_tiers);
  const auto most = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"capacity",
                                   file,
                                   "--json",
                                   "--set",
                                   "services.two.replicas=4",
                                   "--set",
                                   "services.one.replicas=4",
                                   "--resolution",
                                   "5%",
                                   "--set",
                                   "slos.fast.require=goodput > 50/s",
                                   "--set",
                                   "slos.ok.require=error_rate < 5%"};
    words.insert(words.end(), more.begin(), more.end());
    const Answer answer = run_headroom(words);
    INFO(answer.err);
    REQUIRE((answer.code == 0 || answer.code == 3));
    const auto value = Json::parse(answer.out)["capacity"]["high"];
    return value.is_number() ? value.get<double>() : 0;
  };
  const double whole = most({});
  CHECK(whole > 0.6);
  // Without health checks a quarter of the calls goes to the dead one.
  CHECK(most({"--without", "two[0]"}) < whole);
  CHECK(most({"--without", "zone a"}) < whole);
  const Answer nobody = run_headroom({"capacity", file, "--without", "two[0]", "--without", "too"});
  CHECK(nobody.code == 2);
  CHECK(nobody.err.find("--without:1:1: error: there is no service \"too\"") != std::string::npos);
  CHECK(nobody.err.find("did you mean \"two\"?") != std::string::npos);
  CHECK(nobody.err.find("--set") == std::string::npos);
}

}  // namespace headroom
