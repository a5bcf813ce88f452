#include "app/study/theories.hpp"

#include <catch2/catch.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/explanation.hpp"

namespace headroom {
namespace {

ScenarioPlan scenario_of(const std::string& workloads, const std::string& services,
                         const std::string& more = "") {
  const Folder folder;
  const std::string file = folder.write(
      "s.json", R"({"headroom": 1, "name": "theory", "run": {"duration": "400s", "replications": 8},
                    "workloads": {)" +
                    workloads + R"(}, "services": {)" + services + "}" + more + "}");
  Diagnostics diagnostics;
  const auto plan = read_scenario(file, {}, diagnostics);
  INFO(diagnostics.text());
  REQUIRE(plan);
  return *plan;
}

std::string poisson(const std::string& name, const std::string& rate,
                    const std::string& more = "") {
  return "\"" + name + R"(": {"target": "app", "arrivals": {"poisson": ")" + rate + "\"}" + more +
         "}";
}
std::string station(const std::string& more, const std::string& work = R"({"exp": "10ms"})") {
  return R"("app": {"kind": "server", "service_time": )" + work + ", " + more + "}";
}

/// Every form that is given holds in a run; the models, by service.
std::vector<std::string> models_that_agree(const ScenarioPlan& plan) {
  const Summary summary = summarize(plan, run_study(plan, {}));
  std::vector<std::string> models;
  for (const HeldTheory& held : held_theories(plan, summary)) {
    INFO(held.theory.service << ": " << held.theory.model << " " << held.theory.why_not);
    CHECK(!held.theory.model.empty());
    CHECK(held.agrees == true);
    models.push_back(held.theory.model);
  }
  return models;
}

using Models = std::vector<std::string>;

TEST_CASE("a short queue is M/M/c/K, its loss and the sojourn of those served") {
  const auto plan =
      scenario_of(poisson("w", "350/s"), station(R"("concurrency": 4, "queue_limit": 6)"));
  CHECK(models_that_agree(plan) == Models{"M/M/4/10"});
  const auto full =
      scenario_of(poisson("w", "150/s"), station(R"("concurrency": 1, "queue_limit": 3)"));
  CHECK(models_that_agree(full) == Models{"M/M/1/4"});
}

TEST_CASE("who leaves after an exponential time makes it Erlang A") {
  const auto plan = scenario_of(poisson("w", "420/s", R"(, "patience": {"exp": "20ms"})"),
                                station(R"("concurrency": 4, "queue_limit": "unlimited")"));
  CHECK(models_that_agree(plan) == Models{"M/M/4+M (Erlang A)"});
}

TEST_CASE("priorities and shared cores have their forms") {
  const auto two = scenario_of(
      poisson("urgent", "20/s", R"(, "priority": 2)") + "," + poisson("other", "50/s"),
      station(R"("concurrency": 1, "discipline": "priority", "queue_limit": "unlimited")",
              R"({"gamma": {"mean": "10ms", "cv": 0.5}})"));
  CHECK(models_that_agree(two) == Models{"M/G/1 with 2 priorities"});
  const auto shared = scenario_of(
      poisson("w", "70/s"),
      station(R"("concurrency": "unlimited", "cores": 1, "discipline": "processor_sharing")",
              R"({"hyperexp": [{"p": 0.9, "mean": "5ms"}, {"p": 0.1, "mean": "55ms"}]})"));
  CHECK(models_that_agree(shared) == Models{"M/G/1 processor sharing"});
}

TEST_CASE("users that think and one station are a closed network") {
  const auto plan = scenario_of(
      R"("w": {"target": "app", "arrivals": {"closed": {"users": 12, "think_time": {"uniform": ["50ms", "150ms"]}}}})",
      station(R"("concurrency": 2)"));
  CHECK(models_that_agree(plan) == Models{"closed M/M/2 of 12 users"});
  // Two ways to the same: the mean value analysis that `explain` prints.
  const auto form = closed_form_of(plan);
  REQUIRE(form);
  CHECK(closed_network(form->stations, form->think_s, form->users).response ==
        Approx(*theories(plan).at(0).sojourn_mean_s));
}

TEST_CASE("servers that call one another are a Jackson network") {
  const auto plan = scenario_of(
      poisson("w", "60/s"),
      R"("app": {"kind": "server", "concurrency": "unlimited", "cores": 1, "endpoints": {"call": [
           {"cpu": {"exp": "10ms"}}, {"call": "db"},
           {"choose": [{"p": 0.5, "do": [{"call": "log"}]}, {"p": 0.5, "do": []}]}]}},
         "db": {"kind": "server", "concurrency": 2, "service_time": {"exp": "25ms"}, "queue_limit": "unlimited"},
         "log": {"kind": "server", "concurrency": 1, "service_time": {"exp": "20ms"}, "queue_limit": "unlimited"})");
  CHECK(models_that_agree(plan) == Models{"M/M/1 in a Jackson network",
                                          "M/M/2 in a Jackson network",
                                          "M/M/1 in a Jackson network"});
}

TEST_CASE("where no form applies the reason is told") {
  const auto why = [](const std::string& workloads, const std::string& services,
                      const std::string& more = "") {
    return theories(scenario_of(workloads, services, more)).at(0).why_not;
  };
  const std::string one = R"("concurrency": 1)";
  CHECK(why(poisson("w", "50/s"), station(one + R"(, "replicas": 2)")) == "several replicas");
  CHECK(why(poisson("w", "50/s", R"(, "timeout": "1s")"), station(one)) ==
        "its callers have a timeout");
  CHECK(why(R"("w": {"target": "app", "arrivals": {"constant": "50/s"}})", station(one)) ==
        "arrivals that are not Poisson");
  CHECK(why(poisson("w", "50/s"), station(one + R"(, "discipline": "shortest_first")")) ==
        "an order that has no closed form here");
  CHECK(why(poisson("w", "50/s"), station(R"("concurrency": 3)", "\"10ms\"")) ==
        "several servers and work that is not exponential");
  CHECK(why(poisson("w", "50/s"), station(one),
            R"(, "failures": [{"every": "1h", "repair": "1min", "kill": "app"}])") == "failures");
  CHECK(why(poisson("w", "101/s"), station(one)) ==
        "a long queue that fills up: its steady state is far away");
}

}  // namespace
}  // namespace headroom
