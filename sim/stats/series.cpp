#include "sim/stats/series.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/check.hpp"

namespace headroom::sim {

namespace {

Windows checked(Windows windows) {
  HEADROOM_CHECK(windows.width > Duration());
  const auto length_ns =
      static_cast<__int128>(windows.width.count_ns()) * static_cast<__int128>(windows.count);
  HEADROOM_CHECK(length_ns + windows.start.count_ns() < Time::never().count_ns());
  return windows;
}

}  // namespace

SampleSeries::SampleSeries(Windows windows, Keep keep)
    : windows_(checked(windows)),
      counts_(windows.count),
      histograms_(keep == Keep::histograms ? windows.count : 0),
      current_begin_(windows.start) {}

void SampleSeries::record(Time at, std::int64_t value) {
  HEADROOM_CHECK(value >= 0);
  // As unsigned numbers, instants before the window are far beyond it.
  const auto into_ns = static_cast<std::uint64_t>((at - current_begin_).count_ns());
  if (into_ns >= static_cast<std::uint64_t>(windows_.width.count_ns())) {
    if (at < windows_.start || at >= windows_.end()) return;
    current_ =
        static_cast<std::size_t>((at - windows_.start).count_ns() / windows_.width.count_ns());
    current_begin_ = windows_.begin(current_);
  }
  if (current_ >= counts_.size()) return;  // No windows at all.
  ++counts_[current_];
  if (!histograms_.empty()) histograms_[current_].record(value);
}

SampleSeries SampleSeries::restored(Windows windows, std::vector<Window> counts,
                                    std::vector<Histogram> histograms) {
  HEADROOM_CHECK(counts.size() == windows.count);
  HEADROOM_CHECK(histograms.empty() || histograms.size() == windows.count);
  SampleSeries series(windows);
  series.counts_ = std::move(counts);
  series.histograms_ = std::move(histograms);
  return series;
}

const Histogram& SampleSeries::histogram(std::size_t window) const {
  HEADROOM_CHECK(window < histograms_.size());
  return histograms_[window];
}

std::vector<double> SampleSeries::rates_per_s() const {
  std::vector<double> rates;
  rates.reserve(counts_.size());
  for (const Window count : counts_)
    rates.push_back(static_cast<double>(count) / windows_.width.in_seconds());
  return rates;
}

LevelSeries::LevelSeries(Windows windows, std::int64_t level)
    : windows_(checked(windows)),
      totals_(windows.count),
      level_(level),
      current_begin_(windows.start),
      current_end_(windows.start + windows.width) {}

// Adds the current level from `last_` to `now` to the windows it spans.
void LevelSeries::account(Time now) {
  Time from = std::max(last_, windows_.start);
  while (from < now && current_ < totals_.size()) {
    const Time to = std::min(now, current_end_);
    account(totals_[current_], to - from);
    from = to;
    if (to == current_end_) {
      ++current_;
      current_begin_ = current_end_;
      current_end_ = current_end_ + windows_.width;
    }
  }
}

LevelSeries LevelSeries::restored(Windows windows, std::vector<Window> totals) {
  HEADROOM_CHECK(totals.size() == windows.count);
  LevelSeries series(windows);
  series.totals_ = std::move(totals);
  return series;
}

std::vector<double> LevelSeries::means() const {
  std::vector<double> means;
  means.reserve(totals_.size());
  for (const Window& totals : totals_) {
    const bool known = totals.covered_ns != 0;
    means.push_back(
        known ? static_cast<double>(totals.area) / static_cast<double>(totals.covered_ns) : 0);
  }
  return means;
}

}  // namespace headroom::sim
