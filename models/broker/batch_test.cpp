// Workers of a queue that work on several messages together.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/broker/test_crew.hpp"

namespace headroom {

namespace {

using sim::Duration;

/// A queue, a worker that takes up to `batch` messages at once, and a publisher.
class Bulk {
 public:
  Bulk(std::optional<Limit> prefetch, std::uint32_t batch, std::int64_t slots = 1,
       WorkerTerms terms = {}, QueuePlan queue_plan = {}, std::uint64_t seed = 1)
      : simulation(seed),
        plan(with(std::move(queue_plan), prefetch)),
        queue(simulation, plan, "jobs", {0}, {}),
        crew(simulation, 1, constant(Duration::seconds(1)), with(terms, batch, slots)),
        publisher(simulation, queue) {
    crew.consume(queue);
  }
  ~Bulk() { simulation.close(); }

  void run_to_ms(std::int64_t ms) { simulation.run_until(sim::Time() + Duration::ms(ms)); }
  SubscriptionResult books() const { return queue.result().broker->groups.front(); }
  double pieces() const { return static_cast<double>(crew.diary.order.size()); }

  sim::Simulation simulation;
  QueuePlan plan;
  MessageQueue queue;
  Crew crew;
  Publisher publisher;

 private:
  static QueuePlan with(QueuePlan plan, std::optional<Limit> prefetch) {
    plan.capacity = Limit::unlimited();
    plan.prefetch = prefetch;
    return plan;
  }
  static WorkerTerms with(WorkerTerms terms, std::uint32_t batch, std::int64_t slots) {
    terms.batch = batch;
    terms.slots = slots;
    return terms;
  }
};

/// The sum of what messages take until they are done, by an account of its own: whoever is free
/// first takes those that have come, `batch` at most.
std::int64_t sum_of_times_ns(std::vector<std::int64_t> came, std::size_t batch, std::size_t slots) {
  constexpr std::int64_t work = 1'000'000'000;
  std::vector<std::int64_t> free(slots, 0);
  std::int64_t sum = 0;
  for (std::size_t next = 0; next < came.size();) {
    const auto who = std::min_element(free.begin(), free.end());
    const std::int64_t start = std::max(*who, came[next]);
    *who = start + work;
    for (std::size_t taken = 0; taken < batch && next < came.size() && came[next] <= start; ++taken)
      sum += *who - came[next++];
  }
  return sum;
}

/// Messages of one piece of work in the mean, where they come at random, `mean` of them while one
/// piece is worked on: by the chain of how many are left when one ends. Source: Bailey 1954, "On
/// queueing processes with bulk service", where a piece waits for no more than one message.
double mean_piece(double mean, std::size_t batch) {
  constexpr std::size_t most = 150;
  std::vector<double> come(most), left(most);
  come[0] = std::exp(-mean);
  for (std::size_t n = 1; n < most; ++n)
    come[n] = come[n - 1] * mean / static_cast<double>(n);
  left[0] = 1;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<double> then(most);
    for (std::size_t n = 0; n < most; ++n)
      for (std::size_t more = 0; n - std::min(n, batch) + more < most; ++more)
        then[n - std::min(n, batch) + more] += left[n] * come[more];
    left = then;
  }
  double sum = 0;
  for (std::size_t n = 0; n < most; ++n)
    sum += left[n] * static_cast<double>(std::clamp<std::size_t>(n, 1, batch));
  return sum;
}

}  // namespace

TEST_CASE("A worker of a queue takes up to a batch of what it holds, for each slot") {
  struct Row {
    std::int64_t prefetch;
    std::uint32_t batch;
    std::int64_t slots;
    std::uint64_t each_second;
  };
  for (const Row& row : {Row{100, 4, 1, 4}, Row{5, 4, 1, 4}, Row{4, 4, 1, 4}, Row{3, 4, 1, 3},
                         Row{1, 4, 1, 1}, Row{100, 8, 3, 24}, Row{6, 4, 2, 6}, Row{2, 4, 3, 2}}) {
    INFO(row.prefetch << " held, " << row.batch << " together, " << row.slots << " slots");
    Bulk bulk(Limit{row.prefetch}, row.batch, row.slots);
    bulk.publisher.publish(1'000, Duration());
    bulk.run_to_ms(10'500);
    CHECK(bulk.books().consumed == 10 * row.each_second);
  }
}

TEST_CASE("Every message of every batch is done when a second account says so") {
  const Duration gap = Duration::ms(300);
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    for (const std::size_t slots : {1u, 2u})
      for (const bool holds : {false, true}) {
        INFO("seed " << seed << ", " << slots << " slots, prefetch " << holds);
        const auto prefetch = holds ? std::optional(Limit::unlimited()) : std::nullopt;
        Bulk bulk(prefetch, 4, static_cast<std::int64_t>(slots), {}, {}, seed);
        std::vector<std::int64_t> came;
        for (std::uint64_t number = 0; number < 1'000; ++number)
          came.push_back((came.empty() ? 0 : came.back()) +
                         bulk.publisher.gap_before(number, gap).count_ns());
        bulk.publisher.publish(came.size(), gap);
        bulk.run_to_ms(1'000'000);
        CHECK(bulk.books().consumed == came.size());
        CHECK(static_cast<std::int64_t>(bulk.books().sojourn.sum()) ==
              sum_of_times_ns(came, 4, slots));
      }
}

TEST_CASE("Batches are as large as those of a queue with bulk service") {
  for (const double rate : {1.0, 3.0, 3.8}) {
    INFO(rate << " messages while one piece is worked on");
    double sum = 0, squares = 0;
    constexpr int runs = 20;
    for (int run = 0; run < runs; ++run) {
      Bulk bulk(Limit{1'000'000}, 4, 1, {}, {}, 100 + static_cast<std::uint64_t>(run));
      bulk.publisher.publish(20'000, Duration::rounded_ns(1e9 / rate));
      bulk.run_to_ms(100'000'000);
      REQUIRE(bulk.books().consumed == 20'000);
      const double mean = 20'000 / bulk.pieces();
      sum += mean / runs;
      squares += mean * mean / runs;
    }
    const double error = std::sqrt((squares - sum * sum) / (runs - 1));
    CHECK(std::abs(sum - mean_piece(rate, 4)) < 4 * error);
  }
}

TEST_CASE("Each message of a batch whose worker dies comes back, and is worked on again") {
  for (const Crash crash : {Crash::reset, Crash::silent}) {
    WorkerTerms terms;
    terms.crash = crash;
    Bulk bulk(Limit{10}, 4, 1, terms);
    bulk.publisher.publish(9, Duration());
    bulk.run_to_ms(1'500);
    CHECK(bulk.books().consumed == 4);
    CHECK(bulk.books().in_flight_at_end == 5);
    CHECK(bulk.books().lag.count() == 9);  // of the last one up to now
    bulk.crew.worker(0).begin_kill();
    bulk.run_to_ms(3'000);
    bulk.crew.worker(0).end_kill();
    bulk.run_to_ms(200'000);
    const auto books = bulk.books();
    CHECK(books.consumed == 9);
    CHECK(books.duplicates == 0);
    CHECK(books.redelivered == 5);  // four that were worked on, and one at hand
    CHECK(bulk.pieces() == 3);      // of four, four and one
  }
}

TEST_CASE("Each message of a batch that fails ends as a message does whose work failed") {
  for (const OnError on_error : {OnError::retry, OnError::drop, OnError::dead_letter}) {
    WorkerTerms terms;
    terms.on_error = on_error;
    terms.retry_after = Duration::ms(1'500);
    Bulk bulk(Limit{100}, 4, 1, terms);
    QueuePlan aside_plan;
    MessageQueue aside(bulk.simulation, aside_plan, "aside", {0}, Measurement());
    bulk.queue.set_dead_letters(&aside);
    int left = 1;
    bulk.crew.diary.fails = [&left](std::uint64_t) { return left-- > 0; };
    bulk.publisher.publish(10, Duration());
    bulk.run_to_ms(30'000);
    const auto books = bulk.books();
    const bool tries_again = on_error == OnError::retry;
    CHECK(books.consumed == (tries_again ? 10 : 6));
    CHECK(books.redelivered == (tries_again ? 4 : 0));
    CHECK(books.dead_lettered == (on_error == OnError::dead_letter ? 4 : 0));
    CHECK(books.lost[static_cast<std::size_t>(Loss::error)] == (on_error == OnError::drop ? 4 : 0));
    bulk.simulation.close();
  }
}

}  // namespace headroom
