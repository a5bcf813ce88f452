#include "app/study/journal.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>
#include <fstream>

#include "app/cli/test_program_runner.hpp"
#include "app/study/run_bytes.hpp"
#include "app/study/study.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

/// A run with something in every part that is kept.
RunResult full_run(std::uint32_t replication) {
  RunResult run = made_run();
  run.replication = replication;
  run.digest = 0x123456789abcdef0 + replication;
  finish(reads(run), 100, 3);
  answer_in_ms(reads(run), 7, 50);
  answer_in_ms(writes(run), 9000, 2);
  run.workloads[0].series.latency.record(measured_at(3), 12345);
  run.workloads[0].by_second.push_back({1, 2, 3});
  run.workloads[0].parts.push_back({{reads(run)}, sim::Duration::ms(1234)});
  run.services[0].queue_area = static_cast<__int128>(1) << 100;
  run.services[0].queue_series.emplace_back(run.measurement.windows, 3);
  run.services[0].queue_series[0].finish(run.measurement.end);
  run.services[0].cache.emplace().gets = 17;
  run.services[0].cache->entries_area = -5;
  run.failures.push_back({0, measured_at(1), measured_at(2)});
  run.log.push_back({measured_at(1), "ejected", "app[1]", {{"by", "lb[0]"}, {"for_s", 0.25}}});
  return run;
}

TEST_CASE("a run comes back from its bytes, all of it") {
  const RunResult run = full_run(3);
  const std::string bytes = run_bytes(run);
  const auto back = run_of_bytes(bytes);
  REQUIRE(back);
  CHECK(run_bytes(*back) == bytes);
  CHECK(back->digest == run.digest);
  CHECK(back->workloads[0].endpoints[0].latency == run.workloads[0].endpoints[0].latency);
  const sim::SampleSeries& latency = back->workloads[0].series.latency;
  REQUIRE(latency.keeps_histograms());
  for (std::size_t window = 0; window < latency.size(); ++window)
    CHECK(latency.histogram(window) == run.workloads[0].series.latency.histogram(window));
  CHECK(back->services[0].queue_area == run.services[0].queue_area);
  CHECK(back->services[0].queue_series[0].means() == run.services[0].queue_series[0].means());
  CHECK(back->services[0].cache->entries_area == -5);
  REQUIRE(back->log.size() == 1);
  CHECK(back->log[0].details == run.log[0].details);
  CHECK(back->failures[0].end == measured_at(2));
  // Whatever the bytes, reading ends, and torn ones are not taken for whole ones.
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK_FALSE(run_of_bytes(std::string_view(bytes).substr(0, length)));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    run_of_bytes(damaged);
  }
}

TEST_CASE("a run that was simulated is summarised the same from its bytes") {
  ScenarioPlan plan = made_plan();
  plan.workloads.entries[0].second.arrivals.process = PoissonPlan{Rate{400}};
  StudyResult study = run_study(plan, {});
  const Summary before = summarize(plan, study);
  for (RunResult& run : study.runs)
    run = *run_of_bytes(run_bytes(run));
  const Summary after = summarize(plan, study);
  CHECK(before.digest == after.digest);
  CHECK(before.workloads[0].latency_s.percentile(99).value ==
        after.workloads[0].latency_s.percentile(99).value);
  CHECK(before.services[0].queue_length.high == after.services[0].queue_length.high);
}

TEST_CASE("CRC-32C of the standard's examples") {
  CHECK(crc32c("123456789") == 0xE3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AA);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62A8AB43);
}

std::string file_of(const Folder& folder, std::uint32_t runs) {
  const auto opened = Journal::open(folder.file("j"), "a study", false);
  REQUIRE(opened.journal);
  for (std::uint32_t run = 0; run < runs; ++run) {
    RunResult small;
    small.replication = run;
    small.digest = run + 100;
    opened.journal->keep(7, small);
  }
  return folder.read("j");
}

/// How many of the runs a changed file still gives, each of them right; -1 where it is refused.
int still_there(const Folder& folder, const std::string& content, std::uint32_t runs) {
  folder.write("k", content);
  const auto opened = Journal::open(folder.file("k"), "a study", true);
  if (!opened.journal) {
    CHECK(!opened.obstacle.empty());
    return -1;
  }
  int found = 0;
  for (std::uint32_t run = 0; run < runs; ++run) {
    const auto kept = opened.journal->find(7, run);
    if (!kept) continue;
    CHECK(kept->digest == run + 100);
    ++found;
  }
  CHECK_FALSE(opened.journal->find(8, 0));
  return found;
}

TEST_CASE("truncated at every byte: what was whole is kept, the rest is not made up") {
  const Folder folder;
  const std::string whole = file_of(folder, 4);
  CHECK(still_there(folder, whole, 4) == 4);
  int last = 0;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const int found = still_there(folder, whole.substr(0, length), 4);
    CHECK(found >= last);
    CHECK(found < 4);
    last = found;
  }
  CHECK(last == 3);
}

TEST_CASE("one flipped bit at every byte: refused, or the runs before it are kept") {
  const Folder folder;
  const std::string whole = file_of(folder, 4);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    INFO(at);
    CHECK(still_there(folder, damaged, 4) < 4);
  }
}

TEST_CASE("a journal is of one study, and of one run of it at a time") {
  const Folder folder;
  file_of(folder, 1);
  CHECK(Journal::open(folder.file("j"), "another", true).obstacle.find("another study") !=
        std::string::npos);
  CHECK(Journal::open(folder.file("j"), "a study", false).hint.find("--resume") !=
        std::string::npos);
  const auto first = Journal::open(folder.file("j"), "a study", true);
  REQUIRE(first.journal);
  CHECK(first.journal->runs_found() == 1);
  CHECK(Journal::open(folder.file("j"), "a study", true).obstacle.find("in use") !=
        std::string::npos);
  folder.write("x", "something that is no journal at all, and long enough for a header\n");
  CHECK_FALSE(Journal::open(folder.file("x"), "a study", true).journal);
  CHECK(folder.read("x").starts_with("something"));
}

TEST_CASE("a journal that holds nothing finished does not stay, one of others does") {
  const Folder folder;
  const auto is_there = [&] { return static_cast<bool>(std::ifstream(folder.file("j"))); };
  file_of(folder, 0);
  CHECK_FALSE(is_there());
  {
    const auto first = Journal::open(folder.file("j"), "a study", true);
    REQUIRE(first.journal);
    CHECK_FALSE(Journal::open(folder.file("j"), "a study", true).journal);
    CHECK(is_there());
  }
  CHECK_FALSE(is_there());
  file_of(folder, 1);
  CHECK(is_there());
  CHECK(Journal::open(folder.file("j"), "a study", true).journal->runs_held() == 1);
  CHECK(is_there());
}

TEST_CASE("a journal that cannot be read is refused, and nothing is written to it") {
  const Folder folder;
  // A regular file whose first byte cannot be read.
  ::symlink("/proc/self/mem", folder.file("m").c_str());
  const auto opened = Journal::open(folder.file("m"), "a study", true);
  CHECK_FALSE(opened.journal);
  CHECK(opened.obstacle == "cannot read " + folder.file("m") + ": Input/output error");
  CHECK(opened.hint.empty());
}

TEST_CASE("runs are known by plan and measured time") {
  ScenarioPlan plan = made_plan();
  const Measurement measurement = measurement_of(plan, sim::Duration::seconds(1), 60);
  const auto key = Journal::key_of(plan, measurement);
  CHECK(key == Journal::key_of(made_plan(), measurement));
  CHECK(key != Journal::key_of(plan, measurement_of(plan, sim::Duration::seconds(2), 60)));
  CHECK(key != Journal::key_of(plan, measurement_of(plan, sim::Duration::seconds(1), 61)));
  plan.run.load = 2;
  CHECK(key != Journal::key_of(plan, measurement));
}

TEST_CASE("a full disk ends the study with its reason") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  ::symlink("/dev/full", folder.file("out.journal").c_str());
  const Answer answer = run_headroom({"run", file, "-o", folder.file("out"), "--resume"});
  CHECK(answer.code == 1);
  CHECK(answer.err.find("No space left") != std::string::npos);
}

TEST_CASE("--resume goes on from the journal, to the same bytes; without it none is overwritten") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const std::vector<std::string> words{"capacity", file, "--duration",      "20s",
                                       "--json",   "-o", folder.file("out")};
  const Answer whole = run_headroom(words);
  REQUIRE(whole.code == 0);
  const std::string summary = folder.read("out/summary.json");
  CHECK_FALSE(std::ifstream(folder.file("out.journal")));
  // A journal of the same study that holds no run yet.
  auto resumed = words;
  resumed.push_back("--resume");
  const Answer again = run_headroom(resumed);
  CHECK(again.out == whole.out);
  CHECK(folder.read("out/summary.json") == summary);
  folder.write("out.journal", "");
  const Answer refused = run_headroom(words);
  CHECK(refused.code == 1);
  CHECK(refused.out.find("--resume") != std::string::npos);
  CHECK(run_headroom({"run", file, "--resume"}).code == 2);
}

}  // namespace
}  // namespace headroom
