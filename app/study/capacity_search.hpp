#pragma once

#include <optional>
#include <vector>

#include "app/study/figure.hpp"

namespace headroom {

/// Looks for the value of one setting up to which a goal holds, by asking for the verdict at one
/// value after the other: doubles until the goal breaks, then bisects. It knows nothing of
/// simulations, so it can be tried on made-up curves.
///
/// A verdict may be undecided. Then the answer stays an interval around the values nobody could
/// decide, whose ends are decided: `low` holds, `high` does not. With `smallest` the goal is taken
/// to hold for large values, and the smallest that holds is looked for.
class CapacitySearch {
 public:
  struct Options {
    double start = 1;                       ///< The first value tried, > 0.
    std::optional<double> least{}, most{};  ///< Values outside are never tried.
    bool whole = false;                     ///< Only whole numbers.
    bool smallest = false;                  ///< Where the goal begins to hold, not where it ends.
    std::optional<double> then{};  ///< Tried next where the start holds, instead of twice it.
    double resolution = 0.01;      ///< Ends closer than this, relatively, are close enough.
    bool looks_back = true;        ///< Whether the side that holds is looked at for dips.
    int most_trials = 40;
  };
  struct Trial {
    double at = 0;
    Verdict verdict = Verdict::undecided;
    bool seems_met = false;  ///< By the estimates alone, without their uncertainty.
  };

  explicit CapacitySearch(Options options) : options_(options) {}

  /// The value to try next; nothing when the search is over.
  std::optional<double> next() const;
  /// The verdict at the value that `next` asked for. Met wants every goal kept.
  void record(Trial trial);
  /// The setting cannot have the value that `next` asked for, nor any below. Only where the
  /// smallest whole number is looked for, and only below those that were tried; false elsewhere.
  bool exclude(double at);

  const std::vector<Trial>& trials() const { return trials_; }  ///< In the order they were tried.

  /// The last value that holds before the first that does not, seen from the side that holds.
  std::optional<double> holds() const;
  /// The first value that does not, of those beyond the first that holds.
  std::optional<double> breaks() const;
  /// Between the two, where the estimates change sides; nothing unless both are there.
  std::optional<double> estimate() const;
  /// False when a value holds beyond one that does not: the interval is then about the first break
  /// after one that holds.
  bool is_monotone() const;
  /// The search ended with values left to try.
  bool exhausted() const { return static_cast<int>(trials_.size()) >= options_.most_trials; }

 private:
  bool easier(double a, double b) const { return options_.smallest ? a > b : a < b; }
  std::optional<double> beyond(double at) const;
  std::optional<double> before(double at) const;
  std::optional<double> between(double a, double b) const;
  std::optional<double> easiest(Verdict verdict,
                                const std::optional<double>& beyond = std::nullopt) const;
  std::optional<double> before_all(double easiest_tried) const;
  std::optional<double> probe() const;
  double least_tried() const;  ///< There is one.
  std::optional<double> untried(double at) const;
  double allowed(double at) const;

  Options options_;
  std::vector<Trial> trials_;
  std::optional<double> too_small_;  ///< The highest that was excluded.
};

}  // namespace headroom
