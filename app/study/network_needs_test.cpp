// What arithmetic says of a network, against what a run measures.
#include "app/study/network_needs.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

#include "app/cli/program_runner_test.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/changes.hpp"
#include "app/study/study.hpp"
#include "app/study/summary.hpp"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

/// Users at a switch call an application, which calls a store; all on hosts of two racks.
Json racks() {
  return Json::parse(R"({
    "headroom": 1, "name": "racks", "run": {"warmup": "2s", "duration": "60s", "replications": 3},
    "network": {
      "generate": {"kind": "leaf_spine", "leaves": 2, "spines": 2, "hosts_per_leaf": 3,
        "host_link": {"latency": "20us", "bandwidth": "1Gbit/s"},
        "spine_link": {"latency": "10us", "bandwidth": "400Mbit/s"}},
      "placement": {"users": ["host-0-0"], "app": ["host-0-1", "host-1-0"],
                    "store": ["host-1-1", "host-1-2"]}},
    "workloads": {"users": {"target": "lb", "arrivals": {"poisson": "300/s"},
      "size": "2kB", "reply_size": "50kB"}},
    "services": {
      "lb": {"kind": "load_balancer", "to": "app", "policy": "round_robin"},
      "app": {"kind": "server", "replicas": 2, "concurrency": 50, "endpoints": {"get": [
        {"call": "store", "size": "1kB", "reply_size": "20kB"},
        {"call": "store", "size": "1kB", "reply_size": "20kB"}]}},
      "store": {"kind": "server", "replicas": 2, "concurrency": 50, "service_time": "1ms"}},
    "failures": [{"at": "30s", "for": "1ms", "kill": "switch spine-0"},
                 {"at": "40s", "for": "1ms", "kill": "link host-1-1 <-> leaf-1"}]})");
}

ScenarioPlan read(const Json& document, const std::vector<std::string>& settings = {}) {
  const Folder folder;
  Diagnostics diagnostics;
  auto plan = read_scenario(folder.write("s.json", document.dump()), settings, diagnostics);
  REQUIRE(plan);
  return std::move(*plan);
}

const LinkNeed& link_of(const NetworkNeeds& needs, const std::string& name) {
  for (const LinkNeed& link : needs.links)
    if (link.name == name) return link;
  FAIL("no link " << name);
  return needs.links.front();
}

TEST_CASE("the bytes that each link needs by arithmetic are those that it carries") {
  Json document = racks();
  document.erase("failures");
  const ScenarioPlan plan = read(document);
  const NetworkNeeds needs = network_needs(plan);
  const auto study = run_study(plan, {});
  const Summary summary = summarize(plan, study);
  REQUIRE(summary.network.links.size() == needs.links.size());
  for (const LinkSummary& measured : summary.network.links) {
    INFO(measured.name);
    const LinkNeed& need = link_of(needs, measured.name);
    CHECK(*measured.bytes_per_s.value == Approx(need.needed_bytes_per_s).epsilon(0.03));
    CHECK(need.bandwidth_bytes_per_s == measured.bandwidth_bytes_per_s);
  }
  // By hand: 300 answers of 50 kB to the users, whatever replica gave them.
  CHECK(link_of(needs, "leaf-0 -> host-0-0").needed_bytes_per_s == Approx(300 * 50e3));
  // Half of the answers of the store go to the other rack, over two spines.
  CHECK(link_of(needs, "leaf-1 -> spine-0").needed_bytes_per_s ==
        Approx((300 * 2 * 20e3 / 2 + 300 * 50e3 / 2) / 2));
}

TEST_CASE("bounds, single points and what failures cut off are told by their names") {
  const NetworkNeeds needs = network_needs(read(racks()));
  REQUIRE(needs.bounds.size() == 1);
  // What limits the answers is the one link of the users: 125 MB/s by 50 kB.
  CHECK(needs.bounds[0].per_s == Approx(2500));
  CHECK(needs.bounds[0].of_answers);
  CHECK(needs.bounds[0].links == std::vector<std::string>{"leaf-0 -> host-0-0"});
  std::vector<std::string> switches;
  for (const SinglePoint& point : needs.points)
    if (!point.is_link) switches.push_back(point.name);
  CHECK(switches == std::vector<std::string>{"leaf-0", "leaf-1"});
  REQUIRE(needs.cut_off.size() == 2);
  CHECK(needs.cut_off[0].cut_off.empty());
  CHECK(needs.cut_off[1].cut_off == std::vector<std::string>{"store[0]"});
}

TEST_CASE("no more is served than the minimum cut lets through") {
  Json document = racks();
  document.erase("failures");
  document["run"]["duration"] = "5s";
  document["workloads"]["users"]["arrivals"] = {{"closed", {{"users", 400}, {"think_time", "0s"}}}};
  document["services"]["app"]["concurrency"] = 1000;
  document["services"]["app"]["endpoints"]["get"] = Json::array({{{"wait", "1ms"}}});
  document["services"].erase("store");
  document["network"]["placement"].erase("store");
  const ScenarioPlan plan = read(document);
  const NetworkNeeds needs = network_needs(plan);
  REQUIRE(needs.bounds.size() == 1);
  const Summary summary = summarize(plan, run_study(plan, {}));
  const double served = *summary.workloads.front().served_per_s.value;
  CHECK(served <= needs.bounds[0].per_s * 1.0001);
  CHECK(served > needs.bounds[0].per_s * 0.98);
}

TEST_CASE("windows and losses that will not fill a link are noted for copies") {
  Json document = racks();
  document.erase("failures");
  document["network"]["generate"]["spine_link"]["latency"] = "50ms";
  document["network"]["generate"]["spine_link"]["loss"] = "0.01%";
  document["network"]["bulk"]["backup"] = {
      {"from", {"host-0-2"}}, {"to", {"host-1-2"}}, {"bytes", "1GB"}, {"at", "1s"}};
  const NetworkNeeds needs = network_needs(read(document));
  REQUIRE(needs.notes.size() == 2);
  // 1 MiB over 200.08 ms; the spine link would carry 50 MB/s, for which 10 MB are under way.
  CHECK(needs.notes[0].find("5.24 MB/s, not 50 MB/s") != std::string::npos);
  CHECK(needs.notes[0].find("10 MB") != std::string::npos);
  CHECK(needs.notes[1].find("Mathis") != std::string::npos);
}

TEST_CASE("explain tells the network, and runs it with twice the bandwidth") {
  const Folder folder;
  Json document = racks();
  document.erase("failures");
  document["run"] = {{"warmup", "1s"}, {"duration", "40s"}, {"replications", 3}};
  document["network"]["generate"]["host_link"]["bandwidth"] = "150Mbit/s";
  const std::string file = folder.write("s.json", document.dump());
  Answer text = run_headroom({"explain", file, "--no-color"});
  REQUIRE(text.code == 0);
  // Sentences are broken into lines anywhere.
  text.out = std::regex_replace(text.out, std::regex("\\s+"), " ");
  CHECK(text.out.find("Bottleneck: link leaf-0 -> host-0-0") != std::string::npos);
  CHECK(text.out.find("by the minimum cut: leaf-0 -> host-0-0") != std::string::npos);
  CHECK(text.out.find("Single point of failure: switch leaf-1") != std::string::npos);
  const Answer answer = run_headroom({"explain", file, "--json"});
  const Json explanation = Json::parse(answer.out)["explanation"];
  CHECK(explanation["network"]["links"]["leaf-0 -> host-0-0"]["needed_bytes_per_s"] ==
        Approx(300 * 50e3));
  CHECK(explanation["effects"][0]["change"] == "twice the bandwidth of every link");
  CHECK(explanation["effects"][0]["verdict"] == "helps");
  // It is what the same file with those numbers gives.
  const auto changed = twice_the_bandwidth(read(document));
  REQUIRE(changed);
  const auto other = read(document, {"network.generate.host_link.bandwidth=300Mbit/s",
                                     "network.generate.spine_link.bandwidth=800Mbit/s"});
  CHECK(run_study(changed->plan, {}).runs[0].digest == run_study(other, {}).runs[0].digest);
  CHECK_FALSE(without_latency(read(racks()))->what.empty());
}

}  // namespace
}  // namespace headroom
