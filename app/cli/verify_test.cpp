// The counterexample of `headroom verify` as a drawing, and that of `headroom run` in a run that is
// as small as it can be.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "app/cli/test_program_runner.hpp"

namespace headroom {
namespace {

using Json = nlohmann::json;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A write that was acknowledged, and a read after it that returns `read`.
std::string history_of(int read, bool timed) {
  std::ostringstream text;
  const auto line = [&](int process, const char* type, const char* f, int value, int at) {
    text << R"({"process": )" << process << R"(, "type": ")" << type << R"(", "f": ")" << f
         << R"(", "key": "x", "value": )" << value;
    if (timed) text << R"(, "time": )" << at * 1'000'000'000LL;
    text << "}\n";
  };
  line(0, "invoke", "write", 1, 1);
  line(0, "ok", "write", 1, 2);
  line(0, "invoke", "write", 2, 3);
  line(0, "ok", "write", 2, 4);
  line(1, "invoke", "read", read, 5);
  line(1, "ok", "read", read, 7);
  return text.str();
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++found;
  return found;
}

TEST_CASE("verify draws its counterexample, and nothing where there is none") {
  const Folder folder;
  const std::string file = folder.file("history.jsonl"), svg = folder.file("anomaly.svg");
  for (const bool timed : {false, true}) {
    folder.write("history.jsonl", history_of(1, timed));
    const auto answer = run_headroom({"verify", file, "--svg", svg});
    CHECK(answer.code == 3);
    const std::string drawing = content_of(svg);
    CHECK(drawing.find("<svg xmlns=") == 0);
    CHECK(drawing.find("process 0") != std::string::npos);
    CHECK(drawing.find("read x -&gt; 1") != std::string::npos);
    // A bar for each operation, an arrow from the write to its reader.
    CHECK(count(drawing, "<rect class=\"write") + count(drawing, "<rect class=\"read") ==
          count(answer.out, "  line "));
    CHECK(count(drawing, "class=\"head\"") == 1);
    CHECK((drawing.find("7.000000 s") != std::string::npos) == timed);
    REQUIRE(std::filesystem::remove(svg));
  }
  folder.write("history.jsonl", history_of(2, true));
  const auto fine = run_headroom({"verify", file, "--svg", svg});
  CHECK(fine.code == 0);
  CHECK(fine.err.find("no counterexample") != std::string::npos);
  CHECK(!std::filesystem::exists(svg));
}

TEST_CASE("a drawing that cannot be written is an error that says why") {
  const Folder folder;
  folder.write("history.jsonl", history_of(1, true));
  const auto answer = run_headroom(
      {"verify", folder.file("history.jsonl"), "--svg", folder.file("none/anomaly.svg")});
  CHECK(answer.code == 1);
  CHECK(answer.err.find("none/anomaly.svg") != std::string::npos);
}

TEST_CASE("verify reads litmus histories and holds them to their stated verdicts") {
  const std::string litmus = std::string(HEADROOM_SOURCE_DIR) + "/tests/recorded/litmus.tsv";
  const auto answer = run_headroom({"verify", litmus});
  CHECK(answer.code == 0);
  CHECK(answer.out.find("22 histories, 220 verdicts: all as") != std::string::npos);
  const Json dekker = Json::parse(run_headroom({"verify", litmus, "--json"}).out)["histories"][7];
  CHECK(dekker["causal"] == "yes");
  CHECK(dekker["sequential"] == "no");

  const Folder folder;
  const auto told = [&](const std::string& row) {
    return run_headroom({"verify", folder.write("l.tsv", "name\thistory\tSC\tRYW\n" + row)});
  };
  CHECK(told("own\tw(x,1) r(x,0)\tNO\tNO\n").code == 0);
  const auto other = told("own\tw(x,1) r(x,0)\tNO\tyes\n");
  CHECK(other.code == 3);
  CHECK(other.out.find("NO, not yes") != std::string::npos);
  for (const auto& [row, says] : {std::pair("a\tw(x,1)\tyes", "l.tsv:2:1: error: there are 3"),
                                  {"a\tw(x1)\tyes\tyes", "l.tsv:2:3: error: \"w(x1)\""},
                                  {"a\tw(x,1)\tyes\tjes", "l.tsv:2:14: error: \"jes\""}}) {
    const auto bad = told(row);
    INFO(bad.err);
    CHECK(bad.code == 2);
    CHECK(bad.err.find(says) != std::string::npos);
  }
}

TEST_CASE("run tells the least run that shows a violation, and it does") {
  const std::string file = std::string(HEADROOM_SOURCE_DIR) + "/scenarios/split_brain.json";
  const auto answer = run_headroom({"run", file, "--json", "--exit-zero", "--replications", "2",
                                    "--duration", "40s", "--jobs", "1"});
  REQUIRE(answer.code == 0);
  const Json db = Json::parse(answer.out)["consistency"]["db"];
  REQUIRE(!db["weakest_refuted"].is_null());
  const Json& smallest = db["smallest"];
  CHECK(smallest["failures"] <= smallest["of_failures"]);
  std::vector<std::string> words{"run", file, "--json", "--exit-zero"};
  for (const auto& set : smallest["set"]) {
    words.push_back("--set");
    words.push_back(set.get<std::string>());
  }
  const auto again = run_headroom(words);
  REQUIRE(again.code == 0);
  const Json seen = Json::parse(again.out)["consistency"]["db"];
  CHECK(seen["anomaly"] == smallest["anomaly"]);
  CHECK(smallest["anomaly"]["operations"].size() <= db["anomaly"]["operations"].size());
}

}  // namespace
TEST_CASE("A history that is not there is told as any file is, with one of nearly that name") {
  const Folder folder;
  folder.write("history.jsonl", "");
  const Answer near = run_headroom({"verify", "histori.jsonl"}, folder.path());
  CHECK(near.code == 2);
  CHECK(near.err.find("error: cannot read histori.jsonl: No such file") != std::string::npos);
  CHECK(near.err.find("\"history.jsonl\"") != std::string::npos);
  const Answer far = run_headroom({"verify", "nope"}, folder.path());
  CHECK(far.code == 2);
  CHECK(far.err.find("init") == std::string::npos);
  CHECK(far.err.find("^") == std::string::npos);
}

}  // namespace headroom
