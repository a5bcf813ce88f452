#include "sim/stats/tally.hpp"

#include <algorithm>
#include <cmath>

#include "sim/kernel/check.hpp"

namespace headroom::sim {

void Tally::add(double value) {
  HEADROOM_CHECK(std::isfinite(value));
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = count_ == 0 ? value : std::max(max_, value);
  ++count_;
  const double distance = value - mean_;
  mean_ += distance / static_cast<double>(count_);
  squares_ += distance * (value - mean_);
}

void Tally::merge(const Tally& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const auto mine = static_cast<double>(count_);
  const auto theirs = static_cast<double>(other.count_);
  const double all = mine + theirs;
  const double distance = other.mean_ - mean_;
  mean_ += distance * (theirs / all);
  squares_ += other.squares_ + distance * distance * (mine * theirs / all);
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double Tally::mean() const {
  HEADROOM_CHECK(count_ > 0);
  return mean_;
}

double Tally::min() const {
  HEADROOM_CHECK(count_ > 0);
  return min_;
}

double Tally::max() const {
  HEADROOM_CHECK(count_ > 0);
  return max_;
}

double Tally::variance() const {
  return count_ < 2 ? 0 : squares_ / static_cast<double>(count_ - 1);
}

double Tally::standard_deviation() const {
  return std::sqrt(variance());
}

}  // namespace headroom::sim
