// Many independent M/M/1 stations at a load of 0.8, one coroutine per customer with the digest on,
// beside a hand-written loop over the same event list (the kernel's agenda) and the same numbers.
// Prints nanoseconds per customer, the best of several interleaved rounds.

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

#include "sim/kernel/agenda.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/ring.hpp"
#include "sim/kernel/simulation.hpp"

namespace {

using namespace headroom::sim;
using Exponential = boost::random::exponential_distribution<double>;

constexpr double mean_service_ns = 1e6;
constexpr double load = 0.8;

struct Sources {
  explicit Sources(std::uint32_t station) : arrivals(mix(station, 1)), services(mix(station, 2)) {}
  Duration gap() { return Duration::rounded_ns(Exponential(load / mean_service_ns)(arrivals)); }
  Duration service() { return Duration::rounded_ns(Exponential(1 / mean_service_ns)(services)); }
  Stream arrivals;
  Stream services;
};

struct Outcome {
  std::uint64_t customers = 0;
  std::uint64_t sojourn_sum_ns = 0;
};

class Processes {
 public:
  Processes(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      stations_.push_back(std::make_unique<Station>(simulation_, outcome_, i));
      simulation_.spawn(stations_.back()->arrivals());
    }
  }
  ~Processes() { simulation_.close(); }
  Outcome run_until(Time end) {
    simulation_.run_until(end);
    return outcome_;
  }

 private:
  class Station {
   public:
    Station(Simulation& simulation, Outcome& outcome, std::uint32_t id)
        : simulation_(simulation), outcome_(outcome), sources_(id), server_(simulation, 1) {}
    Simulation& simulation() { return simulation_; }
    Task<> arrivals() {
      for (;;) {
        co_await simulation_.delay(sources_.gap());
        simulation_.spawn(customer());
      }
    }

   private:
    Task<> customer() {
      const Time arrived = simulation_.now();
      co_await server_.hold(sources_.service());
      ++outcome_.customers;
      outcome_.sojourn_sum_ns +=
          static_cast<std::uint64_t>((simulation_.now() - arrived).count_ns());
    }
    Simulation& simulation_;
    Outcome& outcome_;
    Sources sources_;
    Resource server_;
  };

  Simulation simulation_;
  Outcome outcome_;
  std::vector<std::unique_ptr<Station>> stations_;
};

class ByHand {
 public:
  ByHand(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      stations_.push_back(std::make_unique<Station>(i));
      agenda_.push(Time() + stations_.back()->sources.gap(), 2 * i);
    }
  }
  Outcome run_until(Time end) {
    Entry event{};
    while (agenda_.pop(end, event)) {
      const Time now = Time::at_ns(event.time_ns);
      Station& station = *stations_[event.handle / 2];
      if (event.handle % 2 == 0) {
        station.waiting.push(now);
        if (station.waiting.size() == 1) {
          agenda_.push(now + station.sources.service(), event.handle + 1);
        }
        agenda_.push(now + station.sources.gap(), event.handle);
      } else {
        ++outcome_.customers;
        outcome_.sojourn_sum_ns +=
            static_cast<std::uint64_t>((now - station.waiting.pop()).count_ns());
        if (!station.waiting.empty()) {
          agenda_.push(now + station.sources.service(), event.handle);
        }
      }
    }
    return outcome_;
  }

 private:
  struct Station {
    explicit Station(std::uint32_t id) : sources(id) {}
    Sources sources;
    Ring<Time> waiting;
  };
  Agenda agenda_;
  Outcome outcome_;
  std::vector<std::unique_ptr<Station>> stations_;
};

template <class Model>
double measure_ns(Model& model, Time end, Outcome& outcome) {
  using Clock = std::chrono::steady_clock;
  const std::uint64_t before = outcome.customers;
  const auto start = Clock::now();
  outcome = model.run_until(end);
  const std::chrono::duration<double, std::nano> spent = Clock::now() - start;
  return spent.count() / static_cast<double>(outcome.customers - before);
}

bool compare(std::uint32_t stations, bool quick) {
  Processes processes(stations);
  ByHand by_hand(stations);
  Outcome of_processes;
  Outcome of_hand;
  double processes_ns = 1e9;
  double by_hand_ns = 1e9;
  // Chosen: so many customers a round that a round takes tens of milliseconds; the first warms up.
  const auto customers = quick ? 200'000.0 : 1'000'000.0;
  const auto round_ns = static_cast<std::int64_t>(customers / load * mean_service_ns / stations);
  for (int round = 1; round <= (quick ? 4 : 8); ++round) {
    const Time end = Time::at_ns(round * round_ns);
    processes_ns = std::min(processes_ns, measure_ns(processes, end, of_processes));
    by_hand_ns = std::min(by_hand_ns, measure_ns(by_hand, end, of_hand));
  }
  const bool same = of_processes.customers == of_hand.customers &&
                    of_processes.sojourn_sum_ns == of_hand.sojourn_sum_ns;
  std::printf("%9u %14.1f %14.1f %8.2f%s\n", stations, processes_ns, by_hand_ns,
              processes_ns / by_hand_ns, same ? "" : "  DIFFERENT SOJOURNS");
  return same;
}

}  // namespace

/// With an argument ("quick") fewer and shorter rounds.
int main(int argc, char**) {
  const bool quick = argc > 1;
  std::printf("%9s %14s %14s %8s\n", "stations", "processes ns", "by hand ns", "ratio");
  const bool thousand = compare(1'000, quick);
  return compare(100'000, quick) && thousand ? 0 : 1;
}
