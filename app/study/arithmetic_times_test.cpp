// Branches side by side, by arithmetic: closed forms of order statistics.
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>

#include "app/scenario/call_graph.hpp"
#include "app/study/arithmetic.hpp"
#include "models/test_distributions.hpp"

using namespace headroom;

namespace {

constexpr double percent = 0.01;  // of what is drawn

Step cpu(const Distribution& work) {
  return {CpuStep{work}};
}
Step wait(const Distribution& time) {
  return {WaitStep{time}};
}
Step call(const std::string& service) {
  CallStep step;
  step.target = {service, {}};
  return {step};
}
Step side_by_side(std::vector<Steps> branches, std::optional<std::uint32_t> need = {}) {
  return {ParallelStep{std::move(branches), need}};
}
Steps fails(double p) {
  return {Step{FailStep{{Ratio{p}}}}};
}

ServerPlan server(Limit slots, Steps steps) {
  ServerPlan plan;
  plan.concurrency = slots;
  plan.endpoints.add("call", std::move(steps));
  return plan;
}

/// A front of one slot that does these steps 40 times a second, and a leaf that never queues.
ScenarioPlan front_and_leaf(Steps steps, const Distribution& of_leaf = exponential_ms(10)) {
  ScenarioPlan plan;
  plan.run.duration = sim::Duration::seconds(600);
  WorkloadPlan users;
  users.target = {"front", {}};
  users.arrivals.process = PoissonPlan{{40}};
  plan.workloads.add("users", users);
  plan.services.add("front", {server(Limit{1}, std::move(steps))});
  ServerPlan leaf;
  leaf.concurrency = Limit::unlimited();
  leaf.service_time = of_leaf;
  plan.services.add("leaf", {leaf});
  return plan;
}

double held_ms(const ScenarioPlan& plan, const std::string& service = "front") {
  return arithmetic(plan).service(service)->held_s * 1e3;
}

/// Mean of the k-th of n exponentials of mean 1.
double kth_of(int k, int n) {
  double sum = 0;
  for (int i = n - k + 1; i <= n; ++i)
    sum += 1.0 / i;
  return sum;
}

}  // namespace

TEST_CASE("the slowest of several exponential calls is a harmonic sum") {
  const std::vector<Steps> calls(4, Steps{call("leaf")});
  const auto plan = front_and_leaf({side_by_side(calls)});
  CHECK(held_ms(plan) == Approx(10 * kth_of(4, 4)).epsilon(percent));  // 20.83
  CHECK(*arithmetic(plan).service("front")->ceiling_per_s == Approx(48).epsilon(percent));
  CHECK(arithmetic(plan).service("leaf")->requests_per_s == Approx(160));
  CHECK(arithmetic(plan).workloads[0].answer_s == Approx(0.02083).epsilon(percent));
  for (const int n : {1, 2, 10, 50}) {
    const std::vector<Steps> branches(static_cast<std::size_t>(n), Steps{call("leaf")});
    for (const int k : {1, (n + 1) / 2, n})
      CHECK(held_ms(front_and_leaf({side_by_side(branches, k)})) ==
            Approx(10 * kth_of(k, n)).epsilon(2 * percent));
  }
}

TEST_CASE("branches of constant times are exact") {
  const auto ms = [](double time) { return Steps{wait(constant_ms(time))}; };
  const std::vector<Steps> branches{ms(30), ms(10), {wait(constant_ms(15)), wait(constant_ms(5))}};
  const double tiny = 1e-12;
  CHECK(held_ms(front_and_leaf({side_by_side(branches)})) == Approx(30).epsilon(tiny));
  CHECK(held_ms(front_and_leaf({side_by_side(branches, 2)})) == Approx(20).epsilon(tiny));
  CHECK(held_ms(front_and_leaf({side_by_side(branches, 1)})) == Approx(10).epsilon(tiny));
  CHECK(held_ms(front_and_leaf({side_by_side({{call("leaf")}, {call("leaf")}})}, constant_ms(7))) ==
        Approx(7).epsilon(tiny));
  CHECK(held_ms(front_and_leaf({side_by_side({})})) == 0);
}

TEST_CASE("branches of other shapes") {
  // Uniform from 0 to 1: the slowest of n takes n / (n + 1).
  Distribution uniform;
  uniform.kind = Distribution::Kind::uniform;
  uniform.b = 10e6;
  CHECK(held_ms(front_and_leaf({side_by_side(std::vector<Steps>(4, {call("leaf")}))}, uniform)) ==
        Approx(8).epsilon(percent));
  // Two exponentials one after the other, twice: 2 + 1 / 4 + 1 / 2 = 2.75.
  const Steps two{call("leaf"), call("leaf")};
  CHECK(held_ms(front_and_leaf({side_by_side({two, two})})) == Approx(27.5).epsilon(percent));
  // Branches within branches are one step of five.
  const Steps inner{side_by_side(std::vector<Steps>(3, {call("leaf")}))};
  CHECK(held_ms(front_and_leaf({side_by_side({inner, {call("leaf")}, {call("leaf")}})})) ==
        Approx(10 * kth_of(5, 5)).epsilon(percent));
  // A timeout cuts the tail: of 10 ms, 1 - 1/e are left.
  auto plan = front_and_leaf({side_by_side({{call("leaf")}})});
  auto& front = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  auto& parallel = std::get<ParallelStep>(front.endpoints.entries[0].second[0].what);
  std::get<CallStep>(parallel.branches[0][0].what).client.timeout = sim::Duration::ms(10);
  CHECK(held_ms(plan) == Approx(10 * (1 - std::exp(-1))).epsilon(percent));
}

TEST_CASE("branches that fail end the wait as soon as too many have") {
  const Steps slow{wait(constant_ms(30))};
  Steps may_fail{wait(constant_ms(10))};
  may_fail.push_back(fails(0.5)[0]);
  const auto plan = front_and_leaf({side_by_side({slow, may_fail})});
  CHECK(held_ms(plan) == Approx(20).epsilon(percent));
  CHECK(held_ms(front_and_leaf({side_by_side({slow, may_fail}, 1)})) ==
        Approx(20).epsilon(percent));
}

TEST_CASE("work on as many pieces as there are cores takes all of it, shared") {
  const std::vector<Steps> pieces(3, Steps{cpu(constant_ms(100))});
  auto plan = front_and_leaf({side_by_side(pieces)});
  CHECK(held_ms(plan) == Approx(300));
  CHECK(*arithmetic(plan).service("front")->ceiling_per_s == Approx(1 / 0.3));
  auto& front = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  front.cores = 3;
  CHECK(held_ms(plan) == Approx(100));
  CHECK(*arithmetic(plan).service("front")->ceiling_per_s == Approx(10));
  CHECK(arithmetic(plan).service("front")->cpu_s == Approx(0.3));
  front.concurrency = Limit{2};
  front.cores = 1;
  CHECK(*arithmetic(plan).service("front")->ceiling_per_s == Approx(1 / 0.3));
}

TEST_CASE("pieces of work that can be on cores at once") {
  const Steps work{cpu(constant_ms(1))};
  const auto pieces = [](Steps steps) {
    return pieces_at_once(server(Limit{2}, std::move(steps)));
  };
  CHECK(pieces({wait(constant_ms(1))}) == 0);
  CHECK(pieces(work) == 1);
  CHECK(pieces({side_by_side({work, work, {wait(constant_ms(1))}})}) == 2);
  CHECK(pieces({side_by_side({work, {side_by_side({work, work})}}), cpu(constant_ms(1))}) == 3);
  CHECK(std::isinf(pieces({side_by_side({work, work}, 1)})));
  CHECK(std::isinf(pieces({side_by_side({work, fails(0.1)})})));
}

TEST_CASE("a thousand services of parallel calls are drawn in no time") {
  auto plan = front_and_leaf({side_by_side({{call("leaf")}, {call("leaf")}})});
  for (int i = 0; i < 1000; ++i)
    plan.services.add("more" + std::to_string(i),
                      {server(Limit{1}, {side_by_side(std::vector<Steps>(4, {call("leaf")}))})});
  const auto begun = std::chrono::steady_clock::now();
  CHECK(held_ms(plan) == Approx(15).epsilon(0.05));
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
}
