#include <sys/wait.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Exit codes say how a study ended") {
  const Folder folder;
  const auto code = [&](double load, const std::string& require, std::vector<std::string> more) {
    std::vector<std::string> words{"run", folder.write("s.json", small_scenario(load, require))};
    words.insert(words.end(), more.begin(), more.end());
    return run_headroom(words).code;
  };
  CHECK(code(0.5, "p99 < 10s", {}) == 0);
  CHECK(code(0.5, "p99 < 1ms", {}) == 3);
  CHECK(code(0.5, "p99 < 1ms", {"--exit-zero"}) == 0);
  CHECK(code(0.5, "p99 < 10s", {"--replications", "1"}) == 4);  // no interval, no verdict
  CHECK(code(2, "throughput > 1/s", {}) == 4);                  // never settles
  CHECK(code(0.5, "p99 < 10 parsecs", {}) == 2);
}

TEST_CASE("A mistyped word is named and the near one suggested") {
  struct Case {
    std::vector<std::string> words;
    std::string named, suggested;
  };
  const std::vector<Case> cases{
      {{"rnu", "x.json"}, "\"rnu\"", "\"run\""},
      {{"run", "x.json", "--relpications", "3"}, "--relpications", "--replications"},
      {{"run", "--seeed=3", "x.json"}, "--seeed", "--seed"},
      {{"run", "x.json", "--seed", "1", "--seed=2"}, "--seed", "twice"},
      {{"run", "x.json", "--json=1"}, "--json", "no value"},
      {{"run", "x.json", "--vary", "a=1"}, "--vary", "sweep"},
      {{"run", "x.json", "y.json"}, "y.json", "one FILE"},
      {{"run", "x.json", "--seed", "-q"}, "--seed", "needs a value"},
      {{"run"}, "FILE", "run"},
      {{"run", "x.json", "--jobs", "0"}, "--jobs is 0", "1 to"},
      {{"run", "x.json", "--jobs", "two"}, "--jobs is two", "1 to"},
      {{"run", "x.json"}, "x.json", "init"},
      {{"x.json"}, "x.json", "headroom run x.json"},
      {{"--jobs", "2", "run", "x.json"}, "--jobs", "before the command"},
      {{"list", "distribtions"}, "distribtions", "\"distributions\""},
      {{"init", "--template", "wbe"}, "wbe", "\"web\""},
      {{"completion", "bahs"}, "bahs", "\"bash\""},
      {{}, "command", "init"},
  };
  const Folder folder;
  for (const Case& each : cases) {
    const Answer answer = run_headroom(each.words, folder.path());
    INFO(answer.err);
    CHECK(answer.code == 2);
    CHECK(answer.out.empty());
    CHECK(holds(answer.err, each.named));
    CHECK(holds(answer.err, each.suggested));
  }
  CHECK(folder.size() == 0);
}

TEST_CASE("A lesson asks, writes its scenario, and answers when it is asked to") {
  const Folder folder;
  CHECK(holds(run_headroom({"teach"}).out, "cap_partition"));
  const std::string file = folder.file("lesson.json");
  const Answer begun = run_headroom({"teach", "fan_out", file});
  CHECK(begun.code == 0);
  CHECK(holds(begun.out, "What is its median?"));
  CHECK_FALSE(holds(begun.out, "114 ms"));
  CHECK(run_headroom({"check", file}).code == 0);
  CHECK(holds(run_headroom({"teach", "fan_out", file, "--answer"}).out, "114 ms"));
  const Answer unknown = run_headroom({"teach", "fan_aut"});
  CHECK(unknown.code == 2);
  CHECK(holds(unknown.err, "fan_out"));
}

TEST_CASE("A run that shows a violation is replayed as the same") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "stale",
    "run": {"warmup": "1s", "duration": "20s", "replications": 2}, "keys": {"k": {"count": 1}},
    "workloads": {
      "r": {"target": "db.read", "key": "k", "arrivals": {"poisson": "40/s"}},
      "w": {"target": "db.write", "key": "k", "arrivals": {"poisson": "2/s"}}},
    "services": {"db": {"kind": "database", "replicas": 2, "concurrency": 100,
      "service_time": {"read": "0s", "write": "0s"},
      "replication": {"protocol": "async", "reads": "any", "lag": "200ms"}}}})");
  const Answer run = run_headroom({"run", file, "--json", "--exit-zero", "-o", folder.file("out")});
  REQUIRE(run.code == 0);
  REQUIRE(nlohmann::json::parse(run.out)["consistency"]["db"].contains("smallest"));
  const Answer again = run_headroom({"replay", folder.file("out")});
  INFO(again.out);
  CHECK(again.code == 0);
}

TEST_CASE("The one replication of --only is replayed by itself") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const std::string results = folder.file("r");
  const Answer run =
      run_headroom({"run", file, "--only", "1", "--duration", "20s", "--exit-zero", "-o", results});
  REQUIRE(run.code == 0);
  const Answer again = run_headroom({"replay", results});
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK(holds(again.out, "the same figures"));
}

TEST_CASE("What is no run is not replayed, and is called what it is") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  struct Case {
    std::vector<std::string> words;
    std::string holds, instead;
  };
  const std::vector<Case> cases{
      {{"compare", file, "--set", "run.load=1.1"}, "holds a comparison", "/design-1"},
      {{"sweep", file, "--vary", "run.load=0.5,1"}, "holds a sweep", "/point-001"},
      {{"capacity", file, "--vary", "run.load=0.5..0.6"}, "search for a capacity", "capacity"},
      {{"explain", file}, "an explanation", "headroom explain with the same words"},
      {{"trace", file}, "the trace of a request", "headroom trace with the same words"}};
  for (const Case& each : cases) {
    const std::string results = folder.file(each.words[0]);
    std::vector<std::string> words = each.words;
    words.insert(words.end(), {"--duration", "20s", "--replications", "2", "-o", results});
    run_headroom(words);
    const Answer answer = run_headroom({"replay", results});
    INFO(each.words[0] << ": " << answer.err);
    CHECK(answer.code == 1);
    CHECK(holds(answer.err, each.holds));
    CHECK(holds(answer.err, each.instead));
    CHECK_FALSE(holds(answer.err, "is not a summary"));
  }
}

TEST_CASE("What goes round in no time is told so, with the users that do") {
  const Folder folder;
  const auto with = [&](const char* service_time, const char* queue_limit) {
    return folder.write("s.json", std::string(R"({"headroom": 1, "name": "round",
      "run": {"warmup": "1s", "duration": "5s", "replications": 1},
      "workloads": {"u": {"target": "app",
        "arrivals": {"closed": {"users": 10, "think_time": "0s"}}}},
      "services": {"app": {"kind": "server", "concurrency": 1, "service_time": ")") +
                                      service_time + R"(", "queue_limit": )" + queue_limit + "}}}");
  };
  const Answer endless = run_headroom({"check", with("0s", "100")});
  CHECK(endless.code == 2);
  CHECK(holds(endless.err, "endlessly many events: users of \"u\" go round in no time"));
  CHECK_FALSE(holds(endless.err, "max_events"));
  CHECK_FALSE(holds(endless.err, "inf events"));
  const Answer refused = run_headroom({"run", with("10ms", "0")});
  CHECK(refused.code == 2);
  CHECK(holds(refused.err, "does not get beyond one instant"));
  CHECK(holds(refused.err, "users of \"u\""));
  CHECK(holds(refused.err, "think_time"));
}

TEST_CASE("With --json there is exactly one object on standard output, errors included") {
  const Folder folder;
  const std::string good = folder.write("s.json", small_scenario(0.5));
  const std::vector<std::vector<std::string>> all{{"run", good, "--json"},
                                                  {"run", "none.json", "--json"},
                                                  {"run", "--josn", "--json"},
                                                  {"run", good, "--json", "--set", "run.laod=2"},
                                                  {"check", good, "--json"},
                                                  {"list", "--json"},
                                                  {"version", "--json"},
                                                  {"schema", "--json"},
                                                  {"replay", "nowhere", "--json"},
                                                  {"completion", "fish", "--json"},
                                                  {"sweep", good, "--json"},
                                                  {"check", good, "--json", "--resolved"},
                                                  {"run", good, "--json", "--seed", "-1"}};
  for (const auto& words : all) {
    const Answer answer = run_headroom(words);
    INFO(answer.out);
    const auto document = nlohmann::json::parse(answer.out, nullptr, false);
    REQUIRE(document.is_object());
    CHECK((answer.code != 0) == document.contains("error"));
    if (answer.code == 0) continue;
    CHECK(document["error"]["code"] == answer.code);
    CHECK(!document["error"]["messages"].empty());
  }
}

TEST_CASE("Options that stand for settings are read as the file would be") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const Answer answer =
      run_headroom({"check", file, "--resolved", "--seed", "18446744073709551615", "--replications",
                    "7", "--duration", "2min", "--set", "services.app.replicas=3", "--seed"});
  CHECK(answer.code == 2);
  const auto document = nlohmann::json::parse(
      run_headroom({"check", file, "--resolved", "--seed", "18446744073709551615",
                    "--replications=7", "--duration", "2min", "--set", "services.app.replicas=3"})
          .out);
  CHECK(document["run"]["seed"] == 18446744073709551615u);
  CHECK(document["run"]["replications"] == 7);
  CHECK(document["run"]["duration"] == "2min");
  CHECK(document["services"]["app"]["replicas"] == 3);
}

TEST_CASE("Results depend neither on the number of jobs nor on the day") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.8));
  const Answer one = run_headroom({"run", file, "--json", "--jobs", "1"});
  const Answer three = run_headroom({"run", file, "--json", "--jobs", "3"});
  CHECK(one.code == 0);
  CHECK(one.out == three.out);
  CHECK(one.out != run_headroom({"run", file, "--json", "--seed", "2"}).out);
}

TEST_CASE("A program of another name starts workers of its own") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const std::string renamed = folder.file("hr"), out = folder.file("out.json");
  std::filesystem::copy_file(HEADROOM_PROGRAM, renamed);
  const std::string command = renamed + " run " + file + " --json --isolate >" + out;
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 0);
  CHECK(folder.read("out.json") == run_headroom({"run", file, "--json"}).out);
}

TEST_CASE("A closed or full standard output is an error, not a silent success") {
  CHECK(run_headroom({"version"}).code == 0);
  const std::string program = HEADROOM_PROGRAM;
  const auto shell = [](const std::string& command) {
    return WEXITSTATUS(std::system((command + " 2>/dev/null").c_str()));
  };
  CHECK(shell(program + " version >/dev/full") == 1);
  CHECK(shell(program + " version >&-") == 1);
}

}  // namespace headroom
