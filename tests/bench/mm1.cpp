// M/M/1 at a load of 0.8: one coroutine per customer, with the digest and a histogram of sojourns,
// beside the plainest event loop that can be written by hand for the same queue: a switch over two
// kinds of event, a 4-ary heap of 16-byte entries, no digest, a sum instead of a histogram. Both
// draw the same numbers from the same streams, so both must find the same sum of sojourns.
// Prints nanoseconds per customer and per event, the best of several interleaved rounds.

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/stats/histogram.hpp"

namespace {

using namespace headroom::sim;
using Exponential = boost::random::exponential_distribution<double>;

constexpr double mean_service_ns = 1e6;
constexpr double load = 0.8;
constexpr std::uint64_t seed = 7;

struct Outcome {
  std::uint64_t sojourn_sum_ns = 0;
  std::uint64_t events = 0;
};

class Processes {
 public:
  explicit Processes(std::uint64_t customers) : customers_(customers) {}
  Outcome run() {
    simulation_.spawn(arrivals());
    simulation_.run();
    return {static_cast<std::uint64_t>(sojourns_.sum()), simulation_.events()};
  }
  Simulation& simulation() { return simulation_; }

 private:
  Task<> arrivals() {
    Exponential gap(load / mean_service_ns);
    for (std::uint64_t i = 0; i < customers_; ++i) {
      co_await simulation_.delay(Duration::rounded_ns(gap(arrivals_)));
      simulation_.spawn(customer());
    }
  }
  Task<> customer() {
    const Time arrived = simulation_.now();
    co_await server_.hold(Duration::rounded_ns(service_(services_)));
    sojourns_.record((simulation_.now() - arrived).count_ns());
  }

  std::uint64_t customers_;
  Simulation simulation_{seed};
  Resource server_{simulation_, 1};
  Stream arrivals_{seed, 0, "queue/arrivals"};
  Stream services_{seed, 0, "queue/services"};
  Exponential service_{1 / mean_service_ns};
  Histogram sojourns_;
};

/// Everything in one place and nothing more than this one model needs.
class ByHand {
 public:
  explicit ByHand(std::uint64_t customers) : customers_(customers) {}
  Outcome run() {
    Outcome outcome;
    Exponential gap(load / mean_service_ns);
    Exponential service(1 / mean_service_ns);
    const auto after = [](std::int64_t now, double length_ns) {
      return now + static_cast<std::int64_t>(length_ns + 0.5);
    };
    push(after(0, gap(arrivals_)), arrival);
    while (!heap_.empty()) {
      const Entry event = pop();
      const std::int64_t now = event.time_ns;
      ++outcome.events;
      switch (event.kind) {
        case arrival:
          if (tail_ - head_ == waiting_.size()) grow();
          waiting_[tail_++ & (waiting_.size() - 1)] = now;
          if (tail_ - head_ == 1) push(after(now, service(services_)), departure);
          if (++arrived_ < customers_) push(after(now, gap(arrivals_)), arrival);
          break;
        case departure: {
          const std::int64_t came = waiting_[head_++ & (waiting_.size() - 1)];
          outcome.sojourn_sum_ns += static_cast<std::uint64_t>(now - came);
          if (head_ != tail_) push(after(now, service(services_)), departure);
          break;
        }
      }
    }
    return outcome;
  }

 private:
  enum Kind : std::uint32_t { arrival, departure };
  struct Entry {
    std::int64_t time_ns;
    std::uint32_t sequence;
    Kind kind;
    bool operator<(const Entry& other) const {
      return time_ns != other.time_ns ? time_ns < other.time_ns : sequence < other.sequence;
    }
  };
  void push(std::int64_t at_ns, Kind kind) {
    const Entry entry{at_ns, sequence_++, kind};
    std::size_t place = heap_.size();
    heap_.push_back(entry);
    for (; place > 0 && entry < heap_[(place - 1) / 4]; place = (place - 1) / 4) {
      heap_[place] = heap_[(place - 1) / 4];
    }
    heap_[place] = entry;
  }
  Entry pop() {
    const Entry first = heap_.front();
    const Entry last = heap_.back();
    heap_.pop_back();
    std::size_t place = 0;
    const std::size_t size = heap_.size();
    for (std::size_t child = 1; child < size; child = 4 * place + 1) {
      std::size_t least = child;
      for (std::size_t i = child + 1; i < std::min(child + 4, size); ++i) {
        if (heap_[i] < heap_[least]) least = i;
      }
      if (last < heap_[least]) break;
      heap_[place] = heap_[least];
      place = least;
    }
    if (size > 0) heap_[place] = last;
    return first;
  }
  void grow() {
    std::vector<std::int64_t> larger(2 * waiting_.size());
    for (std::size_t i = head_; i != tail_; ++i) {
      larger[i & (larger.size() - 1)] = waiting_[i & (waiting_.size() - 1)];
    }
    waiting_ = std::move(larger);
  }

  std::uint64_t customers_;
  std::uint64_t arrived_ = 0;
  std::uint32_t sequence_ = 0;
  std::vector<Entry> heap_;
  std::vector<std::int64_t> waiting_ = std::vector<std::int64_t>(16);  ///< Arrivals, in a ring.
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
  Stream arrivals_{seed, 0, "queue/arrivals"};
  Stream services_{seed, 0, "queue/services"};
};

template <class Model>
double measure_ns(std::uint64_t customers, Outcome& outcome) {
  using Clock = std::chrono::steady_clock;
  Model model(customers);
  const auto start = Clock::now();
  outcome = model.run();
  const std::chrono::duration<double, std::nano> spent = Clock::now() - start;
  return spent.count() / static_cast<double>(customers);
}

}  // namespace

/// Arguments: "quick" for fewer customers and rounds; "processes" or "by_hand" to run only one,
/// once, for a profiler.
int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "quick") == 0;
  const bool only_processes = argc > 1 && std::strcmp(argv[1], "processes") == 0;
  const bool only_by_hand = argc > 1 && std::strcmp(argv[1], "by_hand") == 0;
  const std::uint64_t customers = quick || only_processes || only_by_hand ? 200'000 : 2'000'000;
  Outcome processes;
  Outcome by_hand;
  double processes_ns = 1e9;
  double by_hand_ns = 1e9;
  for (int round = 0; round < (only_processes || only_by_hand ? 1 : quick ? 5 : 9); ++round) {
    if (!only_by_hand) {
      processes_ns = std::min(processes_ns, measure_ns<Processes>(customers, processes));
    }
    if (!only_processes) {
      by_hand_ns = std::min(by_hand_ns, measure_ns<ByHand>(customers, by_hand));
    }
  }
  if (only_processes || only_by_hand) return 0;
  const auto per_event = [&](double ns, const Outcome& outcome) {
    return ns * static_cast<double>(customers) / static_cast<double>(outcome.events);
  };
  std::printf("%-12s %12s %14s %10s\n", "M/M/1", "events", "ns/customer", "ns/event");
  std::printf("%-12s %12llu %14.1f %10.1f\n", "processes",
              static_cast<unsigned long long>(processes.events), processes_ns,
              per_event(processes_ns, processes));
  std::printf("%-12s %12llu %14.1f %10.1f\n", "by hand",
              static_cast<unsigned long long>(by_hand.events), by_hand_ns,
              per_event(by_hand_ns, by_hand));
  std::printf("processes take %.2f times as long per customer, %.2f times per event\n",
              processes_ns / by_hand_ns,
              per_event(processes_ns, processes) / per_event(by_hand_ns, by_hand));
  const bool same = processes.sojourn_sum_ns == by_hand.sojourn_sum_ns;
  if (!same) std::printf("DIFFERENT SOJOURNS\n");
  return same ? 0 : 1;
}
