#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

TEST_CASE("What a fallback answers is not asked of the service, however much arithmetic asks") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "spared",
    "run": {"warmup": "5s", "duration": "60s", "replications": 2},
    "workloads": {"w": {"target": "f", "arrivals": {"poisson": "150/s"}}},
    "services": {
      "f": {"kind": "server", "concurrency": "unlimited", "endpoints": {"call": [
        {"call": "app", "rate_limit": {"rate": "50/s"}, "fallback": [{"wait": "1ms"}]}]}},
      "app": {"kind": "server", "service_time": {"exp": "10ms"}, "concurrency": 1}}})");
  const Answer answer = run_headroom({"run", file, "--json"});
  INFO(answer.out << answer.err);
  CHECK(answer.code == 0);
  const auto result = nlohmann::json::parse(answer.out);
  CHECK(result["settled"] == true);
  CHECK(result["services"]["app"]["utilization"]["value"] < 0.6);
}

using Json = nlohmann::json;

TEST_CASE("Where nobody may wait nothing grows, also exactly at capacity") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "full",
    "run": {"warmup": "1s", "duration": "20s", "replications": 2},
    "workloads": {"w": {"target": "app", "arrivals": {"constant": "10/s"}}},
    "services": {"app": {"kind": "server", "service_time": "100ms", "concurrency": 1, "queue_limit": 0}}})");
  const Json result = Json::parse(run_headroom({"run", file, "--json"}).out);
  CHECK(result["settled"] == true);
  CHECK(result["workloads"]["w"]["served_per_s"]["value"] == 10);
  CHECK(result["workloads"]["w"]["latency_s"]["mean"]["value"] == Approx(0.1));
}

TEST_CASE("Of services that are full the one that is full first is the bottleneck") {
  const Folder folder;
  for (const bool front_first : {true, false}) {
    const std::string front = R"("front": {"kind": "server", "concurrency": 20, "queue_limit": 10,
      "endpoints": {"call": [{"wait": "1ms"}, {"call": "back"}]}})";
    const std::string back =
        R"("back": {"kind": "server", "concurrency": 1, "service_time": {"exp": "10ms"}})";
    const std::string file = folder.write(
        "s.json", R"({"headroom": 1, "name": "full",
      "run": {"warmup": "5s", "duration": "20s", "replications": 2},
      "workloads": {"w": {"target": "front", "arrivals": {"poisson": "200/s"}}}, "services": {)" +
                      (front_first ? front + ", " + back : back + ", " + front) + "}}");
    const Json result = Json::parse(run_headroom({"run", file, "--json"}).out);
    CHECK(result["services"]["front"]["utilization"]["value"] > 0.99);
    CHECK(result["bottleneck"]["name"] == "back");
    CHECK(result["bottleneck"]["ceiling_per_s"] == Approx(100));
  }
}

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

TEST_CASE("who is refused while all replicas are drained has a cause") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "drained",
    "run": {"warmup": "0s", "duration": "30s", "replications": 2},
    "workloads": {"w": {"target": "app", "arrivals": {"poisson": "50/s"}}},
    "services": {"app": {"kind": "server", "replicas": 2, "concurrency": 1, "service_time": "1ms"}},
    "failures": [{"at": "10s", "for": "10s", "drain": "app"}]})");
  const auto summary = Json::parse(run_headroom({"run", file, "--json"}).out);
  const double rejected = summary["workloads"]["w"]["outcomes"]["rejected"];
  CHECK(rejected > 500);
  CHECK(summary["services"]["app"]["drops"]["no_backend"] == rejected);
}

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

// A third of the answers are errors; what clients do instead takes 20 ms and fails one time in
// four.
const char* const falling_back = R"({
  "headroom": 1, "name": "falling back",
  "run": {"warmup": "1s", "duration": "300s", "replications": 4},
  "workloads": {"w": {"target": "shop", "arrivals": {"poisson": "100/s"}, "timeout": "1s",
    "fallback": [{"wait": "20ms"}, {"call": "backup"}]}},
  "services": {
    "shop": {"kind": "server", "concurrency": "unlimited", "endpoints": {"call": [
      {"wait": "10ms"}, {"fail": {"p": 0.3}}]}},
    "backup": {"kind": "server", "concurrency": "unlimited", "endpoints": {"call": [
      {"fail": {"p": 0.25}}]}}}})";

TEST_CASE("a client without a good answer does something else, and is late by that") {
  const Folder folder;
  const std::string scenario = folder.write("s.json", falling_back);
  const Answer answer = run_headroom({"run", scenario, "--json"});
  REQUIRE(answer.code == 0);
  const auto summary = Json::parse(answer.out);
  const auto& seen = summary["workloads"]["w"];
  const double requests = 100 * 300;
  const double fallbacks = seen["policies"]["fallbacks"]["value"];
  CHECK(std::abs(fallbacks - 0.3 * requests) < 4 * std::sqrt(0.3 * requests / 4));
  CHECK(seen["error_rate"]["value"].get<double>() == Approx(0.3 * 0.25).epsilon(0.06));
  CHECK(seen["latency_s"]["p50"]["value"].get<double>() == Approx(0.01).epsilon(0.01));
  CHECK(seen["latency_s"]["p99"]["value"].get<double>() == Approx(0.03).epsilon(0.01));
  CHECK(seen["attempts_per_request"]["value"] == 1);
  CHECK(summary["services"]["backup"]["arrivals_per_s"]["value"].get<double>() ==
        Approx(fallbacks / 300).epsilon(1e-3));
  CHECK_FALSE(summary["services"].contains("w fallback"));

  SECTION("nothing is enough, and the same bytes come again from the resolved scenario") {
    const Answer empty = run_headroom({"run", scenario, "--set", "workloads.w.fallback=[]", "--set",
                                       "services.backup=null", "--json"});
    REQUIRE(empty.code == 0);
    CHECK(Json::parse(empty.out)["workloads"]["w"]["error_rate"]["value"] == 0);
    REQUIRE(run_headroom({"run", scenario, "-o", folder.file("results")}).code == 0);
    CHECK(run_headroom({"replay", folder.file("results")}).code == 0);
  }
  SECTION("what it calls must be there") {
    const Answer wrong =
        run_headroom({"check", scenario, "--set", "workloads.w.fallback=[{\"call\": \"bakcup\"}]"});
    CHECK(wrong.code == 2);
    CHECK(wrong.err.find("backup") != std::string::npos);
  }
}

}  // namespace headroom
