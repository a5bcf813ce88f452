#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

using Json = nlohmann::json;

TEST_CASE("capacity encloses the load of M/M/1 that theory gives") {
  const Folder folder;
  // Mean sojourn 1 / (100 - rate) below 50 ms: up to 80/s.
  const std::string file = folder.write("s.json", small_scenario(0.2, "mean < 50ms"));
  const Answer answer = run_headroom(
      {"capacity", file, "--vary", "workloads.w.arrivals.poisson", "--duration", "400s", "--json"});
  CHECK(answer.code == 0);
  const auto capacity = Json::parse(answer.out)["capacity"];
  const double low = capacity["low"], high = capacity["high"], value = capacity["value"];
  CHECK(low <= 80);
  CHECK(high >= 80);
  CHECK(high - low < 8);
  CHECK(value >= low);
  CHECK(value <= high);
  CHECK(capacity["first_to_break"] == "fast");
  CHECK(capacity["because"].get<std::string>().find("app is the busiest") != std::string::npos);
  double last = 0;
  for (const auto& trial : capacity["trials"]) {
    CHECK(trial["at"].get<double>() > last);
    last = trial["at"];
    CHECK(!trial["digest"].get<std::string>().empty());
    if (last <= low) CHECK(trial["verdict"] == "met");
    if (last >= high) CHECK(trial["verdict"] == "missed");
  }
}

TEST_CASE("what never settles is called so by every study and misses nothing unmeasured") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const std::vector<std::string> settings{"--set",      "slos.fast=null", "--set",
                                          "run.seed=3", "--duration",     "50s"};
  const auto answer = [&](std::vector<std::string> words) {
    words.insert(words.begin() + 1, file);
    words.insert(words.end(), settings.begin(), settings.end());
    return run_headroom(words);
  };
  const auto is_open = [](const Json& summary) {
    return summary["verdict"] == "undecided" && summary["settled"] == false;
  };
  const std::string word = "never settled";
  CHECK(is_open(Json::parse(answer({"run", "--json", "--set", "run.load=3"}).out)));
  const std::vector<std::string> sweep{"sweep", "--vary", "run.load=1,3"};
  CHECK(answer(sweep).out.find(word) != std::string::npos);
  auto json = sweep;
  json.push_back("--json");
  CHECK(is_open(Json::parse(answer(json).out)["points"][1]));
  // It settles at 1, and nowhere from 3 to 4.
  const Answer found = answer({"capacity", "--json"});
  CHECK(found.code == 0);
  const Json document = Json::parse(found.out);
  CHECK(document["verdict"] == "met");
  CHECK(is_open(document["capacity"]["trials"].back()));
  CHECK(document["capacity"]["trials"].back()["because"].get<std::string>().starts_with(
      "it never settles: "));
  const Answer nowhere = answer({"capacity", "--vary", "run.load=3..4", "--json"});
  CHECK(nowhere.code == 4);
  CHECK(Json::parse(nowhere.out)["verdict"] == "undecided");
  const Answer text = answer({"capacity", "--vary", "run.load=3..4"});
  CHECK(text.out.find("does not settle at the only value tried, 3.") != std::string::npos);
  CHECK(text.out.find(word) != std::string::npos);
  CHECK(text.out.find("is missed") == std::string::npos);
}

TEST_CASE("precision is waited for where it can come, and of what has an interval") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const auto until = [&](const std::string& precision, const std::string& load) {
    return run_headroom({"run", file, "--duration", "5s", "--exit-zero", "--set",
                         "run.until=" + precision, "--set", "run.load=" + load});
  };
  const Answer reached = until("mean +-20%", "1");
  CHECK(reached.out.find("30 replications of 5 s") != std::string::npos);
  CHECK(reached.out.find("added until the precision asked for") != std::string::npos);
  const Answer growing = until("mean +-1%", "3");
  CHECK(growing.out.find("30 replications of 5 s") != std::string::npos);
  CHECK(growing.out.find("No number of replications") != std::string::npos);
  const Answer never = until("error_rate +-5%", "1");  // of 0
  CHECK(never.out.find("up to the limit of 1,000") != std::string::npos);
  for (const char* metric : {"p99.99", "max", "utilization", "p99_lag"}) {
    const Answer refused = until(std::string(metric) + " +-5%", "1");
    CHECK(refused.code == 2);
    CHECK(refused.err.find("no replications are added for ") != std::string::npos);
  }
}

TEST_CASE("capacity finds the smallest count as well, the same for any number of jobs") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.9, "mean < 12ms"));
  // M/M/c at 270/s with 10 ms: c = 3 is full at 90 %, c = 4 has a mean of 13.3 ms, c = 5 of 10.9.
  const std::vector<std::string> words{
      "capacity",   file,   "--find", "services.app.concurrency", "--at", "run.load=3",
      "--duration", "200s", "--json"};
  auto one = words, two = words;
  one.insert(one.end(), {"--jobs", "1"});
  two.insert(two.end(), {"--jobs", "2"});
  const Answer answer = run_headroom(one);
  CHECK(answer.code == 0);
  CHECK(answer.out == run_headroom(two).out);
  const auto capacity = Json::parse(answer.out)["capacity"];
  CHECK(capacity["value"] == 5);
  CHECK(capacity["low"] == 5);  // 4 is too few for certain
  CHECK(capacity["high"] == 5);
}

TEST_CASE("capacity says where there is none, and what it cannot look for") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5, "mean < 1ms"));
  const Answer never = run_headroom({"capacity", file, "--duration", "20s"});
  CHECK(never.code == 3);
  CHECK(never.out.find("not met at any value") != std::string::npos);
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"--vary", "run.laod"},
           {"--vary", "services.app.kind"},
           {"--vary", "run.load=4..2"},
           {"--vary", "run.load", "--find", "services.app.concurrency"},
           {"--find", "services.app.concurrency,services.app.nothing"},
           {"--resolution", "0"},
           {"--at", "run.laod=2"}}) {
    std::vector<std::string> all{"capacity", file};
    all.insert(all.end(), words.begin(), words.end());
    const Answer answer = run_headroom(all);
    INFO(words.front() << " " << words.back() << "\n" << answer.err);
    CHECK(answer.code == 2);
    CHECK(answer.out.empty());
    CHECK(!answer.err.empty());
  }
}

TEST_CASE("capacity with a goal of goodput is met between two loads, and says so") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.7, "goodput > 60/s"));
  const Answer answer = run_headroom({"capacity", file, "--vary", "workloads.w.arrivals.poisson",
                                      "--set", "workloads.w.deadline=100ms", "--duration", "100s"});
  CHECK(answer.code == 4);
  CHECK(answer.out.find("every SLO is met up to") != std::string::npos);
  CHECK(answer.out.find("NOT MONOTONE: at ") != std::string::npos);
  CHECK(answer.out.find("\"fast\" is missed as well") != std::string::npos);
}

TEST_CASE("run.load has no capacity where every workload is closed") {
  const Folder folder;
  std::string scenario = small_scenario(0.5, "p99 < 1s");
  const std::size_t at = scenario.find(R"("arrivals")");
  scenario.replace(at, scenario.find('}', at) + 1 - at,
                   R"("arrivals": {"closed": {"users": 5, "think_time": "100ms"}})");
  const std::string file = folder.write("s.json", scenario);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"capacity", file}, {"explain", file, "--capacity"}}) {
    const Answer answer = run_headroom(words);
    CHECK(answer.code == 2);
    CHECK(answer.err.find("every workload here is closed") != std::string::npos);
    CHECK(answer.err.find("workloads.w.arrivals.closed.users") != std::string::npos);
  }
}

TEST_CASE("compare tells designs apart, and says when it cannot") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.8));
  const Answer faster = run_headroom(
      {"compare", file, "--set", "services.app.concurrency=2", "--duration", "100s", "--json"});
  CHECK(faster.code == 0);
  const auto document = Json::parse(faster.out);
  const auto& mean = document["differences"]["workloads.w.latency_s.mean"];
  CHECK(mean["verdict"] == "b better");
  CHECK(mean["difference"]["high"].get<double>() < 0);
  CHECK(mean["a"]["value"].get<double>() > mean["b"]["value"].get<double>());
  // What does not depend on the design is the same to the last bit under common random numbers.
  CHECK(document["differences"]["workloads.w.attempts_per_request"]["verdict"] == "cannot tell");
  // How long it is run is no change of the design.
  const Answer shorter = run_headroom({"compare", file, "--set", "services.app.concurrency=2",
                                       "--set", "run.duration=20s", "--json"});
  const auto designs = Json::parse(shorter.out)["designs"];
  CHECK(designs[0]["duration_s"] == 20);
  CHECK(designs[1]["duration_s"] == 20);
  CHECK(run_headroom({"compare", file, "--set", "run.duration=20s"}).code == 2);
  const Answer same = run_headroom({"compare", file, file, "--duration", "20s", "--json"});
  const auto differences = Json::parse(same.out)["differences"];
  for (const auto& [metric, difference] : differences.items()) {
    INFO(metric);
    CHECK(difference["verdict"] == "cannot tell");
  }
  CHECK(run_headroom({"compare", file}).code == 2);
}

TEST_CASE("compare keeps what it compared") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const std::string results = folder.file("r");
  const Answer answer = run_headroom(
      {"compare", file, "--set", "services.app.concurrency=2", "--duration", "20s", "-o", results});
  CHECK(answer.code == 0);
  CHECK(run_headroom({"replay", results + "/design-2"}).code == 0);
}

}  // namespace headroom
