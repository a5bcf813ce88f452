#include "models/time_spent.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <numeric>

#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

using sim::Duration;
using sim::Time;

Time at_ms(std::int64_t ms) {
  return Time() + Duration::ms(ms);
}

/// Spans made by hand; times in ms.
class HandMade {
 public:
  Span& add(Span* parent, SpanKind kind, std::int64_t begin, std::int64_t end,
            const std::string* name = nullptr) {
    Span& span = spans_.emplace_back();
    span.parent = parent;
    span.kind = kind;
    span.begin = at_ms(begin);
    span.end = at_ms(end);
    span.name = name;
    if (parent != nullptr) {
      span.before = parent->newest;
      parent->newest = &span;
    }
    return span;
  }

 private:
  std::deque<Span> spans_;
};

GroupTimes taken_apart(const Span& request) {
  GroupTimes group;
  take_apart(request, group);
  return group;
}

std::int64_t ms_of(const GroupTimes& group, TimeCause cause) {
  return group.ns[static_cast<std::size_t>(cause)] / 1'000'000;
}
std::int64_t ms_at(const GroupTimes& group, const std::string& place, TimeCause cause) {
  for (const PlaceTimes& each : group.places)
    if (each.place == place) return each.ns[static_cast<std::size_t>(cause)] / 1'000'000;
  return 0;
}

const std::string users = "users", app = "app", db = "db";

TEST_CASE("A request that was tried twice: what came before the last attempt is retry") {
  HandMade made;
  Span& request = made.add(nullptr, SpanKind::request, 0, 100, &users);
  Span& first = made.add(&request, SpanKind::attempt, 0, 30);
  first.outcome = Outcome::timeout;
  Span& late = made.add(&first, SpanKind::visit, 5, 90, &app);  // goes on all the same
  made.add(&late, SpanKind::queue, 5, 60);
  made.add(&request, SpanKind::backoff, 30, 50);
  Span& second = made.add(&request, SpanKind::attempt, 50, 100);
  made.add(&second, SpanKind::network, 50, 55, &app);
  Span& visit = made.add(&second, SpanKind::visit, 55, 95, &app);
  made.add(&visit, SpanKind::queue, 55, 70);
  made.add(&visit, SpanKind::cpu, 70, 90);
  Span& call = made.add(&visit, SpanKind::call, 90, 95, &db);
  made.add(&call, SpanKind::visit, 90, 94, &db);
  made.add(&second, SpanKind::network, 95, 100, &app);

  const GroupTimes group = taken_apart(request);
  CHECK(ms_of(group, TimeCause::retry) == 50);
  CHECK(ms_of(group, TimeCause::network) == 10);
  CHECK(ms_of(group, TimeCause::queue) == 15);
  CHECK(ms_of(group, TimeCause::work) == 24);
  CHECK(ms_of(group, TimeCause::unanswered) == 1);  // between the end of db and that of the call
  CHECK(ms_at(group, "app", TimeCause::queue) == 15);
  CHECK(ms_at(group, "app", TimeCause::work) == 20);
  CHECK(ms_at(group, "db", TimeCause::work) == 4);
  CHECK(ms_at(group, "users", TimeCause::retry) == 50);
}

TEST_CASE("A call that timed out for good counts for what it was waiting for") {
  HandMade made;
  Span& request = made.add(nullptr, SpanKind::request, 0, 40, &users);
  Span& visit = made.add(&request, SpanKind::visit, 0, 40, &app);
  Span& call = made.add(&visit, SpanKind::call, 0, 30, &db);
  call.outcome = Outcome::timeout;
  Span& there = made.add(&call, SpanKind::visit, 0, 500, &db);
  made.add(&there, SpanKind::queue, 0, 20);
  made.add(&there, SpanKind::cpu, 20, 500);
  made.add(&visit, SpanKind::cpu, 30, 40);  // a fallback
  const GroupTimes group = taken_apart(request);
  CHECK(ms_at(group, "db", TimeCause::queue) == 20);
  CHECK(ms_at(group, "db", TimeCause::work) == 10);
  CHECK(ms_at(group, "app", TimeCause::work) == 10);
}

TEST_CASE("Of a parallel step, what comes after half of the needed branches is the slowest one") {
  HandMade made;
  Span& request = made.add(nullptr, SpanKind::request, 0, 80, &users);
  Span& visit = made.add(&request, SpanKind::visit, 0, 80, &app);
  Span& all = made.add(&visit, SpanKind::parallel, 0, 80);
  all.number = 3;
  for (const std::int64_t end : {20, 30, 80}) {
    Span& branch = made.add(&all, SpanKind::branch, 0, end);
    made.add(&branch, SpanKind::queue, 0, 15);
    made.add(&branch, SpanKind::cpu, 15, end);
  }
  const GroupTimes group = taken_apart(request);
  CHECK(ms_of(group, TimeCause::slowest_branch) == 50);  // after the second of three
  CHECK(ms_of(group, TimeCause::queue) == 15);
  CHECK(ms_of(group, TimeCause::work) == 15);

  SECTION("where one is enough nobody is waited for") {
    HandMade other;
    Span& race = other.add(nullptr, SpanKind::request, 0, 20, &users);
    Span& step = other.add(&race, SpanKind::parallel, 0, 20);
    step.number = 1;
    other.add(&step, SpanKind::branch, 0, 20);
    other.add(&step, SpanKind::branch, 0, 70);
    CHECK(ms_of(taken_apart(race), TimeCause::slowest_branch) == 0);
    CHECK(ms_of(taken_apart(race), TimeCause::work) == 20);
  }
}

TEST_CASE("Of shared cores the work itself is work, the rest is waiting") {
  HandMade made;
  Span& request = made.add(nullptr, SpanKind::request, 0, 30, &users);
  made.add(&request, SpanKind::cpu, 0, 30).own = Duration::ms(12);
  const GroupTimes group = taken_apart(request);
  CHECK(ms_of(group, TimeCause::work) == 12);
  CHECK(ms_of(group, TimeCause::queue) == 18);
}

TEST_CASE("Whatever a trace looks like, its time is given away once and wholly") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    sim::Stream random(seed, 0, "traces");
    const auto below = [&](std::int64_t most) {
      return static_cast<std::int64_t>(random.uniform() * static_cast<double>(most));
    };
    HandMade made;
    Span& request = made.add(nullptr, SpanKind::request, 0, 1 + below(1000), &users);
    std::vector<Span*> spans{&request};
    for (int i = 0; i < 40; ++i) {
      Span* parent =
          spans[static_cast<std::size_t>(below(static_cast<std::int64_t>(spans.size())))];
      const auto begin = (parent->begin - Time()).count_ns() / 1'000'000 + below(300);
      const auto end = begin + below(400);
      Span& span = made.add(parent, static_cast<SpanKind>(1 + below(span_kinds - 1)), begin, end,
                            below(2) == 0 ? &app : nullptr);
      span.outcome = below(3) == 0 ? Outcome::failed : Outcome::ok;
      if (below(4) == 0) span.end = Time::never();
      if (below(4) == 0) span.number = static_cast<std::uint32_t>(below(4));
      spans.push_back(&span);
    }
    const GroupTimes group = taken_apart(request);
    CHECK(group.latency_ns == (request.end - request.begin).count_ns());
    CHECK(std::accumulate(group.ns.begin(), group.ns.end(), std::int64_t{0}) == group.latency_ns);
    std::int64_t at_places = 0;
    for (const PlaceTimes& each : group.places)
      at_places = std::accumulate(each.ns.begin(), each.ns.end(), at_places);
    CHECK(at_places == group.latency_ns);
  }
}

}  // namespace
}  // namespace headroom
