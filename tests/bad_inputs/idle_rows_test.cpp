// Settings that nothing looks at: each is told, with its place and why, and none that does
// something.
#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"
#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;
using bad_inputs::Row;
using bad_inputs::Said;

namespace {

const std::string plain = R"({
  "headroom": 1, "name": "plain", "run": { "duration": "10s", "warmup": "1s" },
  "workloads": { "users": { "target": "lb", "arrivals": { "poisson": "10/s" }, "timeout": "1s" } },
  "services": {
    "lb": { "kind": "load_balancer", "to": "app" },
    "app": { "kind": "server", "replicas": 2, "concurrency": 10, "endpoints": { "call": [
      { "cpu": "1ms" }, { "call": "back" }, { "publish": "jobs" } ] } },
    "back": { "kind": "server", "concurrency": "unlimited", "service_time": "1ms" },
    "jobs": { "kind": "queue", "dead_letter": "parked", "max_deliveries": 3 },
    "parked": { "kind": "queue" },
    "crew": { "kind": "worker", "consumes": "jobs", "concurrency": 2, "service_time": "5ms" }
  }
}
)";

const std::string user = R"("arrivals": { "poisson": "10/s" }, "timeout": "1s")";
const std::string users = "/workloads/users/";
const std::string call = "/services/app/endpoints/call/1/";

/// A workload that says one thing more.
Row of_user(const std::string& more, const std::string& key, const std::string& why) {
  return {user, user + ", " + more, users + key, why, ""};
}

void check_warned(const std::vector<Row>& rows) {
  const Folder folder;
  for (const Row& row : rows)
    bad_inputs::check_row(folder, row, bad_inputs::changed_by(row, plain), false);
}

/// No setting of the changed scenario is idle.
void check_silent(const std::vector<Row>& rows) {
  const Folder folder;
  for (const Row& row : rows) {
    const Said said = bad_inputs::said_of(folder, bad_inputs::changed_by(row, plain));
    INFO(row.with << "\n" << said.text());
    CHECK(said.accepted);
    CHECK_FALSE(said.says("does nothing here"));
  }
}

}  // namespace

TEST_CASE("in a plain scenario nothing is idle") {
  check_silent({{R"("plain")", R"("plain")", "", "", ""}});
}

TEST_CASE("settings of a workload that nothing looks at") {
  check_warned({
      of_user(R"("size": "1kB")", "size", "without links"),
      of_user(R"("reply_size": "1kB")", "reply_size", "without links"),
      of_user(R"("clients": 5)", "clients", "no state"),
      of_user(R"("sessions": { "count": 5 })", "sessions", "nothing looks at sessions"),
      of_user(R"("priority": 5)", "priority", "no server looks at priorities"),
      {user, R"("arrivals": { "poisson": "10/s" }, "propagate_deadline": true)",
       users + "propagate_deadline", "no deadline to pass on", "timeout"},
      {R"("users": { "target": "lb")",
       R"("more": { "target": "back", "patience": "1s", "arrivals": { "poisson": "1/s" } },
          "users": { "target": "lb")",
       "/workloads/more/patience", "nobody ever waits", ""},
  });
}

TEST_CASE("the same settings where something looks at them") {
  const std::string links = R"("network": { "same zone": { "latency": "1ms" } }, "workloads")";
  check_silent({
      {R"("workloads": { "users": {)", links + R"(: { "users": { "size": "1kB",)", "", "", ""},
      of_user(R"("clients": 5, "bulkhead": { "concurrency": 3 })", "", ""),
      of_user(R"("clients": 5, "sessions": { "count": 9 }, "rate_limit": { "rate": "5/s" })", "",
              ""),
      of_user(R"("patience": "1s")", "", ""),
      of_user(R"("propagate_deadline": true)", "", ""),
  });
}

TEST_CASE("sessions count where a balancer keeps them together") {
  const Folder folder;
  std::string text =
      bad_inputs::changed_by(of_user(R"("sessions": { "count": 5 })", "", ""), plain);
  const std::string to = R"("to": "app" })";
  text.replace(text.find(to), to.size(), R"("to": "app", "sticky": "session" })");
  const Said said = bad_inputs::said_of(folder, text);
  INFO(said.text());
  CHECK(said.accepted);
  CHECK_FALSE(said.says("does nothing here"));
}

TEST_CASE("clients and sessions count where a server is fair by client") {
  const Folder folder;
  for (const char* of_users : {R"("clients": 5)", R"("sessions": { "count": 5 })"}) {
    std::string text = bad_inputs::changed_by(of_user(of_users, "", ""), plain);
    const std::string app = R"("app": { "kind": "server",)";
    text.replace(text.find(app), app.size(), app + R"("discipline": "fair", "fair_by": "client",)");
    const Said said = bad_inputs::said_of(folder, text);
    INFO(said.text());
    CHECK(said.accepted);
    CHECK_FALSE(said.says("does nothing here"));
  }
}

TEST_CASE("load multiplies nothing where every workload is closed") {
  check_warned({{R"("run": { "duration": "10s", "warmup": "1s" },
  "workloads": { "users": { "target": "lb", "arrivals": { "poisson": "10/s" })",
                 R"("run": { "duration": "10s", "warmup": "1s", "load": 2 },
  "workloads": { "users": { "target": "lb",
    "arrivals": { "closed": { "users": 3, "think_time": "1s" } })",
                 "/run/load", "every workload is closed", "users"}});
}

TEST_CASE("settings of services that nothing looks at") {
  const std::string back = R"("concurrency": "unlimited", "service_time")";
  const std::string queue = R"("dead_letter": "parked", "max_deliveries": 3)";
  check_warned({
      {back, R"("queue_limit": 5, )" + back, "/services/back/queue_limit", "unlimited slots", ""},
      {back, R"("discipline": "lifo", )" + back, "/services/back/discipline", "nobody ever", ""},
      {back, R"("fair_by": "client", )" + back, "/services/back/fair_by", "nobody takes turns",
       "discipline"},
      {back, R"("admission": { "codel": {} }, )" + back, "/services/back/admission/codel",
       "nobody ever", ""},
      {back, R"("brownout": { "target": "1s" }, )" + back, "/services/back/brownout", "optional",
       ""},
      {R"({ "call": "back" })", R"({ "call": "back", "optional": true })", call + "optional",
       "brownout", ""},
      {R"({ "call": "back" })", R"({ "call": "back", "size": "1kB" })", call + "size",
       "without links", ""},
      {R"("to": "app" })", R"("to": "app", "slow_start": "5s" })", "/services/lb/slow_start",
       "no replica is known", "health_check"},
      {queue, R"("dead_letter": "parked")", "/services/jobs/dead_letter", "ever put aside",
       "max_deliveries"},
      {queue, queue + R"(, "ack": "auto")", "/services/jobs/max_deliveries", "handed out again",
       ""},
      {queue, queue + R"(, "replica_timeout": "5s")", "/services/jobs/replica_timeout", "one copy",
       ""},
      {R"("replicas": 2,)",
       R"("autoscale": { "min": 2, "max": 2, "target_utilization": "50%", "startup": "1s" },)",
       "/services/app/autoscale/max", "always 2 instances", ""},
  });
}

TEST_CASE("a scenario that is written out with its defaults warns of none of them") {
  namespace fs = std::filesystem;
  const Folder folder;
  const fs::path gallery = fs::path(HEADROOM_SOURCE_DIR) / "scenarios";
  for (const auto& entry : fs::directory_iterator(gallery))
    if (entry.path().extension() != ".json")
      fs::copy_file(entry.path(), fs::path(folder.path()) / entry.path().filename(),
                    fs::copy_options::overwrite_existing);
  std::size_t looked_at = 0;
  for (const auto& entry : fs::directory_iterator(gallery)) {
    if (entry.path().extension() != ".json") continue;
    headroom::Diagnostics diagnostics;
    const auto plan = headroom::read_scenario(entry.path().string(), {}, diagnostics);
    if (!plan || diagnostics.warning_count() > 0) continue;
    ++looked_at;
    const auto full = headroom::resolved(headroom::with_defaults(*plan)).dump(2);
    const Said said = bad_inputs::said_of(folder, full);
    INFO(entry.path().filename() << "\n" << said.text());
    CHECK(said.accepted);
    CHECK(said.diagnostics.warning_count() == 0);
  }
  CHECK(looked_at > 20);
}

TEST_CASE("settings of client policies that nothing looks at") {
  check_warned({
      of_user(R"("retry": { "attempts": 2, "backoff": "1ms", "multiplier": 3 })",
              "retry/multiplier", "one pause"),
      of_user(R"("circuit_breaker": { "consecutive": 5, "min_calls": 50 })",
              "circuit_breaker/min_calls", "failure_ratio"),
      of_user(R"("circuit_breaker": { "consecutive": 5, "window": "1s" })",
              "circuit_breaker/window", "failure_ratio"),
  });
}

TEST_CASE("a service that counts as a note by its name is told so") {
  const Folder folder;
  const Row row{R"("back": { "kind")", R"("x-back": { "kind")", call + "call", "no service", ""};
  std::string text = bad_inputs::changed_by(row, plain);
  text.replace(text.find(R"("call": "back")"), 14, R"("call": "x-back")");
  const Row said{"", "", call + "call", "there is no service \"x-back\"", "x- are notes"};
  bad_inputs::check_row(folder, said, text, true);
}

TEST_CASE("where what excludes another key comes from an extended file, both places are told") {
  const Folder folder;
  folder.put("base.json", plain);
  const std::string text = R"({"extends": "base.json", "services": {"crew": {"service_time":
      {"exp": "1ms"}}, "back": {"service_time": {"exp": "1ms"}}}})";
  folder.put("middle.json", text);
  const Said said = bad_inputs::said_of(folder, R"({"extends": "middle.json", "services": {"back":
      {"service_time": {"lognormal": {"mean": "2ms", "cv": 1}}}}})");
  INFO(said.text());
  CHECK_FALSE(said.accepted);
  CHECK(said.says("\"exp\" and \"lognormal\" exclude each other"));
  CHECK(said.says("\"exp\" was given at "));
  CHECK(said.says("middle.json:2:50; \"exp\": null beside this takes it out"));
  // The message stands in the file that extends, whatever the order of the keys.
  const Said other = bad_inputs::said_of(
      folder, R"({"extends": "base.json", "services": {"app": {"service_time": "1ms"}}})");
  INFO(other.text());
  CHECK(other.says("s.json:1:47: error"));
  CHECK(other.says("\"endpoints\" was given at "));
  CHECK(other.says("base.json:6:"));
}
