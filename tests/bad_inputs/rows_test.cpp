// The rows of mistakes that people make: each is refused (or warned of) at its place, with what to
// change.
#include <catch2/catch.hpp>

#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;
using bad_inputs::Row;
using bad_inputs::Said;

namespace {

/// A scenario that is right, with parts replaced: `with` takes the place of `part`.
struct Change {
  std::string part, with;
};
std::string shop(const std::vector<Change>& changes = {}) {
  std::string text = R"({
  "headroom": 1, "name": "shop",
  "run": { "duration": "10s", "seed": 1 },
  "zones": ["home", "away"],
  "network": { "home <-> away": { "latency": "1ms" } },
  "workloads": {
    "users": { "target": "lb", "arrivals": { "poisson": "80/s" },
               "mix": { "browse": "90%", "buy": "10%" } } },
  "services": {
    "lb": { "kind": "load_balancer", "to": "app", "policy": "power_of_two" },
    "app": { "kind": "server", "replicas": 3, "concurrency": 4, "zones": ["home", "away"],
      "endpoints": { "browse": [ { "cpu": "5ms" } ], "buy": [ { "call": "db.write" } ] } },
    "db": { "kind": "server", "concurrency": 2,
      "endpoints": { "write": [ { "cpu": "5ms" } ], "read": [] } } },
  "failures": [ { "at": "5s", "for": "1s", "kill": "app[1]" } ],
  "slos": { "fast": { "workload": "users", "endpoint": "buy", "require": "p99 < 1s" } }
}
)";
  for (const Change& change : changes) {
    const auto at = text.find(change.part);
    REQUIRE(at != std::string::npos);
    text.replace(at, change.part.size(), change.with);
  }
  return text;
}

void check_rows(const std::vector<Row>& rows, bool are_errors) {
  const Folder folder;
  for (const Row& row : rows)
    bad_inputs::check_row(folder, row, shop({{row.part, row.with}}), are_errors);
}

}  // namespace

TEST_CASE("the scenario that the rows spoil is right") {
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, shop());
  INFO(said.text());
  CHECK(said.accepted);
}

TEST_CASE("references to what does not exist") {
  check_rows({{"\"target\": \"lb\"", "\"target\": \"lbb\"", "/workloads/users/target",
               "there is no service \"lbb\"", "did you mean \"lb\""},
              {"\"db.write\"", "\"db.wirte\"", "/services/app/endpoints/buy/0/call",
               "\"db\" has no endpoint \"wirte\"", "did you mean \"write\""},
              {"\"db.write\"", "\"users\"", "/services/app/endpoints/buy/0/call",
               "there is no service \"users\"", "\"users\" is a workload"},
              {"\"to\": \"app\"", "\"to\": \"apq\"", "/services/lb/to",
               "there is no service \"apq\"", "did you mean \"app\""},
              {"\"zones\": [\"home\", \"away\"],\n      \"end",
               "\"zones\": [\"home\", \"awya\"],\n      \"end", "/services/app/zones/1",
               "there is no zone \"awya\"", "did you mean \"away\""},
              {"\"workload\": \"users\"", "\"workload\": \"user\"", "/slos/fast/workload",
               "there is no workload \"user\"", "did you mean \"users\""},
              {"\"browse\": \"90%\"", "\"brwse\": \"90%\"", "/workloads/users/mix/brwse",
               "has no endpoint \"brwse\"", "did you mean \"browse\""},
              {"\"endpoint\": \"buy\"", "\"endpoint\": \"by\"", "/slos/fast/endpoint",
               "never calls endpoint \"by\"", "did you mean \"buy\""}},
             true);
}

TEST_CASE("calls that cannot be") {
  check_rows(
      {{"\"db.write\"", "\"db\"", "/services/app/endpoints/buy/0/call", "several endpoints",
        "write \"db.write\""},
       {",\n               \"mix\": { \"browse\": \"90%\", \"buy\": \"10%\" }", "",
        "/workloads/users/target", "several endpoints", "or a mix"},
       {"\"read\": []",
        "\"read\": [ { \"call\": \"app.buy\" } ], \"write2\": [ { \"call\": \"db.write2\" } ]",
        "/services/db/endpoints/write2/0/call", "db.write2 -> db.write2", "slot"},
       {"[ { \"cpu\": \"5ms\" } ], \"read\"",
        "[ { \"choose\": [ { \"p\": 1, \"do\": [ { \"call\": \"app.buy\" } ] } ] } ], \"read\"",
        "/services/db/endpoints/write/0/choose/0/do/0/call", "app.buy -> db.write -> app.buy",
        "slot"},
       {"[ { \"call\": \"db.write\" } ]",
        "[ { \"call\": \"db.write\" }, { \"repeat\": 100000, \"do\": [ { \"repeat\": 1000, "
        "\"do\": [] } ] } ]",
        "/services/app/endpoints/buy", "one request takes up to 1e+08 steps", "fewer repetitions"},
       {"\"to\": \"app\"", "\"to\": \"lb\"", "/services/lb/to", "over itself", "server"},
       {"{ \"call\": \"db.write\" }", "{ \"cpu\": \"1ms\" }", "/services/db",
        "nobody calls service \"db\"", "take it out"},
       {"\"policy\": \"power_of_two\"", "\"policy\": \"power_of_two\", \"choices\": 4",
        "/services/lb/choices", "4 distinct choices among 3 replicas", "at most 3"},
       {"\"policy\": \"power_of_two\"", "\"policy\": \"weighted_round_robin\", \"weights\": [1, 2]",
        "/services/lb/weights", "2 weights for 3 replicas", "each replica"}},
      true);
}

TEST_CASE("zones and links") {
  check_rows({{"[\"home\", \"away\"],\n  \"net", "[\"home\", \"away\", \"home\"],\n  \"net",
               "/zones/2", "twice", ""},
              {"\"home <-> away\"", "\"home <-> mars\"", "/network/home <-> mars",
               "\"mars\" is not a zone", "home"},
              {"[\"home\", \"away\"],\n  \"net", "[\"home\", \"away\", \"far\"],\n  \"net",
               "/network", "no route from \"home\" to \"far\"", "add"}},
             true);
}

TEST_CASE("failures that cannot be") {
  check_rows(
      {{"app[1]", "app[3]", "/failures/0/kill", "no replica 3", "0 to 2"},
       {"app[1]", "appp", "/failures/0/kill", "no service \"appp\"", "did you mean \"app\""},
       {"app[1]", "users", "/failures/0/kill", "is a workload", "surge"},
       {"app[1]", "zone hom", "/failures/0/kill", "no zone \"hom\"", "did you mean \"home\""},
       {"app[1]", "home", "/failures/0/kill", "no service", "zone home"},
       {"\"kill\": \"app[1]\"", "\"partition\": [[\"home\", \"away\"]]", "/failures/0/partition",
        "nothing is cut", ""},
       {"\"for\": \"1s\"", "\"for\": \"0s\"", "/failures/0/for", "", ""}},
      true);
  check_rows({{"\"at\": \"5s\"", "\"at\": \"11s\"", "/failures/0/at", "after the end", "10s"},
              {"\"for\": \"1s\"", "\"for\": \"9s\"", "/failures/0/for", "beyond the end", ""}},
             false);
}

TEST_CASE("sides of a partition that cannot be") {
  const auto cut = [](const char* groups) {
    return std::string("\"partition\": ") + groups + ", \"mode\": \"refuse\"";
  };
  const std::string part = "\"kill\": \"app[1]\"";
  check_rows(
      {{part, cut(R"([["home"], ["ap"]])"), "/failures/0/partition/1/0",
        "no zone and no service \"ap\"", "did you mean \"app\""},
       {part, cut(R"([["home"], ["users"]])"), "/failures/0/partition/1/0",
        "no zone and no service \"users\"", "is a workload"},
       {part, cut(R"([["home"], ["zone awya"]])"), "/failures/0/partition/1/0", "no zone \"awya\"",
        "did you mean \"away\""},
       {part, cut(R"([["app[2..3]"]])"), "/failures/0/partition/0/0", "no replica 3", "0 to 2"},
       {part, cut(R"([["app[0]"], ["away", "app 40%"]])"), "/failures/0/partition/1/1",
        "\"app[0]\" stands in this partition twice", "one side"},
       {part, cut(R"([["home"], []])"), "/failures/0/partition/1", "at least 1 item", ""},
       {"\"lb\": {", "\"home\": { \"kind\": \"load_balancer\", \"to\": \"app\" }, \"lb\": {",
        "/services/home", "nobody calls", ""}},
      true);
  const Folder folder;
  const auto accepts = [&](const char* groups) {
    const Said said = bad_inputs::said_of(folder, shop({{part, cut(groups)}}));
    INFO(said.text());
    return said.accepted;
  };
  CHECK(accepts(R"([["home"], ["away"]])"));
  CHECK(accepts(R"([["zone home", "app[1]"], ["app[0]", "lb"]])"));
  CHECK(accepts(R"([["app"]])"));
}

TEST_CASE("goals about what is not there") {
  const std::string part =
      "\"workload\": \"users\", \"endpoint\": \"buy\", \"require\": \"p99 < 1s\"";
  check_rows({{part, "\"service\": \"app\", \"require\": \"cost < 1\"", "/slos/fast/require",
               "\"app\" costs nothing", "give \"app\" a \"cost\""},
              {part, "\"workload\": \"users\", \"require\": \"cost < 1\"", "/slos/fast/require",
               "cost is of a service", "\"service\""},
              {part, "\"workload\": \"users\", \"require\": \"p99 250ms\"", "/slos/fast/require",
               "no \"<\" or \">\"", "p99 < 250ms"},
              {part, "\"workload\": \"users\", \"require\": \"error_rate < 150%\"",
               "/slos/fast/require", "out of range; a share of all: 0% to 100%", ""},
              {part, "\"workload\": \"users\", \"require\": \"p99 < 5\"", "/slos/fast/require",
               "has no unit", ""},
              {part, "\"workload\": \"users\", \"require\": \"latnecy < 5ms\"",
               "/slos/fast/require", "unknown metric \"latnecy\"", ""},
              {"\"replicas\": 3", "\"replicas\": 3, \"cost\": -1", "/services/app/cost",
               "-1 is out of range", ""}},
             true);
}

TEST_CASE("goals during failures that cannot be") {
  const std::string part = "\"require\": \"p99 < 1s\"";
  const auto during = [&](const char* when) { return part + ", \"during\": " + when; };
  check_rows(
      {{part, during("1"), "/slos/fast/during", "no failure 1", "number 0"},
       {part, during("-1"), "/slos/fast/during", "out of range", "0 to"},
       {part, during("\"failure\""), "/slos/fast/during", "failure", "did you mean \"failures\""},
       {"\"workload\": \"users\", \"endpoint\": \"buy\", " + part,
        "\"service\": \"app\", " + during("\"failures\""), "/slos/fast/during",
        "measured over the whole run", "workload"},
       {"\"failures\": [ { \"at\": \"5s\", \"for\": \"1s\", \"kill\": \"app[1]\" } ],\n  \"slos\": "
        "{ "
        "\"fast\": { ",
        "\"slos\": { \"fast\": { \"during\": \"outside failures\", ", "/slos/fast/during",
        "nothing fails", "leave"},
       {"\"5s\", \"for\": \"1s\", \"kill\": \"app[1]\" } ],\n  \"slos\": { \"fast\": { ",
        "\"15s\", \"for\": \"1s\", \"kill\": \"app[1]\" } ],\n  \"slos\": { \"fast\": { "
        "\"during\": 0, ",
        "/slos/fast/during", "after the end", "10s"}},
      true);
}

TEST_CASE("states that change far faster than requests come") {
  const auto mmpp = [](const char* stay) {
    return std::string("\"mmpp\": [ { \"rate\": \"8/s\", \"mean_stay\": \"") + stay +
           "\" }, { \"rate\": \"2/s\", \"mean_stay\": \"" + stay + "\" } ]";
  };
  check_rows({{"\"poisson\": \"80/s\"", mmpp("1us"), "/workloads/users/arrivals/mmpp",
               "changes some 200000 times between two arrivals", "\"poisson\""}},
             true);
  const Folder folder;
  CHECK(bad_inputs::said_of(folder, shop({{"\"poisson\": \"80/s\"", mmpp("1ms")}})).accepted);
}

TEST_CASE("runs that cannot be, or hardly") {
  check_rows(
      {{"\"duration\": \"10s\"", "\"duration\": \"0s\"", "/run/duration", "", ""},
       {"\"duration\": \"10s\"", "\"duration\": \"-1s\"", "/run/duration", "", ""},
       {"\"duration\": \"10s\"", "\"duration\": \"1e30s\"", "/run/duration", "too large", "292"},
       {"\"duration\": \"10s\"", "\"duration\": \"200000000h\"", "/run/duration", "", ""},
       {"\"duration\": \"10s\"", "\"warmup\": \"auto\", \"duration\": \"10s\"", "/run/warmup",
        "failure 0 comes at a fixed time", "leave it out"},
       {"\"duration\": \"10s\"", "\"duration\": \"80000d\"", "/run/duration", "events",
        "--set run.max_events="},
       {"\"duration\": \"10s\"", "\"duration\": \"10s\", \"max_memory\": \"1kB\"",
        "/run/max_memory", "of memory", "--set run.max_memory="},
       {"\"80/s\"", "\"0/s\"", "/workloads/users/arrivals", "nothing will ever happen", "above 0"},
       {"\"seed\": 1", "\"seed\": -1", "/run/seed", "", ""},
       {"\"seed\": 1", "\"seed\": 18446744073709551616", "/run/seed", "", ""},
       {"\"seed\": 1", "\"seed\": \"abc\"", "/run/seed", "", ""},
       {"\"replicas\": 3", "\"replicas\": 1000000000", "/services/app/replicas", "", ""},
       {"\"replicas\": 3", "\"replicas\": 2.5", "/services/app/replicas", "", ""},
       {"\"90%\"", "\"89.9%\"", "/workloads/users/mix", "99.9", "100%"},
       {"\"90%\"", "\"110%\"", "/workloads/users/mix/browse", "", ""},
       {"\"90%\"", "90", "/workloads/users/mix/browse", "90 is out of range", "write \"90%\""},
       {"\"cpu\": \"5ms\"", "\"cpu\": { \"exponential\": \"5ms\" }",
        "/services/app/endpoints/browse/0/cpu/exponential", "unknown distribution",
        "did you mean \"exp\""},
       {"\"cpu\": \"5ms\"", "\"cpu\": { \"pareto\": { \"min\": \"1ms\", \"shape\": 1 } }",
        "/services/app/endpoints/browse/0/cpu/pareto", "no finite mean", "above 1"}},
      true);
  check_rows(
      {{"\"duration\": \"10s\"", "\"warmup\": \"20s\", \"duration\": \"10s\"", "/run/duration",
        "shorter than the warm-up", ""},
       {"\"cpu\": \"5ms\"", "\"cpu\": { \"pareto\": { \"min\": \"1ms\", \"shape\": 2 } }",
        "/services/app/endpoints/browse/0/cpu/pareto/shape", "no finite variance", "unreliable"},
       {"\"80/s\"", "\"8000/s\"", "/services/app", "at or above capacity", "always busy from"},
       {"\"power_of_two\"", "\"maglev\"", "/workloads/users", "\"lb\" goes by keys", "\"key\""},
       {"\"power_of_two\"", "\"power_of_two\", \"sticky\": \"key\"", "/workloads/users",
        "\"lb\" goes by keys", "\"key\""}},
      false);
}

TEST_CASE("quantities without their units, keys without their letters") {
  check_rows(
      {{"\"80/s\"", "10", "/workloads/users/arrivals/poisson", "", "\"10/s\""},
       {"\"80/s\"", "\"5\"", "/workloads/users/arrivals/poisson", "", "/s"},
       {"\"80/s\"", "\"5 m\"", "/workloads/users/arrivals/poisson", "\"5 m\"", "\"5/min\""},
       {"\"80/s\"", "\"5/sec\"", "/workloads/users/arrivals/poisson", "", "\"5/s\""},
       {"\"headroom\": 1", "\"headroom\": 2", "/headroom", "2 is out of range", "always 1"},
       {"[\"home\", \"away\"],\n      \"end", "3,\n      \"end", "/services/app/zones",
        "a list of names of zones", ""},
       {"\"cpu\": \"5ms\"", "\"cpu\": \"5 m\"", "/services/app/endpoints/browse/0/cpu", "", ""},
       {"\"cpu\": \"5ms\"", "\"cpu\": \"5Ms\"", "/services/app/endpoints/browse/0/cpu", "", ""},
       {"\"cpu\": \"5ms\"", "\"cpu\": \"nanms\"", "/services/app/endpoints/browse/0/cpu", "", ""},
       {"\"replicas\"", "\"replcas\"", "/services/app/replcas", "unknown key \"replcas\"",
        "did you mean \"replicas\""},
       {"\"power_of_two\"", "\"power_of_tow\"", "/services/lb/policy", "",
        "did you mean \"power_of_two\""},
       {"\"server\", \"rep", "\"sever\", \"rep", "/services/app/kind", "",
        "did you mean \"server\""},
       {"\"poisson\"", "\"posson\"", "/workloads/users/arrivals/posson", "",
        "did you mean \"poisson\""},
       {"\"fast\"", "\"<script>\"", "/slos/<script>", "must not hold", ""},
       {"\"fast\"", "\"=cmd\"", "/slos/=cmd", "must not start", ""},
       {"\"fast\"", "\"../..\"", "/slos/..~1..", "must not hold", ""}},
      true);
}

TEST_CASE("files of arrivals are read beside the scenario, and judged") {
  const Folder folder;
  const auto with = [&](const std::string& file) {
    return bad_inputs::said_of(folder,
                               shop({{"\"poisson\": \"80/s\"", "\"replay\": \"" + file + "\""}}));
  };
  folder.put("good.csv", "time\n0.5\n1s\n");
  const Said good = with("good.csv");
  INFO(good.text());
  CHECK(good.accepted);
  folder.put("bad.csv", "time\n0.5\n1s\n0.2\n");
  const Said bad = with("bad.csv");
  CHECK_FALSE(bad.accepted);
  CHECK(bad.says("bad.csv:4:1: error: times must not decrease"));
  CHECK(bad.says("at /workloads/users/arrivals/replay"));
  const Said none = with("none.csv");
  CHECK_FALSE(none.accepted);
  CHECK(none.says("there is no file"));
  CHECK(none.says("s.json:7:"));
  folder.put("late.csv", "11\n");
  CHECK(with("late.csv").says("nothing will ever happen"));
  folder.put("trace.bin", std::string(25, '\0'));
  CHECK(with("trace.bin").says("cut off"));
}

TEST_CASE("whole files that are no scenario") {
  const Folder folder;
  const auto says = [&](const std::string& text) {
    const Said said = bad_inputs::said_of(folder, text);
    CHECK_FALSE(said.accepted);
    CHECK(said.diagnostics.has_errors());
    return said.text();
  };
  const auto told = [&](const std::string& text, const std::string& part) {
    const std::string answer = says(text);
    INFO(answer);
    CHECK(answer.find(part) != std::string::npos);
  };
  told("", "s.json:1:1: error: the file is empty");
  told("{\x03\x13", "the file is not text: byte 0x03 at byte 1");
  told(std::string("\xFF\xFE{\0}\0", 6), "the file is UTF-16: byte-order mark at byte 0");
  told("[]", "s.json:1:1: error: ");
  told("null", "s.json:1:1: error: ");
  told("{\"a\": [1, 2", "s.json:1:12: error: the file ends in the middle of a list");
  told("{\"a\": [1, 2", "the '[' opened at 1:7 is not closed");
  told(shop({{"[ { \"cpu\": \"5ms\" } ], \"read\": []", "[], // \"read\"\n // and more\n"}}),
       "remove the comma before it");
  told(shop({{"\"seed\": 1", "\"seed: 1"}}), "is the closing quote missing on this line?");
  told("headroom: 1\n", "a scenario is a JSON object");
  told(shop({{"\"seed\": 1", "\"seed\": 1, \"seed\": 2"}}), "3:42: error: duplicate key \"seed\"");
  told(shop({{"\"seed\": 1", "\"seed\": 1, \"seed\": 2"}}), "first given at 3:31");
  told(std::string(17 << 20, ' '), "the limit is 16777216 bytes");
  says(std::string(100'000, '['));
  CHECK(bad_inputs::said_of(folder, "\xEF\xBB\xBF" + shop()).accepted);
  CHECK_FALSE(bad_inputs::said_of_file(folder.path() + "/nothing.json").accepted);
  CHECK_FALSE(bad_inputs::said_of_file(folder.path()).accepted);
}

TEST_CASE("all errors of a file are told together, at their lines") {
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, shop({{"\"replicas\": 3", "\"replcas\": 3"},
                                                      {"\"db.write\"", "\"dbb.write\""},
                                                      {"\"80/s\"", "80"}}));
  CHECK(said.diagnostics.error_count() == 3);
  CHECK(said.says("s.json:7:57: error: "));
  CHECK(said.says("s.json:11:32: error: unknown key \"replcas\" in server \"app\""));
  CHECK(said.says("s.json:12:73: error: there is no service \"dbb\""));
}
