#include "app/study/gate.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/report/gate_text.hpp"

namespace headroom {
namespace {

Figure figure(double value, double half) {
  return {value, value - half, value + half, 100, {}};
}

Verdict verdict(const Figure& baseline, const Figure& now, double allowed, bool less = true) {
  GateRow row;
  row.baseline = baseline;
  row.now = now;
  row.allowed = allowed;
  judge_against_baseline(row, less);
  return row.verdict;
}

TEST_CASE("a figure is held against the baseline with the chance of both") {
  // Half-widths of 3 and 4 make one of 5.
  CHECK(verdict(figure(100, 3), figure(104, 4), 9.1) == Verdict::met);
  CHECK(verdict(figure(100, 3), figure(104, 4), 8.9) == Verdict::undecided);
  CHECK(verdict(figure(100, 3), figure(104, 4), 0) == Verdict::undecided);
  CHECK(verdict(figure(100, 3), figure(106, 4), 0.9) == Verdict::missed);
  CHECK(verdict(figure(100, 3), figure(90, 4), 0) == Verdict::met);
  CHECK(verdict(figure(100, 3), figure(90, 4), 4, false) == Verdict::missed);
  // The very same run is the same, however wide its interval.
  CHECK(verdict(figure(100, 30), figure(100, 30), 0) == Verdict::met);
  CHECK(verdict(Figure::none("none"), figure(100, 3), 0) == Verdict::met);
  CHECK(verdict(figure(100, 3), Figure::none("none"), 0) == Verdict::undecided);
  // Intervals that lean: 100 [98, 108] and 110 [107, 122]. The difference of 10 may be less by
  // 3 and 8 and more by 12 and 2, in squares.
  const Figure before{100, 98, 108, 100, {}}, after{110, 107, 122, 100, {}};
  GateRow row;
  row.baseline = before;
  row.now = after;
  judge_against_baseline(row, true);
  CHECK(*row.worse.low == Approx(10 - std::sqrt(9.0 + 64)));
  CHECK(*row.worse.high == Approx(10 + std::sqrt(144.0 + 4)));
  judge_against_baseline(row, false);
  CHECK(*row.worse.low == Approx(-10 - std::sqrt(144.0 + 4)));
  CHECK(*row.worse.high == Approx(-10 + std::sqrt(9.0 + 64)));
}

TEST_CASE("a gate says what it did not compare") {
  const auto workload = [](const std::string& name, std::optional<double> p99) {
    ClientSummary made;
    made.name = name;
    made.latency_s.percentiles = {{50, figure(0.010, 0.001)},
                                  {99, p99 ? figure(*p99, 0.001) : Figure::none("too few")}};
    made.error_rate = figure(0, 0);
    made.goodput_per_s = figure(100, 1);
    return made;
  };
  Summary baseline, now;
  baseline.workloads = {workload("web", std::nullopt), workload("gone", 0.05)};
  SloSummary slo;
  slo.name = "fast";
  baseline.slos = {slo};
  now.workloads = {workload("web", std::nullopt), workload("new", 0.05)};
  const auto rows = gate_rows(baseline, now, 0.05);
  REQUIRE(rows.size() == 6);
  CHECK(rows[1].name == "web p99");
  CHECK_FALSE(rows[1].is_compared);
  CHECK(rows[4].name == "gone");
  CHECK(rows[4].verdict == Verdict::undecided);
  CHECK(rows[5].name == "fast");
  CHECK(verdict_of(rows) == Verdict::undecided);
  const std::string text = gate_text("t", rows, Paint(false));
  CHECK(text.find("3 of 5 checks") != std::string::npos);
  CHECK(text.find("not compared") != std::string::npos);
  const std::string xml = gate_junit("t", rows);
  CHECK(xml.find("tests=\"6\" failures=\"0\" errors=\"2\" skipped=\"1\"") != std::string::npos);
  CHECK(xml.find("<skipped message=\"the baseline has no such figure\"/>") != std::string::npos);
}

TEST_CASE("a gate says of a run that never settles just that, in text, JSON and JUnit") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5)), base = folder.file("base");
  REQUIRE(run_headroom({"run", file, "-o", base, "--duration", "50s"}).code == 0);
  const std::vector<std::string> words{"check",      file,
                                       "--against",  base,
                                       "--junit",    folder.file("gate.xml"),
                                       "--set",      "run.load=2.6",
                                       "--set",      "slos.fast=null",
                                       "--duration", "50s"};
  const Answer text = run_headroom(words);
  CHECK(text.code == 4);
  CHECK(text.out.find("NEVER SETTLED") != std::string::npos);
  const std::string xml = folder.read("gate.xml");
  CHECK(xml.find("<error type=\"never settled\" message=\"it never settled: service app: ") !=
        std::string::npos);
  CHECK(xml.find("type=\"undecided\"") == std::string::npos);
  auto json = words;
  json.push_back("--json");
  const auto against = nlohmann::json::parse(run_headroom(json).out)["against"];
  CHECK(against["verdict"] == "undecided");
  CHECK(against["rows"][0]["name"] == "settles");
  CHECK(against["rows"][0]["verdict"] == "undecided");
  CHECK(against["rows"][0]["settled"] == false);
}

TEST_CASE("a gate: the same scenario passes, a slower one does not, JUnit says so") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5, "mean < 50ms"));
  const std::string base = folder.file("base"), junit = folder.file("gate.xml");
  REQUIRE(run_headroom({"run", file, "-o", base, "--duration", "200s"}).code == 0);
  const std::vector<std::string> words{"check",   file,  "--against",  base,
                                       "--junit", junit, "--duration", "200s"};
  CHECK(run_headroom(words).code == 0);
  CHECK(folder.read("gate.xml").find("failures=\"0\" errors=\"0\"") != std::string::npos);
  auto slower = words;
  slower.insert(slower.end(), {"--set", "run.load=1.3", "--json"});
  const Answer missed = run_headroom(slower);
  CHECK(missed.code == 3);
  const auto against = nlohmann::json::parse(missed.out)["against"];
  CHECK(against["verdict"] == "missed");
  CHECK(folder.read("gate.xml").find("<failure type=\"missed\"") != std::string::npos);
  for (const auto& row : against["rows"]) {
    if (row["name"] == "fast") CHECK(row["verdict"] == "met");
    if (row["name"] == "w p99") CHECK(row["verdict"] == "missed");
  }
  // Another seed is no change: within what chance does it is undecided or met, never missed.
  auto other = words;
  other.insert(other.end(), {"--seed", "99", "--allow", "20%"});
  CHECK(run_headroom(other).code != 3);
  CHECK(run_headroom({"check", file, "--against", folder.file("nothing")}).code == 2);
  CHECK(run_headroom({"check", file, "--against", file}).code == 2);
  CHECK(run_headroom({"check", file, "--junit", junit}).code == 2);
}

TEST_CASE("names in XML are escaped") {
  GateRow row;
  row.name = "a < \"b\" & c";
  row.verdict = Verdict::missed;
  const std::string xml = gate_junit("<t>", {row});
  CHECK(xml.find("name=\"a &lt; &quot;b&quot; &amp; c\"") != std::string::npos);
  CHECK(xml.find("<testsuite name=\"&lt;t&gt;\" tests=\"1\" failures=\"1\"") != std::string::npos);
}

}  // namespace
}  // namespace headroom
