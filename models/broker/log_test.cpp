#include "models/broker/log.hpp"

#include <catch2/catch.hpp>

#include "models/broker/test_crew.hpp"

namespace headroom {

namespace {

using sim::Duration;

sim::Time second(std::int64_t s) {
  return sim::Time() + Duration::seconds(s);
}

LogPlan partitions(std::uint32_t count) {
  LogPlan plan;
  plan.partitions = count;
  return plan;
}

/// A log, one group of workers and a publisher.
class Topic {
 public:
  Topic(LogPlan log_plan, std::size_t workers, Distribution work, WorkerTerms terms = {},
        std::uint64_t seed = 1)
      : simulation(seed),
        plan(std::move(log_plan)),
        log(simulation, plan, "topic", std::vector<std::uint16_t>(plan.nodes(), 0), {}),
        crew(simulation, workers, std::move(work), terms),
        publisher(simulation, log) {
    crew.consume(log);
    log.start();
  }
  ~Topic() { simulation.close(); }

  void run_to_s(std::int64_t s) { simulation.run_until(second(s)); }
  SubscriptionResult books() const { return log.result().broker->groups.front(); }
  std::uint64_t lost(Loss cause) const { return books().lost[static_cast<std::size_t>(cause)]; }

  sim::Simulation simulation;
  LogPlan plan;
  MessageLog log;
  Crew crew;
  Publisher publisher;
};

double mean_of_s(const sim::Histogram& histogram) {
  return static_cast<double>(histogram.sum()) / static_cast<double>(histogram.count()) * 1e-9;
}

}  // namespace

TEST_CASE("Messages of a key are worked on in their order, one partition at a time") {
  WorkerTerms terms;
  terms.slots = 4;
  Topic topic(partitions(8), 3, exponential(Duration::ms(80)), terms);
  topic.publisher.publish(2'000, Duration::ms(10), 50);
  topic.run_to_s(100);
  CHECK(topic.books().consumed == 2'000);
  std::map<std::uint64_t, std::uint64_t> last;
  bool in_order = true;
  for (const std::uint64_t number : topic.crew.diary.order) {
    const std::uint64_t key = sim::mix(number) % 50;
    in_order = in_order && (!last.contains(key) || last[key] < number);
    last[key] = number;
  }
  CHECK(in_order);
}

TEST_CASE("The lag of a group that stops grows by the load and drains by what is spare") {
  // VALIDATION K01: lam T messages at most, drained in lam T / (mu - lam).
  Topic topic(partitions(1), 1, constant(Duration::us(1000)));
  topic.publisher.publish(160'000, Duration::us(1250));  // 800/s of 1,000/s
  topic.run_to_s(10);
  topic.crew.worker(0).begin_pause();
  topic.run_to_s(40);
  topic.crew.worker(0).end_pause();
  topic.run_to_s(112);
  CHECK(static_cast<double>(topic.books().lag_peak) == Approx(24'000).epsilon(0.02));
  topic.run_to_s(250);
  const auto books = topic.books();
  CHECK(static_cast<double>(books.drain_ns) * 1e-9 == Approx(118.8).epsilon(0.05));
  CHECK(books.consumed == 160'000);
  CHECK(books.duplicates == 0);
}

TEST_CASE("Five workers of twelve partitions do no more than four, sixteen no more than twelve") {
  // VALIDATION K01: loads of 3, 3, 2, 2, 2; the fullest decides. Workers beyond partitions idle.
  const auto done_in_100_s = [](std::size_t workers) {
    Topic topic(partitions(12), workers, constant(Duration::ms(100)));
    topic.publisher.publish(60'000, Duration::ms(2));  // more than anybody can do
    topic.run_to_s(100);
    std::vector<std::uint64_t> done;
    for (std::size_t i = 0; i < workers; ++i)
      done.push_back(topic.crew.worker(i).lives());
    return static_cast<double>(topic.books().consumed);
  };
  const double one = done_in_100_s(1);
  CHECK(one == Approx(1'000).epsilon(0.01));
  // All of them are busy here, whatever they hold: work is conserved while nobody runs dry.
  CHECK(done_in_100_s(5) == Approx(5 * one).epsilon(0.01));
  CHECK(done_in_100_s(16) == Approx(12 * one).epsilon(0.01));
}

TEST_CASE("At an even load the workers with more partitions fall behind first") {
  // 12 partitions of 4.5/s each; three of them are more than one worker's 10/s, two are not.
  Topic topic(partitions(12), 5, constant(Duration::ms(100)));
  topic.publisher.publish(54'000, Duration::us(18'518));
  topic.run_to_s(1'000);
  // Two workers with three partitions each do 20/s of their 27/s, the others all of their 27/s.
  CHECK(static_cast<double>(topic.books().consumed) == Approx(47'000).epsilon(0.02));
}

TEST_CASE("Who lingers waits for others: the mean is that of a batch that its first one opens") {
  LogPlan plan = partitions(1);
  plan.linger = Duration::ms(10);
  Topic topic(plan, 1, constant(Duration()));
  topic.publisher.publish(200'000, Duration::ms(5));
  topic.run_to_s(2'000);
  // The first of a batch waits L, the others uniformly within L: L (1 + rate L / 2) / (1 + rate L).
  CHECK(mean_of_s(topic.log.result().broker->publish) ==
        Approx(0.010 * (1 + 1) / (1 + 2.0)).epsilon(0.01));
}

TEST_CASE("A full batch goes at once") {
  LogPlan plan = partitions(1);
  plan.linger = Duration::seconds(1);
  plan.batch = Limit{3};
  Topic topic(plan, 1, constant(Duration()));
  topic.publisher.publish(7, Duration());
  topic.run_to_s(5);
  std::size_t at_once = 0;
  for (const auto& [number, took] : topic.publisher.took)
    at_once += took == Duration() ? 1 : 0;
  CHECK(at_once == 6);
  CHECK(topic.publisher.took.at(6) == Duration::seconds(1));
}

TEST_CASE("What only the leader had is lost with acks leader, and never acknowledged with all") {
  for (const LogAcks acks : {LogAcks::leader, LogAcks::all}) {
    LogPlan plan = partitions(1);
    plan.replicas = 2;
    plan.acks = acks;
    plan.failover = Duration::seconds(2);
    Topic topic(plan, 1, constant(Duration::ms(1)));
    SlowWay slow(topic.log.node(1), Duration::ms(500));
    topic.log.set_way(1, slow);
    topic.publisher.publish(1, Duration());
    topic.run_to_s(3);
    topic.publisher.publish(5, Duration());
    topic.simulation.run_until(second(3) + Duration::ms(100));
    topic.log.node(0).begin_kill();
    topic.run_to_s(20);
    const auto books = topic.books();
    CHECK(books.produced == 6);
    CHECK(books.consumed == 2);  // the copy of one was on its way
    CHECK(topic.lost(Loss::failover) == (acks == LogAcks::leader ? 4 : 0));
    CHECK(books.withdrawn == (acks == LogAcks::leader ? 0 : 4));
    std::size_t acknowledged = 0;
    for (const auto& [number, reply] : topic.publisher.answers)
      acknowledged += reply.is_ok() ? 1 : 0;
    CHECK(acknowledged == (acks == LogAcks::leader ? 6 : 1));
    topic.simulation.close();
  }
}

TEST_CASE(
    "Below min_insync writes with acks all are refused; a replica that is back makes it whole") {
  LogPlan plan = partitions(2);
  plan.replicas = 3;
  plan.min_insync = 2;
  plan.failover = Duration::seconds(3);
  Topic topic(plan, 1, constant(Duration::ms(1)));
  topic.log.node(1).begin_kill();
  topic.run_to_s(10);
  topic.publisher.publish(2, Duration());
  topic.run_to_s(11);
  CHECK(topic.publisher.answers.at(0).is_ok());
  CHECK(topic.publisher.answers.at(1).is_ok());
  topic.log.node(2).begin_kill();
  topic.run_to_s(20);
  topic.publisher.publish(2, Duration());
  topic.run_to_s(21);
  CHECK(topic.publisher.answers.at(2).outcome == Outcome::rejected);
  CHECK(topic.publisher.answers.at(3).outcome == Outcome::rejected);
  topic.log.node(2).end_kill();
  topic.run_to_s(30);
  topic.publisher.publish(2, Duration());
  topic.run_to_s(31);
  CHECK(topic.publisher.answers.at(4).is_ok());
  CHECK(topic.publisher.answers.at(5).is_ok());
  CHECK(topic.books().consumed == 4);
}

TEST_CASE("Nobody asks what becomes of messages with acks none") {
  LogPlan plan = partitions(1);
  plan.acks = LogAcks::none;
  Topic topic(plan, 1, constant(Duration::ms(1)));
  topic.publisher.publish(3, Duration());
  topic.run_to_s(1);
  topic.log.node(0).begin_kill();
  topic.publisher.publish(4, Duration());
  topic.run_to_s(2);
  for (const auto& [number, reply] : topic.publisher.answers)
    CHECK(reply.is_ok());
  CHECK(topic.books().produced == 7);
  CHECK(topic.lost(Loss::unsent) == 4);
}

TEST_CASE("What is older than the retention, or beyond its bytes, is lost for those behind") {
  for (const bool by_time : {true, false}) {
    LogPlan plan = partitions(1);
    if (by_time)
      plan.retention = Duration::seconds(10);
    else
      plan.retention = Bytes{1'000};  // ten messages
    Topic topic(plan, 1, constant(Duration::seconds(5)));
    topic.publisher.publish(1, Duration());
    topic.run_to_s(1);
    topic.publisher.publish(39, Duration());
    topic.run_to_s(500);
    const auto books = topic.books();
    CHECK(books.produced == 40);
    CHECK(books.consumed + topic.lost(Loss::retention) == 40);
    CHECK(books.in_flight_at_end == 0);
    if (!by_time) CHECK(books.consumed == 11);
  }
}

TEST_CASE("A dead worker is missed after its session; what it had not noted is done again") {
  LogPlan plan = partitions(2);
  GroupPlan& group = plan.groups.add("crew");
  group.session_timeout = Duration::seconds(15);
  group.rebalance = Duration::seconds(2);
  Topic topic(plan, 2, constant(Duration::seconds(1)));
  topic.publisher.publish(20, Duration());
  topic.simulation.run_until(second(3) + Duration::ms(500));
  topic.crew.worker(1).begin_kill();
  topic.run_to_s(15);
  const auto before = topic.books();
  topic.run_to_s(100);
  const auto after = topic.books();
  CHECK(before.consumed < 20);
  CHECK(after.consumed == 20);
  CHECK(after.duplicates == 2);  // it had fetched one, then nine, and was at the third of these
  CHECK(after.redelivered == 3);
  CHECK(after.all_lost() == 0);
  CHECK(topic.log.result().broker->rebalances == 1);
}

TEST_CASE("Noted before the work, messages are lost with a worker and never done twice") {
  LogPlan plan = partitions(2);
  plan.groups.add("crew").commit = Commit::before_work;
  Topic topic(plan, 2, constant(Duration::seconds(1)));
  topic.publisher.publish(20, Duration());
  topic.simulation.run_until(second(3) + Duration::ms(500));
  topic.crew.worker(1).begin_kill();
  topic.run_to_s(200);
  const auto books = topic.books();
  CHECK(books.duplicates == 0);
  CHECK(books.consumed + topic.lost(Loss::worker) == 20);
  CHECK(topic.lost(Loss::worker) == 7);
}

TEST_CASE("Groups read the same messages, each at its own pace") {
  Topic topic(partitions(3), 1, constant(Duration::ms(10)));
  Crew slow(topic.simulation, 1, constant(Duration::ms(50)), {});
  // A group of its own, which joins before anything is published.
  slow.consume(topic.log, "slow");
  topic.log.start();
  topic.publisher.publish(100, Duration());
  topic.run_to_s(2);
  CHECK(topic.crew.diary.done.size() == 100);
  CHECK(slow.diary.done.size() < 50);
  // Who scales a group goes by what that group has not begun.
  CHECK(topic.crew.pool->waiting(0) == 0);
  CHECK(slow.pool->waiting(0) > 50);
  topic.run_to_s(20);
  CHECK(slow.diary.done.size() == 100);
  const auto groups = topic.log.result().broker->groups;
  CHECK(groups.size() == 2);
  CHECK(groups[0].lag.count() == 100);
  CHECK(groups[0].consumed == 100);
  CHECK(groups[1].consumed == 100);
  topic.simulation.close();
}

TEST_CASE("A fetch that is refused comes again after longer and longer pauses, until it passes") {
  sim::Simulation simulation;
  simulation.limit_events_at_one_instant(1'000);
  const LogPlan plan = partitions(1);
  MessageLog log(simulation, plan, "topic", {0}, {});
  Crew crew(simulation, 1, constant(Duration::ms(100)), {});
  SlowWay way(crew.pool->consumer(0), Duration());
  log.subscribe(crew.pool->consumer(0), way, "crew");
  log.start();
  way.set_cut(SlowWay::Cut::refuse);
  Publisher publisher(simulation, log);
  publisher.publish(3, Duration());
  simulation.run_until(second(1));
  CHECK(way.stopped() == 5);  // after 0, 50, 150, 350 and 750 ms
  way.set_cut(SlowWay::Cut::none);
  simulation.run_until(sim::Time() + Duration::ms(1'849));
  CHECK(crew.diary.done.size() == 2);  // from 1550 ms on
  SECTION("an answer that is refused is none: the group goes on from what was done") {
    way.set_cut(SlowWay::Cut::refuse);
    simulation.run_until(second(2));
    way.set_cut(SlowWay::Cut::none);
    publisher.publish(1, Duration());
    simulation.run_until(second(4));
    CHECK(crew.diary.done.size() == 4);
    CHECK(log.result().broker->groups.front().duplicates == 0);
    CHECK(way.stopped() == 6);
  }
  SECTION("nothing is lost") {
    simulation.run_until(second(4));
    CHECK(log.result().broker->groups.front().consumed == 3);
    CHECK(log.result().broker->groups.front().redelivered == 0);
  }
  simulation.close();
}

}  // namespace headroom
