#pragma once

#include <cstdint>

#include "sim/kernel/simulation.hpp"
#include "sim/kernel/time.hpp"
#include "sim/stats/time_average.hpp"

namespace headroom {

/// How many are somewhere (in a queue, at a station, at work) over time. Those who leave say when
/// they came, so the area under the curve is known twice: by the level, and by who stayed how long.
/// The two are equal in integers. Source: Little 1961, on one sample path (Stidham 1974).
class Population {
 public:
  void enter(sim::Time now) {
    level_.add(now, 1);
    entered_ns_ += now.count_ns();
  }
  void leave(sim::Time now, sim::Time entered) {
    level_.add(now, -1);
    entered_ns_ -= entered.count_ns();
    stayed_ns_ += (now - entered).count_ns();
  }
  /// Areas count from here on; the law is about the whole run all the same.
  void start_measuring(sim::Time now) {
    area_before_ += level_.area(now);
    level_.restart(now);
    at_start_ = level_.level();
  }

  std::int64_t level() const { return level_.level(); }
  std::int64_t at_start() const { return at_start_; }
  /// Level x ns since measuring started.
  __int128 area(sim::Time now) const { return level_.area(now); }
  /// How long those present will have been there at `at`, in the mean, ns; 0 where nobody is.
  double mean_age_ns(sim::Time at) const {
    if (level() == 0) return 0;
    const __int128 ages = static_cast<__int128>(level()) * at.count_ns() - entered_ns_;
    return static_cast<double>(ages) / static_cast<double>(level());
  }
  bool littles_law_holds(sim::Time now) const {
    const __int128 present = static_cast<__int128>(level()) * now.count_ns() - entered_ns_;
    return area_before_ + level_.area(now) == stayed_ns_ + present;
  }

 private:
  sim::TimeAverage level_;
  std::int64_t at_start_ = 0;
  __int128 entered_ns_ = 0;  ///< Sum over those present of when they came.
  __int128 stayed_ns_ = 0;   ///< Sum over those gone of how long they stayed.
  __int128 area_before_ = 0;
};

/// Someone's stay in a population: from here to the end of the block, or of the process.
class Stay {
 public:
  Stay(sim::Simulation& simulation, Population& population)
      : simulation_(simulation), population_(population), entered_(simulation.now()) {
    population_.enter(entered_);
  }
  Stay(const Stay&) = delete;
  Stay& operator=(const Stay&) = delete;
  ~Stay() { population_.leave(simulation_.now(), entered_); }

 private:
  sim::Simulation& simulation_;
  Population& population_;
  sim::Time entered_;
};

}  // namespace headroom
