// Requests that nobody will ever answer: on screen and in JSON.
#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

using Json = nlohmann::json;

namespace {

Json told_of(const Json& scenario) {
  const Folder folder;
  const Answer answer =
      run_headroom({"run", folder.write("s.json", scenario.dump()), "--json", "--exit-zero"});
  INFO(answer.out << answer.err);
  REQUIRE(answer.code == 0);
  return Json::parse(answer.out);
}

/// Clients of a tier that is killed at 20 s of 60 for two seconds, and says nothing meanwhile.
Json killed_silently(const Json& arrivals) {
  return {{"headroom", 1},
          {"name", "silent"},
          {"run", {{"warmup", "5s"}, {"duration", "60s"}, {"replications", 2}}},
          {"workloads", {{"w", {{"target", "s"}, {"arrivals", arrivals}}}}},
          {"services",
           {{"s",
             {{"kind", "server"},
              {"concurrency", "unlimited"},
              {"crash", "silent"},
              {"service_time", {{"exp", "200ms"}}}}}}},
          {"failures", {{{"at", "20s"}, {"for", "2s"}, {"kill", "s"}}}},
          {"slos",
           {{"available", {{"workload", "w"}, {"require", "availability > 99%"}}},
            {"meanwhile",
             {{"workload", "w"}, {"require", "error_rate < 50%"}, {"during", "failures"}}}}}};
}

std::uint64_t outcome(const Json& told, const char* name) {
  return told["workloads"]["w"]["outcomes"][name];
}

std::uint64_t killed(const Json& told) {
  return told["services"]["s"]["drops"]["killed"];
}

std::string verdict(const Json& told, const char* slo) {
  return told["slos"][slo]["verdict"];
}

}  // namespace

TEST_CASE("Users who wait for ever are unknown, however few") {
  const Json told =
      told_of(killed_silently({{"closed", {{"users", 4}, {"think_time", {{"exp", "500ms"}}}}}}));
  CHECK(outcome(told, "unknown") == 2 * 4);
  CHECK(killed(told) == 2 * 4);
  CHECK(verdict(told, "meanwhile") == "missed");
}

TEST_CASE("Each request that a silent crash swallows is unknown, and missed while it lasted") {
  const Json told = told_of(killed_silently({{"poisson", "100/s"}}));
  CHECK(outcome(told, "unknown") > 300);
  CHECK(outcome(told, "unknown") == killed(told));
  CHECK(verdict(told, "available") == "missed");
  CHECK(verdict(told, "meanwhile") == "missed");
}

TEST_CASE("Who has a timeout knows, also of requests whose timeout is after the end") {
  Json scenario = killed_silently({{"constant", "100/s"}});
  scenario["workloads"]["w"]["timeout"] = "5s";
  scenario["failures"][0]["at"] = "58s";
  const Json told = told_of(scenario);
  CHECK(outcome(told, "unknown") == 0);
  CHECK(outcome(told, "timeout") == 0);
  CHECK(killed(told) > 300);
}

TEST_CASE("A tier in front that waits in vain keeps its slots, and its callers wait with it") {
  Json scenario = killed_silently({{"constant", "100/s"}});
  scenario["workloads"]["w"]["target"] = "front";
  const Json call = {{"call", "s"}};
  // Half of what comes fans out; the other branch is soon done.
  const Json fan = {{"parallel", {{call}, {{{"wait", "1ms"}}}}}};
  scenario["services"]["front"] = {
      {"kind", "server"},
      {"concurrency", 1000},
      {"endpoints",
       {{"call",
         {{{"choose", {{{"p", "50%"}, {"do", {call}}}, {{"p", "50%"}, {"do", {fan}}}}}}}}}}};
  const Json told = told_of(scenario);
  CHECK(outcome(told, "unknown") > 300);
  CHECK(outcome(told, "unknown") == killed(told));
}

TEST_CASE("A queue at the end is no error") {
  Json scenario = killed_silently(
      {{"stages",
        {{{"duration", "63s"}, {"target", "10/s"}}, {{"duration", "0s"}, {"target", "1000/s"}}}},
       {"start", "10/s"}});
  scenario.erase("failures");
  scenario.erase("slos");
  auto& server = scenario["services"]["s"];
  server["concurrency"] = 5;
  server["queue_limit"] = "unlimited";
  server["service_time"] = {{"exp", "10ms"}};
  const Json told = told_of(scenario);
  CHECK(outcome(told, "unknown") == 0);
  CHECK(outcome(told, "ok") > 1000);
  CHECK(told["workloads"]["w"]["error_rate"]["value"] == 0);
}

}  // namespace headroom
