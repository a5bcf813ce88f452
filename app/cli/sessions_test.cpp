// Sessions that stay at their replica while an autoscaler adds and takes away replicas.
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

using Json = nlohmann::json;

namespace {

/// A thousand sessions on two replicas at first, with other limits of the pool as `scheduled`.
Json services_of(const std::string& sessions, const std::string& scheduled,
                 const std::string& duration = "600s") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "sessions",
    "run": {"warmup": "0s", "duration": ")" + duration +
                                                      R"(", "replications": 5, "seed": 3},
    "workloads": {"w": {"target": "lb", "arrivals": {"poisson": "100/s"}, "sessions": )" +
                                                      sessions + R"(}},
    "services": {"lb": {"kind": "load_balancer", "to": "app", "policy": "round_robin",
        "sticky": "session"},
      "app": {"kind": "server", "concurrency": 100, "service_time": "1ms", "state": "session",
        "replicas": 2, "autoscale": {"min": 2, "max": 2, "target_utilization": "50%",
          "startup": "0s", "scheduled": [)" + scheduled +
                                                      "]}}}}");
  const Answer answer = run_headroom({"run", file, "--json", "--exit-zero"});
  INFO(answer.out << answer.err);
  REQUIRE(answer.code == 0);
  return Json::parse(answer.out)["services"];
}

double value(const Json& figure) {
  return figure["value"];
}

}  // namespace

TEST_CASE("Sessions without end leave the replicas that come idle, by hand") {
  const Json services = services_of(R"({"count": 1000})", R"({"at": "200s", "min": 4, "max": 4})");
  // 500 each on two of four: twice the mean of 250.
  CHECK(value(services["lb"]["pins_imbalance"]) == 2);
  CHECK(value(services["lb"]["pins_moved"]) == 0);
  CHECK(value(services["app"]["sessions_lost"]) == 0);
  CHECK(value(services["app"]["replicas"][2]["arrivals_per_s"]) == 0);
  CHECK(value(services["app"]["replicas"][3]["arrivals_per_s"]) == 0);
}

TEST_CASE("Sessions that end even the pool out as exponentially as they end") {
  const Json services = services_of(R"({"count": 1000, "length": {"exp": "200s"}})",
                                    R"({"at": "300s", "min": 4, "max": 4})");
  // Of the sessions that began before, exp(-300/200) go on: half of them each on two of four
  // replicas, the others anywhere. A place is taken again after 10 s in the mean.
  const double left = std::exp(-(300 - 10) / 200.0);
  const Json& imbalance = services["lb"]["pins_imbalance"];
  // The fullest of four is above its mean by a standard deviation of about 16 of 250.
  CHECK(value(imbalance) == Approx(1 + left).margin(4 * 16 / 250.0 / std::sqrt(5)));
  CHECK(value(services["lb"]["pins_moved"]) == 0);
}

TEST_CASE("Who goes loses the sessions that were pinned to it, each once, and all of them") {
  const Json services =
      services_of(R"({"count": 1000})",
                  R"({"at": "1s", "min": 4, "max": 4}, {"at": "300s", "min": 2, "max": 2})");
  // The books of the balancer and those of the servers are kept apart.
  CHECK(value(services["app"]["sessions_lost"]) == value(services["lb"]["pins_moved"]));
  // 100 of 1000 places are taken in the first second, by the two that are there; the rest in turn
  // by four, so that the two that go have 450, but for sessions whose place came twice.
  CHECK(value(services["app"]["sessions_lost"]) == Approx(450).margin(4 * 10 / std::sqrt(5)));
  // What is left is even again but for those.
  CHECK(value(services["lb"]["pins_imbalance"]) == Approx(1).margin(0.1));
}

}  // namespace headroom
