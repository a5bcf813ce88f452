#include "models/workload/workload.hpp"

#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include "models/draw.hpp"
#include "models/test_distributions.hpp"
#include "models/test_goodness_of_fit.hpp"
#include "models/workload/test_laws.hpp"

namespace headroom {

namespace {

using sim::Duration;
using sim::Time;

/// Answers each request after a time drawn for it, with what `answer` says; keeps what it saw.
class Answering final : public Endpoint {
 public:
  struct Seen {
    Time at;
    Request request;
  };

  Answering(sim::Simulation& simulation, Distribution delay)
      : Endpoint(simulation), delay_(std::move(delay)) {}
  sim::Task<Reply> call(Request request) override {
    seen.push_back({simulation_.now(), request});
    const Duration delay = delay_of(request);
    if (delay > Duration()) co_await simulation_.delay(delay);
    busy_ns += delay.count_ns();
    co_return answer(request);
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }

  std::vector<Seen> seen;
  std::int64_t busy_ns = 0;
  std::function<Reply(const Request&)> answer = [](const Request&) { return Reply::ok(); };

 private:
  Duration delay_of(const Request& request) const {
    sim::Keyed bits(sim::mix(request.draw_key, 1));
    return draw_duration(delay_, bits);
  }
  Distribution delay_;
};

Measurement measured(std::int64_t start_s, std::int64_t end_s) {
  return {at_s(start_s),
          at_s(end_s),
          {at_s(start_s), Duration::seconds(1), static_cast<std::size_t>(end_s - start_s)}};
}

WorkloadPlan with(ArrivalsPlan arrivals) {
  WorkloadPlan plan;
  plan.arrivals.process = std::move(arrivals);
  return plan;
}

WorkloadPlan closed(std::uint32_t users, Distribution think_time) {
  return with(ClosedPlan{{users, std::move(think_time)}});
}

/// One workload before an endpoint, ready to run.
struct Bench {
  Bench(WorkloadPlan workload_plan, Distribution delay, Measurement measurement,
        std::function<void(WorkloadSetup&)> change = {}, std::uint64_t seed = 1)
      : simulation(seed), target(simulation, std::move(delay)), plan(std::move(workload_plan)) {
    WorkloadSetup setup;
    setup.name = "web";
    setup.mix = {{"call", 0, 1.0}};
    setup.measurement = measurement;
    if (change) change(setup);
    workload = std::make_unique<Workload>(simulation, plan, setup, target);
    workload->start();
  }
  ~Bench() { simulation.close(); }

  WorkloadResult run_to(Time end) {
    CHECK(simulation.run_until(end) == sim::Simulation::Status::reached);
    return workload->result();
  }
  std::vector<double> gaps_s() const {
    std::vector<double> gaps;
    Time last;
    for (const auto& seen : target.seen) {
      gaps.push_back((seen.at - last).in_seconds());
      last = seen.at;
    }
    return gaps;
  }

  sim::Simulation simulation;
  Answering target;
  WorkloadPlan plan;
  std::unique_ptr<Workload> workload;
};

}  // namespace

TEST_CASE("open: requests come when the process says, whatever becomes of them") {
  // Answers take longer than the run: an open workload does not wait for them.
  Bench bench(with(PoissonPlan{Rate{50}}), constant(Duration::seconds(1000)), measured(0, 200));
  const auto result = bench.run_to(at_s(200));
  const auto& all = result.endpoints.at(0);
  CHECK(static_cast<double>(all.issued) == Approx(10'000).margin(400));
  CHECK(all.in_flight_at_end == all.issued);
  CHECK(all.all_finished() == 0);
  CHECK(kolmogorov_smirnov(bench.gaps_s(), [](double x) { return -std::expm1(-50 * x); }) < 1.95);
  for (std::size_t i = 0; i < bench.target.seen.size(); ++i) {
    REQUIRE(bench.target.seen[i].request.number == i);
  }
}

TEST_CASE("open: the load multiplies the rate and sends the same requests") {
  const auto keys = [](double load, std::int64_t end_s) {
    Bench bench(with(PoissonPlan{Rate{50}}), constant(Duration::ms(1)), measured(0, end_s),
                [=](WorkloadSetup& setup) { setup.load = load; });
    bench.run_to(at_s(end_s));
    std::vector<std::uint64_t> found;
    for (const auto& seen : bench.target.seen)
      found.push_back(seen.request.draw_key);
    return found;
  };
  CHECK(keys(1, 20) == keys(2, 10));
}

TEST_CASE("latency is that of the answers, outcomes are counted, the rest is in flight") {
  // One request every 100 ms, answered after 30 ms: rejected, failed, ok, ok, ...
  Bench bench(with(ConstantPlan{Rate{10}}), constant(Duration::ms(30)), measured(2, 12),
              [](WorkloadSetup& setup) { setup.by_second = true; });
  bench.target.answer = [](const Request& request) {
    Reply reply;
    if (request.number % 4 == 0) reply = Reply::rejected(DropCause::queue_full);
    if (request.number % 4 == 1) reply = Reply::failed();
    reply.attempts = 3;
    return reply;
  };
  const auto result = bench.run_to(at_s(12));
  const auto& all = result.endpoints.at(0);
  CHECK(all.name == "call");
  // Those meant for 2.0 s to 11.9 s; the one at 12 s comes when the measurement is over.
  CHECK(all.issued == 100);
  CHECK(all.in_flight_at_start == 0);
  CHECK(all.in_flight_at_end == 0);
  CHECK(all.finished[static_cast<std::size_t>(Outcome::ok)] == 50);
  CHECK(all.finished[static_cast<std::size_t>(Outcome::rejected)] == 25);
  CHECK(all.finished[static_cast<std::size_t>(Outcome::failed)] == 25);
  CHECK(all.attempts == 300);
  CHECK(all.in_time == 50);
  CHECK(all.latency.count() == 50);
  CHECK(all.latency.min() == 30'000'000);
  CHECK(all.latency.max() == 30'000'000);
  REQUIRE(result.by_second.size() == 10);
  std::uint32_t goodput = 0;
  for (std::size_t second = 0; second < 10; ++second) {
    CHECK(result.series.issued[second] == 10);
    CHECK(result.series.latency[second] + result.series.not_ok[second] == 10);
    CHECK(result.series.in_time[second] == result.by_second[second].in_time);
    goodput += result.by_second[second].in_time;
  }
  CHECK(goodput == 50);
}

TEST_CASE("requests that cross the ends of the measurement are accounted for") {
  Bench bench(with(ConstantPlan{Rate{1}}), constant(Duration::ms(2500)), measured(5, 10),
              [](WorkloadSetup& setup) { setup.goodput_limit = Duration::ms(2499); });
  const auto all = bench.run_to(at_s(10)).endpoints.at(0);
  CHECK(all.in_flight_at_start == 2);  // of 3 s and 4 s; that of 5 s is the first that counts
  CHECK(all.issued == 5);
  CHECK(all.all_finished() == 5);
  CHECK(all.in_flight_at_end == 2);
  CHECK(all.latency.count() == 5);
  CHECK(all.in_time == 0);
  // What happens after the measurement changes nothing.
  CHECK(bench.run_to(at_s(20)).endpoints.at(0).all_finished() == 5);
}

TEST_CASE("what a request is follows from its number alone") {
  WorkloadPlan plan = with(PoissonPlan{Rate{100}});
  plan.priority = -3;
  const auto mixed = [](WorkloadSetup& setup) {
    setup.mix = {{"browse", 4, 0.7}, {"search", 2, 0.2}, {"buy", 0, 0.1}};
    setup.index = 9;
    setup.zone = 5;
  };
  WorkloadPlan rich = plan;
  rich.size = law(Distribution::Kind::exponential, 2000);
  rich.reply_size = law(Distribution::Kind::uniform, 100, 300);
  rich.patience = exponential(Duration::seconds(2));
  Bench plain(plan, constant(Duration::ms(1)), measured(0, 100), mixed);
  Bench bench(rich, constant(Duration::ms(500)), measured(0, 100), mixed);
  plain.run_to(at_s(100));
  const auto result = bench.run_to(at_s(100));

  std::vector<double> browse, buy, sizes, replies, patience_s;
  REQUIRE(plain.target.seen.size() == bench.target.seen.size());
  for (std::size_t i = 0; i < bench.target.seen.size(); ++i) {
    const Request& request = bench.target.seen[i].request;
    const Request& bare = plain.target.seen[i].request;
    REQUIRE(request.endpoint == bare.endpoint);
    REQUIRE(request.draw_key == bare.draw_key);
    REQUIRE(request.key == bare.key);
    REQUIRE((bare.patience == Duration::forever() && bare.size == 0 && bare.reply_size == 0));
    REQUIRE((request.priority == -3 && request.workload == 9 && request.zone == 5));
    browse.push_back(request.endpoint == 4);
    buy.push_back(request.endpoint == 0);
    sizes.push_back(static_cast<double>(request.size));
    replies.push_back(static_cast<double>(request.reply_size));
    patience_s.push_back(request.patience.in_seconds());
  }
  check_mean(browse, 0.7);
  check_mean(buy, 0.1);
  check_mean(sizes, 2000);
  check_mean(replies, 200);
  CHECK(kolmogorov_smirnov(patience_s, [](double x) { return -std::expm1(-x / 2); }) < 1.95);
  CHECK(result.endpoints.at(1).name == "search");
  CHECK(result.endpoints[0].issued + result.endpoints[1].issued + result.endpoints[2].issued ==
        bench.target.seen.size());
}

TEST_CASE("a surge multiplies the rate while it lasts") {
  Bench bench(with(ConstantPlan{Rate{10}}), constant(Duration::ms(1)), measured(0, 30));
  bench.simulation.run_until(Time::at_ns(10'050'000'000));
  bench.workload->set_surge(4);
  bench.simulation.run_until(at_s(20));
  bench.workload->set_surge(1);
  const auto all = bench.run_to(at_s(30)).endpoints.at(0);
  // 100 up to 10 s, then at 10.0625 s and every 25 ms to 19.9875 s, then every 100 ms from 20.05 s.
  CHECK(all.issued == 100 + 398 + 100);
  std::vector<Time> at;
  for (const auto& seen : bench.target.seen)
    at.push_back(seen.at);
  CHECK(at[100] == Time::at_ns(10'062'500'000));
  CHECK(at[101] == Time::at_ns(10'087'500'000));
  CHECK(at[498] == Time::at_ns(20'050'000'000));
}

TEST_CASE("a surge of a Poisson workload is Poisson at the higher rate") {
  Bench bench(with(PoissonPlan{Rate{20}}), constant(Duration::ms(1)), measured(0, 600));
  bench.simulation.run_until(at_s(200));
  bench.workload->set_surge(3);
  const std::size_t before = bench.target.seen.size();
  bench.simulation.run_until(at_s(600));
  std::vector<double> gaps = bench.gaps_s();
  gaps.erase(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(before) + 1);
  CHECK(static_cast<double>(before) == Approx(4000).margin(4 * std::sqrt(4000)));
  CHECK(static_cast<double>(gaps.size()) == Approx(24'000).margin(4 * std::sqrt(24'000)));
  CHECK(kolmogorov_smirnov(gaps, [](double x) { return -std::expm1(-60 * x); }) < 1.95);
}

TEST_CASE("a surge of 0 stops arrivals, another lets them go on") {
  Bench bench(with(ConstantPlan{Rate{1}}), constant(Duration::ms(1)), measured(0, 20));
  bench.simulation.run_until(Time::at_ns(2'250'000'000));
  bench.workload->set_surge(0);
  bench.simulation.run_until(at_s(10));
  CHECK(bench.target.seen.size() == 2);
  bench.workload->set_surge(0.5);
  bench.simulation.run_until(at_s(12));
  REQUIRE(bench.target.seen.size() == 3);
  CHECK(bench.target.seen.back().at == Time::at_ns(11'500'000'000));
}

TEST_CASE("closed: the interactive response time law, in integers where all is constant") {
  // 7 users who think 300 ms and wait 200 ms: each asks twice a second, from 0.3 s on.
  Bench bench(closed(7, constant(Duration::ms(300))), constant(Duration::ms(200)),
              measured(10, 110));
  const auto all = bench.run_to(at_s(110)).endpoints.at(0);
  CHECK(all.issued == 7 * 200);
  CHECK(all.all_finished() == 7 * 200);
  // R = N / X - Z, times X and the length.
  const auto length_ns = Duration::seconds(100).count_ns();
  const auto asked = static_cast<std::int64_t>(all.issued);
  CHECK(static_cast<std::int64_t>(all.latency.sum()) == 7 * length_ns - asked * 300'000'000);
}

TEST_CASE("closed: users' time is thinking or waiting") {
  const std::uint32_t users = 40;
  Bench bench(closed(users, exponential(Duration::seconds(1))), exponential(Duration::ms(250)),
              measured(0, 2000));
  const auto all = bench.run_to(at_s(2000)).endpoints.at(0);
  const double x = static_cast<double>(all.all_finished()) / 2000;
  const double response_s = all.latency.mean() * 1e-9;
  CHECK(response_s == Approx(0.25).epsilon(0.02));
  CHECK(users / x - 1 == Approx(response_s).margin(0.02));
  CHECK(all.in_flight_at_end <= users);
  for (const auto& seen : bench.target.seen) {
    REQUIRE(seen.request.session < users);
    REQUIRE(seen.request.number % users == seen.request.session);
  }
}

TEST_CASE("closed: how often a user asks does not change what the others ask") {
  const auto requests_of = [](std::uint64_t user, bool slow_others) {
    Bench bench(closed(5, exponential(Duration::ms(100))), constant(Duration()), measured(0, 50),
                {}, 7);
    bench.target.answer = [](const Request&) { return Reply::ok(); };
    if (slow_others) bench.workload->set_surge(2);  // means nothing to a closed workload
    bench.run_to(at_s(slow_others ? 50 : 30));
    std::vector<std::pair<std::int64_t, std::uint64_t>> found;
    for (const auto& seen : bench.target.seen) {
      if (seen.request.session != user || seen.at > at_s(30)) continue;
      found.emplace_back(seen.at.count_ns(), seen.request.draw_key);
    }
    return found;
  };
  CHECK(requests_of(3, false) == requests_of(3, true));
  CHECK(requests_of(3, false) != requests_of(2, false));
}

TEST_CASE("closed: no thinking and no service is noticed, not endless") {
  Bench bench(closed(2, constant(Duration())), constant(Duration()), measured(0, 10));
  bench.simulation.limit_events_at_one_instant(10'000);
  CHECK(bench.simulation.run_until(at_s(10)) == sim::Simulation::Status::stuck_at_one_instant);
}

TEST_CASE("open: a rate beyond the clock is noticed, not endless") {
  Bench bench(with(ConstantPlan{Rate{1e300}}), constant(Duration()), measured(0, 10));
  bench.simulation.limit_events_at_one_instant(10'000);
  CHECK(bench.simulation.run_until(at_s(10)) == sim::Simulation::Status::stuck_at_one_instant);
}

TEST_CASE("the same seed gives the same run, another seed another") {
  const auto digest = [](std::uint64_t seed) {
    Bench bench(with(MmppPlan{{{Rate{300}, Duration::ms(40)}, {Rate{5}, Duration::ms(90)}}}),
                exponential(Duration::ms(20)), measured(0, 60), {}, seed);
    const auto all = bench.run_to(at_s(60)).endpoints.at(0);
    return std::pair(bench.simulation.digest(), static_cast<std::uint64_t>(all.latency.sum()));
  };
  CHECK(digest(5) == digest(5));
  CHECK(digest(5) != digest(6));
}

TEST_CASE("an answer that never comes leaves its request in flight") {
  class Silent final : public Endpoint {
   public:
    using Endpoint::Endpoint;
    sim::Task<Reply> call(Request) override {
      co_await simulation_.delay(Duration::forever());
      co_return Reply::ok();
    }
    sim::Task<bool> probe(std::uint16_t) override { co_return false; }
  };
  sim::Simulation simulation;
  Silent silent(simulation);
  const WorkloadPlan plan = with(ConstantPlan{Rate{2}});
  WorkloadSetup setup;
  setup.name = "web";
  setup.mix = {{"call", 0, 1.0}};
  setup.measurement = measured(1, 4);
  Workload workload(simulation, plan, setup, silent);
  workload.start();
  simulation.run_until(at_s(4));
  const auto all = workload.result().endpoints.at(0);
  CHECK(all.in_flight_at_start == 1);
  CHECK(all.issued == 6);
  CHECK(all.in_flight_at_end == 7);
  simulation.close();
}

}  // namespace headroom
