#include "app/study/arithmetic.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "app/study/summary.hpp"
#include "models/test_distributions.hpp"

using namespace headroom;

namespace {

Step cpu(double ms) {
  return {CpuStep{exponential_ms(ms)}};
}
Step wait(double ms) {
  return {WaitStep{constant_ms(ms)}};
}
Step call(const std::string& service, const std::string& endpoint = {}) {
  CallStep step;
  step.target = {service, endpoint};
  return {step};
}

ServerPlan server(std::int64_t slots, std::uint32_t replicas = 1) {
  ServerPlan plan;
  plan.concurrency = Limit{slots};
  plan.replicas = replicas;
  return plan;
}
ServerPlan simple(double ms, std::int64_t slots, std::uint32_t replicas = 1) {
  ServerPlan plan = server(slots, replicas);
  plan.service_time = exponential_ms(ms);
  return plan;
}
WorkloadPlan poisson(const std::string& target, double per_s) {
  WorkloadPlan plan;
  plan.target = {target, {}};
  plan.arrivals.process = PoissonPlan{{per_s}};
  return plan;
}
WorkloadPlan closed(const std::string& target, std::uint32_t users, double think_ms) {
  WorkloadPlan plan = poisson(target, 0);
  plan.arrivals.process = ClosedPlan{{users, exponential_ms(think_ms)}};
  return plan;
}

ScenarioPlan scenario() {
  ScenarioPlan plan;
  plan.run.duration = sim::Duration::seconds(600);
  return plan;
}

}  // namespace

TEST_CASE("a single server: utilisation law") {
  ScenarioPlan plan = scenario();
  plan.workloads.add("users", poisson("app", 80));
  plan.services.add("app", {simple(10, 1)});
  const Arithmetic needs = arithmetic(plan);
  const ServiceNeeds& app = *needs.service("app");
  CHECK(app.requests_per_s == Approx(80));
  CHECK(app.cpu_s == Approx(0.01));
  CHECK(app.busy_share == Approx(0.8));
  CHECK(app.ceiling_per_s == Approx(100));
  CHECK_FALSE(app.is_overloaded);
  CHECK(needs.workloads[0].answer_s == Approx(0.01));
  REQUIRE(needs.bottleneck);
  CHECK(*needs.bottleneck == 0);

  plan.run.load = 1.25;
  CHECK(arithmetic(plan).service("app")->is_overloaded);
}

TEST_CASE("visits follow mixes, choices, loops, branches and failures") {
  ScenarioPlan plan = scenario();
  WorkloadPlan users = poisson("lb", 100);
  users.mix.emplace();
  users.mix->add("browse", {0.9});
  users.mix->add("buy", {0.1});
  plan.workloads.add("users", users);
  BalancerPlan balancer;
  balancer.to = {"app"};
  plan.services.add("lb", {balancer});
  ServerPlan app = server(64, 4);
  app.cores = 2;
  ChooseStep choose;
  choose.branches.push_back({{0.25}, {call("db")}});
  choose.branches.push_back({{0.75}, {}});
  app.endpoints.add("browse", {cpu(6), {choose}});
  RepeatStep repeat;
  repeat.times = 3;
  repeat.steps = {call("db")};
  ParallelStep parallel;
  parallel.branches = {{wait(5)}, {call("db")}, {wait(20)}};
  parallel.need = 2;
  FailStep fail;
  fail.chance.p = {0.5};
  app.endpoints.add("buy", {cpu(10), {repeat}, {fail}, {parallel}});
  plan.services.add("app", {app});
  plan.services.add("db", {simple(4, 8)});

  const Arithmetic needs = arithmetic(plan);
  CHECK(needs.service("lb")->requests_per_s == Approx(100));
  CHECK_FALSE(needs.service("lb")->busy_share);
  const ServiceNeeds& tier = *needs.service("app");
  CHECK(tier.requests_per_s == Approx(100));
  CHECK(tier.needed_cores == Approx(90 * 0.006 + 10 * 0.010));
  CHECK(tier.cores == Approx(8));
  // browse: 6 ms and a quarter of 4 ms; buy: 10 + 3 x 4, then half of the second fastest of 5, 20
  // and an exponential of 4, which is 5 and what of the exponential lies between 5 and 20.
  const double second = 0.005 + 0.004 * (std::exp(-1.25) - std::exp(-5));
  CHECK(tier.needed_slots == Approx(90 * 0.007 + 10 * (0.022 + 0.5 * second)).epsilon(1e-4));
  const ServiceNeeds& db = *needs.service("db");
  CHECK(db.requests_per_s == Approx(90 * 0.25 + 10 * (3 + 0.5)));
  CHECK(needs.workloads[0].visits == Approx(1 + 0.9 * 0.25 + 0.1 * 3.5));
  // Forced flow and Little's law: what the workload waits for is what its slots hold.
  CHECK(needs.workloads[0].answer_s * 100 == Approx(tier.needed_slots));
}

TEST_CASE("slots run out before cores where calls are slow") {
  ScenarioPlan plan = scenario();
  plan.workloads.add("users", poisson("app", 10));
  ServerPlan app = server(4);
  app.cores = 4;
  app.endpoints.add("get", {cpu(10), wait(490)});
  plan.services.add("app", {app});
  const ServiceNeeds needs = *arithmetic(plan).service("app");
  CHECK(needs.busy_share == Approx(0.1 / 4));
  CHECK(needs.slots_run_out_first);
  CHECK(needs.largest_share == Approx(5.0 / 4));
  CHECK(needs.ceiling_per_s == Approx(8));
  CHECK(needs.is_overloaded);
}

TEST_CASE("closed workloads: asymptotic bounds") {
  ScenarioPlan plan = scenario();
  plan.services.add("app", {simple(10, 1)});
  plan.workloads.add("users", closed("app", 10, 990));
  CHECK(arithmetic(plan).workloads[0].mean_per_s == Approx(10));
  CHECK(arithmetic(plan).service("app")->ceiling_per_s == Approx(100));
  plan.workloads.entries[0].second = closed("app", 1000, 990);
  const Arithmetic many = arithmetic(plan);
  CHECK(many.workloads[0].mean_per_s == Approx(100));
  CHECK_FALSE(many.service("app")->is_overloaded);
  // Beside an open workload, closed ones do not take its ceiling away: they wait.
  plan.workloads.add("open", poisson("app", 50));
  CHECK(arithmetic(plan).service("app")->ceiling_per_s == Approx(100));
}

TEST_CASE("the network counts as time that slots are held") {
  ScenarioPlan plan = scenario();
  plan.zones = {"a", "b"};
  plan.network.emplace();
  LinkPlan link;
  link.latency = constant_ms(10);
  link.bandwidth = Bandwidth{1e6};
  plan.network->links.add("a <-> b", link);
  Step far = call("db");
  Distribution kilobyte;
  kilobyte.a = 1000;
  std::get<CallStep>(far.what).size = kilobyte;
  ServerPlan app = server(10);
  app.endpoints.add("get", {far});
  plan.services.add("app", {app});
  ServerPlan db = simple(4, 10, 2);
  db.zones = {{"a"}, {"b"}};
  plan.services.add("db", {db});
  plan.workloads.add("users", poisson("app", 1));
  // Half of the calls cross: twice 10 ms and one millisecond for a kilobyte.
  CHECK(arithmetic(plan).service("app")->held_s == Approx(0.004 + 0.5 * 0.021));
  auto& built = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  std::get<CallStep>(built.endpoints.entries[0].second[0].what).client.timeout =
      sim::Duration::ms(9);
  CHECK(arithmetic(plan).service("app")->held_s == Approx(0.009));
}

TEST_CASE("callers enter a balancer in their own zone, and it calls replicas in all of them") {
  ScenarioPlan plan = scenario();
  plan.zones = {"a", "b", "c"};
  plan.network.emplace();
  LinkPlan link;
  link.latency = constant_ms(10);
  plan.network->links.add("* <-> *", link);
  ServerPlan db = simple(4, 10, 2);
  db.zones = {{"a"}, {"b"}};
  plan.services.add("db", {db});
  BalancerPlan lb;
  lb.to.name = "db";
  lb.zones = {{"a"}, {"b"}};
  plan.services.add("lb", {lb});
  ServerPlan app = server(10);
  app.endpoints.add("get", {call("lb")});
  app.zones = {{"b"}};
  plan.services.add("app", {app});
  plan.workloads.add("users", poisson("app", 1));
  // To the balancer in the same zone for nothing; every second call of the balancer crosses.
  CHECK(arithmetic(plan).service("app")->held_s == Approx(0.004 + 0.5 * 0.020));
  std::get<ServerPlan>(plan.services.entries[2].second.kind).zones = {{"c"}};
  CHECK(arithmetic(plan).service("app")->held_s == Approx(0.004 + 1.5 * 0.020));
}

TEST_CASE("loads that change: mean and peak over the measured time") {
  ScenarioPlan plan = scenario();
  plan.run.duration = sim::Duration::seconds(100);
  plan.services.add("app", {simple(1, 1)});
  WorkloadPlan staged = poisson("app", 0);
  StagesPlan stages;
  stages.start = {10};
  stages.stages = {{sim::Duration::seconds(20), {30}},
                   {sim::Duration(), {50}},
                   {sim::Duration::seconds(30), {0}}};
  staged.arrivals.process = stages;
  plan.workloads.add("staged", staged);
  WorkloadPlan daily = poisson("app", 0);
  daily.arrivals.process = DiurnalPlan{{{100}, {0.5}, sim::Duration::seconds(50), {}}};
  plan.workloads.add("daily", daily);
  const Arithmetic needs = arithmetic(plan);
  CHECK(needs.workloads[0].mean_per_s == Approx((20 * 20 + 25 * 30) / 100.0));
  CHECK(needs.workloads[0].peak_per_s == Approx(50));
  CHECK(needs.workloads[1].mean_per_s == Approx(100));
  CHECK(needs.workloads[1].peak_per_s == Approx(150));
}

TEST_CASE("estimates grow with the load, the time and what is built") {
  ScenarioPlan plan = scenario();
  plan.services.add("app", {simple(10, 1)});
  plan.workloads.add("users", poisson("app", 80));
  const double events = estimated_events(plan, arithmetic(plan));
  CHECK(events > 80 * 600);
  CHECK(events < 20 * 80 * 600);
  plan.run.load = 2;
  CHECK(estimated_events(plan, arithmetic(plan)) == Approx(2 * events));
  const double bytes = estimated_bytes(plan, arithmetic(plan));
  std::get<ServerPlan>(plan.services.entries[0].second.kind).replicas = 1'000'000;
  CHECK(estimated_bytes(plan, arithmetic(plan)) > bytes + 1e9);
}

TEST_CASE("a cache hits as LRU would, whether the step or the workload names the keys") {
  const auto reads_per_s = [](bool step_has_key, bool is_hot) {
    ScenarioPlan plan = scenario();
    KeySpacePlan keys;
    keys.count = 10'000;
    keys.zipf = 0.8;
    if (is_hot) keys.hot = HotKeys{Ratio{0.5}, 100};
    plan.keys.add("item", keys);
    WorkloadPlan users = poisson("app", 80);
    if (!step_has_key) users.key = KeySpaceRef{"item"};
    plan.workloads.add("users", users);
    CallStep get;
    get.target = {"cache", {}};
    get.op = Operation::get;
    if (step_has_key) get.key = KeySpaceRef{"item"};
    get.on_miss = Steps{call("store")};
    ServerPlan app = server(100);
    app.endpoints.add("call", Steps{Step{get}});
    plan.services.add("app", ServicePlan{app});
    CachePlan cache;
    cache.concurrency = Limit{4};
    cache.capacity = Limit{is_hot ? 1'100 : 1'000};
    plan.services.add("cache", ServicePlan{cache});
    plan.services.add("store", ServicePlan{simple(1, 10)});
    return arithmetic(plan).service("store")->requests_per_s;
  };
  // Che's approximation: 0.436660.
  CHECK(reads_per_s(true, false) == Approx(80 * (1 - 0.43666)).epsilon(1e-3));
  CHECK(reads_per_s(false, false) == Approx(reads_per_s(true, false)));
  // The hot half always hits; what is left of room and keys is all but what it was.
  CHECK(reads_per_s(false, true) == Approx(0.5 * 80 * (1 - 0.43666)).epsilon(1e-2));
}

TEST_CASE("of very many keys memory is needed for those that the requests of a run are about") {
  ScenarioPlan plan = scenario();
  DatabasePlan store;
  store.concurrency = Limit{10};
  store.service_time.write = constant_ms(1);
  plan.services.add("db", ServicePlan{store});
  plan.workloads.add("users", poisson("db", 80));
  plan.workloads.entries[0].second.target.endpoint = "write";
  KeySpacePlan keys;
  keys.count = 1'000'000'000;
  plan.keys.add("item", keys);
  CHECK(estimated_bytes(plan, arithmetic(plan)) < 1e9);
  plan.run.load = 10'000;
  CHECK(estimated_bytes(plan, arithmetic(plan)) > 1e10);
}

TEST_CASE("no request is in the system for longer than the run") {
  ScenarioPlan plan = scenario();
  plan.services.add("app", {simple(365 * 86'400e3, 1)});
  plan.workloads.add("users", poisson("app", 5));
  CHECK(estimated_bytes(plan, arithmetic(plan)) < 1e8);
}

TEST_CASE("the replica that weights favour is full first, and the run shows it") {
  ScenarioPlan plan = scenario();
  plan.run.duration = sim::Duration::seconds(100);
  plan.run.replications = 2;
  plan.workloads.add("users", poisson("lb", 100));
  BalancerPlan balancer;
  balancer.to = ServiceRef{"app"};
  balancer.policy = "weighted_round_robin";
  balancer.weights = {1, 3};
  plan.services.add("lb", ServicePlan{balancer});
  plan.services.add("app", ServicePlan{simple(10, 1, 2)});
  const auto needs_at = [&](double per_s) {
    plan.workloads.entries[0].second.arrivals.process = PoissonPlan{{per_s}};
    return *arithmetic(plan).service("app");
  };
  // Three quarters of the load go to one slot that serves 100 a second.
  CHECK(needs_at(100).imbalance == Approx(1.5));
  CHECK(*needs_at(100).ceiling_per_s == Approx(100 / 0.75));
  CHECK(*needs_at(100).largest_share == Approx(0.5));
  CHECK_FALSE(needs_at(133).is_overloaded);
  CHECK(needs_at(134).is_overloaded);
  needs_at(120);
  Summary summary = summarize(plan, run_study(plan, {}));
  CHECK(*summary.settled);
  CHECK(summary.bottleneck->utilization == Approx(0.9).margin(0.03));
  CHECK(*summary.bottleneck->ceiling_per_s == Approx(100 / 0.75));
  needs_at(150);
  CHECK_FALSE(*summarize(plan, run_study(plan, {})).settled);
  // A workload of its own that calls the replicas in turn brings them nearer to one another.
  WorkloadPlan more = poisson("app", 150);
  plan.workloads.add("more", more);
  CHECK(needs_at(50).imbalance == Approx((75 + 37.5) / 100));
  std::get<BalancerPlan>(plan.services.entries[0].second.kind).policy = "round_robin";
  CHECK(needs_at(100).imbalance == 1);
}
