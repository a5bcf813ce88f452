#include "app/study/pilot.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

TEST_CASE("pilots on several threads find the warm-up that one thread finds") {
  ScenarioPlan plan = made_plan();
  auto& app = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  app.service_time->kind = Distribution::Kind::exponential;
  app.service_time->a = 19e6;  // 95 % busy: it takes a while to fill
  plan.run.duration = sim::Duration::seconds(60);
  StudyOptions options;
  const Warmup alone = find_warmup(plan, options);
  CHECK(alone.found);
  for (const unsigned jobs : {2, 3, 8}) {
    options.execution.jobs = jobs;
    CHECK(find_warmup(plan, options).length == alone.length);
    CHECK(find_warmup(plan, options).settled == alone.settled);
  }
}

TEST_CASE("the progress of a study begins with its pilots and never goes back") {
  ScenarioPlan plan = made_plan();
  plan.run.replications = 9;
  std::vector<double> shares;
  StudyOptions options;
  options.progress = [&](double share) { shares.push_back(share); };
  run_study(plan, options);
  REQUIRE(shares.size() > 100);
  CHECK(std::is_sorted(shares.begin(), shares.end()));
  CHECK(shares.front() < 0.01);
  CHECK(shares.back() == Approx(1));
  const auto during_pilots = std::count_if(shares.begin(), shares.end(),
                                           [](double share) { return share <= 3.0 / 12 + 1e-9; });
  CHECK(static_cast<double>(during_pilots) == Approx(0.25 * static_cast<double>(shares.size())));
  CHECK(share_of_pilots(plan) == Approx(0.25));
  plan.run.warmup = sim::Duration::seconds(1);
  CHECK(share_of_pilots(plan) == 0);
}

}  // namespace
}  // namespace headroom
