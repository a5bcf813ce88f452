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
    return start + Duration::ns(width.count_ns() * static_cast<std::int64_t>(window));
  }
  Time end() const { return begin(count); }
  bool operator==(const Windows&) const = default;
};

/// What happened in each window: how many samples, their sum, their largest, and, on request, all
/// of them as a histogram. Integers only: merging in any order gives the same.
class SampleSeries {
 public:
  struct Window {
    std::uint64_t count = 0;
    __int128 sum = 0;
    std::int64_t max = 0;  ///< 0 when there is no sample.
    bool operator==(const Window&) const = default;
  };
  enum class Keep { totals, histograms };

  /// The width is positive, the end of the last window comes before `Time::never()`.
  explicit SampleSeries(Windows windows, Keep keep = Keep::totals);

  /// Counts a non-negative value in the window of `at`. Instants may come in any order; one
  /// outside all windows is ignored.
  void record(Time at, std::int64_t value);

  /// Adds another replication (or several) over the same windows.
  void merge(const SampleSeries& other);

  /// The series of one run whose windows held these; as many histograms as windows, or none.
  static SampleSeries restored(Windows windows, std::vector<Window> totals,
                               std::vector<Histogram> histograms);
  bool keeps_histograms() const { return !histograms_.empty(); }

  const Windows& windows() const { return windows_; }
  std::size_t size() const { return totals_.size(); }
  /// How many runs were merged into this series, itself included.
  std::uint64_t replications() const { return replications_; }
  const Window& operator[](std::size_t window) const { return totals_[window]; }
  /// The samples of a window; a broken CHECK unless histograms are kept.
  const Histogram& histogram(std::size_t window) const;
  /// Samples per second of one run in each window, averaged over the replications.
  std::vector<double> rates_per_s() const;
  bool operator==(const SampleSeries& other) const;
  /// All that it is made of, for a copy in another process.
  template <class Visit>
  void parts(Visit visit) {
    visit(windows_, replications_, totals_, histograms_, current_, current_begin_);
  }

 private:
  Windows windows_;
  std::uint64_t replications_ = 1;
  std::vector<Window> totals_;
  std::vector<Histogram> histograms_;
  // Where the last sample fell: the next one is nearly always in the same window.
  std::size_t current_ = 0;
  Time current_begin_;
};

/// The time average of an integer level in each window, exact as `TimeAverage` is.
class LevelSeries {
 public:
  struct Window {
    __int128 area = 0;        ///< Level x ns.
    __int128 covered_ns = 0;  ///< How long the level was known, over all replications.
    std::int64_t max = 0;     ///< The largest level that lasted some time in this window.
    bool operator==(const Window&) const = default;
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

  /// Adds another finished replication (or several) over the same windows.
  void merge(const LevelSeries& other);

  /// The finished series of one run whose windows held these.
  static LevelSeries restored(Windows windows, std::vector<Window> totals);

  const Windows& windows() const { return windows_; }
  std::size_t size() const { return totals_.size(); }
  std::int64_t level() const { return level_; }
  std::uint64_t replications() const { return replications_; }
  const Window& operator[](std::size_t window) const { return totals_[window]; }
  /// The average level in each window over the time it was known, 0 where it never was.
  std::vector<double> means() const;
  /// All that it is made of, for a copy in another process.
  template <class Visit>
  void parts(Visit visit) {
    visit(windows_, replications_, totals_, level_, last_, current_, current_begin_, current_end_);
  }

 private:
  void account(Time now);
  /// The current level lasted for `length`, which is not zero, in that window.
  void account(Window& totals, Duration length) {
    totals.area += static_cast<__int128>(level_) * length.count_ns();
    // The largest level starts with the first one: levels may all be negative.
    if (totals.covered_ns == 0 || level_ > totals.max) totals.max = level_;
    totals.covered_ns += length.count_ns();
  }

  Windows windows_;
  std::uint64_t replications_ = 1;
  std::vector<Window> totals_;
  std::int64_t level_;
  Time last_;
  std::size_t current_ = 0;  // The first window that is not complete.
  Time current_begin_;
  Time current_end_;
};

}  // namespace headroom::sim
