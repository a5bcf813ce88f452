// Brokers and workers die at random times, one broker at a time, and come back; ways to them are
// cut and heal. Every message is accounted for by its identity, twice: by the books of the broker,
// which assert it, and by what the workers wrote down themselves.
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

/// Cuts one of `ways` at a time, for a while, again and again.
sim::Task<> cut(sim::Simulation& simulation, std::vector<SlowWay*> ways, std::string name,
                sim::Time until) {
  sim::Stream chance(simulation.seed(), 0, name);
  while (simulation.now() < until) {
    co_await simulation.delay(Duration::rounded_ns(1e9 + chance.uniform() * 15e9));
    SlowWay* way =
        ways[static_cast<std::size_t>(chance.uniform() * static_cast<double>(ways.size()))];
    const bool refuses = chance.uniform() < 0.7;
    way->set_cut(refuses ? SlowWay::Cut::refuse : SlowWay::Cut::swallow);
    co_await simulation.delay(Duration::rounded_ns(0.05e9 + chance.uniform() * 10e9));
    way->set_cut(SlowWay::Cut::none);
    co_await simulation.delay(Duration::seconds(5));
  }
}

enum class Torment : std::uint8_t { kills, cuts, both };

struct Outcomes {
  SubscriptionResult books;
  PublishResult publishers;
  PublishResult told;  ///< The same, as the test itself heard it.
  std::size_t done_unacknowledged = 0;
  std::size_t acknowledged_not_done = 0;
  std::size_t done_twice = 0;
  std::size_t done = 0;     ///< Pieces of work, all of them.
  std::size_t stopped = 0;  ///< By a cut.
};

template <class MakeBroker>
Outcomes run_tormented(std::uint64_t seed, const WorkerTerms& terms, MakeBroker make,
                       std::uint64_t fails_each = 0, Torment torment_by = Torment::kills) {
  sim::Simulation simulation(seed);
  simulation.limit_events_at_one_instant(100'000);
  auto broker = make(simulation);
  QueuePlan aside_plan;
  aside_plan.capacity = Limit{5};
  MessageQueue aside(simulation, aside_plan, "aside", {0}, Measurement());
  if (seed % 2 == 0) broker->set_dead_letters(&aside);
  Crew crew(simulation, 3, exponential(Duration::ms(300)), terms);
  if (fails_each > 0)
    crew.diary.fails = [fails_each](std::uint64_t number) { return number % fails_each == 0; };
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
  // Who works on several messages at once says of each of them that it is done.
  std::map<std::uint64_t, std::uint64_t> number_of;
  std::map<std::uint64_t, std::uint32_t> done_together;
  for (std::uint64_t number = 0; number < messages; ++number)
    number_of[publisher.key_of(number)] = number;
  for (std::size_t i = 0; i < 3; ++i)
    ways[broker->size() + i]->answered = [&](const Request& request, const Reply& reply) {
      if (reply.is_ok()) ++done_together[number_of.at(request.origin)];
    };
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
  if (torment_by != Torment::cuts) {
    simulation.spawn(torment(simulation, brokers, "brokers", until));
    simulation.spawn(torment(simulation, workers, "workers", until));
    simulation.spawn(torment(simulation, workers, "workers too", until));
  }
  std::vector<SlowWay*> to_brokers, to_workers;
  for (std::size_t i = 0; i < ways.size(); ++i)
    (i < broker->size() ? to_brokers : to_workers).push_back(ways[i].get());
  if (torment_by != Torment::kills) {
    simulation.spawn(cut(simulation, to_brokers, "ways to brokers", until));
    simulation.spawn(cut(simulation, to_workers, "ways to workers", until));
    simulation.spawn(cut(simulation, to_workers, "ways to workers too", until));
  }
  const sim::Simulation::Status status = simulation.run_until(sim::Time() + Duration::seconds(600));
  CHECK(status == sim::Simulation::Status::reached);
  Outcomes outcomes;
  outcomes.books = broker->result().broker->groups.front();
  outcomes.publishers = broker->result().broker->publishers;
  const bool is_one_by_one = terms.batch == 1;
  const auto& done = is_one_by_one ? crew.diary.done : done_together;
  for (const auto& way : ways)
    outcomes.stopped += way->stopped();
  for (const auto& [number, reply] : publisher.answers) {
    const bool is_done = done.contains(number);
    outcomes.acknowledged_not_done += reply.is_ok() && !is_done ? 1 : 0;
    outcomes.done_unacknowledged += !reply.is_ok() && is_done ? 1 : 0;
    ++(reply.is_ok()                       ? outcomes.told.acknowledged
       : reply.outcome == Outcome::timeout ? outcomes.told.unknown
                                           : outcomes.told.failed);
  }
  for (const auto& [number, times] : done) {
    outcomes.done_twice += times > 1 ? 1 : 0;
    outcomes.done += times;
  }
  simulation.close();
  return outcomes;
}

struct Rest {
  std::uint64_t duplicates = 0, lost = 0, unkept = 0, unsafe = 0, stopped = 0;
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
    CHECK(outcomes.publishers.offered == messages);
    CHECK(outcomes.publishers.acknowledged == outcomes.told.acknowledged);
    CHECK(outcomes.publishers.failed == outcomes.told.failed);
    CHECK(outcomes.publishers.unknown == outcomes.told.unknown);
    const std::uint64_t unsafe =
        outcomes.publishers.failed_stored + outcomes.publishers.unknown_stored;
    if (promise == Promise::loses_nothing) {
      CHECK(outcomes.acknowledged_not_done == 0);
      CHECK(outcomes.books.all_lost() == 0);
      // What was stored and not acknowledged was worked on all the same, or went with a leader.
      CHECK(unsafe == outcomes.done_unacknowledged + outcomes.books.withdrawn);
    } else if (promise == Promise::doubles_nothing) {
      CHECK(outcomes.done_twice == 0);
      CHECK(outcomes.books.duplicates == 0);
    }
    rest.duplicates += outcomes.books.duplicates;
    rest.lost += outcomes.books.all_lost();
    rest.unkept += outcomes.acknowledged_not_done;
    rest.unsafe += unsafe;
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

/// What a scenario can say of workers and brokers, drawn at random.
class Settings {
 public:
  explicit Settings(std::uint64_t seed) : chance_(seed, 0, "settings") {}

  WorkerTerms terms() {
    WorkerTerms terms;
    terms.slots = one_of({1, 2, 4});
    terms.on_error = static_cast<OnError>(one_of({0, 1, 2}));
    terms.retry_after = Duration::ms(one_of({50, 2000}));
    terms.crash = is(0.5) ? Crash::silent : Crash::reset;
    return terms;
  }
  QueuePlan queue() {
    QueuePlan plan;
    common(plan);
    if (is(0.5)) plan.capacity = Limit{one_of({3, 50})};
    if (is(0.5)) plan.prefetch = Limit{one_of({1, 10})};
    if (is(0.5)) plan.ack = QueueAck::at_once;
    plan.heartbeat = Duration::seconds(one_of({1, 20}));
    plan.redeliver_after = Duration::seconds(one_of({5, 1800}));
    return plan;
  }
  LogPlan log() {
    LogPlan plan;
    common(plan);
    plan.partitions = static_cast<std::uint32_t>(one_of({1, 4}));
    plan.acks = static_cast<LogAcks>(one_of({0, 1, 2}));
    plan.min_insync = static_cast<std::uint32_t>(one_of({1, plan.replicas}));
    if (is(0.5)) plan.linger = Duration::ms(one_of({5, 500}));
    if (is(0.5)) plan.batch = Limit{one_of({1, 3})};
    if (is(0.3))
      plan.retention = Duration::seconds(one_of({2, 60}));
    else if (is(0.3))
      plan.retention = Bytes{1000};
    GroupPlan& group = plan.groups.add("crew");
    if (is(0.5)) group.commit = Commit::before_work;
    group.session_timeout = Duration::seconds(6);
    group.rebalance = Duration::ms(one_of({0, 500}));
    group.max_poll = static_cast<std::uint32_t>(one_of({1, 500}));
    return plan;
  }

 private:
  template <class Plan>
  void common(Plan& plan) {
    plan.replicas = static_cast<std::uint32_t>(one_of({1, 2, 3}));
    plan.failover = Duration::seconds(one_of({1, 5}));
    plan.replica_timeout = Duration::seconds(one_of({2, 30}));
    plan.publish_timeout = Duration::ms(one_of({300, 30'000}));
    plan.crash = is(0.5) ? Crash::silent : Crash::reset;
    if (is(0.5)) plan.max_deliveries = 2;
    if (is(0.3)) plan.service_time = exponential(Duration::ms(20));
  }
  bool is(double probability) { return chance_.uniform() < probability; }
  std::int64_t one_of(std::initializer_list<std::int64_t> all) {
    return all
        .begin()[static_cast<std::size_t>(chance_.uniform() * static_cast<double>(all.size()))];
  }
  sim::Stream chance_;
};

/// Whatever the settings: the books, which assert that each message ends once, agree with what the
/// publisher was told and with what the workers wrote down.
void check_settings(std::uint64_t from, std::uint64_t to, Torment by) {
  Rest rest;
  for (std::uint64_t seed = from; seed < to; ++seed) {
    INFO("seed " << seed);
    Settings settings(seed);
    const WorkerTerms terms = settings.terms();
    const std::vector<std::uint16_t> zones(3, 0);
    const QueuePlan queue = settings.queue();
    const LogPlan log = settings.log();
    const Outcomes outcomes = seed % 3 == 0
                                  ? run_tormented(
                                        seed, terms,
                                        [&](sim::Simulation& simulation) {
                                          return std::make_unique<MessageQueue>(
                                              simulation, queue, "broker", zones, Measurement());
                                        },
                                        9, by)
                                  : run_tormented(
                                        seed, terms,
                                        [&](sim::Simulation& simulation) {
                                          return std::make_unique<MessageLog>(
                                              simulation, log, "broker", zones, Measurement());
                                        },
                                        9, by);
    const SubscriptionResult& books = outcomes.books;
    const PublishResult& publishers = outcomes.publishers;
    CHECK(publishers.offered == messages);
    const bool is_blind = seed % 3 != 0 && log.acks == LogAcks::none;
    CHECK(publishers.acknowledged == (is_blind ? 0 : outcomes.told.acknowledged));
    CHECK(publishers.failed == outcomes.told.failed);
    CHECK(publishers.waiting_at_end == 0);
    CHECK(outcomes.done == books.consumed + books.duplicates);
    if (!is_blind)
      CHECK(outcomes.acknowledged_not_done <=
            books.dead_lettered + books.all_lost() + books.in_flight_at_end);
    rest.duplicates += books.duplicates;
    rest.lost += books.all_lost();
    rest.unsafe += publishers.failed_stored + publishers.unknown_stored;
    rest.stopped += outcomes.stopped;
  }
  CHECK((rest.stopped > 0) == (by != Torment::kills));
  CHECK(rest.duplicates > 0);
  CHECK(rest.lost > 0);
  CHECK(rest.unsafe > 0);
}

/// The same of workers of a queue that work on several messages together: each of them is
/// acknowledged by itself.
void check_batches(std::uint64_t from, std::uint64_t to) {
  Rest rest;
  std::uint64_t dead_lettered = 0;
  for (std::uint64_t seed = from; seed < to; ++seed) {
    INFO("seed " << seed);
    Settings settings(seed);
    WorkerTerms terms = settings.terms();
    terms.batch = 2 + static_cast<std::uint32_t>(seed % 4);
    QueuePlan queue = settings.queue();
    if (!queue.prefetch) queue.prefetch = Limit{7};
    const Outcomes outcomes = run_tormented(
        seed, terms,
        [&](sim::Simulation& simulation) {
          return std::make_unique<MessageQueue>(simulation, queue, "broker",
                                                std::vector<std::uint16_t>(3, 0), Measurement());
        },
        9, static_cast<Torment>(seed % 3));
    const SubscriptionResult& books = outcomes.books;
    CHECK(outcomes.done == books.consumed + books.duplicates);
    CHECK(outcomes.publishers.acknowledged == outcomes.told.acknowledged);
    CHECK(outcomes.publishers.failed == outcomes.told.failed);
    CHECK(outcomes.acknowledged_not_done <=
          books.dead_lettered + books.all_lost() + books.in_flight_at_end);
    if (queue.ack == QueueAck::at_once) CHECK(outcomes.done_twice == 0);
    rest.duplicates += books.duplicates;
    rest.lost += books.all_lost();
    dead_lettered += books.dead_lettered;
  }
  CHECK(rest.duplicates > 0);
  CHECK(rest.lost > 0);
  CHECK(dead_lettered > 0);
}

}  // namespace

TEST_CASE("Of messages worked on together each is accounted for, whoever dies: 60 seeds") {
  check_batches(1, 61);
}

TEST_CASE("Of messages worked on together each is accounted for: 1,000 seeds", "[.seeds]") {
  check_batches(1, 1001);
}

TEST_CASE("Whatever the settings, every message is accounted for, whoever dies: 60 seeds") {
  check_settings(1, 61, Torment::kills);
}

TEST_CASE("Whatever the settings, every message is accounted for, whatever is cut: 60 seeds") {
  check_settings(1, 61, Torment::cuts);
  check_settings(61, 91, Torment::both);
}

TEST_CASE("Whatever the settings, every message is accounted for: 1,000 seeds", "[.seeds]") {
  check_settings(1, 1001, Torment::kills);
  check_settings(1, 1001, Torment::cuts);
  check_settings(1, 1001, Torment::both);
}

TEST_CASE("At least once loses nothing, at most once doubles nothing, whoever dies: 100 seeds") {
  torment_all(1, 101);
}

TEST_CASE("At least once loses nothing, at most once doubles nothing: 1,000 seeds", "[.seeds]") {
  torment_all(1, 1001);
}

}  // namespace headroom
