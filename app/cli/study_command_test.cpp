// What a study is told from others by: the same in the directory of -o and in the journal beside
// it.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/test_program_runner.hpp"

namespace headroom {
namespace {

using Words = std::vector<std::string>;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Files that the studies below need, and what makes them short.
struct Studies {
  Folder folder;
  std::string small = folder.write("small.json", small_scenario(0.5));
  std::string busy = folder.write("busy.json", small_scenario(0.6));
  std::string busier = folder.write("busier.json", small_scenario(0.7));
  std::string spares = gallery("n_plus_one"), storm = gallery("retry_storm"),
              store = gallery("cap_partition");
  std::string results = folder.file("r");

  static std::string gallery(const std::string& name) {
    return std::string(HEADROOM_SOURCE_DIR) + "/scenarios/" + name + ".json";
  }
  Answer run(const Words& words) const {
    return run_headroom(with(words, {"--duration", "100s", "--replications", "2", "-o", results}));
  }
  void clear() const { std::filesystem::remove_all(results); }
};

TEST_CASE("a directory of results takes the same study again and no other") {
  const Studies all;
  struct Case {
    Words first, other;
  };
  const std::vector<Case> cases{
      {{"run", all.small}, {"capacity", all.small}},
      {{"run", all.small}, {"run", all.small, "--only", "1"}},
      {{"run", all.small}, {"explain", all.small}},
      {{"trace", all.small}, {"trace", all.small, "--pick", "slowest"}},
      {{"sweep", all.small, "--vary", "run.load=0.5,1"},
       {"sweep", all.small, "--vary", "run.load=0.5,1.1"}},
      {{"capacity", all.small}, {"capacity", all.small, "--resolution", "20%"}},
      {{"capacity", all.small, "--vary", "run.load=0.5..1"},
       {"capacity", all.small, "--vary", "run.load=0.5..1.5"}},
      {{"capacity", all.small, "--find", "services.app.concurrency=1..3"},
       {"capacity", all.small, "--find", "services.app.replicas=1..3"}},
      {{"capacity", all.small, "--find",
        "services.app.concurrency=1..2,services.app.replicas=1..2"},
       {"capacity", all.small, "--find",
        "services.app.concurrency=1..2,services.app.replicas=1..3"}},
      {{"compare", all.small, all.busy}, {"compare", all.small, all.busier}},
      {{"stability", all.storm, "--vary", "run.load=0.5", "--trigger", "1s"},
       {"stability", all.storm, "--vary", "run.load=0.5", "--trigger", "2s"}},
      {{"availability", all.spares, "--target", "90%"},
       {"availability", all.spares, "--target", "80%"}},
  };
  for (const Case& each : cases) {
    all.clear();
    INFO(each.first[0] << " " << each.other.back());
    const Answer first = all.run(each.first);
    INFO(first.err);
    REQUIRE((first.code == 0 || first.code == 3 || first.code == 4));
    const std::string summary = all.folder.read("r/summary.json");
    REQUIRE_FALSE(summary.empty());
    const Answer refused = all.run(each.other);
    CHECK(refused.code == 1);
    CHECK(has(refused.err, "holds the results of another study"));
    CHECK(all.folder.read("r/summary.json") == summary);
    const Answer again = all.run(each.first);
    CHECK(again.code == first.code);
    CHECK(again.out == first.out);
  }
}

TEST_CASE("the warm-up that a study finds does not make it another one") {
  const Studies all;
  for (const Words& words : {Words{"explain", all.small}, Words{"compare", all.small, all.busy},
                             Words{"run", all.small}}) {
    all.clear();
    const Words found = with(words, {"--set", "run.warmup=auto"});
    const Answer first = all.run(found);
    INFO(first.err);
    REQUIRE((first.code == 0 || first.code == 4));  // Two replications may leave it undecided.
    CHECK(all.run(found).code == first.code);
  }
}

TEST_CASE("an unfinished study is gone on with by none that asks for something else") {
  const Studies all;
  // The first load tried has 30,000 events, the second too many.
  const auto broken = [&](const Words& words) {
    return all.run(with(words, {"--set", "run.max_events=40000"}));
  };
  const Words loads{"capacity", all.small};
  REQUIRE(broken(loads).code == 2);
  REQUIRE(std::filesystem::exists(all.results + ".journal"));
  const Words counts{"capacity", all.small, "--find", "services.app.replicas=1..3"};
  const Answer other = broken(with(counts, {"--resume"}));
  CHECK(other.code == 1);
  CHECK(has(other.err, "is of another study"));
  const Answer same = broken(with(loads, {"--resume"}));
  CHECK(same.code == 2);
  CHECK(has(same.err, "above the limit"));
}

TEST_CASE("cap is gone on with beside its results only") {
  const Studies all;
  const Answer nowhere = run_headroom({"cap", all.store, "--resume"});
  CHECK(nowhere.code == 2);
  CHECK(has(nowhere.err, "--resume needs the directory"));
}

TEST_CASE("a command that keeps no journal does not offer to go on with one") {
  const Studies all;
  const Answer answer = run_headroom({"trace", all.small, "--resume"});
  CHECK(answer.code == 2);
  CHECK(has(answer.err, "--resume"));
}

}  // namespace
}  // namespace headroom
