// Mistakes in shards of databases, in changes of them, and in goals about them.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;
using bad_inputs::Row;
using bad_inputs::Said;

namespace {

const std::string good = R"({
  "headroom": 1, "name": "stored", "run": { "duration": "10s", "warmup": "1s" },
  "zones": ["a", "b"],
  "network": { "same zone": { "latency": "1ms" }, "* <-> *": { "latency": "1ms" } },
  "keys": { "customer": { "count": 1000 }, "order": { "count": 1000 } },
  "workloads": { "users": { "zone": "a", "target": "lb", "arrivals": { "poisson": "10/s" } } },
  "services": {
    "lb": { "kind": "load_balancer", "zones": ["a", "b"], "replicas": 3, "to": "app" },
    "app": { "kind": "server", "zones": ["a"], "concurrency": 10, "endpoints": { "call": [
      { "call": "db", "op": "read", "key": "customer" }, { "call": "db", "op": "write", "key": "order" } ] } },
    "db": { "kind": "database", "zones": ["a"], "shards": { "count": 4, "by": "consistent_hash", "key": "customer" },
            "replicas": 3, "replication": { "protocol": "raft" },
            "concurrency": 1, "service_time": { "read": "1ms", "write": "1ms" },
            "rebalance": [ { "at": "2s", "add": 1 } ] }
  },
  "slos": { "each": { "service": "db", "shard": "each", "require": "p99 < 1s" } }
}
)";

void check_rows(const std::vector<Row>& rows, bool are_errors) {
  const Folder folder;
  for (const Row& row : rows)
    bad_inputs::check_row(folder, row, bad_inputs::changed_by(row, good), are_errors);
}

}  // namespace

TEST_CASE("the stored scenario that the rows spoil is right") {
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, good);
  INFO(said.text());
  CHECK(said.accepted);
  CHECK(said.diagnostics.all().empty());
}

TEST_CASE("shards that cannot be") {
  check_rows({{"\"key\": \"customer\" },\n", "\"key\": \"custmer\" },\n", "/services/db/shards/key",
               "there is no key space \"custmer\"", "did you mean \"customer\""},
              {"\"count\": 4", "\"count\": 0", "/services/db/shards/count", "", "1 to"},
              {"\"protocol\": \"raft\"", "\"protocol\": \"chain\"", "/services/db/rebalance",
               "would lose keys", "raft"},
              {"\"protocol\": \"raft\"", "\"protocol\": \"quorum\", \"conflict\": \"siblings\"",
               "/services/db/rebalance", "siblings have none", "last writer wins"},
              {"\"protocol\": \"raft\"", "\"protocol\": \"quorum\", \"conflict\": \"sibling\"",
               "/services/db/replication/conflict", "", "did you mean \"siblings\""},
              {"\"protocol\": \"raft\"", "\"protocol\": \"multi_leader\"", "/services/db/rebalance",
               "every copy takes writes by itself", "async"},
              {"\"protocol\": \"raft\"", "\"protocol\": \"gossip_crdt\"", "/services/db/rebalance",
               "every copy takes writes by itself", "strict quorum"},
              {"\"protocol\": \"raft\"", "\"protocol\": \"quorum\", \"sloppy\": true",
               "/services/db/rebalance", "would not move", "strict quorum"},
              {"\"protocol\": \"raft\"", "\"protocol\": \"quorum\", \"hinted_handoff\": true",
               "/services/db/rebalance", "would not move", "strict quorum"},
              {"\"add\": 1", "\"split\": 9", "/services/db/rebalance/0/split",
               "there is no shard 9", "numbered from 0"},
              {"\"add\": 1", "\"add\": 1, \"remove\": 0", "/services/db/rebalance/0/remove",
               "exclude each other", ""}},
             true);
}

TEST_CASE("a heartbeat comes before the shortest election timeout") {
  const std::string part = R"("protocol": "raft")", at = "/services/db/replication/";
  const std::string uniform = R"(, "election_timeout": {"uniform": ["150ms", "300ms"]})";
  check_rows({{part, part + uniform + R"(, "heartbeat": "200ms")", at + "heartbeat",
               "no sooner than copies give their leader up", "shortest election timeout"},
              {part, part + uniform + R"(, "heartbeat": "150ms")", at + "heartbeat", "", ""},
              {part, part + R"(, "heartbeat": "150ms")", at + "heartbeat", "", ""},
              {part, part + R"(, "election_timeout": {"exp": "200ms"})", at + "election_timeout",
               "no heartbeat comes before it", "shifted"},
              {part, part + R"(, "heartbeat": "1ms", "election_timeout": {"exp": "200ms"})",
               at + "election_timeout", "no heartbeat comes before it", "shifted"}},
             true);
  const Folder folder;
  const Row fine{part, part + uniform + R"(, "heartbeat": "149ms")", "", "", ""};
  CHECK(bad_inputs::said_of(folder, bad_inputs::changed_by(fine, good)).accepted);
}

TEST_CASE("changes of copies that cannot be") {
  const std::string shards = R"("rebalance": [ { "at": "2s", "add": 1 } ])";
  const auto row = [&](const std::string& changes, const std::string& at,
                       const std::string& message, const std::string& hint) {
    return Row{shards, "\"membership\": [ " + changes + " ]", "/services/db/membership" + at,
               message, hint};
  };
  check_rows(
      {row(R"({ "at": "2s", "remove": 3 })", "/0/remove", "there is no copy 3 at that time",
           "numbered from 0"),
       row(R"({ "at": "2s", "replace": 0 }, { "at": "3s", "remove": 0 })", "/1/remove",
           "there is no copy 0 at that time", "the next numbers"),
       row(R"({ "at": "2s", "remove": 0 }, { "at": "2s", "remove": 1 }, { "at": "2s", "remove": 2 })",
           "/2/remove", "the last copy cannot be removed", "replace it"),
       row(R"({ "at": "2s", "add": 62 })", "", "65 copies of a shard", "64 at most"),
       row(R"({ "at": "2s", "add": 1, "shard": 4 })", "/0/shard", "there is no shard 4", "0 to 3"),
       row(R"({ "at": "2s", "add": 1 }, { "at": "1s", "add": 1 })", "/1/at", "before the change",
           "order of time"),
       row(R"({ "at": "2s", "add": 1, "remove": 0 })", "/0/remove", "exclude each other", ""),
       row(R"({ "at": "2s", "ad": 1 })", "/0/ad", "unknown key \"ad\"", "did you mean"),
       row(R"({ "at": "2s", "add": 1, "throttle": "0MB/s" })", "/0/throttle", "", "above"),
       {shards, "\"membership\": [ { \"at\": \"2s\", \"add\": 1 } ], " + shards,
        "/services/db/membership", "not both", "leave out"},
       {R"("raft" },
            "concurrency": 1, "service_time": { "read": "1ms", "write": "1ms" },
            )" +
            shards,
        R"("sync" },
            "concurrency": 1, "service_time": { "read": "1ms", "write": "1ms" },
            "membership": [ { "at": "2s", "add": 1 } ])",
        "/services/db/membership", "who they are", "raft"}},
      true);
}

TEST_CASE("goals about shards that cannot be") {
  check_rows(
      {{"\"shard\": \"each\"", "\"shard\": 5", "/slos/each/shard", "has no shard 5", "0 to 4"},
       {"\"shard\": \"each\"", "\"shard\": -1", "/slos/each/shard", "", ""},
       {"\"shard\": \"each\"", "\"shard\": \"eech\"", "/slos/each/shard", "", "each"},
       {"\"service\": \"db\", \"shard\"", "\"service\": \"app\", \"shard\"", "/slos/each/shard",
        "is no database", "leave"},
       {"\"service\": \"db\", \"shard\"", "\"workload\": \"users\", \"shard\"", "/slos/each/shard",
        "only a database has shards", "service"},
       {"p99 < 1s", "stale_reads < 1%", "/slos/each/require", "of the whole service", "p"}},
      true);
}

TEST_CASE("balancers of several instances that cannot be") {
  check_rows(
      {{"\"replicas\": 3, \"to\"", "\"replicas\": 0, \"to\"", "/services/lb/replicas", "", "1 to"},
       {"\"replicas\": 3, \"to\"", "\"replicas\": 2.5, \"to\"", "/services/lb/replicas", "", ""}},
      true);
  check_rows({{"\"replicas\": 3, \"to\"", "\"replicas\": 1, \"to\"", "/services/lb/zones",
               "none stands in \"b\"", ""}},
             false);
}

TEST_CASE("what is seldom meant of shards") {
  const Folder folder;
  const Row no_change{",\n            \"rebalance\": [ { \"at\": \"2s\", \"add\": 1 } ]", "", "",
                      "", ""};
  const Row row{"\"count\": 4, \"by\": \"consistent_hash\", \"key\"", "\"key\"",
                "/services/db/shards/key", "there is one shard", ""};
  bad_inputs::check_row(
      folder, row, bad_inputs::changed_by(row, bad_inputs::changed_by(no_change, good)), false);
}
