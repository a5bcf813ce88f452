#include <catch2/catch.hpp>

#include "app/scenario/defaults.hpp"
#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic.hpp"
#include "app/study/judge.hpp"
#include "app/study/run.hpp"
#include "app/study/run_bytes.hpp"
#include "app/study/summary.hpp"
#include "models/fault/target.hpp"
#include "models/test_distributions.hpp"

namespace headroom {
namespace {

Step publish(const std::string& broker, bool with_key = false) {
  PublishStep step;
  step.target = {broker, {}};
  if (with_key) step.key = KeySpaceRef{"item"};
  return {step};
}

ServerPlan tier(std::int64_t slots, Steps steps) {
  ServerPlan plan;
  plan.concurrency = Limit{slots};
  plan.endpoints.add("call", std::move(steps));
  return plan;
}

WorkerPlan worker(const std::string& broker, std::int64_t slots, double ms,
                  std::uint32_t batch = 1) {
  WorkerPlan plan;
  plan.concurrency = Limit{slots};
  plan.service_time = exponential_ms(ms);
  plan.consumes = ServiceRef{broker};
  plan.batch = batch;
  return plan;
}

/// 100 requests a second publish to a queue once and to a log with probability 1/2; the workers of
/// the log publish to another one.
ScenarioPlan shop() {
  ScenarioPlan plan;
  plan.run.duration = sim::Duration::seconds(200);
  plan.run.warmup = sim::Duration::seconds(20);
  plan.run.replications = 3;
  WorkloadPlan& users = plan.workloads.add("users");
  users.target = {"app", {}};
  users.arrivals.process = PoissonPlan{Rate{100}};
  plan.keys.add("item").count = 100;
  ChooseStep choose;
  choose.branches.push_back({Ratio{0.5}, {publish("views", true)}});
  choose.branches.push_back({Ratio{0.5}, {}});
  plan.services.add("app", ServicePlan{tier(100, {publish("jobs"), Step{choose}})});
  plan.services.add("jobs", ServicePlan{QueuePlan()});
  LogPlan views;
  views.partitions = 4;
  plan.services.add("views", ServicePlan{views});
  plan.services.add("rare", ServicePlan{LogPlan()});
  plan.services.add("crew", ServicePlan{worker("jobs", 8, 50)});
  WorkerPlan mapper = worker("views", 4, 0);
  mapper.service_time.reset();
  mapper.endpoints.add("map", {Step{CpuStep{exponential_ms(20)}}, publish("rare")});
  plan.services.add("mapper", ServicePlan{mapper});
  plan.services.add("audit", ServicePlan{worker("views", 4, 10)});
  plan.services.add("sink", ServicePlan{worker("rare", 1, 4, 10)});
  return with_defaults(plan);
}

RunResult run_of(const ScenarioPlan& plan, std::uint32_t replication) {
  return simulate(plan, replication, measurement_of(plan, sim::Duration::seconds(20), 10),
                  [](double) { return true; });
}

const ServiceResult& service_of(const RunResult& run, const std::string& name) {
  for (const ServiceResult& each : run.services)
    if (each.name == name) return each;
  throw std::runtime_error("no service " + name);
}

}  // namespace

TEST_CASE("what workers need follows from what is published") {
  const Arithmetic needs = arithmetic(shop());
  CHECK(needs.service("jobs")->requests_per_s == Approx(100));
  CHECK(needs.service("crew")->requests_per_s == Approx(100));
  CHECK(needs.service("crew")->needed_slots == Approx(5));
  // Each group gets all of 50 a second.
  CHECK(needs.service("mapper")->requests_per_s == Approx(50));
  CHECK(needs.service("audit")->requests_per_s == Approx(50));
  CHECK(needs.service("rare")->requests_per_s == Approx(50));
  // Ten messages are one piece of work.
  CHECK(needs.service("sink")->requests_per_s == Approx(5));
  CHECK(needs.service("mapper")->kind == "worker");
  // Who publishes waits for none of it.
  CHECK(needs.workloads.front().answer_s == Approx(0).margin(1e-12));
  CHECK(needs.services[*needs.bottleneck].service == "crew");
  CHECK(*needs.service("crew")->ceiling_per_s == Approx(160));
}

TEST_CASE("workers that share a group of a log share its messages") {
  ScenarioPlan plan = shop();
  for (auto& [name, service] : plan.services.entries)
    if (auto* one = std::get_if<WorkerPlan>(&service.kind); one && one->consumes.name == "views")
      one->group = "both";
  const Arithmetic needs = arithmetic(plan);
  CHECK(needs.service("mapper")->requests_per_s == Approx(25));
  CHECK(needs.service("audit")->requests_per_s == Approx(25));
}

TEST_CASE("a run of brokers counts every message, and its bytes hold all of it") {
  const ScenarioPlan plan = shop();
  const RunResult run = run_of(plan, 0);
  const ServiceResult& jobs = service_of(run, "jobs");
  REQUIRE(jobs.broker);
  const SubscriptionResult& books = jobs.broker->groups.front();
  CHECK(books.produced == jobs.arrivals);
  CHECK(books.in_flight_at_start + books.produced == books.consumed + books.in_flight_at_end);
  CHECK(service_of(run, "crew").completions == books.consumed);
  CHECK(service_of(run, "views").broker->groups.size() == 2);
  CHECK(service_of(run, "views").broker->groups[0].produced ==
        service_of(run, "views").broker->groups[1].produced);
  CHECK(service_of(run, "sink").completions < service_of(run, "rare").broker->groups[0].consumed);
  const std::string bytes = run_bytes(run);
  const auto again = run_of_bytes(bytes);
  REQUIRE(again);
  CHECK(run_bytes(*again) == bytes);
  CHECK(service_of(*again, "jobs").broker->groups.front().lag_area == books.lag_area);
}

TEST_CASE("goals about lag and losses") {
  const ScenarioPlan plan = shop();
  std::vector<RunResult> runs;
  for (std::uint32_t i = 0; i < 3; ++i)
    runs.push_back(run_of(plan, i));
  const auto verdict = [&](Requirement::Metric metric, double limit, double percentile = 0) {
    SloPlan slo;
    slo.queue = ServiceRef{"jobs"};
    slo.require.metric = metric;
    slo.require.limit = limit;
    slo.require.percentile = percentile;
    return judge_slo(plan, runs, "goal", slo).verdict;
  };
  using Metric = Requirement::Metric;
  CHECK(verdict(Metric::percentile_lag, 10, 95) == Verdict::met);
  CHECK(verdict(Metric::percentile_lag, 1e-6, 95) == Verdict::missed);
  CHECK(verdict(Metric::mean_lag, 1) == Verdict::met);
  CHECK(verdict(Metric::max_lag, 1e-3) == Verdict::missed);
  CHECK(verdict(Metric::lag, 100) == Verdict::met);
  CHECK(verdict(Metric::lost, 0) == Verdict::met);
}

TEST_CASE("keys go with messages to those who work on them") {
  const ScenarioPlan plan = shop();
  CHECK(key_spaces_of(plan, "audit") == std::set<std::string>{"item"});
  CHECK(key_spaces_of(plan, "crew").empty());
}

namespace {

/// So many messages a second, evenly, through a broker to workers that take 100 ms for each piece.
ScenarioPlan through(const ServicePlan& broker, const WorkerPlan& crew, double per_s) {
  ScenarioPlan plan;
  plan.run.duration = sim::Duration::seconds(400);
  plan.run.warmup = sim::Duration::seconds(20);
  WorkloadPlan& users = plan.workloads.add("users");
  users.target = {"app", {}};
  users.arrivals.process = ConstantPlan{Rate{per_s}};
  ServerPlan app = tier(1, {publish("broker")});
  app.concurrency = Limit::unlimited();
  plan.services.add("app", ServicePlan{app});
  plan.services.add("broker", broker);
  plan.services.add("crew", ServicePlan{crew});
  return with_defaults(plan);
}

WorkerPlan crew_of(std::uint32_t replicas, std::int64_t slots, std::uint32_t batch = 1) {
  WorkerPlan crew = worker("broker", slots, 100, batch);
  crew.replicas = replicas;
  crew.service_time->kind = Distribution::Kind::constant;
  return crew;
}

/// The arithmetic says where it is full; a run settles below and does not above.
void check_ceiling(const ServicePlan& broker, const WorkerPlan& crew, double ceiling) {
  CHECK(*arithmetic(through(broker, crew, 1)).service("crew")->ceiling_per_s == Approx(ceiling));
  for (const bool is_over : {false, true}) {
    const double per_s = (is_over ? 1.06 : 0.94) * ceiling;
    const ScenarioPlan plan = through(broker, crew, per_s);
    CHECK(arithmetic(plan).service("crew")->is_overloaded == is_over);
    const ServiceResult result = service_of(run_of(plan, 0), "broker");
    const auto grown = static_cast<double>(result.broker->groups.front().in_flight_at_end) -
                       static_cast<double>(result.broker->groups.front().in_flight_at_start);
    CHECK((grown > 0.015 * per_s * 400) == is_over);
  }
}

}  // namespace

TEST_CASE("a partition is worked on by one of a group at a time, as the arithmetic says") {
  struct Row {
    std::uint32_t partitions, workers;
    std::int64_t slots;
    double ceiling;
  };
  // The fullest of five workers has 3 of 12 partitions: four times what one can do (K01).
  for (const Row& row : {Row{12, 5, 1, 40}, Row{12, 5, 2, 80}, Row{12, 5, 4, 120},
                         Row{12, 16, 1, 120}, Row{2, 1, 4, 20}, Row{3, 1, 2, 20}}) {
    INFO(row.partitions << " partitions, " << row.workers << " workers of " << row.slots);
    LogPlan log;
    log.partitions = row.partitions;
    check_ceiling(ServicePlan{log}, crew_of(row.workers, row.slots), row.ceiling);
  }
  LogPlan log;
  log.partitions = 2;
  ScenarioPlan plan = through(ServicePlan{log}, crew_of(1, 4), 25);
  const Arithmetic needs = arithmetic(plan);
  CHECK(*needs.service("crew")->slots == 2);
  CHECK(*needs.service("crew")->largest_share == Approx(1.25));
  CHECK(needs.service("crew")->by_partitions);

  SECTION("of those who share a group, some may get none") {
    WorkerPlan more = crew_of(1, 1);
    more.group = "crew";
    plan.services.add("more", ServicePlan{more});
    std::get<WorkerPlan>(plan.services.entries[2].second.kind).replicas = 2;
    const Arithmetic shared = arithmetic(plan);
    CHECK(shared.service("crew")->requests_per_s == Approx(25));
    CHECK(shared.service("more")->requests_per_s == Approx(0));
    CHECK_FALSE(shared.service("more")->largest_share);
    std::get<LogPlan>(plan.services.entries[1].second.kind).partitions = 4;
    CHECK(arithmetic(plan).service("crew")->requests_per_s == Approx(25 * 3 / 4.0));
    CHECK(arithmetic(plan).service("more")->requests_per_s == Approx(25 / 4.0));
  }
}

TEST_CASE("what is worked on together is limited by what a worker has at hand") {
  QueuePlan queue;
  queue.capacity = Limit::unlimited();
  check_ceiling(ServicePlan{queue}, crew_of(1, 1, 4), 40);
  check_ceiling(ServicePlan{queue}, crew_of(2, 2, 3), 120);
  struct Row {
    std::int64_t prefetch, slots;
    double ceiling;
  };
  for (const Row& row : {Row{100, 1, 40}, Row{5, 1, 40}, Row{4, 1, 40}, Row{3, 1, 30},
                         Row{1, 1, 10}, Row{6, 2, 60}, Row{2, 3, 20}}) {
    INFO("prefetch " << row.prefetch << ", " << row.slots << " slots");
    queue.prefetch = Limit{row.prefetch};
    check_ceiling(ServicePlan{queue}, crew_of(1, row.slots, 4), row.ceiling);
  }
  LogPlan log;
  log.groups.add("crew").max_poll = 3;
  check_ceiling(ServicePlan{log}, crew_of(1, 1, 4), 30);
}

TEST_CASE(
    "workers that are cut off and refused fetch again when the cut heals, of logs and queues") {
  for (const bool is_log : {false, true})
    for (const std::int64_t cut_ms : {100, 1'000, 20'000}) {
      INFO(is_log << ", cut for " << cut_ms << " ms");
      WorkerPlan crew = crew_of(1, 3);
      crew.service_time = exponential_ms(5);
      crew.zones = {{"c"}};
      QueuePlan queue;
      queue.capacity = Limit::unlimited();
      ScenarioPlan plan = through(is_log ? ServicePlan{LogPlan()} : ServicePlan{queue}, crew, 100);
      plan.zones = {"local", "c"};
      plan.network.emplace();
      FaultTarget cut_off;
      std::string why;
      REQUIRE(parse_target("c", cut_off, why));
      PartitionPlan partition;
      partition.groups = {{cut_off}};
      partition.mode = PartitionMode::refuse;
      FailurePlan failure;
      failure.at = sim::Duration::seconds(1);
      failure.length = sim::Duration::ms(cut_ms);
      failure.verb = partition;
      plan.failures.push_back(failure);
      const ServiceResult result = service_of(run_of(plan, 0), "broker");
      const SubscriptionResult& books = result.broker->groups.front();
      CHECK(books.all_lost() == 0);
      CHECK(books.in_flight_at_end < 30);
      // They wait for the cut, and then for the next try, which is a second away at most.
      const double peak = static_cast<double>(books.lag_peak);
      const double per_ms = 0.1;
      CHECK(peak < per_ms * static_cast<double>(cut_ms + 1'000) + 30);
      CHECK(peak > per_ms * static_cast<double>(cut_ms) * 0.9 - 30);
    }
}

}  // namespace headroom
