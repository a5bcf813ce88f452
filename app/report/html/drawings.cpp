#include "app/report/html/drawings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headroom::html {

namespace {

constexpr double width = 200, height = 24, middle = height / 2;
constexpr std::size_t most_ticks = 40;

/// From values to places; places are rounded to a tenth of a pixel.
struct Scale {
  double low = 0, high = 1;

  double operator()(double value) const {
    const double share = high > low ? (value - low) / (high - low) : 0.5;
    return std::clamp(share, 0.0, 1.0) * (width - 8) + 4;
  }
};

/// From zero, unless everything of interest is within a fifth of it: then only that is shown.
Scale scale_around(double lowest, double highest) {
  const double span = highest - lowest;
  if (lowest > 0 && span < 0.2 * highest) {
    const double margin = std::max(0.6 * span, 0.002 * highest);
    return {std::max(0.0, lowest - margin), highest + margin};
  }
  return {0, highest > 0 ? 1.12 * highest : 1};
}

std::string opening(std::string_view kind) {
  return fmt::format(
      "<svg class=\"drawing {}\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" "
      "aria-hidden=\"true\">",
      kind, width, height, width, height);
}

std::string line(std::string_view kind, double x1, double y1, double x2, double y2) {
  return fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", kind,
                     x1, y1, x2, y2);
}

std::string box(std::string_view kind, double left, double right, double half_height) {
  return fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
                     kind, left, middle - half_height, std::max(0.0, right - left),
                     2 * half_height);
}

/// A circle, a lozenge or a ring.
std::string mark(double x, Verdict verdict) {
  if (verdict == Verdict::missed) {
    return fmt::format(R"(<path class="dot" d="M{:.1f} {:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5z"/>)", x,
                       middle - 5.5);
  }
  return fmt::format(R"(<circle class="dot{}" cx="{:.1f}" cy="{:.1f}" r="4"/>)",
                     verdict == Verdict::undecided ? " open" : "", x, middle);
}

}  // namespace

std::string interval_drawing(const Figure& figure, double limit, bool at_most, Verdict verdict,
                             const std::vector<Figure>& beside) {
  if (!figure.value) return {};
  const double low = figure.low.value_or(*figure.value);
  const double high = figure.high.value_or(*figure.value);
  double lowest = std::min(low, limit), highest = std::max(high, limit);
  for (const Figure& other : beside) {
    if (!other.value) continue;
    lowest = std::min(lowest, other.low.value_or(*other.value));
    highest = std::max(highest, other.high.value_or(*other.value));
  }
  const Scale place = scale_around(lowest, highest);
  const double at = place(limit);
  std::string svg = opening(name_of(verdict));
  svg += line("axis", 0, middle, width, middle);
  svg += at_most ? box("forbidden", at, width, height / 2) : box("forbidden", 0, at, height / 2);
  svg += line("limit", at, 0, at, height);
  if (figure.low && figure.high) {
    svg += box("interval", place(low), std::max(place(high), place(low) + 1), 4);
  }
  return svg + mark(place(*figure.value), verdict) + "</svg>";
}

std::string share_drawing(const Figure& share, const std::vector<Figure>& replicas) {
  if (!share.value) return {};
  double highest = 1;
  std::vector<double> values;
  for (const Figure& replica : replicas) {
    if (replica.value) values.push_back(*replica.value);
  }
  for (const double value : values)
    highest = std::max(highest, value);
  const Scale place{0, highest};
  std::string svg = opening("share");
  svg += box("track", place(0), place(highest), 5) + box("bar", place(0), place(*share.value), 5);
  if (share.low && share.high) {
    svg += line("whisker", place(*share.low), middle, place(*share.high), middle);
  }
  if (values.size() > most_ticks) {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    svg += line("range", place(*least), middle - 8, place(*most), middle - 8);
    values = {*least, *most};
  }
  for (const double value : values) {
    if (replicas.size() > 1) svg += line("tick", place(value), 2, place(value), height - 2);
  }
  return svg + "</svg>";
}

std::string stacked_drawing(const std::vector<double>& parts) {
  std::string svg = opening("stacked");
  double from = 0;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const double until = from + parts[part] * width;
    if (parts[part] > 0) svg += box(fmt::format("part{}", part), from, until, height / 2 - 4);
    from = until;
  }
  return svg + "</svg>";
}

}  // namespace headroom::html
