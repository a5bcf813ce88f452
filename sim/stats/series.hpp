#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/check.hpp"
#include "sim/kernel/time.hpp"
#include "sim/stats/histogram.hpp"

namespace headroom::sim {

/// `count` windows of `width` one after the other from `start` on; window i holds the instants
/// from `begin(i)` up to, not including, `begin(i + 1)`.
struct Windows {
  Time start;
  Duration width = Duration::seconds(1);
  std::size_t count = 0;

  Time begin(std::size_t window) const {
    return start + static_cast<std::int64_t>(window) * width;
  }
  Time end() const { return begin(count); }
};

/// How many samples fell into each window and, on request, all of them as a histogram.
class SampleSeries {
 public:
  using Window = std::uint64_t;  ///< How many.
  enum class Keep { counts, histograms };

  /// The width is positive, the end of the last window comes before `Time::never()`.
  explicit SampleSeries(Windows windows, Keep keep = Keep::counts);

  /// Counts a non-negative value in the window of `at`. Instants may come in any order; one
  /// outside all windows is ignored.
  void record(Time at, std::int64_t value);

  /// The series whose windows held these; as many histograms as windows, or none.
  static SampleSeries restored(Windows windows, std::vector<Window> counts,
                               std::vector<Histogram> histograms);
  bool keeps_histograms() const { return !histograms_.empty(); }

  const Windows& windows() const { return windows_; }
  std::size_t size() const { return counts_.size(); }
  Window operator[](std::size_t window) const { return counts_[window]; }
  /// The samples of a window; a broken CHECK unless histograms are kept.
  const Histogram& histogram(std::size_t window) const;
  /// Samples per second in each window.
  std::vector<double> rates_per_s() const;

 private:
  Windows windows_;
  std::vector<Window> counts_;
  std::vector<Histogram> histograms_;
  // Where the last sample fell: the next one is nearly always in the same window.
  std::size_t current_ = 0;
  Time current_begin_;
};

/// The time average of an integer level in each window, exact as `TimeAverage` is.
class LevelSeries {
 public:
  struct Window {
    __int128 area = 0;            ///< Level x ns.
    std::int64_t covered_ns = 0;  ///< How long the level was known.
  };

  /// The level is `level` from the start of the run. Conditions as for `SampleSeries`.
  explicit LevelSeries(Windows windows, std::int64_t level = 0);

  /// The level is `level` from `now` on. Instants never decrease from one call to the next and may
  /// lie before and after the windows.
  void set(Time now, std::int64_t level) {
    HEADROOM_CHECK(now >= last_);
    // All but always within the window that the last change fell into.
    if (last_ >= current_begin_ && now < current_end_ && current_ < totals_.size()) [[likely]] {
      if (now > last_) account(totals_[current_], now - last_);
    } else {
      account(now);
    }
    last_ = now;
    level_ = level;
  }
  void add(Time now, std::int64_t delta) { set(now, level_ + delta); }
  /// Accounts for the current level up to `now`: to be called at the end of a run.
  void finish(Time now) { set(now, level_); }

  /// The finished series whose windows held these.
  static LevelSeries restored(Windows windows, std::vector<Window> totals);

  const Windows& windows() const { return windows_; }
  std::size_t size() const { return totals_.size(); }
  std::int64_t level() const { return level_; }
  const Window& operator[](std::size_t window) const { return totals_[window]; }
  /// The average level in each window over the time it was known, 0 where it never was.
  std::vector<double> means() const;

 private:
  void account(Time now);
  /// The current level lasted for `length`, which is not zero, in that window.
  void account(Window& totals, Duration length) {
    totals.area += static_cast<__int128>(level_) * length.count_ns();
    totals.covered_ns += length.count_ns();
  }

  Windows windows_;
  std::vector<Window> totals_;
  std::int64_t level_;
  Time last_;
  std::size_t current_ = 0;  // The first window that is not complete.
  Time current_begin_;
  Time current_end_;
};

}  // namespace headroom::sim
