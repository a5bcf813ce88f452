// Mistakes about the network.
#include <catch2/catch.hpp>

#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;
using bad_inputs::Said;

namespace {

std::string two_zones(const std::string& network, const std::string& failure) {
  return R"({"headroom": 1, "name": "n", "run": {"duration": "10s"}, "zones": ["home", "away"],
    "network": )" +
         network + R"(, "workloads": {"w": {"target": "app", "arrivals": {"poisson": "8/s"}}},
    "services": {"app": {"kind": "server", "concurrency": 1, "service_time": "1ms"}},
    "failures": [)" +
         failure + "]}";
}

void refused(const std::string& network, const std::string& failure, const std::string& pointer,
             const std::string& says, const std::string& hint) {
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, two_zones(network, failure));
  INFO(network << failure << "\n" << said.text());
  CHECK_FALSE(said.accepted);
  bool is_told = false;
  for (const auto& each : said.diagnostics.all())
    is_told = is_told || (each.pointer == pointer && each.message.find(says) != std::string::npos &&
                          each.hint.find(hint) != std::string::npos);
  CHECK(is_told);
}

void warned(const std::string& network, const std::string& pointer, const std::string& says,
            const std::string& hint) {
  const Folder folder;
  bad_inputs::check_row(folder, {"network", network, pointer, says, hint}, two_zones(network, ""),
                        false);
}

void silent(const std::string& network) {
  const Folder folder;
  const Said said = bad_inputs::said_of(folder, two_zones(network, ""));
  INFO(said.text());
  CHECK(said.accepted);
  CHECK(said.diagnostics.warning_count() == 0);
}

const std::string plain_link = R"({"* <-> *": {"latency": "1ms"}})";

}  // namespace

TEST_CASE("the network that the rows spoil is right") {
  const Folder folder;
  const std::string failure = R"({"at": "1s", "degrade": "link home <-> away", "loss": "1%"})";
  const Said said = bad_inputs::said_of(folder, two_zones(plain_link, failure));
  INFO(said.text());
  CHECK(said.accepted);
}

TEST_CASE("mistakes about engines") {
  refused(R"({"engine": "flows", "* <-> *": {}})", "", "/network/engine", "flows", "flow");
  refused(R"({"model": "LV8", "* <-> *": {}})", "", "/network/model", "LV8", "LV08");
  refused(R"({"flow_threshold": 5, "* <-> *": {}})", "", "/network/flow_threshold",
          "a size needs a unit", "5B");
  refused(R"({"engin": "flow", "* <-> *": {}})", "", "/network/engin", "unknown key \"engin\"",
          "engine");
  warned(R"({"model": "LV08", "* <-> *": {}})", "/network/model", "delay engine has no use",
         "--network flow");
  warned(R"({"flow_threshold": "1MB", "* <-> *": {}})", "/network/flow_threshold",
         "delay engine has no use", "--network flow");
  silent(R"({"model": "exact", "* <-> *": {}})");
  silent(R"({"engine": "flow", "model": "CM02", "flow_threshold": "1MB", "* <-> *": {}})");
}

TEST_CASE("a misspelt key of a network is no link") {
  const auto spelt = [](const std::string& key, const std::string& value) {
    return R"({"* <-> *": {}, ")" + key + "\": " + value + "}";
  };
  refused(spelt("swiches", R"(["s"])"), "", "/network/swiches", "unknown key \"swiches\"",
          "switches");
  refused(spelt("ecpm", R"("off")"), "", "/network/ecpm", "unknown key \"ecpm\"", "ecmp");
  refused(spelt("placment", R"({"app": ["h"]})"), "", "/network/placment",
          "unknown key \"placment\"", "placement");
  refused(spelt("something", "3"), "", "/network/something", "unknown key \"something\"", "");
  // What is written as a link is read as one.
  refused(spelt("home -> awy", "{}"), "", "/network/home -> awy", "awy", "");
  silent(spelt("home->away", "{}"));
}

TEST_CASE("mistakes about degraded links") {
  const std::string at = "/failures/0/degrade";
  refused(plain_link, R"({"at": "1s", "degrade": "home -> away", "loss": "1%"})", at,
          "a link is written", "");
  refused(plain_link, R"({"at": "1s", "degrade": "link home -> awy", "loss": "1%"})", at,
          "there is no zone \"awy\"", "away");
  refused(plain_link, R"({"at": "1s", "degrade": "link home -> home", "loss": "1%"})", at,
          "the network has no link home -> home", "same zone");
  refused(plain_link, R"({"at": "1s", "degrade": "link line", "loss": "1%"})", at,
          "\"link line\" names no link", "link a -> b");
  refused(plain_link, R"({"at": "1s", "kill": "link line"})", "/failures/0/kill",
          "\"link line\" names no link", "link a -> b");
  refused(plain_link, R"({"at": "1s", "degrade": "link home -> away"})", at,
          "nothing of the link is degraded", "bandwidth");
  refused(plain_link, R"({"at": "1s", "degrade": "link home -> away", "loss": "100%"})",
          "/failures/0/loss", "100", "");
  const std::string narrow =
      R"({"at": "1s", "degrade": "link home -> away", "bandwidth": "1Mbit/s"})";
  const std::string by_flows =
      R"({"engine": "flow", "* <-> *": {"bandwidth": "1Gbit/s"}, "model": )";
  refused(by_flows + "\"LV08\"}", narrow, at, "cannot change a bandwidth", "CM02");
  const Folder folder;
  CHECK(bad_inputs::said_of(folder, two_zones(by_flows + "\"CM02\"}", narrow)).accepted);
}

TEST_CASE("mistakes about topologies") {
  const auto topology = [](const std::string& more) {
    return R"({"hosts": {"h1": {"zone": "home"}, "h2": {"zone": "away"}}, "switches": ["s"],
      "links": {"h1 <-> s": {"latency": "1ms"}, "s <-> h2": {"latency": "1ms"}})" +
           more + "}";
  };
  const std::string kill = R"({"at": "1s", "kill": )";
  refused(topology(""), kill + R"("link h1 -> h2"})", "/failures/0/kill",
          "no link leads from \"h1\" to \"h2\"", "switch");
  refused(topology(""), kill + R"("host h3"})", "/failures/0/kill",
          "there is no host and no switch \"h3\"", "h1");
  refused(topology(""), kill + R"("switch h1"})", "/failures/0/kill", "\"h1\" is a host", "");
  refused(topology(""), R"({"at": "1s", "pause": "link h1 -> s"})", "/failures/0/pause",
          "links, hosts and switches can only be killed", "degrade");
  refused(topology(R"(, "placement": {"ap": ["h1"]})"), "", "/network/placement/ap",
          "there is no service and no workload \"ap\"", "app");
  refused(topology(R"(, "placement": {"app": ["s"]})"), "", "/network/placement/app/0",
          "there is no host \"s\"", "");
  refused(topology(R"(, "* <-> *": {"latency": "1ms"})"), "", "/network/* <-> *",
          "or a topology, not both", "");
  refused(
      topology(R"(, "bulk": {"b": {"from": ["h1"], "to": ["h9"], "bytes": "1MB", "at": "1s"}})"),
      "", "/network/bulk/b/to/0", "there is no host, zone or replica \"h9\"", "");
  refused(topology(R"(, "bulk": {"b": {"from": ["h1"], "to": ["h2"], "bytes": "1MB",
          "after_failure": 0}})"),
          "", "/network/bulk/b/after_failure", "there is no failure 0", "");
  refused(topology(""), kill + R"("s"})", "/failures/0/kill", "there is no service \"s\"",
          "write \"switch s\"");
  refused(topology(""), kill + R"("h1"})", "/failures/0/kill", "there is no service \"h1\"",
          "write \"host h1\"");
  refused(topology(""), R"({"at": "1s", "pause": "s"})", "/failures/0/pause",
          "there is no service \"s\"", "it is a switch, which can only be killed");
  const std::string at = "/failures/0/partition/0/0";
  refused(topology(""), R"({"at": "1s", "partition": [["h1"], ["h2"]]})", at, "\"h1\" is a host",
          "name the replicas that stand on it");
  refused(topology(""), R"({"at": "1s", "partition": [["host h1"], ["away"]]})", at,
          "between zones and replicas", "name the replicas that stand on it");
  refused(topology(""), R"({"at": "1s", "partition": [["s"], ["away"]]})", at, "\"s\" is a switch",
          "\"kill\": \"switch s\"");
  const auto copy = [&](const std::string& from, const std::string& to) {
    return topology(R"(, "bulk": {"b": {"from": [")" + from + R"("], "to": [")" + to +
                    R"("], "bytes": "1MB", "at": "1s"}})");
  };
  warned(copy("h1", "h1"), "/network/bulk/b", "stays on host \"h1\"", "name another host");
  warned(copy("app[0]", "h1"), "/network/bulk/b", "stays on host \"h1\"", "");
  silent(copy("h1", "h2"));
  refused(R"({"hosts": {"h1": {}}, "links": {"h1 <-> t": {}}})", "", "/network/links/h1 <-> t",
          "there is no host and no switch \"t\"", "switches");
  refused(R"({"hosts": {"h1": {}, "h2": {}}})", "", "/network/links", "no route from", "");
  refused(R"({"generate": {"kind": "fat_tree", "k": 3, "link": {}}})", "", "/network/generate/k",
          "even number of ports", "4");
  refused(R"({"generate": {"kind": "regions"}})", "", "/network/generate",
          "is no region that was measured", "us-east-1");
}

TEST_CASE("links between zones can be killed by their names") {
  refused(plain_link, R"({"at": "1s", "kill": "link home -> awy"})", "/failures/0/kill",
          "there is no zone \"awy\"", "away");
  refused(plain_link, R"({"at": "1s", "kill": "host h1"})", "/failures/0/kill",
          "no hosts and switches", "link");
}
