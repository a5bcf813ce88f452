// What arithmetic says of a network that a platform file describes, against what a run measures.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/network_needs.hpp"
#include "app/study/study.hpp"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

/// Four hosts here and four there, joined by one line, by a platform file.
Json over_a_line(const Folder& folder) {
  folder.write("p.xml", R"(<?xml version='1.0'?>
<platform version="4.1">
  <zone id="grid" routing="Full">
    <cluster id="here" prefix="h-" suffix="" radical="0-3" speed="1Gf" bw="1Gbps" lat="50us"/>
    <cluster id="there" prefix="t-" suffix="" radical="0-3" speed="1Gf" bw="1Gbps" lat="50us"/>
    <link id="line" bandwidth="200Mbps" latency="5ms" sharing_policy="SPLITDUPLEX"/>
    <zoneRoute src="here" dst="there" gw_src="h-here_router" gw_dst="t-there_router">
      <link_ctn id="line" direction="UP"/>
    </zoneRoute>
  </zone>
</platform>)");
  Json document = Json::parse(R"({
    "headroom": 1, "name": "line", "run": {"warmup": "2s", "duration": "20s", "replications": 2},
    "workloads": {"users": {"target": "app", "arrivals": {"poisson": "80/s"}, "timeout": "1s",
      "size": "1kB", "reply_size": "200kB"}},
    "services": {"app": {"kind": "server", "concurrency": 4, "service_time": {"exp": "8ms"}}}})");
  document["zones"] = {"here", "there"};
  document["network"] = {{"platform", "p.xml"},
                         {"placement", {{"users", {"h-0"}}, {"app", {"t-0", "t-1", "t-2"}}}}};
  document["workloads"]["users"]["zone"] = "here";
  document["services"]["app"]["zones"] = {"there"};
  document["services"]["app"]["replicas"] = 3;
  return document;
}

ScenarioPlan read_there(const Folder& folder, const Json& document) {
  Diagnostics diagnostics;
  auto plan = read_scenario(folder.write("s.json", document.dump()), {}, diagnostics);
  INFO(diagnostics.text());
  REQUIRE(plan);
  return std::move(*plan);
}

TEST_CASE("of a line that many ways of a platform share, the bound is what the line carries") {
  const Folder folder;
  const ScenarioPlan plan = read_there(folder, over_a_line(folder));
  const NetworkNeeds needs = network_needs(plan);
  REQUIRE(needs.bounds.size() == 1);
  CHECK(needs.bounds[0].per_s == Approx(25e6 / 200e3));
  CHECK(needs.bounds[0].full_link == "line_DOWN");
}

TEST_CASE("links of a platform are single points and fail by their names, as a run shows") {
  const Folder folder;
  Json document = over_a_line(folder);
  document["workloads"]["users"]["timeout"] = "50ms";
  document["workloads"]["users"]["reply_size"] = "2kB";  // Else what is sent again fills the line.
  document["workloads"]["users"]["arrivals"] = {{"constant", "50/s"}};
  document["run"] = {{"warmup", "1s"}, {"duration", "30s"}, {"replications", 1}};
  document["failures"] = Json::parse(R"([{"at": "5s", "for": "5s", "kill": "link line"},
                      {"at": "15s", "for": "5s", "kill": "link there_link_1"},
                      {"at": "25s", "for": "2s", "degrade": "link line", "latency": "60ms"}])");
  const ScenarioPlan plan = read_there(folder, document);
  const NetworkNeeds needs = network_needs(plan);
  std::map<std::string, std::size_t> cut_off;
  for (const SinglePoint& point : needs.points)
    if (point.is_link) cut_off[point.name] = point.cut_off.size();
  CHECK(cut_off["line_UP"] == 1);  // Of one host here and three there the smaller part.
  CHECK(cut_off["there_link_1_UP"] == 1);
  REQUIRE(needs.cut_off.size() == 2);
  CHECK(needs.cut_off[0].target == "link line");
  CHECK(needs.cut_off[0].cut_off == std::vector<std::string>{"users"});
  CHECK(needs.cut_off[1].cut_off == std::vector<std::string>{"app[1]"});
  const auto study = run_study(plan, {});
  // All fail while the line is dead or too slow, every third while one host is cut off.
  const auto& endpoint = study.runs.front().workloads[0].endpoints[0];
  const double lost = static_cast<double>(endpoint.all_finished()) -
                      static_cast<double>(endpoint.finished[static_cast<std::size_t>(Outcome::ok)]);
  // Routes learn of a repair 150 ms late; which replica is asked is drawn: four deviations of that.
  CHECK(lost == Approx(50 * (5.15 + 5.15 / 3 + 2)).margin(30));
  const Answer dot = run_headroom({"check", folder.file("s.json"), "--dot"});
  REQUIRE(dot.code == 0);
  CHECK(dot.out.find("\"h-0\" [shape=box, label=\"h-0\\nusers\"]") != std::string::npos);
  CHECK(dot.out.find("\"junction 1\" -- \"junction 2\" [label=\"line_UP, 0.2 Gbit/s\"]") !=
        std::string::npos);
}

}  // namespace
}  // namespace headroom
