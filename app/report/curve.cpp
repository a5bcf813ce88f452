#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/report/numbers.hpp"
#include "app/report/sweep_text.hpp"
#include "app/report/text_table.hpp"
#include "app/scenario/sources.hpp"

namespace headroom {

namespace {

constexpr int bar_width = 50;
constexpr double widest_linear = 30;  // Chosen: beyond that the small ones vanish.

/// A bar in eighths of a character.
std::string bar(double length) {
  static constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int total = std::max(1, static_cast<int>(std::lround(length * bar_width * 8)));
  std::string text;
  for (int full = 0; full < total / 8; ++full)
    text += "█";
  return text + std::string(eighths[static_cast<std::size_t>(total % 8)]);
}

struct Scale {
  double low = 0, high = 0;
  bool logarithmic = false;

  double length(double value) const {
    if (!logarithmic) return high > 0 ? value / high : 0;
    return (std::log(value / low) + 1) / (std::log(high / low) + 1);
  }
};

Scale scale_of(const std::vector<SweepPoint>& points) {
  Scale scale;
  for (const SweepPoint& point : points) {
    if (!point.is_settled() || !point.p99().value) continue;
    const double value = *point.p99().value;
    if (scale.high == 0) scale.low = value;
    scale.low = std::min(scale.low, value);
    scale.high = std::max(scale.high, value);
  }
  scale.logarithmic = scale.low > 0 && scale.high / scale.low > widest_linear;
  return scale;
}

}  // namespace

std::string curve_text(const std::vector<SweepPoint>& points, const Paint& paint) {
  const Scale scale = scale_of(points);
  const auto bend = knee(points);
  std::size_t label_width = 0;
  for (const SweepPoint& point : points) {
    label_width = std::max<std::size_t>(label_width, count_characters(point.label()));
  }
  std::string text =
      paint.dim(fmt::format("p99 of {}{}", points.front().summary.workloads.front().name,
                            scale.logarithmic ? ", logarithmic scale" : "")) +
      "\n";
  for (std::size_t index = 0; index < points.size(); ++index) {
    const SweepPoint& point = points[index];
    const std::string label = point.label();
    text += std::string(label_width - count_characters(label) + 2, ' ') + label + " ";
    if (!point.is_settled()) {
      text += paint.yellow("never settled");
    } else if (!point.p99().value) {
      text += "no figure";
    } else {
      text += bar(scale.length(*point.p99().value)) + " " +
              number_text(*point.p99().value, Measure::seconds);
    }
    if (bend == index) text += paint.bold("  <- knee");
    text += "\n";
  }
  return text;
}

}  // namespace headroom
