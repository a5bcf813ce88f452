#include "app/scenario/platform_file.hpp"

#include <catch2/catch.hpp>

using namespace headroom;

namespace {

std::string platform(const std::string& inside) {
  return "<platform version=\"4.1\">\n<zone id=\"z\" routing=\"Full\">\n" + inside +
         "\n</zone>\n</platform>\n";
}

const std::string two_hosts =
    R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/><link id="l" bandwidth="1Gbps" latency="5us"/>)";

}  // namespace

TEST_CASE("a platform becomes hosts, links and hops", "[platform]") {
  const std::vector<std::string> zones{"other", "z"};
  const PlatformFile file = read_platform(
      platform(two_hosts + R"(<route src="a" dst="b"><link_ctn id="l"/></route>)"), zones);
  REQUIRE(file.why.empty());
  REQUIRE(file.platform.nodes.size() == 2);
  CHECK(file.platform.nodes[0].zone == "z");
  REQUIRE(file.platform.links.size() == 1);
  CHECK(file.platform.links[0].plan.bandwidth->bytes_per_s == Approx(1.25e8));
  CHECK(file.platform.links[0].plan.latency->a == Approx(5000));
  CHECK(file.platform.hops.size() == 2);
}

TEST_CASE("what a platform cannot say is told with its place", "[platform]") {
  struct Row {
    std::string inside, near, why;
  };
  const std::vector<Row> rows{
      {R"(<host id="a" speed="1Gf"/>)" + two_hosts, "\"a\"", "two hosts or routers"},
      {two_hosts, "\"a\"", "no route from \"a\" to \"b\""},
      {two_hosts + R"(<route src="a" dst="b"><link_ctn id="m"/></route>)", "\"m\"",
       "no link \"m\""},
      {R"(<link id="l" bandwidth="fast"/>)", "\"fast\"", "no amount"},
      {R"(<link id="l" bandwidth="0Bps"/>)", "\"l\"", "no bandwidth"},
      {R"(<link id="l"/>)", "<link", "lacks its bandwidth"},
      {R"(<link id="l" bandwidth="1Bps" sharing_policy="WIFI"/>)", "WIFI", "sharing policy"},
      {R"(<peer id="p"/>)", "<peer", "not read"},
      {R"(<zone id="v" routing="Vivaldi"/>)", "\"Vivaldi\"", "routing"},
      {R"(<cluster id="c" radical="0-3" bw="1GBps" topology="TORUS"/>)", "\"TORUS\"", "topology"},
      {R"(<cluster id="c" radical="3-0" bw="1GBps"/>)", "\"3-0\"", "list of numbers"},
      {R"(<cluster id="c" radical="0-400" bw="1GBps"/>)", "<platform", "hops"},
  };
  for (const Row& row : rows) {
    INFO(row.inside);
    const std::string text = platform(row.inside);
    const PlatformFile file = read_platform(text, {});
    INFO(file.why);
    CHECK(file.why.find(row.why) != std::string::npos);
    CHECK(text.substr(file.offset, file.length) == row.near);
  }
}

TEST_CASE("what is no XML is told with its line", "[platform]") {
  const std::string text = "<platform>\n<zone id=\"z\">\n</platform>";
  const PlatformFile file = read_platform(text, {});
  CHECK(file.why.find("no XML") != std::string::npos);
  CHECK(file.offset >= 11);
  CHECK(read_platform("", {}).why.find("<platform> is missing") != std::string::npos);
  CHECK(read_platform("<other/>", {}).why.find("<platform> is missing") != std::string::npos);
}
