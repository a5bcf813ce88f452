#include "app/report/html/page.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

#include "app/cli/test_program_runner.hpp"
#include "app/report/html/assets.hpp"

namespace headroom {

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

/// A page without the library in it, whose notice names addresses.
std::string own_part(std::string page) {
  const std::string library(html::chart_js());
  const std::size_t at = page.find(library);
  REQUIRE(at != std::string::npos);
  return page.erase(at, library.size());
}

nlohmann::json charts_of(const std::string& page) {
  const std::string before = "id=\"charts\">";
  const std::size_t begin = page.find(before) + before.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

}  // namespace

TEST_CASE("A page is whole, small and needs nothing from elsewhere") {
  const Folder folder;
  const std::string scenario = folder.write("s.json", small_scenario(0.7));
  const std::string results = folder.file("r");
  REQUIRE(run_headroom({"run", scenario, "--replications", "3", "-o", results, "--json"}).code ==
          0);
  const std::string page = folder.read("r/report.html");
  CHECK(page.size() < 600'000);
  const std::string own = own_part(page);

  CHECK(count(own, "://") == count(own, "http://www.w3.org/2000/svg"));
  for (const auto* fetch : {"<link rel=\"stylesheet", "@import", "url(", "fetch(", "src="})
    CHECK(own.find(fetch) == std::string::npos);
  CHECK(own.find("default-src 'none'") != std::string::npos);
  // Every element that is opened is closed.
  for (const std::string name : {"section", "table", "tr", "article", "figure", "details", "dl"}) {
    const std::string tag = "<" + name;
    INFO(name);
    CHECK(count(own, tag + ">") + count(own, tag + " ") == count(own, "</" + name + ">"));
  }
  CHECK(count(own, "<canvas ") == charts_of(page).size());

  SECTION("jobs do not matter, and it can be written again") {
    const std::string again = folder.file("again");
    REQUIRE(
        run_headroom({"run", scenario, "--replications", "3", "-o", again, "--jobs", "3", "--json"})
            .code == 0);
    CHECK(folder.read("again/report.html") == page);
    folder.write("r/report.html", "lost");
    REQUIRE(run_headroom({"report", results}).code == 0);
    CHECK(folder.read("r/report.html") == page);
  }
  SECTION("several stand side by side, and need a place") {
    const std::string both = folder.file("both.html");
    CHECK(run_headroom({"report", results, results}).code == 2);
    CHECK(run_headroom({"report", results, results, "-o", both}).code == 0);
    CHECK(count(folder.read("both.html"), "<article>") == 2);
    CHECK(count(folder.read("both.html"), "id=\"s2-slos\"") == 1);
  }
}

TEST_CASE("The page of three tiers is small enough to be sent") {
  const Folder folder;
  const std::string file = HEADROOM_SOURCE_DIR "/scenarios/three_tier.json";
  REQUIRE(run_headroom({"run", file, "-o", folder.file("r"), "--json"}).code == 0);
  const std::string page = folder.read("r/report.html");
  CHECK(page.size() > 200'000);  // The library alone: it is a whole page.
  CHECK(page.size() < 600'000);
}

TEST_CASE("The page has the links as a table, and a cross over what failed") {
  const Folder folder;
  const std::string scenario = folder.write("s.json", R"({
    "headroom": 1, "name": "cut", "run": {"duration": "6s", "warmup": "0s", "replications": 2},
    "network": {"hosts": {"h1": {}, "h2": {}}, "switches": ["sw"],
      "links": {"h1 <-> sw": {"latency": "1ms", "bandwidth": "100Mbit/s"},
                "h2 <-> sw": {"latency": "1ms", "bandwidth": "100Mbit/s"}},
      "placement": {"users": ["h1"], "app": ["h2"]}},
    "workloads": {"users": {"target": "app", "arrivals": {"poisson": "50/s"}, "timeout": "1s",
                            "size": "1kB", "reply_size": "100kB"}},
    "services": {"app": {"kind": "server", "concurrency": 4, "service_time": {"exp": "8ms"}}},
    "failures": [{"at": "2s", "for": "1s", "kill": "link h2 -> sw"}]})");
  REQUIRE(run_headroom({"run", scenario, "-o", folder.file("r"), "--json"}).code == 0);
  const std::string page = own_part(folder.read("r/report.html"));
  const std::string network = page.substr(page.find("id=\"s1-network\""));
  const std::string section = network.substr(0, network.find("</section>"));
  // Both ways of both cables, each with its bandwidth.
  for (const auto* link : {"h1 -&gt; sw", "sw -&gt; h1", "h2 -&gt; sw", "sw -&gt; h2"})
    CHECK(count(section, std::string("<th scope=\"row\" class=\"l\">") + link) == 1);
  CHECK(count(section, "12.5 MB/s</td>") == 4);
  CHECK(count(section, "class=\"hit\"") == 1);
  CHECK(section.find("kill link h2 -&gt; sw, from 2 s for 1 s") != std::string::npos);
  CHECK(page.find("network links") == std::string::npos);  // The names of summary.json.
}

TEST_CASE("The page draws a platform, with a cross over what failed in it") {
  const Folder folder;
  folder.write("p.xml", R"(<platform version="4.1"><zone id="all" routing="Full">
  <cluster id="c" prefix="c-" suffix="" radical="0-3" speed="1Gf" bw="1Gbps" lat="50us"
           bb_bw="2Gbps" bb_lat="10us"/>
  <cluster id="d" prefix="d-" suffix="" radical="0-3" speed="1Gf" bw="1Gbps" lat="50us"/>
  <link id="line" bandwidth="2Gbps" latency="1ms" sharing_policy="SPLITDUPLEX"/>
  <zoneRoute src="c" dst="d" gw_src="c-c_router" gw_dst="d-d_router"><link_ctn id="line"/></zoneRoute>
  </zone></platform>)");
  const std::string scenario = folder.write("s.json", R"({
    "headroom": 1, "name": "drawn", "run": {"duration": "6s", "warmup": "0s", "replications": 2},
    "network": {"platform": "p.xml", "placement": {"users": ["c-0"], "app": ["d-1", "d-2"]}},
    "workloads": {"users": {"target": "app", "arrivals": {"poisson": "50/s"}, "timeout": "1s",
                            "size": "1kB", "reply_size": "100kB"}},
    "services": {"app": {"kind": "server", "replicas": 2, "concurrency": 4,
                         "service_time": {"exp": "8ms"}}},
    "failures": [{"at": "2s", "for": "1s", "kill": "link line"},
                 {"at": "4s", "for": "1s", "degrade": "link c_backbone", "bandwidth": "1Gbit/s"}]})");
  REQUIRE(run_headroom({"run", scenario, "-o", folder.file("r"), "--json"}).code == 0);
  const std::string page = own_part(folder.read("r/report.html"));
  const std::string network = page.substr(page.find("id=\"s1-network\""));
  const std::string section = network.substr(0, network.find("</section>"));
  // The hosts in use, the backbone, and where the other cluster is joined.
  CHECK(count(section, "<rect class=\"node\"") == 3);
  CHECK(count(section, "<circle class=\"node") == 2);
  CHECK(count(section, "<path class=\"link") == 4);
  CHECK(section.find(">c_backbone</text>") != std::string::npos);
  CHECK(section.find("<title>line_DOWN: ") != std::string::npos);
  CHECK(count(section, "class=\"hit\"") == 2);
}

TEST_CASE("The page of a sweep has the load curve, today's load and the limit") {
  const Folder folder;
  const std::string scenario = folder.write("s.json", small_scenario(0.5, "p50 < 1s"));
  REQUIRE(run_headroom({"sweep", scenario, "--vary", "run.load=0.5,1,3", "--replications", "3",
                        "--exit-zero", "-o", folder.file("r"), "--json"})
              .code == 0);
  const auto summary = nlohmann::json::parse(folder.read("r/summary.json"));
  CHECK(summary["today"]["run.load"] == 1);
  const std::string page = folder.read("r/report.html");
  CHECK(page.find("headroom sweep scenario.resolved.json --vary run.load=0.5,1,3") !=
        std::string::npos);
  const auto charts = charts_of(page);
  const auto& latency = charts.at(0);
  CHECK(latency["x"] == nlohmann::json{0.5, 1, 3});
  CHECK(latency["marks"][0]["at"] == 1);
  CHECK(latency["limits"][0]["at"] == 1);
  // Three times the load is 1.5 times the capacity: no figure, and hatched from half the way there.
  CHECK(latency["lines"][0]["y"][2].is_null());
  CHECK(latency["unsettled"][0]["from"] == 2);
  // What is drawn is what the summary says, to five digits.
  const auto& p50 = summary["points"][0]["workloads"]["w"]["latency_s"]["p50"];
  CHECK(latency["lines"][0]["y"][0].get<double>() ==
        Approx(p50["value"].get<double>()).epsilon(1e-4));
}

TEST_CASE("Names are text wherever they come from") {
  const std::string evil = "</script><img src=x onerror=alert(1)>";
  nlohmann::ordered_json figure{{"value", 0.1}, {"low", 0.09}, {"high", 0.11}, {"n", 10}};
  nlohmann::ordered_json summary{{"headroom", 1}, {"scenario", evil}, {"settled", nullptr}};
  summary["workloads"][evil] = {{"offered_per_s", figure}, {"latency_s", {{"p99", figure}}}};
  summary["services"][evil] = {{"kind", evil}, {"utilization", figure}, {evil, figure}};
  summary["slos"][evil] = {{"limit", evil}, {"measured", figure}, {"verdict", evil}};
  summary["failures"] = {{{"verb", evil}, {"target", evil}}};
  summary["warnings"] = {{{"message", evil}, {"hint", evil}}};
  summary[evil] = evil;
  summary["digest"] = summary["unsettled_because"] = evil;
  const std::string series = "start_s,workloads." + evil + ".issued_per_s\n0,1\n1,2\n";
  const nlohmann::ordered_json scenario{{"name", evil}, {"description", evil}};
  std::string why;
  const auto page = html_report({{evil,
                                  {{"summary.json", summary.dump()},
                                   {"scenario.resolved.json", scenario.dump()},
                                   {"timeseries.csv", series}}}},
                                why);
  REQUIRE(page);
  const std::string own = own_part(*page);
  CHECK(own.find("<img") == std::string::npos);
  // Two scripts and a document: nothing else opens or ends one. The library stood in the second.
  CHECK(count(own, "<script") == 3);
  CHECK(count(own, "</script") == 3);
  CHECK(charts_of(*page).at(0)["lines"][0]["name"] == evil + ", 95 % intervals");
  CHECK(count(own, "&lt;img") > 10);
}

TEST_CASE("What is no study gets no page, and the reason") {
  std::string why;
  CHECK_FALSE(html_report({{"", {{"summary.json", "{}"}}}}, why));
  CHECK(why.find("summary.json") != std::string::npos);
  const Folder folder;
  CHECK(run_headroom({"report", folder.path()}).code == 1);
  CHECK(run_headroom({"report"}).code == 2);
}

}  // namespace headroom
