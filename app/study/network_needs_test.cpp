// What arithmetic says of a network, against what a run measures.
#include "app/study/network_needs.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

#include "app/cli/test_program_runner.hpp"
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
  // The link of the users carries 2,500 answers a second (125 MB/s by 50 kB), but the links of the
  // other rack, 50 MB/s each, bring half of them and half of what the store answers over two ways.
  CHECK(needs.bounds[0].per_s == Approx(50e6 / ((2 * 20e3 / 2 + 50e3 / 2) / 2)));
  CHECK(needs.bounds[0].full_link.starts_with("leaf-1 -> spine-"));
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
  // What limits the answers is the one link of the users: 125 MB/s by 50 kB.
  CHECK(needs.bounds[0].per_s == Approx(2500));
  CHECK(needs.bounds[0].of_answers);
  CHECK(needs.bounds[0].links == std::vector<std::string>{"leaf-0 -> host-0-0"});
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

/// Users on h1 ask an application on h2 for 200 kB, 80 times a second: 16 MB/s of 12.5 MB/s.
Json full_link() {
  return Json::parse(R"({
    "headroom": 1, "name": "full", "run": {"warmup": "2s", "duration": "20s", "replications": 2},
    "network": {"hosts": {"h1": {}, "h2": {}}, "switches": ["sw"],
      "links": {"h1 <-> sw": {"latency": "1ms", "bandwidth": "1Gbit/s"},
                "h2 <-> sw": {"latency": "1ms", "bandwidth": "100Mbit/s"}},
      "placement": {"users": ["h1"], "app": ["h2"]}},
    "workloads": {"users": {"target": "app", "arrivals": {"poisson": "80/s"}, "timeout": "1s",
      "size": "1kB", "reply_size": "200kB"}},
    "services": {"app": {"kind": "server", "concurrency": 4, "service_time": {"exp": "8ms"}}},
    "slos": {"fast": {"workload": "users", "require": "p99 < 100ms"}}})");
}

std::string in_one_line(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

TEST_CASE("a link that is full is named by check, run and capacity, as by explain") {
  const Folder folder;
  const std::string file = folder.write("s.json", full_link().dump());
  const std::string warning = "capacity: link \"h2 -> sw\" needs 16 MB/s, it carries 12.5 MB/s";
  const std::string place = "/network/links/h2 <-> sw";
  const Answer checked = run_headroom({"check", file, "--no-color"});
  CHECK(in_one_line(checked.err).find(warning) != std::string::npos);
  CHECK(checked.err.find(place) != std::string::npos);
  CHECK(in_one_line(checked.out)
            .find("First to be full: link h2 -> sw, requests need 128 % of its bandwidth") !=
        std::string::npos);
  CHECK(in_one_line(checked.out).find("it can hold 62.5 /s") != std::string::npos);

  const Answer ran = run_headroom({"run", file, "--no-color", "--exit-zero"});
  CHECK(in_one_line(ran.err).find(warning) != std::string::npos);
  CHECK(in_one_line(ran.out).find("Bottleneck: link h2 -> sw, 100 % of its bandwidth busy; by "
                                  "arithmetic it holds 62.5 /s") != std::string::npos);
  const Json json = Json::parse(run_headroom({"run", file, "--json", "--exit-zero"}).out);
  CHECK(json["bottleneck"]["name"] == "link h2 -> sw");
  CHECK(json["bottleneck"]["service"].is_null());
  // What the link carries is all that it can, and that is as many answers.
  const double carried = json["network"]["links"]["h2 -> sw"]["bytes_per_s"]["value"];
  CHECK(carried / 200e3 == Approx(62.5).epsilon(0.01));

  Json smaller = full_link();
  smaller["workloads"]["users"]["reply_size"] = "100kB";
  smaller["slos"]["fast"]["require"] = "p90 < 100ms";
  const std::string half = folder.write("half.json", smaller.dump());
  const Answer found =
      run_headroom({"capacity", half, "--no-color", "--exit-zero", "--resolution", "20%"});
  INFO(found.out << found.err);
  CHECK(in_one_line(found.out).find("link h2 -> sw is the busiest, ") != std::string::npos);
}

TEST_CASE("where the link has room, the server is the bottleneck again") {
  Json document = full_link();
  document["network"]["links"]["h2 <-> sw"]["bandwidth"] = "1Gbit/s";
  document["workloads"]["users"]["arrivals"]["poisson"] = "400/s";
  const ScenarioPlan plan = read(document);
  CHECK_FALSE(first_full(link_needs(plan, arithmetic(plan)))->is_overloaded);
  const Summary summary = summarize(plan, run_study(plan, {}));
  REQUIRE(summary.bottleneck);
  CHECK(summary.bottleneck->name == "app");
}

TEST_CASE("links between zones are warned of under their keys; those of closed workloads are not") {
  Json document = full_link();
  document["zones"] = {"a", "b"};
  document["network"] = {{"same zone", {{"latency", "100us"}}},
                         {"* <-> b", {{"latency", "5ms"}, {"bandwidth", "100Mbit/s"}}}};
  document["services"]["app"]["zones"] = {"b"};
  const auto warnings = [](const Json& scenario) {
    const Folder folder;
    Diagnostics diagnostics;
    REQUIRE(read_scenario(folder.write("s.json", scenario.dump()), {}, diagnostics));
    std::vector<std::string> pointers;
    for (const Diagnostic& each : diagnostics.all())
      pointers.push_back(each.pointer);
    return pointers;
  };
  CHECK(warnings(document) == std::vector<std::string>{"/network/* <-> b"});
  Json alone = document;
  alone["network"]["* <-> b"]["shared"] = false;
  CHECK(warnings(alone).empty());
  document["workloads"]["users"]["arrivals"] = {{"closed", {{"users", 4}, {"think_time", "0s"}}}};
  CHECK(warnings(document).empty());
}

/// One request asks eight hosts for 30 kB each, and gets 1 kB.
Json incast() {
  Json branches = Json::array();
  for (int i = 0; i < 8; ++i)
    branches.push_back({{{"call", "shard"}, {"size", "1kB"}, {"reply_size", "30kB"}}});
  Json document = full_link();
  document["network"] = Json::parse(R"({"generate": {"kind": "star", "hosts": 10,
      "link": {"latency": "20us", "bandwidth": "100Mbit/s"}},
    "placement": {"users": ["host-0"], "app": ["host-1"],
      "shard": ["host-2", "host-3", "host-4", "host-5", "host-6", "host-7", "host-8", "host-9"]}})");
  document["workloads"]["users"] = Json::parse(R"({"target": "app", "size": "1kB",
    "reply_size": "1kB", "arrivals": {"closed": {"users": 200, "think_time": "0s"}}})");
  document["services"]["app"] = {{"kind", "server"}, {"concurrency", 200}};
  document["services"]["app"]["endpoints"]["get"] = Json::array({{{"parallel", branches}}});
  document["services"]["shard"] = Json::parse(
      R"({"kind": "server", "replicas": 8, "concurrency": 100, "service_time": "100us"})");
  document.erase("slos");
  return document;
}

TEST_CASE("the bound counts what is called behind the first service, and a run comes up to it") {
  const ScenarioPlan plan = read(incast());
  const NetworkNeeds needs = network_needs(plan);
  REQUIRE(needs.bounds.size() == 1);
  // By hand: eight answers of 30 kB and the request of 1 kB come over one link of 12.5 MB/s.
  CHECK(needs.bounds[0].per_s == Approx(12.5e6 / 241e3));
  CHECK(needs.bounds[0].full_link == "hub -> host-1");
  CHECK(needs.bounds[0].links.empty());
  const Summary summary = summarize(plan, run_study(plan, {}));
  const double served = *summary.workloads.front().served_per_s.value;
  CHECK(served <= needs.bounds[0].per_s * 1.001);
  CHECK(served > needs.bounds[0].per_s * 0.95);
  REQUIRE(summary.bottleneck);
  CHECK(summary.bottleneck->name == "link hub -> host-1");
  const Folder folder;
  const Answer text =
      run_headroom({"check", folder.write("s.json", incast().dump()), "--no-color"});
  CHECK(in_one_line(text.out).find("at most 51.9 /s of users: they and the calls they cause fill "
                                   "link hub -> host-1 then") != std::string::npos);
}

TEST_CASE("what partitions and dead zones cut off is told, with and without a topology") {
  Json document = full_link();
  document["zones"] = {"a", "b"};
  document["network"]["hosts"] = {{"h1", {{"zone", "a"}}}, {"h2", {{"zone", "b"}}}};
  document["workloads"]["users"]["zone"] = "a";
  document["services"]["app"]["zones"] = {"b"};
  document["failures"] = Json::parse(R"([
    {"at": "5s", "for": "1s", "partition": [["a"], ["b"]], "one_way": true},
    {"at": "8s", "for": "1s", "kill": "zone b"},
    {"at": "11s", "for": "1s", "partition": [["app[0]"]]}])");
  Json zones = document;
  zones["network"] = Json::parse(R"({"* <-> *": {"latency": "1ms"}})");
  zones["failures"].push_back({{"at", "14s"}, {"for", "1s"}, {"kill", "link b -> a"}});
  for (const Json& each : {document, zones}) {
    const auto cuts = network_needs(read(each)).cut_off;
    REQUIRE(cuts.size() == each["failures"].size());
    using Sides = std::vector<std::vector<std::string>>;
    CHECK(cuts[0].sides == Sides{{"users"}, {"app"}});
    CHECK(cuts[0].is_one_way);
    CHECK(cuts[1].cut_off == std::vector<std::string>{"app"});
    CHECK(cuts[2].sides == Sides{{"app"}});
    if (cuts.size() > 3) CHECK(cuts[3].sides == Sides{{"app"}, {"users"}});
    const Folder folder;
    const Answer answer = run_headroom({"check", folder.write("s.json", each.dump())});
    const std::string text = in_one_line(answer.out);
    CHECK(
        text.find("Failure 0 (partition) cuts what goes from users to app, not what comes back.") !=
        std::string::npos);
    CHECK(text.find("Failure 1 (kill zone b) takes down app.") != std::string::npos);
    CHECK(text.find("Failure 2 (partition) cuts app off from all others.") != std::string::npos);
  }
}

TEST_CASE("while a zone is dead, only those it takes down do not answer") {
  Json document = full_link();
  document["zones"] = {"a", "b"};
  document["workloads"]["users"]["zone"] = "a";
  document["workloads"]["users"]["reply_size"] = "1kB";
  document["services"]["app"]["zones"] = {"b"};
  document["network"] = Json::parse(R"({"* <-> *": {"latency": "1ms"}})");
  document["failures"] = Json::parse(R"([{"at": "5s", "for": "5s", "kill": "zone b"}])");
  document["slos"] = Json::object();
  const ScenarioPlan plan = read(document);
  const Summary summary = summarize(plan, run_study(plan, {}));
  CHECK(*summary.failures[0].error_rate.value == Approx(1));
}

}  // namespace
}  // namespace headroom
