#include "models/phase.hpp"

#include <catch2/catch.hpp>
#include <utility>

#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

sim::Time at(std::int64_t ns) {
  return sim::Time::at_ns(ns);
}

}  // namespace

TEST_CASE("a phase holds its first instant and not its last, and goes on while it is in force") {
  Phase phase;
  CHECK_FALSE(phase.covers(at(0)));
  phase.begin(at(10));
  CHECK(phase.covers(at(10)));
  CHECK_FALSE(phase.covers(at(9)));
  phase.end(at(20));
  CHECK(phase.covers(at(19)));
  CHECK_FALSE(phase.covers(at(20)));
  phase.begin(at(30));
  CHECK(phase.covers(at(1000)));
  CHECK(phase.covered(at(0), at(100)) == sim::Duration::ns(10 + 70));
  CHECK(phase.covered(at(15), at(35)) == sim::Duration::ns(5 + 5));
  CHECK(Part{&phase, true}.length(at(0), at(100)) == sim::Duration::ns(20));
}

TEST_CASE("phases that overlap, at random, cover what any of them covers") {
  sim::Stream draws(7, 0, "phases");
  for (int round = 0; round < 50; ++round) {
    constexpr std::int64_t length = 60;
    std::vector<std::pair<std::int64_t, std::int64_t>> spans;
    for (int i = 0; i < 5; ++i) {
      const auto begin = static_cast<std::int64_t>(draws.uniform() * length);
      const auto lasts = static_cast<std::int64_t>(draws.uniform() * 15);
      spans.emplace_back(begin, begin + lasts);
    }
    Phase phase;
    std::int64_t sum = 0;
    for (std::int64_t now = 0; now < length; ++now) {
      for (const auto& span : spans)
        if (span.first == now) phase.begin(at(now));
      for (const auto& span : spans)
        if (span.second == now) phase.end(at(now));
    }
    for (std::int64_t time = 0; time < length; ++time) {
      bool covered = false;
      for (const auto& span : spans)
        covered = covered || (span.first <= time && time < span.second);
      CHECK(phase.covers(at(time)) == covered);
      CHECK(Part{&phase, true}.holds(at(time)) != covered);
      sum += covered ? 1 : 0;
    }
    CHECK(phase.covered(at(0), at(length)) == sim::Duration::ns(sum));
  }
}

}  // namespace headroom
