// Mistakes in brokers, workers and what is published, and what a user is told.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;
using bad_inputs::Row;
using bad_inputs::Said;

namespace {

const std::string orders = R"({
  "headroom": 1, "name": "orders", "run": { "duration": "10s", "warmup": "1s" },
  "workloads": { "users": { "target": "app", "arrivals": { "poisson": "10/s" } } },
  "services": {
    "app": { "kind": "server", "concurrency": 10, "endpoints": { "call": [
      { "publish": "jobs" }, { "publish": "events" } ] } },
    "jobs": { "kind": "queue", "capacity": 100, "dead_letter": "parked" },
    "parked": { "kind": "queue" },
    "events": { "kind": "log", "partitions": 4, "replicas": 3, "min_insync": 2, "groups": { "mail": {} } },
    "crew": { "kind": "worker", "consumes": "jobs", "concurrency": 2, "on_error": "dead_letter", "service_time": "5ms" },
    "mailer": { "kind": "worker", "consumes": "events", "group": "mail", "concurrency": 2, "service_time": "5ms" }
  },
  "slos": { "prompt": { "queue": "jobs", "require": "p95_lag < 5s" } }
}
)";

void check_message_rows(const std::vector<Row>& rows, bool are_errors) {
  const Folder folder;
  for (const Row& row : rows)
    bad_inputs::check_row(folder, row, bad_inputs::changed_by(row, orders), are_errors);
}

const std::string step = "/services/app/endpoints/call/0";

}  // namespace

TEST_CASE("the scenario of messages is good") {
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, orders);
  INFO(said.text());
  CHECK(said.accepted);
  CHECK(said.diagnostics.all().empty());
}

TEST_CASE("a goal can be of one consumer group, and the leader of a queue can fail") {
  const Folder folder;
  std::string text = orders;
  const std::string of_queue = R"("queue": "jobs", "require")", slos = R"("slos": {)";
  text.replace(text.find(of_queue), of_queue.size(),
               R"("queue": "events", "group": "mail", "require")");
  text.replace(text.find(slos), slos.size(),
               R"("failures": [ { "at": "1s", "for": "1s", "kill": "jobs.leader" } ], "slos": {)");
  const Said said = bad_inputs::said_of(folder, text);
  INFO(said.text());
  CHECK(said.accepted);
}

TEST_CASE("who publishes to what, and who works on it") {
  check_message_rows(
      {{R"({ "publish": "jobs" })", R"({ "publish": "crew" })", step + "/publish",
        "neither a queue nor a log", ""},
       {R"({ "publish": "jobs" })", R"({ "publish": "jbos" })", step + "/publish",
        "no service \"jbos\"", "jobs"},
       {R"({ "publish": "jobs" })", R"({ "call": "jobs" })", step + "/call", "is a broker",
        R"({"publish": "jobs"})"},
       {R"({ "publish": "jobs" })", R"({ "call": "crew" })", step + "/call", "is a worker",
        R"({"publish": "jobs"})"},
       {R"(, { "publish": "events" })", "", "/services/events", "nobody publishes to", "publish"},
       {R"("consumes": "jobs")", R"("consumes": "app")", "/services/crew/consumes",
        "neither a queue nor a log", ""},
       {R"("consumes": "jobs")", R"("consumes": "jbos")", "/services/crew/consumes",
        "no service \"jbos\"", "jobs"},
       {R"("consumes": "jobs", )", "", "/services/crew", "consumes", ""},
       {R"("target": "app")", R"("target": "crew")", "/workloads/users/target", "is a worker",
        "jobs"},
       {R"("consumes": "events", "group": "mail")", R"("consumes": "jobs", "group": "mail")",
        "/services/mailer/group", "groups are of a log", ""},
       {R"("consumes": "events", "group": "mail")", R"("consumes": "parked")", "/services/events",
        "nobody consumes", "worker"},
       {R"("group": "mail")", R"("group": "mial")", "/services/mailer/group", "no group \"mial\"",
        "mail"},
       {R"({ "mail": {} })", R"({ "mail": {}, "audit": {} })", "/services/events/groups/audit",
        "no worker is in group", "audit"}},
      true);
}

TEST_CASE("a name of something else may be meant for one that is near") {
  const Folder folder;
  std::string text = orders;
  text.insert(text.find(R"("workloads")"), R"("keys": {"job": {"count": 9}}, )");
  text =
      bad_inputs::changed_by({R"("consumes": "jobs")", R"("consumes": "job")", "", "", ""}, text);
  const Said said = bad_inputs::said_of(folder, text);
  INFO(said.text());
  CHECK(said.says(R"("job" is a key space; did you mean "jobs"?)"));
}

TEST_CASE("what a broker or a worker cannot be told") {
  check_message_rows(
      {{R"("capacity": 100)", R"("capacity": 100, "redeliver_after": "1us")",
        "/services/jobs/redeliver_after", "", "1ms"},
       {R"("replicas": 3, "min_insync": 2)", R"("replicas": 3, "min_insync": 4)",
        "/services/events/min_insync", "asks for 4 of 3 replicas", "refused"},
       {R"("replicas": 3)", R"("replicas": 3, "brokers": 2)", "/services/events/replicas",
        "3 copies of a partition on 2 brokers", ""},
       {R"("dead_letter": "parked")", R"("dead_letter": "events")", "/services/jobs/dead_letter",
        "is no queue", "queue"},
       {R"(, "dead_letter": "parked")", "", "/services/crew/on_error", "no queue for dead letters",
        "dead_letter"},
       {R"("dead_letter": "parked")", R"("dead_letter": "jobs")", "/services/jobs/dead_letter",
        "circle", ""},
       {R"("capacity": 100)", R"("capacity": 0)", "/services/jobs/capacity", "", ""},
       {R"("partitions": 4)", R"("partitions": 0)", "/services/events/partitions", "", ""},
       {R"("partitions": 4)", R"("acks": "some")", "/services/events/acks", "", "all"},
       {R"("concurrency": 2, "on_error": "dead_letter")",
        R"("concurrency": 2, "retry_after": "0s", "on_error": "dead_letter")",
        "/services/crew/retry_after", "", ""},
       {R"("service_time": "5ms" },
    "mailer")",
        R"("endpoints": { "a": [ { "cpu": "1ms" } ], "b": [ { "cpu": "1ms" } ] } },
    "mailer")",
        "/services/crew/endpoints", "one thing with each message", ""},
       {R"("queue": "jobs")", R"("queue": "app")", "/slos/prompt/queue",
        "neither a queue nor a log", ""},
       {R"("queue": "jobs")", R"("workload": "users")", "/slos/prompt/require", "of a queue or log",
        "queue"},
       {R"("queue": "jobs")", R"("queue": "jobs", "group": "mail")", "/slos/prompt/group",
        "no consumer groups", "leave"},
       {R"("queue": "jobs")", R"("queue": "events", "group": "mial")", "/slos/prompt/group",
        "no consumer group \"mial\"", "mail"},
       {R"("queue": "jobs", "require": "p95_lag < 5s")",
        R"("workload": "users", "group": "mail", "require": "p95 < 5s")", "/slos/prompt/group",
        "only a log has consumer groups", "queue"},
       {R"("queue": "jobs", "require": "p95_lag < 5s")",
        R"("queue": "events", "group": "mail", "require": "error_rate < 5%")",
        "/slos/prompt/require", "of the whole log", "pNN_lag"},
       {R"("slos": {)", R"("failures": [ { "at": "1s", "kill": "events.leader" } ], "slos": {)",
        "/failures/0/kill", "4 partitions, each with a leader", "events[0]"},
       {R"("slos": {)", R"("failures": [ { "at": "1s", "kill": "crew.leader" } ], "slos": {)",
        "/failures/0/kill", "nobody leads \"crew\"", "crew[0]"}},
      true);
}

TEST_CASE("what is allowed and seldom meant of messages") {
  check_message_rows(
      {{R"("group": "mail")", R"("group": "mail", "replicas": 6)", "/services/mailer/replicas",
        "2 have nothing to do", "one worker of a group at a time"},
       {R"("mailer": { "kind": "worker", "consumes": "events", "group": "mail", "concurrency": 2)",
        R"("pigeon": { "kind": "worker", "consumes": "events", "group": "mail", "replicas": 4,
             "concurrency": 1, "service_time": "5ms" },
           "mailer": { "kind": "worker", "consumes": "events", "group": "mail", "concurrency": 2)",
        "/services/mailer/replicas",
        "5 workers share 4 partitions of \"events\": 1 have nothing to do",
        "one worker of a group at a time"},
       {R"("group": "mail", "concurrency": 2)", R"("group": "mail", "concurrency": 7)",
        "/services/mailer/concurrency",
        "7 slots of a worker that gets 4 of 4 partitions of \"events\" at most: 3 are never busy",
        "one piece of work at a time"},
       {R"("on_error": "dead_letter")", R"("on_error": "dead_letter", "retry_after": "3s")",
        "/services/crew/retry_after", "belongs to on_error retry", ""},
       {R"("concurrency": 10, "endpoints")", R"("concurrency": 10, "cores": 2, "endpoints")",
        "/services/app/cores", "no step works on a core", "cpu"},
       {R"("concurrency": 10, "endpoints")", R"("concurrency": 10, "lifo_beyond": 5, "endpoints")",
        "/services/app/lifo_beyond", "adaptive_lifo", ""},
       {R"("target": "app")", R"("target": "app", "priority": 2)", "/workloads/users/priority",
        "no server looks at priorities", "discipline"},
       {R"("min_insync": 2)", R"("min_insync": 2, "acks": "leader")", "/services/events/min_insync",
        "does nothing", ""},
       {R"("min_insync": 2)", R"("min_insync": 2, "batch": 10)", "/services/events/batch",
        "every message goes at once", ""}},
      false);
}
