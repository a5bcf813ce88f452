#include "models/broker/books.hpp"

#include <catch2/catch.hpp>

namespace headroom {
namespace {

sim::Time at_ms(std::int64_t ms) {
  return sim::Time() + sim::Duration::ms(ms);
}

sim::Task<> work(sim::Simulation& simulation, Books* books, Messages* messages) {
  Request request;
  co_await simulation.delay(sim::Duration::ms(200));
  const auto first = messages->make(request, simulation.now());
  books->produce((*messages)[first]);
  co_await simulation.delay(sim::Duration::ms(400));
  const auto second = messages->make(request, simulation.now());
  books->produce((*messages)[second]);
  co_await simulation.delay(sim::Duration::ms(1900));  // 2.5 s
  books->start((*messages)[first]);
  co_await simulation.delay(sim::Duration::ms(1000));  // 3.5 s
  books->start((*messages)[second]);
}

TEST_CASE("How long those that wait have waited, at the end of each window") {
  sim::Simulation simulation;
  const sim::Windows windows{at_ms(0), sim::Duration::seconds(1), 5};
  Books books(simulation, "mail", 1, Measurement{at_ms(0), at_ms(5000), windows});
  Messages messages;
  simulation.spawn(work(simulation, &books, &messages));
  simulation.run_until(at_ms(4200));
  const SubscriptionResult result = books.result(messages, true);
  // At 1 s they have waited 0.8 and 0.4 s, at 2 s 1.8 and 1.4 s; at 3 s the second 2.4 s; at 4 s
  // nobody waits. The fifth window is as it is when it is cut off.
  REQUIRE(result.ages_s.size() == 5);
  CHECK(result.ages_s[0] == Approx(0.6));
  CHECK(result.ages_s[1] == Approx(1.6));
  CHECK(result.ages_s[2] == Approx(2.4));
  CHECK(result.ages_s[3] == 0);
  CHECK(result.ages_s[4] == 0);
  REQUIRE(result.waiting.size() == 1);
  const auto means = result.waiting.front().means();
  CHECK(means[0] == Approx(0.8 + 0.4));
  CHECK(means[2] == Approx(2 * 0.5 + 0.5));
  // Twice over: messages that wait x seconds, and the seconds that each waited.
  CHECK(static_cast<double>(result.lag_area) * 1e-9 == Approx(2.3 + 2.9));
  simulation.close();
}

}  // namespace
}  // namespace headroom
