#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/assumptions.hpp"
#include "app/cli/test_program_runner.hpp"

namespace headroom {

using Json = nlohmann::json;

namespace {

Json explained(const std::string& file, std::vector<std::string> more) {
  more.insert(more.begin(), {"explain", file, "--json"});
  const Answer answer = run_headroom(more);
  INFO(answer.err);
  REQUIRE(answer.code == 0);
  return Json::parse(answer.out)["explanation"];
}

const Json& effect_named(const Json& explanation, const std::string& change) {
  for (const Json& effect : explanation["effects"])
    if (effect["change"] == change) return effect;
  FAIL(change);
  return explanation;
}

}  // namespace

TEST_CASE("explain measures what a change does to the capacity, which theory knows") {
  const Folder folder;
  // Mean sojourn 1 / (100 - rate) below 50 ms: up to 80/s, that is load 1.6. With 20 % less work
  // 1 / (125 - rate): up to 105/s, load 2.1.
  const std::string file = folder.write("s.json", small_scenario(0.5, "mean < 50ms"));
  const Json explanation =
      explained(file, {"--capacity", "--duration", "200s", "--replications", "10"});
  CHECK(explanation["capacity"]["low"] <= 1.6);
  CHECK(explanation["capacity"]["high"] >= 1.6);
  CHECK(explanation["capacity"]["high"].get<double>() < 1.75);
  const Json& less = effect_named(explanation, "20 % less work at app");
  CHECK(less["capacity"]["low"] <= 2.1);
  CHECK(less["capacity"]["high"] >= 2.1);
  CHECK(less["capacity"]["difference"]["low"] > 0.2);
  CHECK(less["verdict"] == "helps");
  CHECK(less["p99_s"]["difference"]["high"] < 0.0);
}

TEST_CASE("explain leaves out a workload whose services nobody else calls") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "apart",
    "run": {"warmup": "1s", "duration": "20s", "replications": 3},
    "workloads": {"w": {"target": "a", "arrivals": {"poisson": "20/s"}},
                  "v": {"target": "b", "arrivals": {"poisson": "20/s"}}},
    "services": {"a": {"kind": "server", "concurrency": 4, "service_time": "1ms"},
                 "b": {"kind": "server", "concurrency": 4, "service_time": "1ms"}}})");
  for (const std::vector<std::string>& more : {std::vector<std::string>(), {"--isolate"}}) {
    const Json explanation = explained(file, more);
    const Json& without = effect_named(explanation, "without the workload v");
    CHECK(without["goodput_per_s"]["difference"]["value"] == 0);
  }
}

TEST_CASE("explain ranks assumed numbers by how far each must move, which theory knows") {
  const Folder folder;
  // At 50/s the mean is 10 / (1 - 0.5) = 20 ms. A limit of 40 ms is broken from 75/s on, 1.5 times
  // the rate, and from 13.33 ms of work on, 1.33 times the work.
  Json scenario = Json::parse(small_scenario(0.5, "mean < 40ms"));
  scenario["x-provenance"] = {{"workloads.w.arrivals.poisson", "assumed"},
                              {"services.app.service_time", "assumed"},
                              {"services.app.concurrency", "measured"}};
  const std::string file = folder.write("s.json", scenario.dump());
  const std::vector<std::string> length{"--duration", "400s"};
  const Json assumptions = explained(file, length)["assumptions"];
  REQUIRE(assumptions.size() == 2);
  CHECK(assumptions[0]["path"] == "services.app.service_time");
  CHECK(assumptions[1]["path"] == "workloads.w.arrivals.poisson");
  // Found by halving to 9 %, beyond what 400 s leave undecided.
  for (const auto& [index, truth] : {std::pair(0, 4.0 / 3), std::pair(1, 1.5)}) {
    const double flips = assumptions[index]["flips_at_factor_above"];
    CHECK(flips >= truth);
    CHECK(flips <= truth * 1.15);
    CHECK(assumptions[index]["flips_at_factor_below"].is_null());
  }
  const Answer text = run_headroom({"explain", file, "--duration", "20s", "--no-color"});
  CHECK(text.out.find("Assumed, not measured") != std::string::npos);
  for (const char* wrong :
       {R"({"services.app.service_time": "guessed"})", R"({"services.db": "assumed"})"}) {
    scenario["x-provenance"] = Json::parse(wrong);
    const Answer refused = run_headroom({"explain", folder.write("w.json", scenario.dump())});
    CHECK(refused.code == 2);
    CHECK(refused.err.find("x-provenance") != std::string::npos);
  }
}

TEST_CASE("an assumed piece of work is scaled by its quantities, not by what clients wait") {
  using Ordered = nlohmann::ordered_json;
  CHECK(scaled_value(Ordered::parse(R"([{"cpu": {"exp": "8ms"}}, {"call": "db", "timeout": "1s"},
                                        {"choose": [{"p": 0.5, "do": [{"wait": "2ms"}]}]}])"),
                     2) ==
        Ordered::parse(R"([{"cpu": {"exp": "16ms"}}, {"call": "db", "timeout": "1s"},
                           {"choose": [{"p": 0.5, "do": [{"wait": "4ms"}]}]}])"));
  CHECK(scaled_value(Ordered::parse(R"({"lognormal": {"mean": "2ms", "cv": 1.5}})"), 0.5) ==
        Ordered::parse(R"({"lognormal": {"mean": "1ms", "cv": 1.5}})"));
  CHECK(scaled_value(Ordered(4), 1.5) == Ordered(6));
  CHECK(scaled_value(Ordered("100/s"), 1.5) == Ordered("150/s"));
}

TEST_CASE("compare tells lags, losses, costs and whatever goals ask about") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({
    "headroom": 1, "name": "jobs", "run": {"warmup": "10s", "duration": "200s", "replications": 8},
    "workloads": {"w": {"target": "front", "arrivals": {"poisson": "50/s"}}},
    "services": {
      "front": {"kind": "server", "concurrency": 10, "cost": 2, "endpoints": {"ask": [
        {"cpu": {"exp": "2ms"}}, {"publish": "jobs"}]}},
      "jobs": {"kind": "queue"},
      "worker": {"kind": "worker", "consumes": "jobs", "concurrency": 1, "cost": 1,
                 "service_time": {"exp": "16ms"}}},
    "slos": {"soon": {"queue": "jobs", "require": "p97_lag < 1s"},
             "answers": {"workload": "w", "endpoint": "ask", "require": "p80 < 1s"},
             "idle": {"service": "worker", "require": "utilization < 90%"}}})");
  const Answer answer =
      run_headroom({"compare", file, "--set", "services.worker.replicas=2", "--json"});
  INFO(answer.err);
  REQUIRE(answer.code == 0);
  const Json differences = Json::parse(answer.out)["differences"];
  for (const char* metric :
       {"services.jobs.lag", "services.jobs.lag_s.mean", "services.jobs.lag_s.p99",
        "services.jobs.done_s.p99", "slos.soon", "slos.idle"}) {
    INFO(metric);
    REQUIRE(differences.contains(metric));
    CHECK(differences[metric]["verdict"] == "b better");
    CHECK(differences[metric]["difference"]["high"] < 0.0);
  }
  // M/M/1 at 80 %: a wait of 64 ms; M/M/2 at 40 %: 16 ms x 0.16 / 0.84.
  const auto& lag = differences["services.jobs.lag_s.mean"];
  CHECK(lag["a"]["value"].get<double>() == Approx(0.064).epsilon(0.1));
  CHECK(lag["b"]["value"].get<double>() == Approx(0.016 * 0.16 / 0.84).epsilon(0.1));
  CHECK(lag["difference"]["low"] <= 0.016 * 0.16 / 0.84 - 0.064);
  CHECK(lag["difference"]["high"] >= 0.016 * 0.16 / 0.84 - 0.064);
  // Two front cores more or less an hour are the same; a worker more costs 1 an hour.
  CHECK(differences["cost_per_h"]["verdict"] == "a better");
  CHECK(differences["cost_per_h"]["difference"]["value"].get<double>() == Approx(1));
  CHECK(differences["services.jobs.lost"]["verdict"] == "cannot tell");
  CHECK(differences.contains("slos.answers"));
}

}  // namespace headroom
