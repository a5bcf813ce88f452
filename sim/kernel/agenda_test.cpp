#include "sim/kernel/agenda.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <set>
#include <tuple>
#include <vector>

#include "sim/kernel/random.hpp"

namespace headroom::sim {
namespace {

/// Its own small generator (splitmix64, Steele et al. 2014), so that the kernel's order is tested
/// without the kernel's randomness.
struct Draws {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
};

/// The agenda beside a plain ordered set that numbers events with 64 bits: every answer must agree.
class Pair {
 public:
  explicit Pair(std::uint32_t first_sequence = 0) : agenda_(first_sequence) {}

  Time now() const { return now_; }
  std::size_t size() const { return model_.size(); }

  void push(Duration after) {
    const std::uint32_t handle = take_handle();
    agenda_.push(now_ + after, handle);
    model_.insert({(now_ + after).count_ns(), next_++, handle});
  }
  void push_lane(Duration delay) {
    const std::uint32_t handle = take_handle();
    const Lane lane = agenda_.lane(delay);
    const std::uint32_t place = agenda_.push(lane, now_, handle);
    const Expected expected{(now_ + delay).count_ns(), next_++, handle};
    model_.insert(expected);
    timers_.push_back({expected, lane, place});
  }
  void cancel(std::uint64_t draw) {
    if (timers_.empty()) return;
    const std::size_t chosen = draw % timers_.size();
    const Timer timer = timers_[chosen];
    timers_[chosen] = timers_.back();
    timers_.pop_back();
    if (model_.erase(timer.expected) == 0) return;  // It has come already.
    agenda_.cancel(timer.lane, timer.place);
    free_.push_back(std::get<2>(timer.expected));
  }
  bool pop(Time limit = Time::never()) {
    REQUIRE(agenda_.size() == model_.size());
    const auto first = model_.begin();
    const bool due = first != model_.end() && std::get<0>(*first) <= limit.count_ns() &&
                     std::get<0>(*first) != INT64_MAX;  // What saturates never comes.
    if (first != model_.end()) REQUIRE(agenda_.next_time().count_ns() <= std::get<0>(*first));
    if (first == model_.end()) REQUIRE(agenda_.next_time() == Time::never());
    Entry entry{};
    REQUIRE(agenda_.pop(limit, entry) == due);
    if (!due) {
      if (limit != Time::never()) now_ = limit;
      return false;
    }
    REQUIRE(entry.time_ns == std::get<0>(*first));
    REQUIRE(entry.handle == std::get<2>(*first));
    now_ = Time::at_ns(entry.time_ns);
    free_.push_back(entry.handle);
    model_.erase(first);
    return true;
  }
  void drain() {
    while (pop()) {
    }
    const bool left = !model_.empty() && std::get<0>(*model_.begin()) != INT64_MAX;
    REQUIRE_FALSE(left);
    REQUIRE(agenda_.next_time() == Time::never());
  }

 private:
  using Expected = std::tuple<std::int64_t, std::uint64_t, std::uint32_t>;
  struct Timer {
    Expected expected;
    Lane lane;
    std::uint32_t place;
  };
  std::uint32_t take_handle() {
    if (free_.empty()) return handles_++;
    const std::uint32_t handle = free_.back();
    free_.pop_back();
    return handle;
  }

  Agenda agenda_;
  std::set<Expected> model_;
  std::vector<Timer> timers_;
  std::vector<std::uint32_t> free_;
  std::uint32_t handles_ = 0;
  std::uint64_t next_ = 0;
  Time now_;
};

using Increment = std::function<std::int64_t(Draws&)>;
struct Pattern {
  const char* name;
  Increment draw;
};

constexpr std::int64_t hour_ns = 3'600'000'000'000;

const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> all = {
      {"all at once", [](Draws&) { return 0; }},
      {"constant", [](Draws&) { return 1000; }},
      {"few values", [](Draws& d) { return static_cast<std::int64_t>(d.below(4)); }},
      {"uniform", [](Draws& d) { return static_cast<std::int64_t>(d.below(1'000'000)); }},
      {"two scales",
       [](Draws& d) {
         return static_cast<std::int64_t>(d.below(2) == 0 ? 1 + d.below(1000) : hour_ns);
       }},
      {"two scales, spread",
       [](Draws& d) {
         return static_cast<std::int64_t>(d.below(2) == 0 ? d.below(1000)
                                                          : hour_ns + d.below(hour_ns));
       }},
      {"every magnitude",
       [](Draws& d) { return static_cast<std::int64_t>(d.next() >> (5 + d.below(59))); }},
      {"halving", [](Draws& d) { return (std::int64_t{1} << d.below(50)); }},
      {"end of time", [](Draws& d) { return INT64_MAX - static_cast<std::int64_t>(d.below(9)); }},
  };
  return all;
}

/// Any mixture of operations, with phases that grow and phases that shrink down to empty.
void churn(Pair& pair, Draws draws, const Increment& draw, int operations) {
  unsigned grow = 60;
  for (int i = 0; i < operations; ++i) {
    if (draws.below(500) == 0) grow = 20 + 10 * static_cast<unsigned>(draws.below(7));
    const std::uint64_t choice = draws.below(100);
    if (choice >= grow) {
      if (draws.below(8) == 0) {
        pair.pop(pair.now() + Duration::ns(static_cast<std::int64_t>(draws.below(2000))));
      } else {
        pair.pop();
      }
      continue;
    }
    switch (draws.below(6)) {
      case 0:
        pair.push_lane(Duration::ns(1 + static_cast<std::int64_t>(draws.below(3)) * 5000));
        break;
      case 1:
        pair.cancel(draws.next());
        break;
      default: {
        const std::int64_t after = draw(draws);
        if (pair.now() + Duration::ns(after) != Time::never()) pair.push(Duration::ns(after));
      }
    }
  }
  pair.drain();
}

}  // namespace

TEST_CASE("the agenda keeps the order of a plain sorted set", "[agenda]") {
  for (const Pattern& pattern : patterns()) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      INFO(pattern.name << ", seed " << seed);
      Pair pair;
      churn(pair, Draws{seed}, pattern.draw, 20'000);
    }
  }
}

TEST_CASE("numbering anew keeps the order", "[agenda]") {
  for (const Pattern& pattern : patterns()) {
    for (std::uint32_t before = 1; before < 20'000; before = before * 3 + 1) {
      INFO(pattern.name << ", wraps after " << before);
      Pair pair(UINT32_MAX - before);
      churn(pair, Draws{before}, pattern.draw, 10'000);
    }
  }
}

TEST_CASE("many pending stay in order", "[agenda]") {
  for (const Pattern& pattern : patterns()) {
    INFO(pattern.name);
    Pair pair(UINT32_MAX - 15'000);  // Numbered anew while most are pending.
    Draws draws{7};
    const auto push = [&] {
      const std::int64_t after = pattern.draw(draws);
      if (pair.now() + Duration::ns(after) != Time::never()) pair.push(Duration::ns(after));
    };
    for (int round = 0; round < 2; ++round) {  // The second refills what has been drained.
      for (int i = 0; i < 10'000; ++i)
        push();
      for (int i = 0; i < 10'000; ++i) {
        if (pair.pop()) push();
      }
      pair.drain();
    }
  }
}

// A pattern that made the buckets useless, or dividing them endless, would take minutes here.
TEST_CASE("no pattern costs more than a little for each event", "[agenda]") {
  constexpr std::uint32_t pending = 100'000;
  for (const Pattern& pattern : patterns()) {
    INFO(pattern.name);
    Agenda agenda;
    Draws draws{11};
    std::uint64_t scheduled = 0;
    const auto push = [&](std::int64_t now_ns, std::uint32_t handle) {
      const Time at = Time::at_ns(now_ns) + Duration::ns(pattern.draw(draws));
      if (at == Time::never()) return;
      agenda.push(at, handle);
      ++scheduled;
    };
    for (std::uint32_t handle = 0; handle < pending; ++handle)
      push(0, handle);
    std::uint64_t popped = 0;
    std::uint64_t disorder = 0;
    EventKey last = 0;
    Entry entry{};
    while (agenda.pop(Time::never(), entry)) {
      const EventKey key = key_of(entry);
      disorder += popped > 0 && key <= last;
      last = key;
      if (popped++ < 2 * pending) push(entry.time_ns, entry.handle);
    }
    REQUIRE(disorder == 0);
    REQUIRE(popped == scheduled);
  }
}

TEST_CASE("ever earlier events stay in order", "[agenda]") {
  for (const std::int64_t step_ns : {1, 1000, 1'000'000}) {
    Pair pair;
    for (std::int64_t left = 100'000; left > 0; --left)
      pair.push(Duration::ns(left * step_ns));
    pair.drain();
    // Each time a little closer to now than all before, after a look at what is next.
    for (std::int64_t ahead = hour_ns; ahead > 0; ahead -= 1 + ahead / 400) {
      for (int i = 0; i < 30; ++i)
        pair.push(Duration::ns(ahead + i % 7));
      REQUIRE_FALSE(pair.pop(pair.now()));
    }
    pair.drain();
  }
}

TEST_CASE("a cancelled front only makes the next time a lower bound", "[agenda]") {
  Agenda agenda;
  const Lane lane = agenda.lane(Duration::ns(10));
  REQUIRE(agenda.lane(Duration::ns(10)).id() == lane.id());
  REQUIRE(agenda.next_time() == Time::never());
  const std::uint32_t first = agenda.push(lane, Time::at_ns(0), 1);
  agenda.push(lane, Time::at_ns(5), 2);
  agenda.push(Time::at_ns(15), 3);
  REQUIRE(agenda.next_time() == Time::at_ns(10));
  agenda.cancel(lane, first);
  REQUIRE(agenda.size() == 2);
  REQUIRE(agenda.next_time() <= Time::at_ns(15));

  Entry entry{};
  REQUIRE_FALSE(agenda.pop(Time::at_ns(14), entry));
  REQUIRE(agenda.next_time() == Time::at_ns(15));
  REQUIRE(agenda.pop(Time::at_ns(15), entry));
  REQUIRE(entry.handle == 2);
  REQUIRE(agenda.pop(Time::at_ns(15), entry));
  REQUIRE(entry.handle == 3);
  REQUIRE(agenda.next_time() == Time::never());
  REQUIRE(agenda.size() == 0);
}

TEST_CASE("what is removed does not come, all else comes in order", "[agenda]") {
  for (const std::uint32_t pending : {1u, 15u, 300u, 20'000u}) {
    Agenda agenda;
    Stream times(pending);
    Entry entry{};
    const auto push_all = [&](std::uint32_t from) {
      for (std::uint32_t handle = from; handle < from + pending; ++handle)
        agenda.push(Time::at_ns(1'000'000 + static_cast<std::int64_t>(times.below(hour_ns))),
                    handle);
    };
    push_all(0);
    for (std::uint32_t i = 0; i < pending / 3; ++i)
      REQUIRE(agenda.pop(Time::never(), entry));
    std::uint64_t left = agenda.size();
    agenda.remove_if([&](std::uint32_t handle) {
      const bool goes = handle % 4 != 0;
      left -= goes;
      return goes;
    });
    REQUIRE(agenda.size() == left);
    push_all(pending);  // Some of them before what was next.
    left += pending;
    REQUIRE(agenda.size() == left);
    EventKey last = 0;
    while (agenda.pop(Time::never(), entry)) {
      REQUIRE(last < key_of(entry));
      REQUIRE((entry.handle % 4 == 0 || entry.handle >= pending));
      last = key_of(entry);
      --left;
    }
    REQUIRE(left == 0);
    agenda.remove_if([](std::uint32_t) { return true; });
    REQUIRE(agenda.size() == 0);
    REQUIRE(agenda.next_time() == Time::never());
  }
}

}  // namespace headroom::sim
