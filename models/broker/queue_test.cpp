#include "models/broker/queue.hpp"

#include <catch2/catch.hpp>

#include "models/analytic/single_station.hpp"
#include "models/broker/test_crew.hpp"

namespace headroom {

namespace {

using sim::Duration;

sim::Time at_s(std::int64_t s) {
  return sim::Time() + Duration::seconds(s);
}

/// A queue, its workers and its publisher.
class Shop {
 public:
  Shop(QueuePlan queue_plan, std::size_t workers, Distribution work, WorkerTerms terms = {},
       std::uint64_t seed = 1)
      : simulation(seed),
        plan(std::move(queue_plan)),
        queue(simulation, plan, "jobs", std::vector<std::uint16_t>(plan.replicas, 0), {}),
        crew(simulation, workers, std::move(work), terms),
        publisher(simulation, queue) {
    crew.consume(queue);
  }
  ~Shop() { simulation.close(); }

  void run_to_s(std::int64_t s) { simulation.run_until(at_s(s)); }
  SubscriptionResult books() const { return queue.result().broker->groups.front(); }

  sim::Simulation simulation;
  QueuePlan plan;
  MessageQueue queue;
  Crew crew;
  Publisher publisher;
};

QueuePlan unlimited() {
  QueuePlan plan;
  plan.capacity = Limit::unlimited();
  return plan;
}

double mean_s(const sim::Histogram& histogram) {
  return static_cast<double>(histogram.sum()) / static_cast<double>(histogram.count()) * 1e-9;
}

}  // namespace

TEST_CASE("A publish is answered when the broker has the message; each is worked on once") {
  Shop shop(QueuePlan(), 1, constant(Duration::seconds(1)));
  shop.publisher.publish(3, Duration());
  shop.run_to_s(2);
  CHECK(shop.publisher.answers.size() == 3);
  for (const auto& [number, took] : shop.publisher.took)
    CHECK(took == Duration());
  shop.run_to_s(10);
  CHECK(shop.crew.diary.order == std::vector<std::uint64_t>{0, 1, 2});
  const auto books = shop.books();
  CHECK(books.produced == 3);
  CHECK(books.consumed == 3);
  CHECK(books.in_flight_at_end == 0);
  CHECK(books.lag_peak == 2);
  CHECK(books.lag.max() == Duration::seconds(2).count_ns());
}

TEST_CASE("A full queue refuses, and takes messages again when there is room") {
  QueuePlan plan;
  plan.capacity = Limit{2};
  Shop shop(plan, 1, constant(Duration::seconds(1)));
  shop.publisher.publish(5, Duration());
  shop.run_to_s(10);
  std::size_t refused = 0;
  for (const auto& [number, reply] : shop.publisher.answers)
    refused += reply.outcome == Outcome::rejected && reply.cause == DropCause::queue_full ? 1 : 0;
  CHECK(refused == 2);  // one is worked on, two wait
  CHECK(shop.queue.result().drops[static_cast<std::size_t>(DropCause::queue_full)] == 2);
  CHECK(shop.books().consumed == 3);
}

TEST_CASE("What waits for a dead worker counts by its age, and is shared by those who are there") {
  Shop shop(unlimited(), 3, constant(Duration::ms(100)));
  shop.publisher.publish(100, Duration::seconds(1));
  shop.run_to_s(50);
  for (std::size_t i = 0; i < 3; ++i)
    shop.crew.worker(i).begin_kill();
  shop.run_to_s(90);
  const auto books = shop.books();
  CHECK(books.consumed + books.in_flight_at_end == books.produced);
  CHECK(books.lag.count() == books.produced);
  CHECK(static_cast<double>(books.lag.max()) == Approx(38e9).epsilon(0.06));
  CHECK(books.lag.quantile(0.5) < 1e9);
  CHECK(books.lag.quantile(0.9) > 20e9);
  shop.crew.worker(0).end_kill();
  shop.crew.worker(1).end_kill();
  // Three were in work when the workers died, at most.
  const double share = shop.crew.pool->waiting(0);
  CHECK(2 * share <= static_cast<double>(books.in_flight_at_end));
  CHECK(2 * share >= static_cast<double>(books.in_flight_at_end) - 3);
}

TEST_CASE("Lag is the waiting time of M/M/c, whoever the slots belong to") {
  // Erlang C at 8 of 10 slots busy: W = 0.204590 s with a mean service of 1 s.
  WorkerTerms terms;
  terms.slots = 2;
  Shop shop(unlimited(), 5, exponential(Duration::seconds(1)), terms, 11);
  shop.publisher.publish(400'000, Duration::ms(125));
  shop.run_to_s(500);
  shop.queue.start_measuring();
  shop.run_to_s(49'000);
  const auto books = shop.books();
  const double expected = mmc_sojourn(8, 1, 10) - 1;
  CHECK(expected == Approx(0.204590).epsilon(1e-4));
  // Four standard errors: some 2(1 + rho) / (rho (1 - rho)^2 n) relative variance (Whitt 1989).
  CHECK(mean_s(books.lag) == Approx(expected).epsilon(0.05));
  CHECK(mean_s(books.sojourn) == Approx(expected + 1).epsilon(0.02));
}

TEST_CASE("Lag is the waiting time of M/D/1 by Pollaczek and Khinchine") {
  Shop shop(unlimited(), 1, constant(Duration::seconds(1)), {}, 5);
  shop.publisher.publish(400'000, Duration::ms(1250));
  shop.run_to_s(2'000);
  shop.queue.start_measuring();
  shop.run_to_s(490'000);
  CHECK(mean_s(shop.books().lag) == Approx(2.0).epsilon(0.05));  // .8 / (2 (1 - .8))
}

TEST_CASE(
    "What a dead worker held comes back at once, or when its time is over if it says nothing") {
  for (const Crash crash : {Crash::reset, Crash::silent}) {
    QueuePlan plan;
    plan.heartbeat = Duration::seconds(30);
    WorkerTerms terms;
    terms.crash = crash;
    Shop shop(plan, 2, constant(Duration::seconds(10)), terms);
    shop.publisher.publish(2, Duration());
    shop.run_to_s(5);
    shop.crew.worker(0).begin_kill();
    shop.run_to_s(11);
    CHECK(shop.crew.diary.done.size() == 1);
    shop.run_to_s(25);
    CHECK(shop.crew.diary.done.size() == (crash == Crash::reset ? 2 : 1));
    shop.run_to_s(45);
    CHECK(shop.crew.diary.done.size() == 2);
    const auto books = shop.books();
    CHECK(books.redelivered == 1);
    CHECK(books.consumed == 2);
    CHECK(books.duplicates == 0);
    CHECK(books.all_lost() == 0);
  }
}

TEST_CASE("A worker that is slower than redeliver_after does the message again") {
  QueuePlan plan;
  plan.redeliver_after = Duration::seconds(4);
  plan.max_deliveries = 2;
  Shop shop(plan, 2, constant(Duration::seconds(5)));
  shop.publisher.publish(1, Duration());
  shop.run_to_s(60);
  CHECK(shop.crew.diary.done.at(0) == 2);
  CHECK(shop.books().consumed == 1);
  CHECK(shop.books().duplicates == 1);
  CHECK(shop.books().redelivered == 1);
}

TEST_CASE("Acknowledged as it is sent, a message is lost with its worker and never done twice") {
  QueuePlan plan;
  plan.ack = QueueAck::at_once;
  Shop shop(plan, 1, constant(Duration::seconds(10)));
  shop.publisher.publish(2, Duration());
  shop.run_to_s(5);
  shop.crew.worker(0).begin_kill();
  shop.run_to_s(6);
  shop.crew.worker(0).end_kill();
  shop.run_to_s(60);
  const auto books = shop.books();
  CHECK(books.lost[static_cast<std::size_t>(Loss::worker)] == 1);
  CHECK(books.consumed == 1);
  CHECK(books.duplicates == 0);
}

TEST_CASE("A poison message goes to the dead letters after its last delivery, or is lost") {
  for (const bool has_place : {true, false}) {
    QueuePlan plan;
    plan.max_deliveries = 3;
    WorkerTerms terms;
    terms.retry_after = Duration::ms(100);
    Shop shop(plan, 1, constant(Duration::seconds(1)), terms);
    QueuePlan aside;
    MessageQueue parked(shop.simulation, aside, "parked", {0}, {});
    if (has_place) shop.queue.set_dead_letters(&parked);
    shop.crew.diary.fails = [](std::uint64_t number) { return number == 1; };
    shop.publisher.publish(4, Duration());
    shop.run_to_s(60);
    const auto books = shop.books();
    CHECK(books.consumed == 3);
    CHECK(books.redelivered == 2);
    CHECK(books.dead_lettered == (has_place ? 1 : 0));
    CHECK(books.lost[static_cast<std::size_t>(Loss::undeliverable)] == (has_place ? 0 : 1));
    shop.simulation.close();
  }
}

TEST_CASE("Prefetch keeps messages with a worker; one at a time shares them fairly") {
  for (const std::int64_t prefetch : {1, 4}) {
    QueuePlan plan;
    plan.prefetch = Limit{prefetch};
    Shop shop(plan, 2, constant(Duration::seconds(1)));
    shop.crew.worker(0).begin_slow(10);
    shop.publisher.publish(8, Duration());
    shop.run_to_s(8);
    // One at a time: 1 to the slow one, 7 to the other. In fours: half of them to each.
    CHECK(shop.crew.diary.done.size() == (prefetch == 1 ? 7 : 4));
    shop.run_to_s(100);
    CHECK(shop.books().consumed == 8);
  }
}

TEST_CASE(
    "What is refused on its way to a worker comes back, and the worker is let alone for a while") {
  for (const QueueAck ack : {QueueAck::after_work, QueueAck::at_once}) {
    sim::Simulation simulation;
    simulation.limit_events_at_one_instant(1'000);
    QueuePlan plan;
    plan.ack = ack;
    plan.max_deliveries = 1;
    MessageQueue queue(simulation, plan, "jobs", {0}, {});
    WorkerTerms terms;
    terms.on_error = OnError::drop;
    Crew crew(simulation, 1, constant(Duration::ms(100)), terms);
    SlowWay way(crew.pool->consumer(0), Duration());
    queue.subscribe(crew.pool->consumer(0), way, "crew");
    way.set_cut(SlowWay::Cut::refuse);
    Publisher publisher(simulation, queue);
    publisher.publish(20, Duration());
    simulation.run_until(at_s(1));
    CHECK(way.stopped() == 5);  // after 0, 50, 150, 350 and 750 ms
    way.set_cut(SlowWay::Cut::none);
    simulation.run_until(at_s(10));
    // What was given away for good is gone.
    const auto books = queue.result().broker->groups.front();
    const std::uint64_t gone = ack == QueueAck::at_once ? 5 : 0;
    CHECK(books.consumed == 20 - gone);
    CHECK(books.lost[static_cast<std::size_t>(Loss::worker)] == gone);
    CHECK(books.all_lost() == gone);
    CHECK(books.redelivered == 0);
    simulation.close();
  }
}

TEST_CASE("An acknowledgement that is refused is none: the message comes again") {
  sim::Simulation simulation;
  const QueuePlan plan;
  MessageQueue queue(simulation, plan, "jobs", {0}, {});
  Crew crew(simulation, 1, constant(Duration::seconds(1)), {});
  SlowWay way(crew.pool->consumer(0), Duration());
  queue.subscribe(crew.pool->consumer(0), way, "crew");
  Publisher publisher(simulation, queue);
  publisher.publish(1, Duration());
  simulation.run_until(sim::Time() + Duration::ms(500));
  way.set_cut(SlowWay::Cut::refuse);
  simulation.run_until(at_s(2));
  way.set_cut(SlowWay::Cut::none);
  simulation.run_until(at_s(9));
  const auto books = queue.result().broker->groups.front();
  CHECK(books.consumed == 1);
  CHECK(books.duplicates == 1);
  simulation.close();
}

TEST_CASE("A batch is one piece of work") {
  WorkerTerms terms;
  terms.batch = 5;
  Shop shop(QueuePlan(), 1, constant(Duration::seconds(1)), terms);
  shop.publisher.publish(11, Duration());
  shop.run_to_s(60);
  // The first goes alone, as it is there alone; then five, and five.
  CHECK(shop.crew.diary.order.size() == 3);
  CHECK(shop.books().consumed == 11);
}

TEST_CASE("A queue on three brokers goes on without its leader, and loses nothing") {
  QueuePlan plan;
  plan.replicas = 3;
  plan.failover = Duration::seconds(5);
  Shop shop(plan, 1, constant(Duration::seconds(1)));
  shop.publisher.publish(10, Duration());
  shop.run_to_s(2);
  shop.queue.node(0).begin_kill();
  shop.run_to_s(4);
  shop.publisher.publish(1, Duration());
  shop.run_to_s(6);
  CHECK_FALSE(shop.publisher.answers.at(10).is_ok());  // nobody leads
  shop.run_to_s(8);
  shop.publisher.publish(1, Duration());
  shop.run_to_s(60);
  CHECK(shop.publisher.answers.at(11).is_ok());
  const auto books = shop.books();
  CHECK(books.produced == 11);
  CHECK(books.consumed == 11);
  CHECK(books.all_lost() == 0);
  // What was in work when the leader died is done again: its acknowledgement reached nobody.
  CHECK(books.duplicates == 1);
  CHECK(shop.queue.result().broker->failovers == 1);

  SECTION("with one broker of three there is no majority") {
    shop.queue.node(1).begin_kill();
    shop.run_to_s(70);
    shop.publisher.publish(1, Duration());
    shop.run_to_s(80);
    CHECK_FALSE(shop.publisher.answers.at(12).is_ok());
    shop.queue.node(0).end_kill();
    shop.run_to_s(90);
    shop.publisher.publish(1, Duration());
    shop.run_to_s(100);
    CHECK(shop.publisher.answers.at(13).is_ok());
  }
}

}  // namespace headroom
