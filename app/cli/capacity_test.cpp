#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

TEST_CASE("a misspelt setting to look along is told as that of a sweep is") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const auto told = [&](const std::string& option, const std::string& path) {
    const Answer answer = run_headroom({"capacity", file, option, path});
    CHECK(answer.code == 2);
    return answer.err;
  };
  for (const char* option : {"--vary", "--find"}) {
    CHECK(told(option, "services.app.concurency").find("did you mean \"concurrency\"?") !=
          std::string::npos);
    CHECK(told(option, "services.apq.concurrency").find("did you mean \"app\"?") !=
          std::string::npos);
  }
  // What might be there and is not needs bounds.
  CHECK(told("--vary", "workloads.w.timeout").find("bounds say where to look") !=
        std::string::npos);
}

TEST_CASE("where a goal is missed at any load, a load that was measured says why") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5, "mean < 5ms"));
  const Answer answer = run_headroom({"capacity", file, "--json"});
  CHECK(answer.code == 3);
  const auto capacity = nlohmann::json::parse(answer.out)["capacity"];
  CHECK(capacity["value"].is_null());
  CHECK(capacity["trials"][0]["slos"]["fast"]["measured"]["value"].is_null());
  const std::string because = capacity["because"];
  INFO(because);
  CHECK(because.find("no samples") == std::string::npos);
  CHECK(because.find("measured") != std::string::npos);
}

}  // namespace headroom
