// Histories as files, through the program: what it decides, and what it says of bad ones.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/history/history_file.hpp"
#include "models/consistency/linearizability.hpp"

namespace headroom {

namespace {

const char* const stale_read = R"({"process":0,"type":"invoke","f":"write","key":"x","value":1}
{"process":0,"type":"ok","f":"write","key":"x","value":1}
{"process":1,"type":"invoke","f":"read","key":"x","value":null}
{"process":1,"type":"ok","f":"read","key":"x","value":0}
)";

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("verify decides and explains a history of JSON lines") {
  const Folder folder;
  const std::string file = folder.write("h.jsonl", stale_read);
  const Answer stale = run_headroom({"verify", file, "--initial", "0", "--json"});
  CHECK(stale.code == 3);
  const auto document = nlohmann::json::parse(stale.out);
  CHECK(document["linearizable"] == "no");
  CHECK(document["anomaly"]["operations"].size() == 2);
  const Answer text = run_headroom({"verify", file, "--initial", "0"});
  CHECK(holds(text.out, "write x 1"));
  CHECK(holds(text.out, "read x -> 0"));
  // Had the write not been acknowledged, it might come later.
  std::string open(stale_read);
  open.replace(open.find("\"ok\""), 4, "\"info\"");
  CHECK(run_headroom({"verify", folder.write("o.jsonl", open), "--initial", "0"}).code == 0);
}

TEST_CASE("what is wrong with a history is told with its line") {
  const Folder folder;
  const std::string invoke = R"({"process":0,"type":"invoke","f":"write","value":1})";
  const std::string end = R"({"process":0,"type":"ok","f":"write","value":1})";
  struct Case {
    std::string text, line, says;
  };
  const std::vector<Case> cases{
      {end, ":1:", "without an invoke"},
      {invoke + "\n" + invoke, ":2:", "one thing at a time"},
      {invoke + "\n" + R"({"process":0,"type":"okay","f":"write"})", ":2:", "invoke, ok, fail"},
      {"#model register\n0\t0\twrite\tx\t1\ttrue\t5\t3", ":2:", "before its call"},
      {"#model register\n0\t0\twrite\tx\t1\ttrue\t5", ":2:", "8 of"},
      {"", ":1:", "empty"},
  };
  for (const Case& each : cases) {
    const Answer answer = run_headroom({"verify", folder.write("h", each.text)});
    INFO(each.text << "\n" << answer.err);
    CHECK(answer.code == 2);
    CHECK(holds(answer.err, each.line));
    CHECK(holds(answer.err, each.says));
  }
  const std::string good = folder.write("h", invoke + "\n" + end);
  CHECK(run_headroom({"verify", good}).code == 0);
  const Answer model = run_headroom({"verify", good, "--model", "regster"});
  CHECK(holds(model.err, "--model:1:1"));
  CHECK(model.code == 2);
  CHECK(holds(model.err, "\"register\""));
}

TEST_CASE("what is added to is a set where lists are read, and else a counter") {
  const Folder folder;
  const auto told = [&](const std::string& read, const std::vector<std::string>& options = {}) {
    std::string text = R"({"process":0,"type":"invoke","f":"add","value":1}
{"process":0,"type":"ok","f":"add","value":1}
{"process":1,"type":"invoke","f":"read","value":null}
{"process":1,"type":"ok","f":"read","value":)";
    std::vector<std::string> words{"verify", folder.write("h", text + read + "}\n")};
    words.insert(words.end(), options.begin(), options.end());
    return run_headroom(words);
  };
  CHECK(told("[1]").code == 0);
  CHECK(told("[]").code == 3);
  CHECK(told("1").code == 0);
  const Answer late = told("0");
  CHECK(late.code == 3);
  CHECK(holds(late.out, "does not count all that was added before it"));
  CHECK_FALSE(holds(late.out, "key"));  // it has none
  CHECK(told("8", {"--initial", "7"}).code == 0);
  for (const Answer& bad : {told("5", {"--model", "set"}), told("[1]", {"--model", "counter"})}) {
    CHECK(bad.code == 2);
    CHECK(holds(bad.err, ":4:"));
  }
  const std::string twice = R"({"process":0,"type":"invoke","f":"add","value":2})";
  const Answer answer = run_headroom({"verify", folder.write("h", twice), "--model", "counter"});
  CHECK(answer.code == 2);
  CHECK(holds(answer.err, "adds of 1"));
}

TEST_CASE("recorded histories of others give their stated verdicts") {
  const std::filesystem::path folder = std::string(HEADROOM_SOURCE_DIR) + "/../shared/histories";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no recorded histories beside the project");
    return;
  }
  std::size_t checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (entry.path().extension() != ".tsv" || holds(path, "litmus")) continue;
    Diagnostics diagnostics;
    const auto file = read_history(path, {}, diagnostics);
    INFO(path << "\n" << diagnostics.text());
    REQUIRE(file);
    const bool stated = holds(std::string(diagnostics.sources.text(0)), "#verdict linearizable");
    CHECK(consistency::linearizable(file->history, file->question).holds ==
          (stated ? consistency::Holds::yes : consistency::Holds::no));
    ++checked;
  }
  CHECK(checked == 107);
}

}  // namespace headroom
