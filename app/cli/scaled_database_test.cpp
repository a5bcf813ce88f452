// A database whose shards an autoscaler adds and removes.
#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

using Json = nlohmann::json;

namespace {

/// 30,000 keys of 1 kB on two shards at first, read and written 100 times a second.
std::string scaled(const std::string& by, const std::string& autoscale) {
  return R"({"headroom": 1, "name": "scaled", "run": {"warmup": "0s", "duration": "300s",
      "replications": 2}, "keys": {"item": {"count": 30000, "value_size": "1kB"}},
    "workloads": {"w": {"target": "db", "mix": {"read": "50%", "write": "50%"}, "key": "item",
      "arrivals": {"poisson": "100/s"}, "sessions": {"count": 10}}},
    "services": {"db": {"kind": "database", "history": 10000, "concurrency": 1,
      "service_time": {"read": "1ms", "write": "2ms"}, "moves": {"throttle": "1MB/s"},
      "shards": {"count": 2, "by": ")" +
         by + R"("}, "autoscale": )" + autoscale + "}}}";
}

struct Seen {
  Json summary;
  std::vector<Json> events;
};

Seen seen_in(const std::string& scenario) {
  const Folder folder;
  const Answer answer = run_headroom(
      {"run", folder.write("s.json", scenario), "--json", "--exit-zero", "-o", folder.file("out")});
  INFO(answer.out << answer.err);
  REQUIRE(answer.code == 0);
  Seen seen{Json::parse(answer.out), {}};
  std::istringstream lines(folder.read("out/events.jsonl"));
  for (std::string line; std::getline(lines, line);)
    seen.events.push_back(Json::parse(line));
  return seen;
}

constexpr const char* by_schedule = R"({"min": 2, "max": 2, "target_utilization": "50%",
    "startup": "5s", "scheduled": [{"at": "30s", "min": 4, "max": 4},
                                   {"at": "150s", "min": 2, "max": 2}]})";

}  // namespace

TEST_CASE("Scaled shards move the keys that residues say, and clients see one register each") {
  const Seen seen = seen_in(scaled("hash", by_schedule));
  const Json& db = seen.summary["services"]["db"];
  CHECK(double(db["rebalances"]["value"]) == 4);
  // From n to n + 1 residues, and back, n of n + 1 keys change their shard: 2/3 and 3/4, twice.
  CHECK(double(db["moved_keys"]["value"]) == Approx(30000 * 2 * (2 / 3.0 + 3 / 4.0)).epsilon(0.02));
  CHECK(double(db["moved_bytes"]["value"]) >= 1000 * double(db["moved_keys"]["value"]));
  CHECK(double(seen.summary["workloads"]["w"]["error_rate"]["value"]) < 0.001);
  const Json& checked = seen.summary["consistency"]["db"];
  CHECK(checked["linearizable"] == "yes");
  CHECK(checked["lost_writes"] == 0);
}

TEST_CASE("Shards with copies are scaled, away and back again, and nobody notices") {
  const char* away_and_back = R"({"min": 3, "max": 3, "target_utilization": "50%",
      "startup": "5s", "scheduled": [{"at": "30s", "min": 2, "max": 2},
                                     {"at": "150s", "min": 3, "max": 3}]})";
  for (const std::string protocol : {"raft", "semi_sync", "quorum"}) {
    std::string scenario = scaled("hash", away_and_back);
    scenario.replace(scenario.find(R"("count": 2)"), 10, R"("count": 3)");
    scenario.insert(scenario.find(R"("history")"),
                    R"("replicas": 3, "replication": {"protocol": ")" + protocol + R"("}, )");
    INFO(protocol);
    const Seen seen = seen_in(scenario);
    const Json& db = seen.summary["services"]["db"];
    CHECK(double(db["rebalances"]["value"]) == 2);
    CHECK(double(db["moved_keys"]["value"]) == Approx(30000 * 2 * 2 / 3.0).epsilon(0.02));
    CHECK(double(db["moved_bytes"]["value"]) >= 3 * 1000 * double(db["moved_keys"]["value"]));
    CHECK(double(db["instances"]["value"]) > 3 * 2);
    CHECK(double(db["instances"]["value"]) < 3 * 3);
    // Who comes back is a new shard: it neither elects anybody nor was it missed meanwhile.
    if (protocol != "quorum") {
      CHECK(double(db["elections"]["value"]) == 0);
      CHECK(double(db["unavailable_s"]["value"]) == 0);
    }
    CHECK(double(seen.summary["workloads"]["w"]["error_rate"]["value"]) < 0.001);
    const Json& checked = seen.summary["consistency"]["db"];
    CHECK(checked["linearizable"] == "yes");
    CHECK(checked["lost_writes"] == 0);
  }
}

TEST_CASE("A shard is as busy as its busiest copy") {
  // Two leaders have 150 ms of work a second, 7.5 % each; the others only write, 5 % each.
  for (const auto& [target, more] : {std::pair{"7%", true}, std::pair{"8%", false}}) {
    std::string scenario = scaled("consistent_hash", fmt::format(R"({{"min": 2, "max": 3,
        "target_utilization": "{}", "tolerance": "1%", "interval": "250s", "startup": "1s"}})",
                                                                 target));
    scenario.insert(scenario.find(R"("history")"),
                    R"("replicas": 3, "replication": {"protocol": "raft"}, )");
    const Seen seen = seen_in(scenario);
    INFO(target);
    CHECK((double(seen.summary["services"]["db"]["scale_ups"]["value"]) > 0) == more);
  }
}

TEST_CASE("What is scaled is paid for as long as it is there, moves of its keys included") {
  const Seen seen = seen_in(scaled("consistent_hash", by_schedule));
  double adds_end = 0, begins = 0;
  for (const Json& event : seen.events) {
    if (event["event"] == "rebalance began") ++begins;
    if (event["event"] == "rebalance ended" && event["time_s"] < 150) adds_end = event["time_s"];
  }
  CHECK(begins == 4);
  CHECK(adds_end > 35);
  std::vector<double> stops;
  for (const Json& event : seen.events)
    if (event["event"] == "shard stopped") stops.push_back(event["time_s"]);
  REQUIRE(stops.size() == 2);
  // Two all the time; two that start at 30 s, and stop when their keys have gone. The second of
  // them is up from when its turn comes; a replication of two has its own times.
  const double most = (2 * 300 + (stops[0] - 30) + (stops[1] - 30)) / 300;
  const double instances = seen.summary["services"]["db"]["instances"]["value"];
  CHECK(instances <= most * 1.02);
  CHECK(instances >= most - (adds_end - 30) / 300 - 0.02);
}

TEST_CASE("While keys move nothing is decided") {
  // 150 ms of work a second in two shards are far above a target of 3 %, and one comes at a time.
  const Seen seen = seen_in(scaled("consistent_hash", R"({"min": 2, "max": 8, "startup": "0s",
      "target_utilization": "3%", "interval": "1s",
      "behavior": {"scale_up": {"policies": [{"instances": 1, "period": "1s"}]}}})"));
  bool moves = false;
  std::size_t ups = 0;
  for (const Json& event : seen.events) {
    if (event["event"] == "rebalance began") moves = true;
    if (event["event"] == "rebalance ended") moves = false;
    if (event["event"] != "scaled up") continue;
    ++ups;
    CHECK_FALSE(moves);
  }
  CHECK(ups >= 2);
}

}  // namespace headroom
