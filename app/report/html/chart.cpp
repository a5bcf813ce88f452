#include "app/report/html/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/report/html/markup.hpp"

namespace headroom::html {

namespace {

using Json = nlohmann::ordered_json;

/// Five digits are more than a screen shows.
Json rounded(double value) {
  const std::string text = fmt::format("{:.5g}", value);
  double shown = 0;
  std::from_chars(text.data(), text.data() + text.size(), shown);
  // Whole numbers without the point of a double.
  if (shown == static_cast<double>(static_cast<std::int64_t>(shown)) && shown < 1e15 &&
      shown > -1e15) {
    return static_cast<std::int64_t>(shown);
  }
  return shown;
}

Json rounded(const std::vector<std::optional<double>>& values) {
  Json list = Json::array();
  for (const auto& value : values)
    list.push_back(value ? rounded(*value) : Json(nullptr));
  return list;
}

Json to_json(const Line& line) {
  Json json{{"name", line.name}, {"style", line.style}, {"y", rounded(line.values)}};
  for (const double x : line.x)
    json["x"].push_back(rounded(x));
  const auto is_known = [](const std::optional<double>& value) { return value.has_value(); };
  if (std::any_of(line.low.begin(), line.low.end(), is_known)) {
    json["low"] = rounded(line.low);
    json["high"] = rounded(line.high);
  }
  if (line.whiskers) json["whiskers"] = true;
  return json;
}

Json to_json(const std::vector<std::pair<double, std::string>>& labelled) {
  Json list = Json::array();
  for (const auto& [at, text] : labelled)
    list.push_back({{"at", rounded(at)}, {"text", text}});
  return list;
}

Json to_json(const Chart::Span& span) {
  return {{"from", rounded(span.from)}, {"to", rounded(span.to)}, {"text", span.what}};
}

std::string_view name_of(Chart::Across across) {
  switch (across) {
    case Chart::Across::time:
      return "time";
    case Chart::Across::share:
      return "share";
    case Chart::Across::number:
      break;
  }
  return "number";
}

Json to_json(const Chart& chart) {
  Json json{{"across", name_of(chart.across)}, {"xTitle", chart.x_title}, {"unit", chart.unit}};
  if (!chart.group.empty()) json["group"] = chart.group;
  for (const double x : chart.x)
    json["x"].push_back(rounded(x));
  for (const auto& [at, lines] : chart.x_ticks)
    json["ticks"].push_back({{"at", rounded(at)}, {"text", lines}});
  for (const Line& line : chart.lines) {
    if (line.has_values()) json["lines"].push_back(to_json(line));
  }
  if (!chart.limits.empty()) json["limits"] = to_json(chart.limits);
  if (!chart.marks.empty()) json["marks"] = to_json(chart.marks);
  for (const Chart::Span& span : chart.shaded)
    json["shaded"].push_back(to_json(span));
  for (const Chart::Span& span : chart.unsettled)
    json["unsettled"].push_back(to_json(span));
  return json;
}

}  // namespace

void Line::add(const Figure& figure) {
  values.push_back(figure.value);
  low.push_back(figure.low);
  high.push_back(figure.high);
}

bool Line::has_values() const {
  return std::any_of(values.begin(), values.end(), [](const auto& value) { return value; });
}

std::string Charts::add(Chart chart) {
  const bool is_drawn = std::any_of(chart.lines.begin(), chart.lines.end(),
                                    [](const Line& line) { return line.has_values(); });
  if (!is_drawn) return {};
  const std::string id = fmt::format("chart-{}", document_.size());
  Json json = to_json(chart);
  json["id"] = id;
  document_.push_back(std::move(json));
  return fmt::format(
      "<figure class=\"chart\"><figcaption>{}</figcaption>"
      "<div class=\"canvas\"><canvas id=\"{}\" role=\"img\" aria-label=\"{}\"></canvas></div>"
      "</figure>\n",
      escaped(chart.title), id, escaped(chart.title + ". " + chart.about));
}

}  // namespace headroom::html
