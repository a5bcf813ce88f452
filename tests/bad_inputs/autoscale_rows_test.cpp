// Mistakes in how pools are scaled, and what a user is told.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;
using bad_inputs::Row;
using bad_inputs::Said;

namespace {

const std::string pools = R"({
  "headroom": 1, "name": "pools", "run": { "duration": "10s", "warmup": "1s" },
  "keys": { "item": { "count": 1000 } },
  "workloads": { "users": { "target": "app", "arrivals": { "poisson": "10/s" } } },
  "services": {
    "app": { "kind": "server", "concurrency": 10, "endpoints": { "call": [
      { "call": "cache", "op": "get", "key": "item", "on_miss": [ { "call": "db", "op": "read", "key": "item" },
                                                                { "call": "cache", "op": "set", "key": "item" } ] } ] },
      "autoscale": { "min": 2, "max": 8, "target_utilization": "50%", "startup": "1s", "behavior": {
        "scale_up": { "policies": [ { "instances": 2, "period": "30s" }, { "percent": "50%", "period": "1min" } ] },
        "scale_down": { "stabilization": "1min", "select_policy": "min" } } } },
    "cache": { "kind": "cache", "concurrency": 2, "capacity": 100, "service_time": "1ms",
      "autoscale": { "min": 1, "max": 4, "target_queue": 5, "startup": "1s" } },
    "db": { "kind": "database", "concurrency": 10, "service_time": { "read": "1ms", "write": "1ms" } }
  }
}
)";

void check_pool_rows(const std::vector<Row>& rows) {
  const Folder folder;
  for (const Row& row : rows)
    bad_inputs::check_row(folder, row, bad_inputs::changed_by(row, pools), true);
}

const std::string scale = "/services/app/autoscale";
const std::string policies = scale + "/behavior/scale_up/policies/";

}  // namespace

TEST_CASE("the scenario of pools is good") {
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, pools);
  INFO(said.text());
  CHECK(said.accepted);
}

TEST_CASE("a warm-up is not found where something comes at a fixed time") {
  const Folder folder;
  const Row automatic{R"("warmup": "1s")", R"("warmup": "auto")", "", "", ""};
  const std::string steady = bad_inputs::changed_by(automatic, pools);
  CHECK(bad_inputs::said_of(folder, steady).accepted);
  const Row scaled{R"("startup": "1s", "behavior")",
                   R"("startup": "1s", "scheduled": [ { "at": "5s", "min": 3 } ], "behavior")",
                   "/run/warmup", "\"app\" is scaled at fixed times", "write a time"};
  bad_inputs::check_row(folder, scaled, bad_inputs::changed_by(scaled, steady), true);
}

TEST_CASE("what a pool cannot be told") {
  check_pool_rows(
      {{R"("startup": "1s", "behavior")",
        R"("startup": "1s", "scale_down_stabilization": "2min", "behavior")",
        scale + "/scale_down_stabilization", "no effect beside \"behavior\"", "stabilization"},
       {R"({ "instances": 2, "period": "30s" })", R"({ "period": "30s" })", policies + "0",
        "instances", ""},
       {R"({ "instances": 2, "period": "30s" })",
        R"({ "instances": 2, "percent": "10%", "period": "30s" })", policies + "0/percent",
        "instances", ""},
       {R"("instances": 2, "period": "30s")", R"("instances": 2)", policies + "0", "period", ""},
       {R"("instances": 2, "period": "30s")", R"("instances": 2, "period": "1h")",
        policies + "0/period", "out of range", "30min"},
       {R"("instances": 2)", R"("instances": 0)", policies + "0/instances", "out of range", "1 to"},
       {R"("percent": "50%")", R"("percent": "0%")", policies + "1/percent", "", ""},
       {R"("select_policy": "min")", R"("select_policy": "mn")",
        scale + "/behavior/scale_down/select_policy", "", "min"},
       {R"("scale_down": { "stab)", R"("scale_dwn": { "stab)", scale + "/behavior/scale_dwn",
        "unknown key", "scale_down"},
       {R"("stabilization": "1min")", R"("stabilization": "2h")",
        scale + "/behavior/scale_down/stabilization", "out of range", "1h"},
       {R"("concurrency": 2, "capacity": 100)",
        R"("concurrency": 2, "replicas": 9, "capacity": 100)", "/services/cache/replicas",
        "not between 1 and 4", "leave it out"},
       {R"("concurrency": 2, "capacity": 100)", R"("concurrency": "unlimited", "capacity": 100)",
        "/services/cache/autoscale/target_queue", "nobody ever waits", "concurrency"},
       {R"("db": { "kind": "database",)",
        R"("db": { "kind": "database", "replicas": 3, "replication": { "protocol": "chain" }, "autoscale": { "min": 1, "max": 2, "target_queue": 5, "startup": "1s" },)",
        "/services/db/autoscale", "comes back into a chain", "strict quorum"},
       {R"("db": { "kind": "database",)",
        R"("db": { "kind": "database", "replicas": 3, "replication": { "protocol": "raft" }, "membership": [ { "at": "1s", "add": 1 } ], "autoscale": { "min": 1, "max": 2, "target_queue": 5, "startup": "1s" },)",
        "/services/db/autoscale", "cannot both change", "leave out"},
       {R"("db": { "kind": "database",)",
        R"("db": { "kind": "database", "rebalance": [ { "at": "1s", "add": 1 } ], "autoscale": { "min": 1, "max": 2, "target_queue": 5, "startup": "1s" },)",
        "/services/db/autoscale", "says already", "one of the two"},
       {R"("db": { "kind": "database",)",
        R"("db": { "kind": "database", "shards": { "count": 5 }, "autoscale": { "min": 1, "max": 4, "target_queue": 5, "startup": "1s" },)",
        "/services/db/shards/count", "not between 1 and 4", "leave it out"}});
}
