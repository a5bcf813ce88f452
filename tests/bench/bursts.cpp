// The intervals of bench_coverage in seconds: the sojourns come from the recursions of Lindley (one
// server) and Kiefer and Wolfowitz (several), begun near their steady state, so that nothing but
// the intervals is tried. Beside each stands what plain Student intervals would hold. "two alike"
// are two studies of one station, "paired" is the same station with 5 % less work at each customer,
// on the same random numbers: how often the interval of the difference of the p99s holds it.
//
// usage: bench_bursts [EXPERIMENTS (4000)] [CASE]
// Source: Lindley 1952; Kiefer, Wolfowitz 1955.
#include <fmt/format.h>

#include <algorithm>
#include <boost/random/gamma_distribution.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "models/analytic/inversion.hpp"
#include "models/analytic/single_station.hpp"
#include "sim/kernel/random.hpp"
#include "sim/stats/effective.hpp"
#include "sim/stats/intervals.hpp"
#include "sim/stats/leaning.hpp"

namespace headroom {

namespace {

constexpr double work_s = 0.01, percentile = 0.99;
constexpr std::size_t replications = 10;

struct Station {
  std::string name;
  unsigned servers = 1;
  double cv = 1, load = 0.8, duration_s = 0;
  double part = 1;  // of the work

  double rate() const { return servers * load / work_s; }
  double mean_s() const {
    return cv == 1 ? mmc_sojourn(rate(), part * work_s, servers)
                   : mg1_sojourn(rate(), part * work_s, cv * cv);
  }
  double p99_s() const {
    return cv == 1 ? mmc_sojourn_quantile(rate(), part * work_s, servers, percentile)
                   : mg1_gamma_sojourn_quantile(rate(), part * work_s, cv * cv, percentile);
  }
};

/// Sojourns in ns of those that come in one replication.
sim::Histogram sojourns(const Station& station, std::uint64_t seed) {
  sim::Stream random(seed);
  const auto exponential = [&] { return -std::log1p(-random.uniform()); };
  boost::random::gamma_distribution<double> gamma(1 / (station.cv * station.cv),
                                                  work_s * station.cv * station.cv);
  std::vector<double> left(station.servers);  // work of each server, the least first
  sim::Histogram found;
  // Chosen: many relaxation times, which are a few work_s / (1 - load)^2.
  for (double at = -20 * work_s / std::pow(1 - station.load, 2); at < station.duration_s;) {
    const double passed = exponential() / station.rate();
    at += passed;
    for (double& each : left)
      each = std::max(0.0, each - passed);
    left[0] += station.part * (station.cv == 1 ? work_s * exponential() : gamma(random));
    if (at >= 0 && at < station.duration_s) found.record(std::llround(1e9 * left[0]));
    for (std::size_t i = 0; i + 1 < left.size() && left[i] > left[i + 1]; ++i)
      std::swap(left[i], left[i + 1]);
  }
  return found;
}

struct Share {
  unsigned of = 0, hits = 0;
  void add(bool hit) {
    ++of;
    hits += hit;
  }
  double percent() const { return of > 0 ? 100.0 * hits / of : 0; }
};

/// One experiment: what it says of the mean and the p99, and each replication of the p99.
struct Study {
  std::vector<double> sums, counts, shares, pseudo_values;
  sim::Interval mean;
  std::optional<sim::Interval> p99;
};

Study study(const Station& station, std::uint64_t number) {
  std::vector<sim::Histogram> runs;
  for (std::size_t run = 0; run < replications; ++run)
    runs.push_back(sojourns(station, sim::mix(number, run)));
  sim::Histogram pooled;
  std::vector<const sim::Histogram*> each;
  Study made;
  for (const sim::Histogram& run : runs) {
    pooled.merge(run);
    each.push_back(&run);
    made.sums.push_back(static_cast<double>(run.sum()));
    made.counts.push_back(static_cast<double>(run.count()));
    made.shares.push_back(sim::samples_above(run, 1e9 * station.p99_s()) / made.counts.back());
  }
  made.mean = sim::ratio_interval(made.sums, made.counts).value();
  made.p99 = sim::quantile_interval(pooled, each, percentile);
  if (made.p99) made.pseudo_values = sim::quantile_pseudo_values(each, percentile);
  return made;
}

bool holds(const sim::Interval& interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

/// The interval of the difference of the p99s of two studies.
sim::Interval difference_of(const Study& a, const Study& b) {
  std::vector<double> differences;
  for (std::size_t run = 0; run < replications; ++run)
    differences.push_back(b.pseudo_values[run] - a.pseudo_values[run]);
  return sim::leaning_interval(b.p99->mean - a.p99->mean, sim::spread_of(differences),
                               replications);
}

void cover(const Station& station, unsigned experiments) {
  Share mean, p99, student, alike, paired;
  Station faster = station;
  faster.part = 0.95;
  std::optional<Study> before;
  for (unsigned number = 0; number < experiments; ++number) {
    Study now = study(station, number);
    mean.add(holds(now.mean, 1e9 * station.mean_s()));
    if (now.p99 && now.p99->bounded()) p99.add(holds(*now.p99, 1e9 * station.p99_s()));
    student.add(holds(sim::student_interval(now.shares), 1 - percentile));
    if (number % 2 == 1 && before->p99 && now.p99) alike.add(holds(difference_of(*before, now), 0));
    const Study changed = study(faster, number);
    if (now.p99 && changed.p99)
      paired.add(holds(difference_of(now, changed), 1e9 * (faster.p99_s() - station.p99_s())));
    before = std::move(now);
  }
  fmt::print(
      "{:20} {:4g} s: mean {:5.2f} %, p99 {:5.2f} % of {}; Student on its share {:5.2f} %; "
      "two alike {:5.2f} %, paired {:5.2f} %\n",
      station.name, station.duration_s, mean.percent(), p99.percent(), p99.of, student.percent(),
      alike.percent(), paired.percent());
  std::fflush(stdout);
}

}  // namespace

}  // namespace headroom

int main(int argc, char** argv) {
  using headroom::Station;
  const unsigned experiments = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 4000;
  const std::string only = argc > 2 ? argv[2] : "";
  // Those of bench_coverage, and a quarter as long.
  for (const double part : {1.0, 0.25})
    for (Station station : {Station{"M/M/1 at 0.5", 1, 1, 0.5, 80},
                            {"M/M/1 at 0.8", 1, 1, 0.8, 160},
                            {"M/M/1 at 0.9", 1, 1, 0.9, 300},
                            {"M/M/4 at 0.8", 4, 1, 0.8, 80},
                            {"M/G/1 CV 0.5 at 0.7", 1, 0.5, 0.7, 80},
                            {"M/G/1 CV 2 at 0.7", 1, 2, 0.7, 200}}) {
      station.duration_s *= part;
      if (station.name.find(only) != std::string::npos) headroom::cover(station, experiments);
    }
}
