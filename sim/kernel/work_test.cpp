#include "sim/kernel/work.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/kernel/scope.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom::sim {
namespace {

struct World {
  Simulation simulation_{1};
  Processor processor_{simulation_};
  SharedProcessor shared_;
  Scope scope_{simulation_};
  std::vector<std::int64_t> ended_ns;
  std::vector<bool> done;
  explicit World(double cores = 1) : shared_(simulation_, cores) {}
  ~World() { simulation_.close(); }
  Simulation& simulation() { return simulation_; }
};

Task<> at_speed(World& w, std::size_t id, Duration start, Duration amount, Time deadline) {
  co_await w.simulation_.delay(start);
  const bool done = co_await before(deadline, w.processor_.work(amount));
  w.ended_ns[id] = w.simulation_.now().count_ns();
  w.done[id] = done;
}
Task<> shared(World& w, std::size_t id, Duration start, Duration amount, Time deadline) {
  co_await w.simulation_.delay(start);
  const bool done = co_await before(deadline, w.shared_.work(amount));
  w.ended_ns[id] = w.simulation_.now().count_ns();
  w.done[id] = done;
}
struct Change {
  std::int64_t at_ns;
  double speed;
};
Task<> change(World& w, std::vector<Change> changes) {
  for (const Change& next : changes) {
    co_await w.simulation_.delay(Time::at_ns(next.at_ns) - w.simulation_.now());
    w.processor_.set_speed(next.speed);
    w.shared_.set_speed(next.speed);
  }
}
Task<> close_at(World& w, Duration when) {
  co_await w.simulation_.delay(when);
  w.scope_.close();
}

std::int64_t draw(Stream& random, std::uint64_t below) {
  return static_cast<std::int64_t>(random.below(below));
}
std::vector<Change> random_speeds(Stream& random, int count) {
  std::vector<Change> changes;
  std::int64_t at = 0;
  for (int i = 0; i < count; ++i) {
    at += 1 + draw(random, 400);
    const double speeds[] = {0, 0.1, 0.25, 1.0 / 3, 1, 1, 2.5, 7};
    changes.push_back({at, speeds[random.below(8)]});
  }
  changes.push_back({at + 300, 1});
  return changes;
}

/// When `amount` begun at `start` has been done, integrated interval by interval.
double finish_ns(double start, double amount, const std::vector<Change>& changes) {
  double speed = 1;
  double at = 0;
  double left = amount;
  for (std::size_t i = 0; i <= changes.size(); ++i) {
    const double until = i < changes.size() ? static_cast<double>(changes[i].at_ns) : 1e18;
    const double from = std::max(at, start);
    if (until > from && speed > 0) {
      if (from + left / speed <= until) return from + left / speed;
      left -= (until - from) * speed;
    }
    at = until;
    if (i < changes.size()) speed = changes[i].speed;
  }
  return 1e18;
}

struct Job {
  std::int64_t start_ns;
  std::int64_t amount_ns;
};

/// Processor sharing step by step: between two events every job loses the same.
std::vector<double> share_naively(const std::vector<Job>& jobs, double cores,
                                  const std::vector<Change>& changes) {
  std::vector<double> left;
  std::vector<double> ended(jobs.size(), -1);
  for (const Job& job : jobs)
    left.push_back(static_cast<double>(job.amount_ns));
  double now = 0;
  double speed = 1;
  std::size_t changed = 0;
  for (std::size_t finished = 0; finished < jobs.size();) {
    double active = 0;
    double least = 1e18;
    double next = changed < changes.size() ? static_cast<double>(changes[changed].at_ns) : 1e18;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const auto start = static_cast<double>(jobs[i].start_ns);
      if (ended[i] >= 0) continue;
      if (start > now) {
        next = std::min(next, start);
      } else {
        ++active;
        least = std::min(least, left[i]);
      }
    }
    const double rate = active <= cores ? speed : speed * cores / active;
    if (active > 0 && rate > 0) next = std::min(next, now + least / rate);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (ended[i] >= 0 || static_cast<double>(jobs[i].start_ns) > now) continue;
      left[i] -= (next - now) * rate;
      if (left[i] <= 1e-6) {
        ended[i] = next;
        ++finished;
      }
    }
    now = next;
    if (changed < changes.size() && static_cast<double>(changes[changed].at_ns) <= now) {
      speed = changes[changed++].speed;
    }
  }
  return ended;
}

}  // namespace

TEST_CASE("work under changing speed ends when the integral of the speed says", "[work]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Stream random(seed, 0, "work");
    World w;
    const auto changes = random_speeds(random, 40);
    w.simulation_.spawn(change(w, changes));
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < 50; ++i) {
      const std::int64_t start = 1 + draw(random, 6000);
      jobs.push_back({start, draw(random, 5) == 0 ? draw(random, 4) : draw(random, 3000)});
      w.ended_ns.push_back(-1);
      w.done.push_back(false);
      w.simulation_.spawn(at_speed(w, i, Duration::ns(jobs[i].start_ns),
                                   Duration::ns(jobs[i].amount_ns), Time::never()));
    }
    w.simulation_.run();
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      INFO("seed " << seed << ", job " << i << ": " << jobs[i].start_ns << " + "
                   << jobs[i].amount_ns);
      const double exact = finish_ns(static_cast<double>(jobs[i].start_ns),
                                     static_cast<double>(jobs[i].amount_ns), changes);
      REQUIRE(w.done[i]);
      REQUIRE(static_cast<double>(w.ended_ns[i]) >= exact - 1e-3);
      // Rounded up; nothing done at speed zero may still need the nanosecond after its resumption.
      if (jobs[i].amount_ns > 0) REQUIRE(static_cast<double>(w.ended_ns[i]) < exact + 1.001);
    }
  }
}

TEST_CASE("a deadline of work holds across changes of speed", "[work]") {
  World w;
  w.ended_ns.assign(4, -1);
  w.done.assign(4, true);
  const Duration none;
  w.simulation_.spawn(at_speed(w, 0, none, Duration::ns(100), Time::at_ns(150)));
  w.simulation_.spawn(at_speed(w, 1, none, Duration::ns(200), Time::at_ns(150)));
  w.simulation_.spawn(at_speed(w, 2, none, Duration::ns(100), Time::at_ns(500)));
  w.simulation_.spawn(at_speed(w, 3, none, Duration::ns(60), Time::at_ns(60)));
  w.simulation_.spawn(change(w, {{60, 0}, {80, 0.5}}));
  w.simulation_.run();
  REQUIRE(w.ended_ns == std::vector<std::int64_t>{150, 150, 160, 60});
  REQUIRE(w.done == std::vector<bool>{false, false, true, true});
}

TEST_CASE("a timeout by lane does not lengthen work", "[work]") {
  struct Run {
    static Task<> go(World& w, Lane lane) {
      const bool done = co_await before(lane, w.processor_.work(Duration::ns(40)));
      REQUIRE(done);
      REQUIRE(w.simulation_.now() == Time::at_ns(40));
      const bool late = co_await before(lane, w.processor_.work(Duration::ns(4000)));
      REQUIRE_FALSE(late);
      REQUIRE(w.simulation_.now() == Time::at_ns(140));
    }
  };
  World w;
  w.simulation_.spawn(Run::go(w, w.simulation_.lane(Duration::ns(100))));
  w.simulation_.run();
  REQUIRE(w.simulation_.now() == Time::at_ns(140));
}

TEST_CASE("processor sharing agrees with a naive simulation", "[work]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Stream random(seed, 0, "shared");
    const double cores = seed % 3 == 0 ? 2.5 : static_cast<double>(1 + seed % 4);
    World w(cores);
    std::vector<Change> changes;
    if (seed % 2 == 0) changes = random_speeds(random, 30);
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < 60; ++i) {
      const std::int64_t start = 1 + draw(random, 20'000);
      // Some come together and want the same, so that many end at one instant.
      jobs.push_back({i % 4 == 0 ? 5000 : start, i % 4 == 0 ? 700 : 1 + draw(random, 1500)});
      w.ended_ns.push_back(-1);
      w.done.push_back(false);
      w.simulation_.spawn(shared(w, i, Duration::ns(jobs[i].start_ns),
                                 Duration::ns(jobs[i].amount_ns), Time::never()));
    }
    if (!changes.empty()) w.simulation_.spawn(change(w, changes));
    w.simulation_.run();
    const auto exact = share_naively(jobs, cores, changes);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      INFO("seed " << seed << ", job " << i);
      REQUIRE(w.done[i]);
      // One nanosecond of rounding for each amount that is shared with, at the slowest speed.
      const double tolerance = changes.empty() ? 30 : 300;
      REQUIRE(std::abs(static_cast<double>(w.ended_ns[i]) - exact[i]) < tolerance);
    }
    REQUIRE(w.shared_.active() == 0);
  }
}

TEST_CASE("equal amounts that start together end together; none takes no time", "[work]") {
  World w(4);
  w.ended_ns.assign(1001, -1);
  w.done.assign(1001, false);
  for (std::size_t i = 0; i < 1000; ++i) {
    w.simulation_.spawn(shared(w, i, Duration::ns(5), Duration::ns(40), Time::never()));
  }
  w.simulation_.spawn(shared(w, 1000, Duration::ns(7), Duration(), Time::never()));
  w.simulation_.run();
  for (std::size_t i = 0; i < 1000; ++i)
    REQUIRE(w.ended_ns[i] == 10'005);
  REQUIRE(w.ended_ns[1000] == 7);
}

TEST_CASE("those who are killed or give up leave their share to the others", "[work]") {
  World w;
  w.ended_ns.assign(4, -1);
  w.done.assign(4, true);
  w.simulation_.spawn(shared(w, 0, Duration(), Duration::ns(100), Time::never()));
  w.simulation_.spawn(shared(w, 1, Duration(), Duration::ns(100), Time::at_ns(60)));
  w.scope_.spawn(shared(w, 2, Duration(), Duration::ns(100), Time::never()));
  w.scope_.spawn(at_speed(w, 3, Duration(), Duration::ns(100), Time::never()));
  w.simulation_.spawn(close_at(w, Duration::ns(30)));
  w.simulation_.run();
  // 10 each by 30, 15 more each by 60, the last 75 alone.
  REQUIRE(w.ended_ns == std::vector<std::int64_t>{135, 60, -1, -1});
  REQUIRE(w.done == std::vector<bool>{true, false, true, true});
}

namespace {

struct Sharing {
  Simulation simulation_{1};
  SharedProcessor processor_{simulation_, 1};
  double sojourns_ns = 0;
  int finished = 0;
  ~Sharing() { simulation_.close(); }
  Simulation& simulation() { return simulation_; }
};
Task<> job(Sharing& s, Duration amount) {
  const Time began = s.simulation_.now();
  co_await s.processor_.work(amount);
  s.sojourns_ns += static_cast<double>((s.simulation_.now() - began).count_ns());
  ++s.finished;
}
Task<> jobs(Sharing& s, std::uint64_t seed, int count, double shape) {
  Stream gaps(seed, 0, "gaps");
  Stream amounts(seed, 0, "amounts");
  for (int i = 0; i < count; ++i) {
    const double gap_ns = -std::log(1 - gaps.uniform()) * 1e6 / 0.8;
    co_await s.simulation_.delay(Duration::rounded_ns(gap_ns));
    // Hyperexponential for `shape` < 1: rare amounts, long in proportion; the mean stays.
    const bool some = amounts.uniform() < shape;
    const double amount_ns = some ? -std::log(1 - amounts.uniform()) * 1e6 / shape : 0;
    s.simulation_.spawn(job(s, Duration::rounded_ns(amount_ns)));
  }
}

}  // namespace

TEST_CASE("M/G/1 under processor sharing: the mean sojourn depends on the load alone", "[work]") {
  // Mean service 1 ms, load 0.8: mean sojourn 1 / (1 - 0.8) = 5 ms whatever the distribution.
  // 4 standard errors, estimated from the 20 independent runs.
  for (double shape : {1.0, 0.5}) {
    double sum = 0;
    double squares = 0;
    constexpr int runs = 20;
    for (std::uint64_t seed = 1; seed <= runs; ++seed) {
      Sharing s;
      s.simulation_.spawn(jobs(s, seed, 20'000, shape));
      s.simulation_.run();
      const double mean = s.sojourns_ns / s.finished / 1e6;
      sum += mean;
      squares += mean * mean;
    }
    const double mean = sum / runs;
    const double error = std::sqrt((squares / runs - mean * mean) / (runs - 1));
    INFO("mean " << mean << " +- " << error);
    REQUIRE(std::abs(mean - 5) < 4 * error);
    REQUIRE(error < 0.2);
  }
}

TEST_CASE("shared work ends at any speed", "[work]") {
  // What is left after 1 ns is too little to be a nanosecond and too much to be rounded away.
  Sharing s;
  s.processor_.set_speed(1e9);
  s.simulation_.spawn(job(s, Duration::ns(1'000'000'500)));
  s.simulation_.run();
  REQUIRE(s.finished == 1);
  REQUIRE(s.simulation_.now() == Time::at_ns(2));
}

}  // namespace headroom::sim
