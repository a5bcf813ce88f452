// What is told of those who publish: on screen, in JSON and in the report.
#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

using Json = nlohmann::json;

namespace {

/// 10 messages a second for a queue across a line of 100 ms, one way.
std::string across(const std::string& of_publish, const std::string& of_queue) {
  return R"({"headroom": 1, "name": "far", "zones": ["here", "there"],
    "run": {"warmup": "10s", "duration": "100s", "replications": 2},
    "network": {"here <-> there": {"latency": "100ms"}},
    "workloads": {"w": {"target": "app", "arrivals": {"constant": "10/s"}}},
    "services": {
      "app": {"kind": "server", "zones": ["here"], "concurrency": 100, "endpoints": {"call": [
        {"publish": "jobs")" +
         of_publish + R"(}]}},
      "jobs": {"kind": "queue", "zones": ["there"])" +
         of_queue + R"(},
      "crew": {"kind": "worker", "zones": ["there"], "consumes": "jobs", "concurrency": 10,
        "service_time": "1ms"}}})";
}

Json told_of(const std::string& scenario) {
  const Folder folder;
  const Answer answer = run_headroom(
      {"run", folder.write("s.json", scenario), "--json", "--exit-zero", "-o", folder.file("out")});
  INFO(answer.out << answer.err);
  REQUIRE(answer.code == 0);
  CHECK(folder.read("out/report.html").find("What their publishers know") != std::string::npos);
  return Json::parse(answer.out)["services"]["jobs"];
}

double count(const Json& jobs, const char* key) {
  return jobs["publishers"][key]["value"];
}

}  // namespace

TEST_CASE("A publisher that waits long enough knows that its messages are safe") {
  const Json jobs = told_of(across("", ""));
  CHECK(count(jobs, "offered") == Approx(1000).margin(1));
  CHECK(count(jobs, "acknowledged") == Approx(1000).margin(3));
  CHECK(count(jobs, "failed") == 0);
  CHECK(count(jobs, "unknown") == 0);
  CHECK(count(jobs, "waiting") == Approx(2).margin(1));  // 10/s x 200 ms
}

TEST_CASE("A publisher that gives up sooner knows nothing of messages that are all worked on") {
  // Three attempts, each given up after 150 ms of the 200 that an answer takes, and each stored.
  const Json jobs =
      told_of(across(R"(, "timeout": "150ms", "retry": {"attempts": 3, "backoff": "10ms"})", ""));
  CHECK(count(jobs, "offered") == Approx(3000).margin(6));
  CHECK(count(jobs, "acknowledged") == 0);
  CHECK(count(jobs, "unknown") == Approx(3000).margin(6));
  CHECK(count(jobs, "unknown_stored") == count(jobs, "unknown"));
  CHECK(double(jobs["consumed"]["value"]) == Approx(3000).margin(9));
}

TEST_CASE("A publisher that dies while it waits knows nothing of what is stored all the same") {
  // Each of five deaths finds the two messages of the last 200 ms without an answer.
  std::string scenario = across("", "");
  scenario.insert(scenario.rfind('}'), R"(, "failures": [)");
  for (int at = 10; at < 60; at += 10)
    scenario.insert(scenario.rfind('}'), fmt::format(R"({}{{"at": "{}.05s", "for": "5s",
      "kill": "app"}})",
                                                     at > 10 ? "," : "", at));
  scenario.insert(scenario.rfind('}'), "]");
  const Json jobs = told_of(scenario);
  CHECK(count(jobs, "offered") == Approx(750).margin(1));
  CHECK(count(jobs, "unknown") == 10);
  CHECK(count(jobs, "unknown_stored") == 10);
  CHECK(count(jobs, "acknowledged") == Approx(740).margin(3));
}

TEST_CASE("A publisher is told of a queue that is full, and nothing of it is stored") {
  // Each worker instance that is there has one; nobody works on them, so that five more may wait.
  std::string scenario = across("", R"(, "capacity": 5, "prefetch": 1)");
  const std::string work = R"("service_time": "1ms")";
  scenario.replace(scenario.find(work), work.size(), R"("service_time": "1h")");
  const std::string warmup = R"("warmup": "10s")";
  scenario.replace(scenario.find(warmup), warmup.size(), R"("warmup": "0s")");
  const Json jobs = told_of(scenario);
  CHECK(count(jobs, "acknowledged") == 6);
  CHECK(count(jobs, "failed") == Approx(1000 - 6).margin(3));
  CHECK(count(jobs, "failed_stored") == 0);
  CHECK(double(jobs["produced"]["value"]) == 6);
}

TEST_CASE("What publishers know is on the screen") {
  const Folder folder;
  const std::string file = folder.write("s.json", across("", ""));
  const Answer answer = run_headroom({"run", file, "--exit-zero", "--no-color"});
  INFO(answer.out << answer.err);
  CHECK(answer.out.find("PUBLISHERS") != std::string::npos);
}

}  // namespace headroom
