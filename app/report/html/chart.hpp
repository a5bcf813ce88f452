#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/study/figure.hpp"

namespace headroom::html {

/// One line of a chart, with the band or the whiskers of its intervals.
struct Line {
  std::string name;
  /// How it looks: "p50" "p95" "p99" "offered" "served" "goodput" "errors", or "c0" to "c7". Each
  /// has a colour, a dash and a mark of its own.
  std::string style;
  std::vector<std::optional<double>> values, low, high;
  std::vector<double> x;  ///< Where it has places of its own, and not those of the chart.
  bool whiskers = false;  ///< Points with whiskers in place of a line with a band.

  void add(const Figure& figure);
  bool has_values() const;
};

/// What the script of the page draws on one canvas.
struct Chart {
  enum class Across { number, time, share };  ///< Share: a percentile axis, 1 / (1 - share).
  std::string title, about;                   ///< `about`: what a reader without eyes is told.
  Across across = Across::number;
  std::string x_title;
  std::vector<double> x;
  std::vector<std::pair<double, std::vector<std::string>>> x_ticks;  ///< Place, lines of text.
  std::string unit;  ///< Of y: "s", "/s", "share" or "".
  std::vector<Line> lines;
  std::vector<std::pair<double, std::string>> limits;  ///< Across the chart at this height.
  std::vector<std::pair<double, std::string>> marks;   ///< Upright at this place.
  struct Span {
    double from = 0, to = 0;
    std::string what;
  };
  std::vector<Span> shaded;     ///< Where something was broken.
  std::vector<Span> unsettled;  ///< Hatched.
  std::string group;            ///< Charts of a group share their crosshair.
};

/// The charts of a page: their places in it, and what the script needs.
class Charts {
 public:
  /// The <figure> of the chart; empty where it has no line with a value.
  std::string add(Chart chart);
  const nlohmann::ordered_json& document() const { return document_; }

 private:
  nlohmann::ordered_json document_ = nlohmann::ordered_json::array();
};

}  // namespace headroom::html
