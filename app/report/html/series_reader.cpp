#include <fmt/format.h>

#include <charconv>

#include "app/report/html/recorded.hpp"
#include "sim/stats/histogram.hpp"

namespace headroom::html {

namespace {

/// Takes what stands before the next `end` off the front.
std::string_view take(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

/// Columns are parted by spaces, as many as it takes.
std::string_view take_word(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  line.remove_prefix(begin == std::string_view::npos ? line.size() : begin);
  return take(line, ' ');
}

}  // namespace

const std::vector<std::optional<double>>* Series::column(std::string_view heading) const {
  const auto found = columns.find(heading);
  return found == columns.end() ? nullptr : &found->second;
}

Series read_series(std::string_view csv) {
  Series series;
  std::string_view headings = take(csv, '\n');
  take(headings, ',');  // start_s
  std::vector<std::vector<std::optional<double>>*> columns;
  while (!headings.empty())
    columns.push_back(&series.columns[std::string(take(headings, ','))]);
  while (!csv.empty()) {
    std::string_view line = take(csv, '\n');
    const auto start = number(take(line, ','));
    if (!start) break;
    series.start_s.push_back(*start);
    for (auto* column : columns)
      column->push_back(number(take(line, ',')));
  }
  return series;
}

Distribution read_distribution(std::string_view hgrm) {
  struct Line {
    Distribution::Row row;
    std::uint64_t up_to = 0;
  };
  std::vector<Line> lines;
  while (!hgrm.empty()) {
    std::string_view line = take(hgrm, '\n');
    const auto seconds = number(take_word(line));
    const auto share = number(take_word(line));
    const auto up_to = number(take_word(line));
    if (seconds && share && up_to)
      lines.push_back({{*share, *seconds}, static_cast<std::uint64_t>(*up_to)});
  }
  Distribution distribution;
  if (lines.empty()) return distribution;
  distribution.samples = lines.back().up_to;
  for (const Line& line : lines) {
    const std::uint64_t beyond = distribution.samples - line.up_to;
    if (line.up_to > distribution.samples || beyond < sim::Histogram::least_samples_beyond) break;
    distribution.rows.push_back(line.row);
  }
  return distribution;
}

std::vector<Outage> read_outages(std::string_view events) {
  std::vector<Outage> outages;
  std::map<std::uint64_t, std::size_t> open;  // by failure: its place in `outages`
  while (!events.empty()) {
    const auto event = nlohmann::ordered_json::parse(take(events, '\n'), nullptr, false);
    const auto& at = below(event, {"time_s"});
    const auto& failure = below(event, {"failure"});
    if (!at.is_number() || !failure.is_number_unsigned()) continue;
    const std::string what = text_of(below(event, {"event"}));
    if (what == "failure began") {
      open[failure.get<std::uint64_t>()] = outages.size();
      outages.push_back(
          {fmt::format("{} {}", text_of(below(event, {"verb"})), text_of(below(event, {"target"}))),
           at.get<double>(),
           {}});
    } else if (what == "failure ended") {
      const auto found = open.find(failure.get<std::uint64_t>());
      if (found != open.end()) outages[found->second].to_s = at.get<double>();
    }
  }
  return outages;
}

}  // namespace headroom::html
