// What a surge does to a replayed record.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "models/workload/arrivals.hpp"

using namespace headroom;
using sim::Time;

namespace {

Time at_s(double seconds) {
  return Time() + sim::Duration::rounded_ns(seconds * 1e9);
}

}  // namespace

TEST_CASE("replay: a surge sends each arrival several times at its instant") {
  ReplayPlan replay;
  for (std::int64_t second = 1; second <= 19; ++second)
    replay.times.push_back(at_s(static_cast<double>(second)));
  const ArrivalsPlan plan = replay;
  // The factor changes when the clock gets there; what is pending then comes when it is told.
  const auto sent = [&](double load, double surge, double from, double until) {
    const auto process = make_arrivals(plan, {.key = 5, .end = at_s(100), .factor = load});
    std::vector<double> found;
    const std::vector<std::pair<double, double>> changes{{from, surge}, {until, 1}};
    auto change = changes.begin();
    Time t = process->next();
    while (true) {
      for (; change != changes.end() && t > at_s(change->first); ++change)
        t = process->set_factor(at_s(change->first), load * change->second);
      if (t == Time::never()) return found;
      found.push_back(t.in_seconds());
      t = process->next();
    }
  };
  std::vector<double> once;
  for (int second = 1; second <= 19; ++second)
    once.push_back(second);
  CHECK(sent(1, 1, 4.5, 6.5) == once);
  auto surged = once;
  surged.insert(surged.begin() + 5, {5, 5, 6, 6});
  std::sort(surged.begin(), surged.end());
  CHECK(sent(1, 3, 4.5, 6.5) == surged);
  auto without = once;
  without.erase(without.begin() + 4, without.begin() + 6);
  CHECK(sent(1, 1e-12, 4.5, 6.5) == without);
  CHECK(sent(1, 1e-12, 4.5, 100) == std::vector<double>{1, 2, 3, 4});
  CHECK(sent(2, 3, 2.25, 3.25).size() == 23);  // 2.5 and 3, at twice the speed
  CHECK(sent(2, 3, 2.25, 3.25).back() == 9.5);
}

TEST_CASE("replay: a fraction of a surge is by chance, the same for each arrival") {
  ReplayPlan replay;
  const int count = 20'000;
  for (std::int64_t i = 1; i <= count; ++i)
    replay.times.push_back(Time::at_ns(i * 1000));
  const ArrivalsPlan plan = replay;
  const auto sent = [&](double surge) {
    const auto process = make_arrivals(plan, {.key = 5, .end = at_s(100)});
    Time t = process->next();
    t = process->set_factor(Time(), surge);
    std::vector<Time> found;
    for (; t != Time::never(); t = process->next())
      found.push_back(t);
    return found;
  };
  const double margin = 4 * std::sqrt(count * 0.25 * 0.75);
  const auto quarter = sent(0.25), more = sent(2.25), half = sent(0.5);
  CHECK(static_cast<double>(quarter.size()) == Approx(count * 0.25).margin(margin));
  CHECK(static_cast<double>(more.size()) == Approx(count * 2.25).margin(margin));
  CHECK(more.size() == 2 * count + quarter.size());
  CHECK(std::includes(half.begin(), half.end(), quarter.begin(), quarter.end()));
}
