#include <catch2/catch.hpp>

#include "models/fault/plan.hpp"

using namespace headroom;

namespace {

template <class T>
std::vector<Finding> findings_of(const T& plan) {
  Findings findings;
  for (const auto& check : fields_of(&plan).checks)
    check(&plan, findings);
  return findings.all();
}

FailurePlan failure(bool at, bool every, bool repair) {
  FailurePlan plan;
  if (at) plan.at = sim::Duration::seconds(1);
  Distribution time;
  time.a = 1e9;
  if (every) plan.every = time;
  if (repair) plan.repair = time;
  return plan;
}

}  // namespace

TEST_CASE("a failure is timed, or by every and repair", "[fault]") {
  CHECK(findings_of(failure(true, false, false)).empty());
  CHECK(findings_of(failure(false, true, true)).empty());
  const auto lone_repair = findings_of(failure(true, false, true));
  REQUIRE(lone_repair.size() == 1);
  CHECK(lone_repair[0].key == "repair");
  const auto lone_every = findings_of(failure(false, true, false));
  REQUIRE(lone_every.size() == 1);
  CHECK(lone_every[0].key == "every");

  FailurePlan endless = failure(false, true, true);
  endless.every->a = 0;
  CHECK(findings_of(endless).empty());
  endless.repair->a = 0;
  REQUIRE(findings_of(endless).size() == 1);
}

TEST_CASE("groups of a partition: not empty, and each zone once", "[fault]") {
  const auto named = [](const char* name) {
    FaultTarget target;
    target.name = name;
    return target;
  };
  PartitionPlan plan;
  plan.groups = {{named("a"), named("b")}, {named("c")}};
  CHECK(findings_of(plan).empty());
  plan.groups = {{named("a"), named("b")}, {named("b")}, {}};
  const auto found = findings_of(plan);
  REQUIRE(found.size() == 2);
  CHECK(found[0].key == "partition/1/0");
  CHECK(found[1].key == "partition/2");
}

TEST_CASE("a slow-down that speeds up is a warning", "[fault]") {
  SlowPlan plan;
  plan.factor = 0.2;
  REQUIRE(findings_of(plan).size() == 1);
  CHECK(findings_of(plan)[0].is_warning);
  plan.factor = 5;
  CHECK(findings_of(plan).empty());
}

TEST_CASE("each verb of a failure is told apart by its own first key", "[fault]") {
  CHECK(fields_of(static_cast<const KillPlan*>(nullptr)).tag() == "kill");
  CHECK(fields_of(static_cast<const PausePlan*>(nullptr)).tag() == "pause");
  CHECK(fields_of(static_cast<const SlowPlan*>(nullptr)).tag() == "slow");
  CHECK(fields_of(static_cast<const ErrorPlan*>(nullptr)).tag() == "error");
  CHECK(fields_of(static_cast<const PartitionPlan*>(nullptr)).tag() == "partition");
  CHECK(fields_of(static_cast<const SurgePlan*>(nullptr)).tag() == "surge");
}
