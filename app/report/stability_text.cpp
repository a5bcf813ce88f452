#include "app/report/stability_text.hpp"

#include <fmt/format.h>

#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

std::string answer(const StabilityMap& map, std::optional<std::size_t> trigger) {
  const auto recovers = map.always_recovers(trigger);
  const auto stays = map.first_to_stay_down(trigger);
  const std::string of_trigger =
      trigger ? fmt::format("a trigger of {}", map.triggers[*trigger]) : "every trigger tried";
  if (!recovers) {
    return fmt::format("After {} some runs stay down already at {} {}.", of_trigger, map.load_path,
                       map.loads.front());
  }
  if (!stays) {
    return fmt::format("After {} every run recovers at every load tried, up to {} {}.", of_trigger,
                       map.load_path, map.loads.back());
  }
  return fmt::format("After {} every run recovers up to {} {}; at {} some stay down.", of_trigger,
                     map.load_path, map.loads[*recovers], map.loads[*stays]);
}

TextTable::Cell cell_text(const StabilityCell& cell) {
  if (!cell.probability.value) return {"-"};
  const auto tint = cell.down == 0           ? &Paint::green
                    : cell.down == cell.runs ? &Paint::red
                                             : &Paint::yellow;
  return {figure_text(cell.probability, Measure::share), tint};
}

std::string map_table(const StabilityMap& map, const Paint& paint) {
  TextTable table;
  table.column(map.load_path.substr(map.load_path.rfind('.') + 1));
  for (const std::string& trigger : map.triggers)
    table.column(trigger);
  for (std::size_t load = 0; load < map.loads.size(); ++load) {
    std::vector<TextTable::Cell> row{map.loads[load]};
    for (std::size_t trigger = 0; trigger < map.triggers.size(); ++trigger)
      row.push_back(cell_text(map.at(load, trigger)));
    table.row(std::move(row));
  }
  return table.text(paint);
}

Json at_json(const std::vector<std::string>& values, std::optional<std::size_t> at) {
  return at ? value_json(values[*at]) : Json(nullptr);
}

}  // namespace

std::string stability_text(const StabilityMap& map, const Paint& paint) {
  std::string text = title_text(map.scenario, paint);
  text += wrapped(answer(map, {}), 2) + "\n";
  if (map.triggers.size() > 1) {
    for (std::size_t trigger = 0; trigger < map.triggers.size(); ++trigger)
      text += "  - " + wrapped(answer(map, trigger), 4, text_width, 4) + "\n";
  }
  text += fmt::format("\nProbability of staying down after \"{}\" of the length on top:\n\n",
                      map.described);
  text += map_table(map, paint) + "\n";
  if (map.partial) text += "PARTIAL: interrupted before the last load.\n";
  return text +
         wrapped(
             fmt::format(
                 "{} runs a cell, each watched for {} after the longest trigger: down "
                 "is a goodput below {:.0f} % of that before it in the last quarter of "
                 "that time, or of its requests already before. Intervals are 95 %, "
                 "Wilson's: none of {} runs still allows for {}.",
                 map.replications, length_text(map.watched_s), 100 * kept_share, map.replications,
                 number_text(sim::wilson_interval(0, map.replications)->high, Measure::share)),
             2) +
         "\n";
}

Json stability_json(const StabilityMap& map) {
  Json json{{"headroom", 1}, {"scenario", map.scenario}, {"replications", map.replications}};
  if (map.partial) json["partial"] = true;
  Json& body = json["stability"];
  body["load"] = map.load_path;
  body["trigger"] = map.trigger_path;
  body["failure"] = map.described;
  body["watched_s"] = map.watched_s;
  body["always_recovers"] = at_json(map.loads, map.always_recovers());
  body["first_to_stay_down"] = at_json(map.loads, map.first_to_stay_down());
  body["by_trigger"] = Json::array();
  for (std::size_t trigger = 0; trigger < map.triggers.size(); ++trigger) {
    body["by_trigger"].push_back(
        {{"trigger", value_json(map.triggers[trigger])},
         {"always_recovers", at_json(map.loads, map.always_recovers(trigger))},
         {"first_to_stay_down", at_json(map.loads, map.first_to_stay_down(trigger))}});
  }
  body["cells"] = Json::array();
  for (const StabilityCell& cell : map.cells) {
    body["cells"].push_back({{"load", value_json(map.loads[cell.load])},
                             {"trigger", value_json(map.triggers[cell.trigger])},
                             {"runs", cell.runs},
                             {"down", cell.down},
                             {"probability", to_json(cell.probability)}});
  }
  return json;
}

}  // namespace headroom
