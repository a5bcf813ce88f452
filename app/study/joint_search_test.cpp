#include "app/study/joint_search.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

using Counts = JointSearch::Counts;
using Holds = std::function<bool(const Counts&)>;

JointSearch searched(const std::vector<JointSearch::Axis>& axes, const Holds& holds) {
  JointSearch search(axes);
  while (const auto at = search.next())
    search.record(holds(*at) ? Verdict::met : Verdict::missed);
  return search;
}

double cheapest(const std::vector<JointSearch::Axis>& axes, const Holds& holds) {
  double best = INFINITY;
  Counts at;
  const std::function<void()> every = [&] {
    if (at.size() == axes.size()) {
      double cost = 0;
      for (std::size_t i = 0; i < at.size(); ++i)
        cost += static_cast<double>(at[i]) * axes[i].cost;
      if (holds(at)) best = std::min(best, cost);
      return;
    }
    const auto axis = axes[at.size()];
    for (std::uint64_t count = axis.least; count <= axis.most; ++count) {
      at.push_back(count);
      every();
      at.pop_back();
    }
  };
  every();
  return best;
}

TEST_CASE("independent needs are found one by one") {
  const auto search =
      searched({{1, 32, 1}, {1, 32, 5}}, [](const Counts& at) { return at[0] >= 7 && at[1] >= 3; });
  CHECK(search.answer() == Counts{7, 3});
  CHECK(search.trials().size() <= 12);
  CHECK(search.is_sure());
}

TEST_CASE("what can stand in for one another is bought where it is cheap") {
  const Holds holds = [](const Counts& at) { return 3 * at[0] + at[1] >= 12; };
  CHECK(searched({{1, 10, 2.1}, {1, 10, 1}}, holds).answer() == Counts{3, 3});
  CHECK(searched({{1, 10, 9}, {1, 10, 1}}, holds).answer() == Counts{1, 9});
}

TEST_CASE("the cheapest of all, as trying every one says") {
  sim::Stream draws(11, 0, "joint");
  for (int turn = 0; turn < 100; ++turn) {
    const std::size_t count = 1 + draws.below(3);
    std::vector<JointSearch::Axis> axes;
    std::vector<double> weights;
    for (std::size_t i = 0; i < count; ++i) {
      axes.push_back({1, 2 + draws.below(5), 0.5 + draws.uniform()});
      weights.push_back(draws.uniform());
    }
    double most = 0;
    for (std::size_t i = 0; i < count; ++i)
      most += weights[i] * static_cast<double>(axes[i].most);
    const double needed = most * draws.uniform() * 1.1;
    const Holds holds = [&](const Counts& at) {
      double sum = 0;
      for (std::size_t i = 0; i < at.size(); ++i)
        sum += weights[i] * static_cast<double>(at[i]);
      return sum >= needed;
    };
    const auto search = searched(axes, holds);
    const double best = cheapest(axes, holds);
    CHECK(search.answer().has_value() == std::isfinite(best));
    if (search.answer()) CHECK(search.cost_of(*search.answer()) == Approx(best));
  }
}

TEST_CASE("where the most of everything fails, nothing is searched; open ones are told") {
  CHECK(searched({{1, 4, 1}, {1, 4, 1}}, [](const Counts&) { return false; }).trials().size() == 1);
  JointSearch search({{1, 8, 1}});
  while (const auto at = search.next())
    search.record((*at)[0] >= 5   ? Verdict::met
                  : (*at)[0] == 4 ? Verdict::undecided
                                  : Verdict::missed);
  CHECK(search.answer() == Counts{5});
  CHECK_FALSE(search.is_sure());
}

}  // namespace
}  // namespace headroom
