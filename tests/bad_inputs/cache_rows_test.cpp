// Mistakes in key spaces and caches, and what a user is told.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;
using bad_inputs::Row;
using bad_inputs::Said;

namespace {

const std::string good = R"({
  "headroom": 1, "name": "cached", "run": { "duration": "10s", "warmup": "1s" },
  "keys": { "item": { "count": 1000, "zipf": 0.9 } },
  "workloads": { "users": { "target": "app", "arrivals": { "poisson": "10/s" } } },
  "services": {
    "app": { "kind": "server", "concurrency": 10, "endpoints": { "call": [
      { "call": "cache", "op": "get", "key": "item",
        "on_miss": [ { "call": "db", "op": "read", "key": "item" }, { "call": "cache", "op": "set", "key": "item" } ] } ] } },
    "cache": { "kind": "cache", "concurrency": 1, "service_time": "1ms", "capacity": 100 },
    "db": { "kind": "server", "concurrency": 2, "service_time": "5ms" }
  },
  "failures": [ { "at": "5s", "flush": "cache" } ]
}
)";

void check_rows(const std::vector<Row>& rows, bool are_errors) {
  const Folder folder;
  for (const Row& row : rows)
    bad_inputs::check_row(folder, row, bad_inputs::changed_by(row, good), are_errors);
}

const std::string cache_end = "\"capacity\": 100 }";

}  // namespace

TEST_CASE("the cached scenario that the rows spoil is right") {
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, good);
  INFO(said.text());
  CHECK(said.accepted);
  CHECK(said.diagnostics.all().empty());
}

TEST_CASE("a cache that writes to a database need not say that it writes") {
  std::string changed = good;
  const auto replace = [&](const std::string& from, const std::string& to) {
    changed.replace(changed.find(from), from.size(), to);
  };
  replace("\"kind\": \"server\", \"concurrency\": 2, \"service_time\": \"5ms\"",
          "\"kind\": \"database\", \"concurrency\": 2, \"service_time\": { \"read\": \"5ms\", "
          "\"write\": "
          "\"5ms\" }");
  replace(cache_end, "\"capacity\": 100, \"write\": \"behind\", \"store\": { \"call\": \"db\" } }");
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, changed);
  INFO(said.text());
  CHECK(said.accepted);
  CHECK(said.diagnostics.all().empty());
  replace("\"store\": { \"call\": \"db\" }", "\"store\": { \"call\": \"db.read\" }");
  CHECK_FALSE(bad_inputs::said_of(folder, changed).accepted);
}

TEST_CASE("key spaces that cannot be") {
  check_rows({{"\"count\": 1000", "\"count\": 0", "/keys/item/count", "", "1 to"},
              {"\"zipf\": 0.9", "\"zipf\": 1e6", "/keys/item/zipf", "", "20"},
              {"\"zipf\": 0.9", "\"zipf\": -1", "/keys/item/zipf", "", ""},
              {"\"count\": 1000, \"zipf\": 0.9", "\"replay\": \"none.csv\"", "/keys/item/replay",
               "there is no file", "folder of the scenario"},
              {"\"zipf\": 0.9", "\"hot\": { \"share\": \"20%\", \"count\": 1000 }",
               "/keys/item/hot/count", "leaves no other key", "fewer"},
              {"\"key\": \"item\",\n", "\"key\": \"itm\",\n", "/services/app/endpoints/call/0/key",
               "there is no key space \"itm\"", "did you mean \"item\""}},
             true);
}

TEST_CASE("caches that cannot be") {
  check_rows(
      {{", " + cache_end, " }", "/services/cache", "", ""},
       {cache_end, "\"capacity\": 100, \"hit_ratio\": 0.9 }", "/services/cache/hit_ratio", "", ""},
       {cache_end, "\"capacity\": 100, \"eviction\": \"lur\" }", "/services/cache/eviction", "lur",
        "did you mean \"lru\""},
       {cache_end, "\"capacity\": 100, \"stampede\": \"early_expiry\" }",
        "/services/cache/stampede", "none does without a `ttl`", "ttl"},
       {cache_end, "\"capacity\": 100, \"ttl\": \"1s\", \"stampede\": \"stale_while_revalidate\" }",
        "/services/cache/stampede", "for how long", "stale_for"},
       {cache_end, "\"capacity\": 100, \"write\": \"behind\" }", "/services/cache/write",
        "where to", "store"},
       {cache_end,
        "\"capacity\": 100, \"write\": \"through\", \"store\": { \"call\": \"cache\" } }",
        "/services/cache/store/call", "is a cache, not a store", ""},
       {cache_end, "\"hit_ratio\": 1.5 }", "/services/cache/hit_ratio", "", ""},
       {cache_end, "\"capacity\": 100, \"ttl\": 10 }", "/services/cache/ttl", "", "10"}},
      true);
}

TEST_CASE("stores and hosts of caches that cannot be") {
  const std::string local = "\"capacity\": 100, \"local_to\": ";
  check_rows({{cache_end,
               "\"capacity\": 100, \"write\": \"through\", \"store\": { \"call\": \"db.put\" } }",
               "/services/cache/store/call", "has no endpoint \"put\"", ""},
              {cache_end, local + "\"ap\" }", "/services/cache/local_to",
               "there is no service \"ap\"", "did you mean \"app\""},
              {cache_end, local + "\"cache\" }", "/services/cache/local_to", "is no server", ""},
              {cache_end, local + "\"db\" }", "/services/app/endpoints/call/0/call",
               "only \"db\" can ask \"cache\"", "call \"db\""},
              {cache_end, local + "\"app\", \"replicas\": 2 }", "/services/cache/replicas",
               "\"app\" has 1 replica, with", "\"replicas\": 1"},
              {cache_end, local + "\"app\", \"zones\": [\"local\"] }", "/services/cache/zones",
               "it is where \"app\" is", ""}},
             true);
}

TEST_CASE("calls of caches that cannot be") {
  const std::string call = "/services/app/endpoints/call/0";
  check_rows(
      {{"\"op\": \"get\", ", "", call + "/call", "what does this do", "\"op\": \"get\""},
       {"\"op\": \"get\"", "\"op\": \"read\"", call + "/on_miss", "only a get can miss", ""},
       {"\"call\": \"cache\", \"op\": \"get\"", "\"call\": \"cache.set\", \"op\": \"get\"",
        call + "/op", "says \"set\" already", ""},
       {"\"call\": \"cache\", \"op\": \"get\"", "\"call\": \"db\", \"op\": \"get\"",
        call + "/on_miss", "\"db\" is no cache", ""},
       {"\"key\": \"item\",\n", "\n", call + "/call", "which key of cache", "item"},
       {"\"flush\": \"cache\"", "\"flush\": \"db\"", "/failures/0/flush", "is no cache", ""},
       {"\"at\": \"5s\", \"flush\"", "\"at\": \"5s\", \"for\": \"1s\", \"flush\"",
        "/failures/0/for", "over at once", ""},
       {"\"failures\": [",
        "\"slos\": { \"hits\": { \"service\": \"db\", \"require\": \"hit_ratio > 50%\" } }, "
        "\"failures\": [",
        "/slos/hits/require", "is no cache", "cache"},
       {"\"failures\": [",
        "\"slos\": { \"old\": { \"workload\": \"users\", \"require\": \"stale_reads < 1%\" } }, "
        "\"failures\": [",
        "/slos/old/require", "of a cache", "service"}},
      true);
}

TEST_CASE("one workload with keys does not speak for another that comes to the same call") {
  std::string mixed = good;
  const auto replace = [&](const std::string& from, const std::string& to) {
    mixed.replace(mixed.find(from), from.size(), to);
  };
  replace("\"key\": \"item\",\n", "\n");
  replace("\"users\": {", "\"users\": { \"key\": \"item\",");
  const Folder folder;
  CHECK(bad_inputs::said_of(folder, mixed).accepted);
  const Row bare{"\"workloads\": {",
                 "\"workloads\": { \"bare\": { \"target\": \"app\", \"arrivals\": "
                 "{ \"poisson\": \"1/s\" } },",
                 "/services/app/endpoints/call/0/call", "which key of cache", "item"};
  bad_inputs::check_row(folder, bare, bad_inputs::changed_by(bare, mixed), true);
}

TEST_CASE("what is seldom meant of caches") {
  check_rows(
      {{"\"capacity\": 100", "\"capacity\": 0", "/services/cache/capacity", "every get misses", ""},
       {", { \"call\": \"cache\", \"op\": \"set\", \"key\": \"item\" }", "",
        "/services/app/endpoints/call/0/on_miss", "missed again", "set"},
       {"\"item\": { \"count\": 1000", "\"other\": { \"count\": 5 }, \"item\": { \"count\": 1000",
        "/keys/other", "nobody asks", ""},
       {cache_end, "\"capacity\": 100, \"look_again_after\": \"1ms\" }",
        "/services/cache/look_again_after", "stampede lease", ""},
       {cache_end, "\"capacity\": 100, \"ttl_jitter\": 0.1 }", "/services/cache/ttl_jitter",
        "does nothing here", ""}},
      false);
}
