#include "app/report/cap_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/consistency.hpp"
#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"
#include "app/scenario/diagnostics.hpp"
#include "app/scenario/sources.hpp"
#include "app/study/reproduction.hpp"

namespace headroom {

namespace {

using consistency::Holds;
using Json = nlohmann::ordered_json;

std::vector<std::string> sides_of(const CapStudy& study) {
  std::vector<std::string> sides;
  for (const CapPoint& point : study.points) {
    for (const auto& [side, figure] : point.consistency.during_partition)
      if (std::find(sides.begin(), sides.end(), side) == sides.end()) sides.push_back(side);
  }
  return sides;
}

Figure on_side(const CapPoint& point, const std::string& side) {
  for (const auto& [name, figure] : point.consistency.during_partition)
    if (name == side) return figure;
  return Figure::none("nobody asked there");
}

std::string latency_table(const CapStudy& study, const Paint& paint) {
  const auto sides = sides_of(study);
  TextTable table;
  table.column("SETTING");
  table.column("calm p50");
  table.column("calm p99");
  for (const std::string& side : sides)
    table.column("answered in " + visible(side) + " while cut");
  for (const CapPoint& point : study.points) {
    if (!point.skipped.empty()) continue;
    std::vector<TextTable::Cell> row{point.setting.name,
                                     figure_text(point.calm_p50_s, Measure::seconds),
                                     figure_text(point.calm_p99_s, Measure::seconds)};
    for (const std::string& side : sides)
      row.push_back(figure_text(on_side(point, side), Measure::share));
    table.row(std::move(row));
  }
  return table.text(paint);
}

std::string consistency_table(const CapStudy& study, const Paint& paint) {
  TextTable table;
  for (const auto* heading : {"SETTING", "stale reads", "strongest not refuted", "weakest refuted",
                              "alike again", "lost"})
    table.column(heading);
  for (const CapPoint& point : study.points) {
    if (!point.skipped.empty()) continue;
    const ConsistencySummary& found = point.consistency;
    table.row({point.setting.name, figure_text(point.stale_reads, Measure::share),
               strongest_text(point), refuted_text(point), converged_text(point),
               count_text(found.lost_writes)});
  }
  return table.text(paint);
}

std::string counterexamples(const CapStudy& study, const Paint& paint) {
  std::string text;
  for (const CapPoint& point : study.points) {
    const ConsistencySummary& found = point.shown();
    if (!found.refuted) continue;
    text += wrapped(fmt::format("{}: not {}: {}.", point.setting.name,
                                name_in_words(consistency::name_of(*found.refuted)),
                                visible(found.text)),
                    2) +
            "\n";
    const std::size_t shown = std::min<std::size_t>(10, found.anomaly.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const RecordedOperation& each = found.anomaly[i];
      text += paint.dim(fmt::format("    process {:<5} {:<28} {:.6f} s\n", each.process,
                                    visible(operation_text(each, found.key_name(each.key))),
                                    each.call.in_seconds()));
    }
    if (shown < found.anomaly.size())
      text += paint.dim(fmt::format("    and {} more\n", found.anomaly.size() - shown));
    const std::string command =
        point.small ? small_command(study, point) : cap_command(study, point);
    text += paint.dim("    replay: " + visible(command) + "\n");
  }
  return text;
}

Json point_json(const CapStudy& study, const CapPoint& point, const Json& consistency) {
  Json json;
  json["name"] = point.setting.name;
  json["set"] = point.setting.set;
  json["command"] = cap_command(study, point);
  if (!point.skipped.empty()) {
    json["skipped"] = point.skipped;
    return json;
  }
  json["digest"] = point.digest;
  json["calm_latency_s"] = {{"p50", to_json(point.calm_p50_s)}, {"p99", to_json(point.calm_p99_s)}};
  json["availability"] = consistency["availability"][study.database];
  json["stale_read_ratio"] = to_json(point.stale_reads);
  json["consistency"] = consistency["consistency"][study.database];
  if (!point.small) return json;
  Summary small;
  small.consistency.push_back(point.small->seen);
  Json seen;
  add_consistency(seen, small);
  json["smallest"] = {{"command", small_command(study, point)},
                      {"set", point.small->set},
                      {"failures", point.small->failures},
                      {"of_failures", point.small->of_failures},
                      {"anomaly", seen["consistency"][study.database]["anomaly"]}};
  return json;
}

}  // namespace

std::string strongest_text(const CapPoint& point) {
  const auto strongest = point.consistency.strongest();
  if (strongest) return name_in_words(consistency::name_of(*strongest));
  const auto& said = point.consistency.said;
  const bool is_open = std::any_of(said.begin(), said.end(), [](const consistency::Said& each) {
    return each.holds == consistency::Holds::unknown;
  });
  return is_open ? "not decided" : "none is left";
}

std::string converged_text(const CapPoint& point) {
  const auto& converged = point.consistency.converged;
  if (!converged) return "-";
  if (*converged == Holds::yes)
    return "after " + figure_text(point.consistency.converged_after_s, Measure::seconds);
  return *converged == Holds::no ? "not" : "unknown";
}

std::string refuted_text(const CapPoint& point) {
  const auto& refuted = point.consistency.refuted;
  return refuted ? name_in_words(consistency::name_of(*refuted)) : "-";
}

std::string cap_command(const CapStudy& study, const CapPoint& point) {
  auto set = study.set;
  set.insert(set.end(), point.setting.set.begin(), point.setting.set.end());
  return run_command(study.file, set);
}

std::string small_command(const CapStudy& study, const CapPoint& point) {
  auto set = study.set;
  for (const auto* more : {&point.setting.set, &point.small->set})
    set.insert(set.end(), more->begin(), more->end());
  return run_command(study.file, set);
}

std::string cap_text(const CapStudy& study, const Paint& paint) {
  std::string text = title_text(study.scenario, paint);
  if (study.partial) text += "PARTIAL: interrupted before the last setting.\n";
  text += wrapped(fmt::format(
              "The same scenario with {} under each protocol and setting, on the same random "
              "numbers. Calm: requests that began while nothing failed.",
              visible(study.database))) +
          "\n\n";
  text += latency_table(study, paint) + "\n" + consistency_table(study, paint);
  std::uint64_t fewest = UINT64_MAX;
  for (const CapPoint& point : study.points)
    if (point.skipped.empty()) fewest = std::min(fewest, point.consistency.operations);
  if (fewest != UINT64_MAX) {
    text += paint.dim(wrapped(
                fmt::format("Not refuted: no violation found in at least {} operations of each "
                            "setting. A longer run, other failures or another seed may find one.",
                            count_text(fewest)))) +
            "\n";
  }
  text += "\n" + counterexamples(study, paint);
  for (const CapPoint& point : study.points)
    if (!point.skipped.empty())
      text +=
          paint.dim(wrapped(point.setting.name + " was left out: " + visible(point.skipped), 2)) +
          "\n";
  return text;
}

Json cap_json(const CapStudy& study) {
  Json json{{"headroom", 1},
            {"scenario", study.scenario},
            {"database", study.database},
            {"seed", study.seed},
            {"replications", study.replications}};
  if (study.partial) json["partial"] = true;
  json["settings"] = Json::array();
  for (const CapPoint& point : study.points) {
    Summary one;
    one.consistency.push_back(point.consistency);
    Json consistency;
    if (point.skipped.empty()) add_consistency(consistency, one);
    json["settings"].push_back(point_json(study, point, consistency));
  }
  return json;
}

}  // namespace headroom
