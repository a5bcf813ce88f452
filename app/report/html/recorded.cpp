#include "app/report/html/recorded.hpp"

#include <fmt/format.h>

#include <array>

#include "app/scenario/quantity.hpp"

namespace headroom::html {

namespace {

using Json = nlohmann::ordered_json;

const std::string* find(const std::vector<ResultFile>& files, const std::string& path) {
  for (const ResultFile& file : files) {
    if (file.path == path) return &file.content;
  }
  return nullptr;
}

Json parsed(const std::string* text) {
  if (text == nullptr) return nullptr;
  Json json = Json::parse(*text, nullptr, false);
  return json.is_discarded() ? Json(nullptr) : json;
}

/// Those of each workload; the one of all where there is one workload.
std::vector<Distribution> latencies_in(const std::vector<ResultFile>& files,
                                       const std::string& folder, const Summary& summary) {
  std::vector<Distribution> latencies;
  for (const auto& workload : summary.workloads) {
    const std::string name =
        summary.workloads.size() > 1 ? "latency." + workload.name + ".hgrm" : "latency.hgrm";
    const std::string* text = find(files, folder + name);
    latencies.push_back(text ? read_distribution(*text) : Distribution());
  }
  return latencies;
}

SweepPoint point_of(const Json& json, bool is_line) {
  SweepPoint point;
  for (const auto& [path, value] : below(json, {"at"}).items()) {
    point.at.emplace_back(path, value.is_string() ? value.get<std::string>() : value.dump());
    if (is_line) point.x = number_in(value);
  }
  point.summary = summary_of(json);
  return point;
}

void read_points(const std::vector<ResultFile>& files, Recorded& recorded) {
  for (const Json& path : below(recorded.document, {"vary"}))
    recorded.paths.push_back(text_of(path));
  const Json& points = below(recorded.document, {"points"});
  if (!points.is_array()) return;
  for (std::size_t index = 0; index < points.size(); ++index) {
    SweepPoint point = point_of(points[index], recorded.paths.size() == 1);
    if (point.summary.workloads.empty() || point.at.empty()) continue;
    recorded.points.push_back(std::move(point));
    const std::string folder = fmt::format("point-{:03}/", index + 1);
    recorded.at_points.push_back(latencies_in(files, folder, recorded.points.back().summary));
    recorded.point_scenarios.push_back(parsed(find(files, folder + "scenario.resolved.json")));
  }
}

/// The values that a search for a capacity tried are points of a sweep.
void read_trials(Recorded& recorded) {
  const Json& capacity = below(recorded.document, {"capacity"});
  if (!capacity.is_object()) return;
  recorded.paths = {text_of(below(capacity, {"path"}))};
  for (const Json& trial : below(capacity, {"trials"})) {
    SweepPoint point;
    point.at.emplace_back(recorded.paths.front(), text_of(below(trial, {"written"})));
    point.x = number_in(below(trial, {"at"}));
    point.summary = summary_of(trial);
    if (point.summary.workloads.empty()) continue;
    recorded.points.push_back(std::move(point));
    recorded.at_points.emplace_back(recorded.points.back().summary.workloads.size());
    recorded.point_scenarios.push_back(nullptr);
  }
}

}  // namespace

const std::string& Recorded::title() const {
  return summary.scenario;
}

std::optional<double> number_in(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  constexpr std::array<Quantity, 5> quantities{Quantity::time, Quantity::rate, Quantity::bytes,
                                               Quantity::bandwidth, Quantity::ratio};
  for (const Quantity quantity : quantities) {
    if (const auto parsed = parse_quantity(quantity, value.get<std::string>()).value) return parsed;
  }
  return std::nullopt;
}

std::optional<Recorded> recorded_of(const std::vector<ResultFile>& files, std::string label,
                                    std::string& why) {
  Recorded recorded;
  recorded.label = std::move(label);
  recorded.document = parsed(find(files, "summary.json"));
  if (below(recorded.document, {"headroom"}) != 1 || !recorded.document.contains("scenario")) {
    why = "summary.json is missing or is not a summary of headroom";
    return std::nullopt;
  }
  const std::string* scenario = find(files, "scenario.resolved.json");
  recorded.scenario = parsed(scenario);
  if (scenario != nullptr) recorded.scenario_text = *scenario;
  recorded.summary = summary_of(recorded.document);
  if (const std::string* csv = find(files, "timeseries.csv")) recorded.series = read_series(*csv);
  if (const std::string* events = find(files, "events.jsonl"))
    recorded.outages = read_outages(*events);
  recorded.latencies = latencies_in(files, "", recorded.summary);
  read_points(files, recorded);
  read_trials(recorded);
  return recorded;
}

}  // namespace headroom::html
