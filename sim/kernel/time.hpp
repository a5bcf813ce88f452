#pragma once

#include <compare>
#include <cstdint>

namespace headroom::sim {

/// A length of simulated time: whole nanoseconds, signed 64 bits, so 292 years either way.
/// Sampled durations are rounded once, at the draw. Sums, differences and multiples saturate.
class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration ns(std::int64_t count) { return Duration(count); }
  static constexpr Duration us(std::int64_t count) { return times(count, 1'000); }
  static constexpr Duration ms(std::int64_t count) { return times(count, 1'000'000); }
  static constexpr Duration seconds(std::int64_t count) { return times(count, 1'000'000'000); }
  static constexpr Duration forever() { return Duration(INT64_MAX); }

  /// `value` nanoseconds rounded to the nearest; what does not fit becomes `forever()`, what is
  /// negative zero.
  static constexpr Duration rounded_ns(double value) {
    if (!(value > 0)) return Duration();
    return value < 9.2e18 ? Duration(static_cast<std::int64_t>(value + 0.5)) : forever();
  }

  constexpr std::int64_t count_ns() const { return ns_; }
  constexpr double in_seconds() const { return static_cast<double>(ns_) / 1e9; }
  constexpr auto operator<=>(const Duration&) const = default;

  friend constexpr Duration operator+(Duration a, Duration b) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(a.ns_, b.ns_, &sum) ? forever() : Duration(sum);
  }
  friend constexpr Duration operator-(Duration a, Duration b) {
    std::int64_t difference = 0;
    if (!__builtin_sub_overflow(a.ns_, b.ns_, &difference)) return Duration(difference);
    return b.ns_ < 0 ? forever() : Duration(INT64_MIN);
  }
  friend constexpr Duration operator*(std::int64_t count, Duration d) {
    return times(count, d.ns_);
  }

 private:
  explicit constexpr Duration(std::int64_t count) : ns_(count) {}
  static constexpr Duration times(std::int64_t count, std::int64_t unit_ns) {
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(count, unit_ns, &product)) return Duration(product);
    return (count > 0) == (unit_ns > 0) ? forever() : Duration(INT64_MIN);
  }
  std::int64_t ns_ = 0;
};

/// An instant of simulated time, counted from the start of the run. Never negative.
class Time {
 public:
  constexpr Time() = default;
  static constexpr Time at_ns(std::int64_t count) { return Time(count); }
  static constexpr Time never() { return Time(INT64_MAX); }

  constexpr std::int64_t count_ns() const { return ns_; }
  constexpr double in_seconds() const { return static_cast<double>(ns_) / 1e9; }
  constexpr auto operator<=>(const Time&) const = default;

  /// Saturates at `never()`: an instant beyond 292 years does not come.
  friend constexpr Time operator+(Time t, Duration d) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(t.ns_, d.count_ns(), &sum) ? never() : Time(sum);
  }
  friend constexpr Duration operator-(Time later, Time earlier) {
    return Duration::ns(later.ns_ - earlier.ns_);
  }

 private:
  explicit constexpr Time(std::int64_t count) : ns_(count) {}
  std::int64_t ns_ = 0;
};

}  // namespace headroom::sim
