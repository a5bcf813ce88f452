#include "app/report/result_directory.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/program_runner_test.hpp"

namespace headroom {

TEST_CASE("A result directory is written as a whole, and replays") {
  const Folder folder;
  const std::string scenario = folder.write("s.json", small_scenario(0.7));
  const std::string results = folder.file("deep/results");
  const Answer run = run_headroom({"run", scenario, "--json", "-o", results});
  REQUIRE(run.code == 0);
  for (const auto* name : {"scenario.resolved.json", "timeseries.csv", "latency.hgrm"}) {
    CHECK(!folder.read(std::string("deep/results/") + name).empty());
  }
  CHECK(folder.read("deep/results/summary.json") == run.out);
  CHECK(folder.size() == 2);

  CHECK(run_headroom({"replay", results}).code == 0);

  SECTION("the same study may be written again, another may not") {
    CHECK(run_headroom({"run", scenario, "-o", results}).code == 0);
    const Answer other = run_headroom({"run", scenario, "--seed", "9", "-o", results});
    CHECK(other.code == 1);
    CHECK(other.out.empty());
    CHECK(folder.read("deep/results/summary.json") == run.out);
  }
  SECTION("a record that was tampered with does not replay") {
    auto summary = nlohmann::ordered_json::parse(run.out);
    summary["workloads"]["w"]["outcomes"]["ok"] = 1;
    folder.write("deep/results/summary.json", summary.dump());
    const Answer replay = run_headroom({"replay", results, "--json"});
    CHECK(replay.code == 1);
    const auto document = nlohmann::json::parse(replay.out);
    CHECK(document["same"] == false);
    REQUIRE(document["differences"].size() == 1);
    CHECK(document["differences"][0].get<std::string>().find("/workloads/w/outcomes/ok") == 0);
  }
  SECTION("a replication that took another course is named") {
    auto summary = nlohmann::ordered_json::parse(run.out);
    summary["digests"][3] = "0000000000000000";
    folder.write("deep/results/summary.json", summary.dump());
    const auto document = nlohmann::json::parse(run_headroom({"replay", results, "--json"}).out);
    CHECK(document["moved_replications"] == nlohmann::json::array({3}));
  }
}

TEST_CASE("What stands in the way of results is found before a run and nothing is left behind") {
  const Folder folder;
  const std::string scenario = folder.write("s.json", small_scenario(0.7));
  folder.write("file", "x");
  const auto refused = [&](const std::string& directory) {
    // So long that only a check before the run can answer in time.
    const Answer answer = run_headroom(
        {"run", scenario, "--set", "run.duration=200d", "--replications", "1000", "-o", directory});
    return answer.code == 1 && answer.out.empty();
  };
  CHECK(refused(folder.file("file")));
  CHECK(refused("/proc/headroom"));
  CHECK(refused(folder.path()));  // holds something else
  CHECK(folder.size() == 2);
}

TEST_CASE("Writing replaces a directory at one stroke and cleans up after a failure") {
  const Folder folder;
  const ResultDirectory directory(folder.file("r"));
  REQUIRE(directory.write({{"a", "1"}, {"sub/b", "2"}}).empty());
  CHECK(folder.read("r/sub/b") == "2");
  REQUIRE(directory.write({{"a", "3"}}).empty());
  CHECK(folder.read("r/a") == "3");
  CHECK(folder.read("r/sub/b").empty());
  // A file cannot also be a directory: the second cannot be written, the old results stay.
  CHECK(!directory.write({{"a", "4"}, {"a/b", "5"}}).empty());
  CHECK(folder.read("r/a") == "3");
  CHECK(folder.size() == 1);
}

}  // namespace headroom
