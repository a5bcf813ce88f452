#include "app/report/result_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

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

TEST_CASE("A target that can be written shorter replays as well") {
  const Folder folder;
  auto scenario = nlohmann::ordered_json::parse(small_scenario(0.3));
  scenario["services"]["app"]["replicas"] = 2;
  scenario["failures"] = {{{"at", "25s"}, {"for", "1s"}, {"pause", "app[1..1]"}}};
  const std::string file = folder.write("s.json", scenario.dump());
  const Answer run = run_headroom({"run", file, "-o", folder.file("results"), "--exit-zero"});
  INFO(run.out << run.err);
  REQUIRE(run.code == 0);
  CHECK(run_headroom({"replay", folder.file("results")}).code == 0);
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
  CHECK(refused("/proc"));        // a mount point
  std::filesystem::create_symlink("nothing", folder.file("dangling"));
  CHECK(refused(folder.file("dangling")));
  CHECK(folder.size() == 3);
  // What is empty may be written, but another directory cannot take the name of the current one.
  std::filesystem::create_directory(folder.file("here"));
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.file("here"));
  CHECK(ResultDirectory(".").obstacle("") ==
        ". is the current directory, which cannot be replaced; name a directory in it");
  std::filesystem::current_path(before);
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

TEST_CASE("A link to a directory or a file stays one, and so does a pipe") {
  const Folder folder;
  std::filesystem::create_directory(folder.file("real"));
  std::filesystem::create_symlink("real", folder.file("link"));
  const ResultDirectory directory(folder.file("link/"));
  CHECK(directory.obstacle("").empty());
  REQUIRE(directory.write({{"a", "1"}}).empty());
  CHECK(folder.read("real/a") == "1");
  CHECK(std::filesystem::is_symlink(folder.file("link")));

  std::filesystem::create_symlink("real/a", folder.file("page"));
  REQUIRE(write_file(folder.file("page"), "2").empty());
  CHECK(folder.read("real/a") == "2");
  CHECK(std::filesystem::is_symlink(folder.file("page")));

  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(write_file(pipe, "3").empty());
  char said = 0;
  CHECK(::read(reader, &said, 1) == 1);
  CHECK(said == '3');
  ::close(reader);
  CHECK(std::filesystem::is_fifo(pipe));
  CHECK(write_file(folder.file("no/page"), "4") ==
        "cannot write " + folder.file("no/page") + ": No such file or directory");
}

}  // namespace headroom
