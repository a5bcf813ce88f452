#include "models/resilience/retry_budget.hpp"

#include <catch2/catch.hpp>

namespace headroom {
namespace {

TEST_CASE("A share of requests caps retries exactly") {
  RetryPlan plan;
  plan.budget = Ratio{0.1};
  RetryBudget budget(plan);
  int retries = 0;
  for (int request = 0; request < 1000; ++request) {
    budget.note_request();
    while (budget.take(sim::Time()))
      ++retries;  // a total outage: every retry fails too
  }
  // 10 in reserve (the first request's share found the budget full), then one for every ten.
  CHECK(retries == RetryBudget::reserve + 99);
}

TEST_CASE("What is saved never exceeds the reserve") {
  RetryPlan plan;
  plan.budget = Ratio{0.5};
  RetryBudget budget(plan);
  for (int request = 0; request < 1'000'000; ++request)
    budget.note_request();
  int retries = 0;
  while (budget.take(sim::Time()))
    ++retries;
  CHECK(retries == RetryBudget::reserve);
}

TEST_CASE("A token bucket gives its burst at once and its rate from then on") {
  RetryPlan plan;
  plan.budget = TokenBudgetPlan{Rate{2}, 5};
  RetryBudget budget(plan);
  int retries = 0;
  while (budget.take(sim::Time()))
    ++retries;
  CHECK(retries == 5);
  CHECK_FALSE(budget.take(sim::Time::at_ns(499'999'999)));
  CHECK(budget.take(sim::Time::at_ns(500'000'000)));
  CHECK_FALSE(budget.take(sim::Time::at_ns(500'000'000)));
  for (std::int64_t ms = 501; ms <= 100'500; ++ms) {
    retries += budget.take(sim::Time::at_ns(ms * 1'000'000));
  }
  CHECK(retries == 5 + 200);
}

TEST_CASE("Without a budget every retry is allowed") {
  RetryBudget budget{RetryPlan()};
  for (int i = 0; i < 1000; ++i)
    CHECK(budget.take(sim::Time()));
}

}  // namespace
}  // namespace headroom
