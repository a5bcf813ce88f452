// Brokers and workers die at random times, one broker at a time, and come back. Every message is
// accounted for by its identity, twice: by the books of the broker, which assert it, and by what
// the workers wrote down themselves.
#include <catch2/catch.hpp>

#include <memory>

#include "models/broker/test_crew.hpp"

namespace headroom {

namespace {

using sim::Duration;

constexpr std::size_t messages = 300;

/// Kills one of `targets` at a time, for a while, again and again.
sim::Task<> torment(sim::Simulation& simulation, std::vector<Faultable*> targets, std::string name,
                    sim::Time until) {
  sim::Stream chance(simulation.seed(), 0, name);
  while (simulation.now() < until) {
    co_await simulation.delay(Duration::rounded_ns(4e9 + chance.uniform() * 30e9));
    Faultable* target =
        targets[static_cast<std::size_t>(chance.uniform() * static_cast<double>(targets.size()))];
    target->begin_kill();
    co_await simulation.delay(Duration::rounded_ns(0.2e9 + chance.uniform() * 20e9));
    target->end_kill();
    // Long enough for copies to be whole again before the next one dies.
    co_await simulation.delay(Duration::seconds(5));
  }
}

struct Outcomes {
  SubscriptionResult books;
  std::size_t acknowledged_not_done = 0;
  std::size_t done_twice = 0;
};

template <class MakeBroker>
Outcomes run_tormented(std::uint64_t seed, const WorkerTerms& terms, MakeBroker make) {
  sim::Simulation simulation(seed);
  auto broker = make(simulation);
  Crew crew(simulation, 3, exponential(Duration::ms(300)), terms);
  Publisher publisher(simulation, *broker);
  // Ways of different lengths, so that acknowledgements and copies are under way when somebody
  // dies.
  std::vector<std::unique_ptr<SlowWay>> ways;
  for (std::size_t i = 0; i < broker->size(); ++i) {
    ways.push_back(std::make_unique<SlowWay>(
        broker->node(i), Duration::ms(static_cast<std::int64_t>((20 + 60 * i) * (1 + seed % 8)))));
    broker->set_way(i, *ways.back());
  }
  for (std::size_t i = 0; i < 3; ++i)
    ways.push_back(std::make_unique<SlowWay>(crew.pool->consumer(i), Duration::ms(30)));
  for (std::size_t i = 0; i < 3; ++i)
    broker->subscribe(crew.pool->consumer(i), *ways[broker->size() + i], "crew");
  broker->start();
  publisher.publish(messages, Duration::ms(400), seed % 2 == 0 ? 20 : 0);
  const sim::Time until = sim::Time() + Duration::seconds(150);
  std::vector<Faultable*> brokers, workers;
  for (std::size_t i = 0; i < broker->size(); ++i)
    brokers.push_back(&broker->node(i));
  for (std::size_t i = 0; i < 3; ++i)
    workers.push_back(&crew.worker(i));
  simulation.spawn(torment(simulation, brokers, "brokers", until));
  simulation.spawn(torment(simulation, workers, "workers", until));
  simulation.spawn(torment(simulation, workers, "workers too", until));
  simulation.run_until(sim::Time() + Duration::seconds(600));
  Outcomes outcomes;
  outcomes.books = broker->result().broker->groups.front();
  for (const auto& [number, reply] : publisher.answers)
    outcomes.acknowledged_not_done += reply.is_ok() && !crew.diary.done.contains(number) ? 1 : 0;
  for (const auto& [number, times] : crew.diary.done)
    outcomes.done_twice += times > 1 ? 1 : 0;
  simulation.close();
  return outcomes;
}

struct Rest {
  std::uint64_t duplicates = 0, lost = 0, unkept = 0;
};
enum class Promise : std::uint8_t { loses_nothing, doubles_nothing, nothing };

template <class Plan, class Kind>
Rest over_seeds(std::uint64_t from, std::uint64_t to, Plan plan, Kind*, Promise promise) {
  Rest rest;
  for (std::uint64_t seed = from; seed < to; ++seed) {
    WorkerTerms terms;
    terms.slots = 1 + static_cast<std::int64_t>(seed % 3);
    terms.crash = seed % 5 == 0 ? Crash::silent : Crash::reset;
    const auto outcomes = run_tormented(seed, terms, [&](sim::Simulation& simulation) {
      return std::make_unique<Kind>(simulation, plan, "broker", std::vector<std::uint16_t>(3, 0),
                                    Measurement());
    });
    INFO("seed " << seed);
    CHECK(outcomes.books.in_flight_at_end == 0);
    if (promise == Promise::loses_nothing) {
      CHECK(outcomes.acknowledged_not_done == 0);
      CHECK(outcomes.books.all_lost() == 0);
    } else if (promise == Promise::doubles_nothing) {
      CHECK(outcomes.done_twice == 0);
      CHECK(outcomes.books.duplicates == 0);
    }
    rest.duplicates += outcomes.books.duplicates;
    rest.lost += outcomes.books.all_lost();
    rest.unkept += outcomes.acknowledged_not_done;
  }
  return rest;
}

void torment_all(std::uint64_t from, std::uint64_t to) {
  QueuePlan queue;
  queue.replicas = 3;
  queue.capacity = Limit::unlimited();
  queue.heartbeat = Duration::seconds(20);
  queue.failover = Duration::seconds(2);
  CHECK(over_seeds(from, to, queue, static_cast<MessageQueue*>(nullptr), Promise::loses_nothing)
            .duplicates > 0);
  queue.ack = QueueAck::at_once;
  CHECK(over_seeds(from, to, queue, static_cast<MessageQueue*>(nullptr), Promise::doubles_nothing)
            .lost > 0);

  LogPlan log;
  log.partitions = 4;
  log.replicas = 3;
  log.min_insync = 2;
  log.failover = Duration::seconds(2);
  GroupPlan& group = log.groups.add("crew");
  group.session_timeout = Duration::seconds(6);
  group.rebalance = Duration::ms(500);
  CHECK(over_seeds(from, to, log, static_cast<MessageLog*>(nullptr), Promise::loses_nothing)
            .duplicates > 0);
  log.groups.entries.front().second.commit = Commit::before_work;
  CHECK(
      over_seeds(from, to, log, static_cast<MessageLog*>(nullptr), Promise::doubles_nothing).lost >
      0);

  // The same deaths do lose what only the leader had: the checks above could fail.
  log.groups.entries.front().second.commit = Commit::after_work;
  log.acks = LogAcks::leader;
  log.min_insync = 1;
  const Rest rest = over_seeds(from, to, log, static_cast<MessageLog*>(nullptr), Promise::nothing);
  CHECK(rest.unkept > 0);
  CHECK(rest.lost == rest.unkept);
}

}  // namespace

TEST_CASE("At least once loses nothing, at most once doubles nothing, whoever dies: 100 seeds") {
  torment_all(1, 101);
}

TEST_CASE("At least once loses nothing, at most once doubles nothing: 1,000 seeds", "[.seeds]") {
  torment_all(1, 1001);
}

}  // namespace headroom
