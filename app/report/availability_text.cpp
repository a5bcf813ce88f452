#include "app/report/availability_text.hpp"

#include <fmt/format.h>

#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"
#include "app/report/verdict_text.hpp"
#include "app/scenario/quantity.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

constexpr double minutes_of_a_month = 30 * 24 * 60;

std::string share_text(double share) {
  return fmt::format("{:.6g} %", 100 * share);
}

std::string minutes_text(double share) {
  const double minutes = share * minutes_of_a_month;
  return minutes >= 120 ? fmt::format("{:.3g} h", minutes / 60)
                        : fmt::format("{:.3g} min", minutes);
}

TextTable::Cell verdict_cell(Verdict verdict) {
  return {std::string(name_of(verdict)), tint_of(verdict)};
}

std::string state_table(const Availability& found, const Paint& paint) {
  TextTable table;
  table.column("down", TextTable::Align::left);
  for (const auto* heading : {"share of time", "in 30 days", "error rate"})
    table.column(heading);
  table.column("SLOs", TextTable::Align::left);
  table.column("", TextTable::Align::left);
  constexpr std::size_t shown = 12;
  for (std::size_t i = 0; i < std::min(shown, found.states.size()); ++i) {
    const StateResult& each = found.states[i];
    table.row({each.down, share_text(each.state.probability), minutes_text(each.state.probability),
               figure_text(each.error_rate, Measure::share),
               each.never_settled ? TextTable::Cell("never settled", &Paint::yellow)
                                  : verdict_cell(each.verdict),
               each.first_missed});
  }
  return table.text(paint);
}

std::string point_table(const AvailabilityAnswer& answer, const Paint& paint) {
  TextTable table;
  table.column(answer.path);
  for (const auto* heading : {"SLOs met, at least", "at most", "missed in 30 days, at most"})
    table.column(heading);
  table.column(fmt::format("target {}", share_text(answer.target)), TextTable::Align::left);
  for (const AvailabilityPoint& point : answer.points) {
    const Figure& met = point.found.attainment;
    table.row({point.value, share_text(*met.low), share_text(*met.high), minutes_text(1 - *met.low),
               verdict_cell(point.found.verdict)});
  }
  return table.text(paint);
}

/// "N is 3 ... 4 (N+1) is not enough ... 5 (N+2) is".
std::string spares_text(const AvailabilityAnswer& answer) {
  const auto n = answer.enough_when_all_up();
  const auto first = answer.first_to_meet();
  if (!n) return "No value meets every SLO even while nothing is down.";
  std::string text = fmt::format("While nothing is down, {} = {} is enough (N). ", answer.path,
                                 answer.points[*n].value);
  if (!first) return text + "With failures, no value that was tried meets the target.";
  if (*first == *n)
    return text + fmt::format("With failures it takes {} as well: no spare is needed.",
                              answer.points[*first].value);
  const auto count = [&](std::size_t point) {
    return parse_quantity(Quantity::number, answer.points[point].value).value;
  };
  const auto least = count(*n), most = count(*first);
  const bool are_counts = least && most && *most > *least;
  return text + fmt::format("With failures it takes {}{}.", answer.points[*first].value,
                            are_counts ? fmt::format(" (N+{:g})", *most - *least) : std::string());
}

std::string budget_text(const AvailabilityAnswer& answer, const Availability& found) {
  const double allowed = 1 - answer.target;
  const double most = 1 - *found.attainment.low, least = 1 - *found.attainment.high;
  return fmt::format(
      "Of 30 days an SLO is missed for {} to {}; the target of {} allows {}, of which {:.3g} % to "
      "{:.3g} % are spent. In the long run {} of all requests fail.",
      minutes_text(least), minutes_text(most), share_text(answer.target), minutes_text(allowed),
      100 * least / allowed, 100 * most / allowed, figure_text(found.error_rate, Measure::share));
}

std::string partial_text(const AvailabilityPoint& last) {
  if (last.found.states.size() == last.states)
    return "PARTIAL: interrupted before the last value.\n\n";
  const std::string of_which = last.value.empty() ? "" : fmt::format(" of {}", last.value);
  return fmt::format("PARTIAL: interrupted; {} of {} states{} were run.\n\n",
                     last.found.states.size(), last.states, of_which);
}

Json point_json(const AvailabilityPoint& point, double target) {
  const Availability& found = point.found;
  Json json;
  if (!point.value.empty()) json["value"] = point.value;
  json["verdict"] = name_of(found.verdict);
  json["attainment"] = to_json(found.attainment);
  json["error_rate"] = to_json(found.error_rate);
  json["missed_min_per_30d"] = {{"low", (1 - *found.attainment.high) * minutes_of_a_month},
                                {"high", (1 - *found.attainment.low) * minutes_of_a_month},
                                {"allowed", (1 - target) * minutes_of_a_month}};
  json["left_out"] = found.left_out;
  json["states"] = Json::array();
  for (const StateResult& each : found.states) {
    Json state{{"down", each.down}, {"probability", each.state.probability}};
    state["verdict"] = name_of(each.never_settled ? Verdict::undecided : each.verdict);
    if (each.never_settled) state["settled"] = false;
    if (!each.first_missed.empty()) state["first_missed"] = each.first_missed;
    state["error_rate"] = to_json(each.error_rate);
    json["states"].push_back(std::move(state));
  }
  return json;
}

}  // namespace

std::optional<std::size_t> AvailabilityAnswer::enough_when_all_up() const {
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].found.states.front().verdict == Verdict::met) return i;
  return std::nullopt;
}

std::optional<std::size_t> AvailabilityAnswer::first_to_meet() const {
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].found.verdict == Verdict::met) return i;
  return std::nullopt;
}

std::string availability_text(const AvailabilityAnswer& answer, const Paint& paint) {
  std::string text = title_text(answer.scenario, paint);
  if (!answer.path.empty()) {
    text += wrapped(spares_text(answer), 2) + "\n\n" + point_table(answer, paint) + "\n";
  }
  if (answer.partial) text += partial_text(answer.points.back());
  const std::size_t shown = answer.first_to_meet().value_or(answer.points.size() - 1);
  const AvailabilityPoint& point = answer.points[shown];
  if (!answer.path.empty()) text += fmt::format("{} = {}:\n\n", answer.path, point.value);
  text += wrapped(budget_text(answer, point.found), 2) + "\n\n" + state_table(point.found, paint);
  return text + "\n" +
         wrapped(
             fmt::format("Shares of time follow from mean times up and down, parts failing "
                         "independently; each state was run in its steady state ({} replications). "
                         "Undecided states and those not run ({}) count from missed to met. What a "
                         "failure costs until it is noticed is not in it: run the scenario to see.",
                         answer.replications, share_text(point.found.left_out)),
             2) +
         "\n";
}

Json availability_json(const AvailabilityAnswer& answer) {
  Json json{{"headroom", 1}, {"scenario", answer.scenario}, {"target", answer.target}};
  json["replications"] = answer.replications;
  if (answer.partial) json["partial"] = true;
  if (answer.path.empty()) {
    json["availability"] = point_json(answer.points.front(), answer.target);
    return json;
  }
  const auto value = [&](const std::optional<std::size_t>& at) {
    return at ? Json(answer.points[*at].value) : Json(nullptr);
  };
  json["path"] = answer.path;
  json["enough_when_all_up"] = value(answer.enough_when_all_up());
  json["first_to_meet"] = value(answer.first_to_meet());
  json["points"] = Json::array();
  for (const AvailabilityPoint& point : answer.points)
    json["points"].push_back(point_json(point, answer.target));
  return json;
}

}  // namespace headroom
