#include <catch2/catch.hpp>

#include "app/report/result_files.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

TEST_CASE("Failures and what components note are one list in the order of time") {
  ScenarioPlan plan = made_plan();
  FailurePlan kill;
  kill.at = sim::Duration::seconds(2);
  kill.verb = KillPlan{target_of("app[0]")};
  plan.failures.push_back(kill);
  StudyResult study;
  study.runs.push_back(made_run());
  RunResult& run = study.runs.front();
  run.failures.push_back({0, measured_at(2), measured_at(4)});
  run.log.push_back({measured_at(-1), "scaled up", "app", {{"from", 1.0}, {"to", 2.0}}});
  run.log.push_back({measured_at(3), "ejected", "app[0]", {{"by", std::string("lb[0]")}}});
  CHECK(events_jsonl(plan, study) ==
        "{\"time_s\":-1.0,\"event\":\"scaled up\",\"target\":\"app\",\"from\":1.0,\"to\":2.0}\n"
        "{\"time_s\":2.0,\"event\":\"failure began\",\"failure\":0,\"verb\":\"kill\","
        "\"target\":\"app[0]\"}\n"
        "{\"time_s\":3.0,\"event\":\"ejected\",\"target\":\"app[0]\",\"by\":\"lb[0]\"}\n"
        "{\"time_s\":4.0,\"event\":\"failure ended\",\"failure\":0,\"verb\":\"kill\","
        "\"target\":\"app[0]\"}\n");
}

TEST_CASE("A replica that fails by itself is named") {
  ScenarioPlan plan = made_plan();
  FailurePlan kill;
  kill.every = Distribution();
  kill.repair = Distribution();
  kill.verb = KillPlan{target_of("app")};
  plan.failures.push_back(kill);
  StudyResult study;
  study.runs.push_back(made_run());
  study.runs.front().failures.push_back({0, measured_at(2), measured_at(40), "app[1]"});
  CHECK(events_jsonl(plan, study) ==
        "{\"time_s\":2.0,\"event\":\"failure began\",\"failure\":0,\"verb\":\"kill\","
        "\"target\":\"app\",\"replica\":\"app[1]\"}\n");
}

TEST_CASE("A log keeps so many events and counts the rest; only the first replication is told") {
  const sim::Simulation simulation;
  EventLog log(simulation);
  for (std::size_t i = 0; i < EventLog::most + 3; ++i)
    log.note("tick", "clock");
  CHECK(log.events().size() == EventLog::most);
  CHECK(log.left_out() == 3);

  StudyResult study;
  study.runs.push_back(made_run());
  study.runs.front().log_left_out = 3;
  CHECK(events_jsonl(made_plan(), study) ==
        "{\"time_s\":10.0,\"event\":\"further events left out\",\"count\":3}\n");
  study.runs.front().replication = 1;
  CHECK(events_jsonl(made_plan(), study).empty());
}

}  // namespace
}  // namespace headroom
