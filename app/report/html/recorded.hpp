#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/report/result_files.hpp"
#include "app/report/sweep.hpp"
#include "app/study/summary.hpp"

namespace headroom::html {

/// A figure as summary.json holds it; one without a value where it is no figure.
Figure figure_of(const nlohmann::ordered_json& json);
bool is_figure(const nlohmann::ordered_json& json);

/// What is below these keys; null where something on the way is missing.
const nlohmann::ordered_json& below(const nlohmann::ordered_json& json,
                                    std::initializer_list<std::string_view> keys);
std::string text_of(const nlohmann::ordered_json& json);

/// What summary.json says, as far as sentences and tables need it. Never fails: what is missing or
/// of another kind is left empty.
Summary summary_of(const nlohmann::ordered_json& document);

/// The columns of timeseries.csv by heading; nothing in cells without a figure.
struct Series {
  std::vector<double> start_s;
  std::map<std::string, std::vector<std::optional<double>>, std::less<>> columns;

  /// Null where there is no such column.
  const std::vector<std::optional<double>>* column(std::string_view heading) const;
};
Series read_series(std::string_view csv);

/// A latency listing: for each share of the requests, the latency within which they were answered.
struct Distribution {
  struct Row {
    double share = 0, seconds = 0;
  };
  std::vector<Row> rows;  ///< As far as 100 samples lie beyond.
  std::uint64_t samples = 0;
};
Distribution read_distribution(std::string_view hgrm);

/// When one failure held, from events.jsonl.
struct Outage {
  std::string what;
  double from_s = 0;
  std::optional<double> to_s;  ///< To the end where there is none.
};
std::vector<Outage> read_outages(std::string_view events);

/// A study as its files recorded it: what a report is made of.
struct Recorded {
  std::string label;  ///< Tells it from others in the same report; empty where it is alone.
  nlohmann::ordered_json document, scenario;
  std::string scenario_text;
  Summary summary;
  Series series;
  std::vector<Distribution> latencies;  ///< By workload; empty where there is none.
  std::vector<Outage> outages;
  std::vector<SweepPoint> points;                       ///< Of a sweep.
  std::vector<std::vector<Distribution>> at_points;     ///< By point, then by workload.
  std::vector<nlohmann::ordered_json> point_scenarios;  ///< By point.
  std::vector<std::string> paths;                       ///< What was varied.

  bool is_sweep() const { return !points.empty(); }
  const std::string& title() const;
};

/// Nothing, with the reason in `why`, where the files are not those of a study.
std::optional<Recorded> recorded_of(const std::vector<ResultFile>& files, std::string label,
                                    std::string& why);

/// The value as a number in base units: a plain one, or a quantity with its unit.
std::optional<double> number_in(const nlohmann::ordered_json& value);

}  // namespace headroom::html
