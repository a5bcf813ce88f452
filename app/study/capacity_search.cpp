#include "app/study/capacity_search.hpp"

#include <algorithm>
#include <cmath>

namespace headroom {

namespace {

// Chosen: twenty doublings either way, then it never breaks; eight of counts, as each costs memory.
constexpr double furthest = 1e6, furthest_count = 256;

/// The number with the fewest digits in the middle half between two: people read these.
double round_between(double a, double b) {
  const double middle = (a + b) / 2;
  for (int digits = 1; digits < 15; ++digits) {
    const double unit = std::pow(10.0, std::floor(std::log10(middle)) + 1 - digits);
    const double rounded = std::round(middle / unit) * unit;
    if (std::abs(rounded - middle) <= (b - a) / 4) return rounded;
  }
  return middle;
}

}  // namespace

double CapacitySearch::allowed(double at) const {
  if (options_.whole) at = std::round(at);
  const double reach = options_.whole ? furthest_count : furthest;
  double least = options_.least.value_or(options_.start / reach);
  if (options_.whole) least = std::max(least, std::min(1.0, options_.start));
  return std::clamp(at, least, options_.most.value_or(options_.start * reach));
}

double CapacitySearch::least_tried() const {
  return std::min_element(trials_.begin(), trials_.end(),
                          [](const Trial& a, const Trial& b) { return a.at < b.at; })
      ->at;
}

/// That value, or in place of one that cannot be the one halfway to those that were tried.
std::optional<double> CapacitySearch::untried(double at) const {
  at = allowed(at);
  if (too_small_ && at <= *too_small_) at = std::ceil((least_tried() + *too_small_) / 2);
  const bool is_tried =
      std::any_of(trials_.begin(), trials_.end(), [&](const Trial& t) { return t.at == at; });
  if (is_tried) return std::nullopt;
  return at;
}

/// A step in the direction in which the goal is harder to keep, or easier.
std::optional<double> CapacitySearch::beyond(double at) const {
  return untried(options_.smallest ? at / 2 : at * 2);
}
std::optional<double> CapacitySearch::before(double at) const {
  return untried(options_.smallest ? at * 2 : at / 2);
}

std::optional<double> CapacitySearch::between(double a, double b) const {
  if (a > b) std::swap(a, b);
  if (options_.whole ? b - a <= 1 : b - a <= options_.resolution * b) return std::nullopt;
  return untried(options_.whole ? std::floor((a + b) / 2) : round_between(a, b));
}

std::optional<double> CapacitySearch::easiest(Verdict verdict,
                                              const std::optional<double>& beyond) const {
  std::optional<double> first;
  for (const Trial& trial : trials_) {
    if (trial.verdict != verdict || (beyond && !easier(*beyond, trial.at))) continue;
    if (!first || easier(trial.at, *first)) first = trial.at;
  }
  return first;
}

std::optional<double> CapacitySearch::breaks() const {
  return easiest(Verdict::missed, easiest(Verdict::met));
}

std::optional<double> CapacitySearch::holds() const {
  const auto limit = breaks();
  std::optional<double> last;
  for (const Trial& trial : trials_) {
    if (trial.verdict != Verdict::met || (limit && !easier(trial.at, *limit))) continue;
    if (!last || easier(*last, trial.at)) last = trial.at;
  }
  return last;
}

std::optional<double> CapacitySearch::estimate() const {
  auto good = holds();
  auto bad = breaks();
  if (!good || !bad) return std::nullopt;
  for (const Trial& trial : trials_) {
    if (trial.verdict != Verdict::undecided) continue;
    if (!easier(*good, trial.at) || !easier(trial.at, *bad)) continue;
    (trial.seems_met ? good : bad) = trial.at;
  }
  return options_.whole ? *good : round_between(std::min(*good, *bad), std::max(*good, *bad));
}

bool CapacitySearch::is_monotone() const {
  const auto first = easiest(Verdict::missed);
  return !first || std::none_of(trials_.begin(), trials_.end(), [&](const Trial& trial) {
    return trial.verdict == Verdict::met && easier(*first, trial.at);
  });
}

/// Where a value is missed and none before it holds, but some do beyond it: is it a dip, or does
/// nothing hold on the side that is taken to? Five halvings are to tell.
std::optional<double> CapacitySearch::before_all(double easiest_tried) const {
  constexpr double furthest_back = 32;  // Chosen: deep enough for a dip.
  const auto met = easiest(Verdict::met);
  const auto missed = easiest(Verdict::missed);
  if (!met || !missed || !easier(*missed, *met)) return std::nullopt;
  const double limit = options_.smallest ? *met * furthest_back : *met / furthest_back;
  return easier(limit, easiest_tried) ? before(easiest_tried) : std::nullopt;
}

/// Once the interval is narrow, two looks at the side that is taken to hold: a curve that dips
/// there would otherwise pass unseen.
std::optional<double> CapacitySearch::probe() const {
  const double good = *holds();
  for (const double share : {0.5, 0.75}) {
    const double at = allowed(options_.smallest ? good / share : good * share);
    const bool known = std::any_of(trials_.begin(), trials_.end(), [&](const Trial& trial) {
      return std::abs(trial.at - at) <= 0.12 * good || (options_.whole && trial.at == at);
    });
    if (!known) return at;
  }
  return std::nullopt;
}

std::optional<double> CapacitySearch::next() const {
  if (exhausted()) return std::nullopt;
  if (trials_.empty()) return allowed(options_.start);
  const auto [low, high] =
      std::minmax_element(trials_.begin(), trials_.end(),
                          [&](const Trial& a, const Trial& b) { return easier(a.at, b.at); });
  const auto good = holds();
  const auto bad = breaks();
  if (options_.then && trials_.size() == 1 && good) return untried(*options_.then);
  if (const auto at = before_all(low->at)) return at;
  if (!bad) {
    if (const auto further = beyond(high->at)) return further;
  }
  if (!good) return before(low->at);
  if (!bad) return std::nullopt;
  std::optional<double> first, last;  // Of the undecided ones in between.
  for (const Trial& trial : trials_) {
    if (trial.verdict != Verdict::undecided) continue;
    if (!easier(*good, trial.at) || !easier(trial.at, *bad)) continue;
    if (!first || easier(trial.at, *first)) first = trial.at;
    if (!last || easier(*last, trial.at)) last = trial.at;
  }
  if (const auto at = between(*good, first.value_or(*bad))) return at;
  if (last) {
    if (const auto at = between(*last, *bad)) return at;
  }
  if (!options_.looks_back) return std::nullopt;
  return probe();
}

void CapacitySearch::record(Trial trial) {
  trials_.push_back(trial);
}

bool CapacitySearch::exclude(double at) {
  if (!options_.whole || !options_.smallest || trials_.empty() || at >= least_tried()) return false;
  too_small_ = at;
  return true;
}

}  // namespace headroom
