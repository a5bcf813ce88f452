#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "sim/stats/intervals.hpp"

namespace headroom {

/// A number with its uncertainty: a 95 % interval over replications. Without `low` and `high` no
/// honest interval exists, without `value` no honest number does, and `why` says why.
struct Figure {
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
  std::uint64_t samples = 0;
  std::string why;
  /// How many independent samples would give as narrow an interval; where that is known.
  std::optional<double> effective{};

  static Figure none(std::string why) { return {{}, {}, {}, 0, std::move(why), {}}; }
  static Figure plain(double value, std::uint64_t samples,
                      std::string why = "one replication gives no interval, 2 or more do") {
    return {value, {}, {}, samples, std::move(why), {}};
  }
  static Figure of(const sim::Interval& interval, std::uint64_t samples) {
    if (!interval.bounded()) return plain(interval.mean, samples);
    return {interval.mean, interval.low, interval.high, samples, {}, {}};
  }
};

/// The same where the quantity itself cannot lie outside `low` to `high`: neither does its
/// interval.
inline Figure within(Figure figure, double low,
                     double high = std::numeric_limits<double>::infinity()) {
  if (figure.low) figure.low = std::clamp(*figure.low, low, high);
  if (figure.high) figure.high = std::clamp(*figure.high, low, high);
  return figure;
}

enum class Verdict : std::uint8_t { met, missed, undecided };
std::string_view name_of(Verdict verdict);

}  // namespace headroom
