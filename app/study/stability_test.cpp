#include "app/study/stability.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

using Json = nlohmann::json;

/// 100 `times` as many requests a second for 100 s, a failure from 20 s to 30 s, then so many in
/// time.
RunResult made(std::uint32_t after, std::uint32_t before = 100, std::uint32_t times = 1) {
  RunResult run = made_run(100);
  for (int second = 0; second < 100; ++second) {
    const std::uint32_t in_time = second < 20 ? before : second < 30 ? 0 : after;
    run.workloads[0].by_second.push_back(
        {times * in_time, times * (100 - in_time), times * in_time});
  }
  run.failures.push_back({0, measured_at(20), measured_at(30)});
  return run;
}

TEST_CASE("a run stays down where the last quarter is far from what was before") {
  CHECK(stays_down(made(100), 0) == false);
  CHECK(stays_down(made(91), 0) == false);
  // Counts scatter: 17 s at 89/s are not surely below 90 % of 100/s, at a hundred times as many
  // are.
  CHECK(stays_down(made(89), 0) == false);
  CHECK(stays_down(made(78), 0) == true);
  CHECK(stays_down(made(89, 100, 100), 0) == true);
  CHECK(stays_down(made(91, 100, 100), 0) == false);
  CHECK(stays_down(made(0), 0) == true);
  // What was no better before did not need the trigger.
  CHECK(stays_down(made(80, 80), 0) == true);
  CHECK_FALSE(stays_down(made(100), 1));
  RunResult early = made(100);
  early.failures[0].begin = measured_at(0.5);
  CHECK_FALSE(stays_down(early, 0));
  RunResult late = made(100);
  late.failures[0].end = measured_at(99);
  CHECK_FALSE(stays_down(late, 0));
  // Down for long, up again in time.
  RunResult slow = made(0);
  for (std::size_t second = 80; second < 100; ++second)
    slow.workloads[0].by_second[second] = {100, 0, 100};
  CHECK(stays_down(slow, 0) == false);
}

TEST_CASE("a cell counts its runs, with Wilson's interval; the map finds its edge") {
  const StabilityCell none = stability_cell(0, 0, std::vector<RunResult>(10, made(100)), 0);
  CHECK(none.down == 0);
  CHECK(*none.probability.low == 0);
  // Wilson 1927: with z = 1.96, 0 of 10 allows for z^2 / (n + z^2).
  CHECK(*none.probability.high == Approx(3.8415 / 13.8415).epsilon(1e-4));
  StabilityMap map;
  map.loads = {"1", "2", "3"};
  map.triggers = {"1s", "2s"};
  const int down[3][2] = {{0, 0}, {0, 3}, {1, 10}};
  for (std::size_t load = 0; load < 3; ++load)
    for (std::size_t trigger = 0; trigger < 2; ++trigger)
      map.cells.push_back({load, trigger, 10, static_cast<std::uint64_t>(down[load][trigger]), {}});
  CHECK(map.always_recovers(0) == 1);
  CHECK(map.always_recovers(1) == 0);
  CHECK(map.always_recovers() == 0);
  CHECK(map.first_to_stay_down() == 1);
  map.cells[0].down = 1;
  CHECK_FALSE(map.always_recovers());
}

// Source: Bronson and others 2021, sec. 2.1: one retry doubles the load, so a server of 300/s that
// was stopped recovers below 150/s and never does above.
TEST_CASE("the metastable case: from below half the capacity it always recovers, above never") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({
    "headroom": 1, "name": "storm", "run": {"warmup": "10s", "duration": "300s", "replications": 5},
    "workloads": {"w": {"target": "db", "arrivals": {"poisson": "100/s"}, "timeout": "1s",
      "retry": {"attempts": 2, "backoff": "0s"}}},
    "services": {"db": {"kind": "server", "service_time": {"exp": "3333333ns"}, "concurrency": 1,
      "queue_limit": "unlimited"}},
    "failures": [{"at": "20s", "for": "10s", "pause": "db"}]})");
  const std::vector<std::string> words{
      "stability", file, "--vary", "run.load=1,1.35,1.6,2.5", "--trigger", "10s,500ms", "--json"};
  const Answer answer = run_headroom(words);
  REQUIRE(answer.code == 0);
  const Json map = Json::parse(answer.out)["stability"];
  CHECK(map["always_recovers"] == 1.35);
  CHECK(map["first_to_stay_down"] == 1.6);
  CHECK(map["by_trigger"][1]["trigger"] == "10s");
  for (const auto& cell : map["cells"]) {
    // Half a second is less than the clients wait: nothing happens at a load that has reserve.
    if (cell["trigger"] == "500ms" && cell["load"] < 2) CHECK(cell["down"] == 0);
    if (cell["trigger"] != "10s") continue;
    CHECK(cell["down"] == (cell["load"] > 1.5 ? 5 : 0));
    // Of five without an exception nobody knows more.
    const bool always = cell["down"] == 5;
    CHECK(cell["probability"]["low"].get<double>() == Approx(always ? 0.5655 : 0).margin(0.001));
    CHECK(cell["probability"]["high"].get<double>() == Approx(always ? 1 : 0.4345).margin(0.001));
  }
  auto one = words;
  one.insert(one.end(), {"--jobs", "1"});
  CHECK(run_headroom(one).out == answer.out);
}

TEST_CASE("stability says what it needs") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const Answer without = run_headroom({"stability", file});
  CHECK(without.code == 2);
  CHECK(without.err.find("no failure") != std::string::npos);
}

}  // namespace
}  // namespace headroom
