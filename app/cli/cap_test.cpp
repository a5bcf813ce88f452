// What `headroom cap` prints to be run again shows the very violation that it tells of.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/test_program_runner.hpp"

namespace headroom {
namespace {

using Json = nlohmann::json;

/// As a shell splits it; quotes are single ones.
std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words(1);
  bool is_quoted = false;
  for (const char c : command) {
    if (c == '\'')
      is_quoted = !is_quoted;
    else if (c == ' ' && !is_quoted)
      words.emplace_back();
    else
      words.back() += c;
  }
  words.erase(words.begin());  // headroom
  return words;
}

TEST_CASE("every counterexample of cap is small and is shown again by the command beside it") {
  const std::string file = std::string(HEADROOM_SOURCE_DIR) + "/scenarios/cap_partition.json";
  const auto answer = run_headroom({"cap", file, "--replications", "2", "--seed", "7", "--set",
                                    "run.load=0.5", "--json", "--jobs", "1"});
  REQUIRE(answer.code == 0);
  std::size_t refuted = 0, with_fewer_failures = 0;
  const Json document = Json::parse(answer.out);
  for (const Json& setting : document["settings"]) {
    if (setting.contains("skipped") || setting["consistency"]["weakest_refuted"].is_null())
      continue;
    INFO(setting["name"]);
    ++refuted;
    REQUIRE(setting.contains("smallest"));
    const Json& smallest = setting["smallest"];
    CHECK(smallest["anomaly"]["operations"].size() <= 20);
    with_fewer_failures += smallest["failures"] < smallest["of_failures"] ? 1 : 0;
    auto words = words_of(smallest["command"]);
    INFO(smallest["command"]);
    for (const auto* each : {"--json", "--exit-zero"})
      words.emplace_back(each);
    const auto again = run_headroom(words);
    REQUIRE(again.code == 0);
    const Json seen = Json::parse(again.out);
    CHECK(seen["consistency"]["db"]["anomaly"] == smallest["anomaly"]);
    CHECK(seen["replications"] == 1);
  }
  CHECK(refuted >= 4);
  CHECK(with_fewer_failures >= 1);  // some need no partition at all
}

TEST_CASE("of a set cap says what its clients saw of how much was in it") {
  const std::string file = std::string(HEADROOM_SOURCE_DIR) + "/scenarios/crdt_cart.json";
  const std::vector<std::string> words{"cap", file, "--replications", "1", "--duration", "35s"};
  auto as_json = words;
  as_json.emplace_back("--json");
  const auto answer = run_headroom(as_json);
  REQUIRE(answer.code == 0);
  const Json last = Json::parse(answer.out)["settings"].back();
  CHECK(last["name"] == "gossip_crdt");
  const Json& seen = last["consistency"];
  CHECK(seen["operations"] > 5'000);
  CHECK(seen["linearizable"] == "no");
  CHECK(seen["monotonic_reads"] == "yes");
  CHECK(seen["pram"] == "unknown");
  CHECK(seen["converged"] == "yes");
  CHECK(seen["lost_writes"] == 0);
  CHECK(seen["acknowledged_writes"] > 2'000);
  CHECK(last["availability"]["during_partition"]["east"]["value"] > 0.99);
  REQUIRE(last.contains("smallest"));
  CHECK(last["smallest"]["anomaly"]["operations"].size() <= 10);
}

}  // namespace
}  // namespace headroom
