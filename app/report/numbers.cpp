#include "app/report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace headroom {

namespace {

struct PrintedUnit {
  double size;
  std::string_view name;
};

constexpr std::array<PrintedUnit, 4> times{
    {{1, " s"}, {1e-3, " ms"}, {1e-6, " us"}, {1e-9, " ns"}}};

PrintedUnit unit_for(double value, Measure measure) {
  switch (measure) {
    case Measure::seconds:
      for (const PrintedUnit& unit : times) {
        // 999.6 ms would print as "1000 ms".
        if (std::abs(value) >= 0.9995 * unit.size) return unit;
      }
      return value == 0 ? times.front() : times.back();
    case Measure::per_s:
      return {1, " /s"};
    case Measure::share:
      return {0.01, " %"};
    case Measure::number:
      break;
  }
  return {1, ""};
}

constexpr int most_decimals = 9;  // Chosen: a share or rate that is less is as good as none.

/// Digits after the point that show three significant ones.
int decimals_for(double value) {
  if (value == 0) return 0;
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value) * 1.0005)));
  return std::clamp(2 - magnitude, 0, most_decimals);
}

std::string with_separators(std::string digits) {
  const std::size_t point = digits.find('.');
  std::size_t at = point == std::string::npos ? digits.size() : point;
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  while (at > first + 3) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string digits(double value, int decimals) {
  return with_separators(fmt::format("{:.{}f}", value == 0 ? 0.0 : value, decimals));
}

/// Half a width needs one digit that is not zero, not the three of its value.
int decimals_of_width(double width, int decimals_of_value) {
  if (width <= 0 || width >= 0.5 * std::pow(10, -decimals_of_value)) return decimals_of_value;
  const int first = -static_cast<int>(std::floor(std::log10(width * 1.05)));
  return std::clamp(first, 0, most_decimals);
}

/// So nearly that the longer side may stand for both, which people read more easily; not where it
/// would reach beyond a zero that the shorter one does not reach.
bool is_symmetric(double value, double low, double high) {
  constexpr double hardly_seen = 0.15;
  const double longer = std::max(high - value, value - low);
  if ((low > 0 && value < longer) || (high < 0 && -value < longer)) return false;
  return std::abs((high - value) - (value - low)) <= hardly_seen * (high - low);
}

}  // namespace

std::string number_text(double value, Measure measure) {
  if (!std::isfinite(value)) return "infinite";
  const PrintedUnit unit = unit_for(value, measure);
  const double scaled = value / unit.size;
  return digits(scaled, decimals_for(scaled)) + std::string(unit.name);
}

std::string figure_text(const Figure& figure, Measure measure) {
  if (!figure.value) return "-";
  const double value = *figure.value;
  // As wide as rounding makes it: every replication has the same.
  constexpr double rounding = 1e-12;
  if (figure.low && figure.high && *figure.low != *figure.high &&
      *figure.high - *figure.low <= rounding * std::abs(value))
    return figure_text({value, value, value, figure.samples, {}}, measure);
  // What is lost in its interval, as a difference may be, is written as precisely as that.
  const double half = figure.low && figure.high ? (*figure.high - *figure.low) / 2 : 0;
  const double told = value == 0 && figure.high ? *figure.high
                      : half > std::abs(value)  ? half
                                                : value;
  const PrintedUnit unit = unit_for(told, measure);
  const double scaled = value / unit.size;
  int decimals = scaled == 0 ? 0 : decimals_for(told / unit.size);
  if (!figure.low || !figure.high) {
    return digits(scaled, decimals) + " ±?" + std::string(unit.name);
  }
  const double low = *figure.low / unit.size;
  const double high = *figure.high / unit.size;
  if (is_symmetric(scaled, low, high)) {
    const double width = std::max(high - scaled, scaled - low);
    const std::string text = digits(width, decimals_of_width(width, decimals));
    return digits(scaled, decimals) + " ±" + text + std::string(unit.name);
  }
  decimals = std::max(decimals, decimals_of_width(high - low, decimals));
  return fmt::format("{} [{}, {}]{}", digits(scaled, scaled == 0 ? 0 : decimals),
                     digits(low, low == 0 ? 0 : decimals), digits(high, decimals), unit.name);
}

std::string value_text(const Figure& figure, Measure measure) {
  return figure.value ? number_text(*figure.value, measure) : "-";
}

std::string signed_text(const Figure& difference, Measure measure) {
  if (!difference.value) return "-";
  return (*difference.value > 0 ? "+" : "") + figure_text(difference, measure);
}

std::string count_text(std::uint64_t count) {
  return with_separators(std::to_string(count));
}

std::string length_text(double seconds) {
  constexpr std::array<PrintedUnit, 3> long_ones{{{86400, " d"}, {3600, " h"}, {60, " min"}}};
  for (const PrintedUnit& unit : long_ones) {
    const double length = seconds / unit.size;
    const bool is_round = std::abs(length * 10 - std::round(length * 10)) < 1e-9;
    if (length >= 1000) return digits(length, 0) + std::string(unit.name);
    if (length >= 2 && (is_round || length >= 100))
      return fmt::format("{:.3g}{}", length, unit.name);
  }
  if (seconds == 0) return "0 s";
  const PrintedUnit unit = unit_for(seconds, Measure::seconds);
  return fmt::format("{:.4g}{}", seconds / unit.size, unit.name);
}

std::string name_in_words(std::string name) {
  for (char& c : name)
    if (c == '_') c = ' ';
  return name;
}

}  // namespace headroom
