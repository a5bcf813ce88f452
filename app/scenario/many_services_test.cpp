// Scenarios of many services are read in a time that grows as they do.
#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/arithmetic.hpp"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

/// Chains of ten services, each with users of its own, on the hosts of a fat tree.
std::string chains(int services) {
  Json document = Json::parse(R"({"headroom": 1, "name": "chains", "run": {"duration": "1s"},
    "network": {"generate": {"kind": "fat_tree", "k": 4, "link": {"latency": "5us"}}}})");
  std::string text = document.dump();
  text.pop_back();
  text += R"(,"workloads":{)";
  for (int i = 0; i < services; i += 10)
    text += (i > 0 ? "," : "") + std::string("\"users-") + std::to_string(i) +
            R"(":{"target":"service-)" + std::to_string(i) + R"(","arrivals":{"poisson":"1/s"}})";
  text += R"(},"services":{)";
  for (int i = 0; i < services; ++i) {
    text += (i > 0 ? "," : "") + std::string("\"service-") + std::to_string(i) +
            R"(":{"kind":"server","concurrency":8,)";
    text += i % 10 == 9 ? R"("service_time":"1ms"})"
                        : R"("endpoints":{"call":[{"cpu":"1ms"},{"call":"service-)" +
                              std::to_string(i + 1) + "\"}]}}";
  }
  return text + "}}";
}

/// Processor time of reading it with all checks; the least of three.
double reading_s(int services) {
  const Folder folder;
  const std::string file = folder.write("s.json", chains(services));
  double least = 1e9;
  for (int turn = 0; turn < 3; ++turn) {
    Diagnostics diagnostics;
    const std::clock_t begin = std::clock();
    const auto plan = read_scenario(file, {}, diagnostics);
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    INFO(diagnostics.text());
    REQUIRE(plan);
    REQUIRE(plan->services.size() == static_cast<std::size_t>(services));
    least = std::min(least, took);
  }
  return least;
}

TEST_CASE("four times as many services take four times as long to read") {
  const double few = reading_s(1'000), many = reading_s(4'000);
  INFO(few << " s, " << many << " s");
  CHECK(many < 9 * few);  // Where each is looked for among all others it is sixteen times.
}

TEST_CASE("services and workloads are found by name, whatever was done to the list") {
  IndexedNamed<int> list;
  for (int i = 0; i < 100; ++i)
    list.add("n" + std::to_string(i), i);
  CHECK(*list.find("n57") == 57);
  CHECK(list.find("n100") == nullptr);
  list.entries.erase(list.entries.begin());
  CHECK(*list.find("n57") == 57);
  CHECK(list.position("n57") == 56);
  CHECK(list.find("n0") == nullptr);
  list.add("n0", 7);
  CHECK(*list.find("n0") == 7);
  CHECK(list.position("n99") == 98);
  list.add("n5", 8);  // Of two of one name the first.
  CHECK(*list.find("n5") == 5);
  list.entries.clear();
  CHECK(list.find("n5") == nullptr);
  list.add("n5", 9);
  CHECK(*list.find("n5") == 9);
}

TEST_CASE("members of large objects are found when some were taken out or added") {
  Diagnostics diagnostics;
  std::string text = "{";
  for (int i = 0; i < 200; ++i)
    text += "\"k" + std::to_string((i * 37) % 200) + "\": " + std::to_string(i) + ", ";
  text += "\"last\": 0}";
  auto node = parse_document(diagnostics.sources.add("x.json", text), diagnostics);
  REQUIRE(node);
  CHECK(node->find("k37")->text == "1");
  CHECK(node->find("k200") == nullptr);
  node->children.erase(node->children.begin() + 1);
  CHECK(node->find("k37") == nullptr);
  CHECK(node->find("k74")->text == "2");
  Node another;
  another.key = "k37";
  another.text = "again";
  node->children.push_back(another);  // As many as before, in another order.
  CHECK(node->find("k37")->text == "again");
  CHECK(node->find("k74")->text == "2");
}

}  // namespace
}  // namespace headroom
