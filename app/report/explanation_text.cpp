#include "app/report/explanation_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/client_tables.hpp"
#include "app/report/network_needs_text.hpp"
#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

/// "lag p99 of events"
std::string lag_name(const std::string& metric) {
  const std::size_t first = metric.find('.') + 1;
  return "lag p99 of " + metric.substr(first, metric.find('.', first) - first);
}

std::string of_or_dash(const std::optional<double>& value, Measure measure) {
  return value ? number_text(*value, measure) : std::string("-");
}

std::string asked_of(const Constraint& constraint) {
  std::string text = fmt::format("{} of its {}", number_text(constraint.share, Measure::share),
                                 constraint.resource);
  if (constraint.ceiling_per_s)
    text += fmt::format(", full at {}", number_text(*constraint.ceiling_per_s, Measure::per_s));
  return text;
}

/// Arrivals that nobody would need to send if every attempt were the last.
std::string amplification_text(const Explanation& explanation, const std::string& name) {
  constexpr double worth_telling = 1.1;
  if (!explanation.tries_again) return {};
  for (const ServiceLaw& law : explanation.services)
    if (law.service == name && law.amplification >= worth_telling)
      return fmt::format(
          " {} is called {:.3g} times as often as the requests need it without retries "
          "and hedges.",
          name, law.amplification);
  return {};
}

std::string bottleneck_sentences(const Explanation& explanation) {
  const auto& found = explanation.constraints;
  if (found.empty()) return "Nothing is limited: no service can be a bottleneck.";
  std::string text = fmt::format("Bottleneck: {}, which is asked for {} of all workloads together.",
                                 found[0].name, asked_of(found[0]));
  if (!found[0].ceiling_per_s)
    text = fmt::format("Bottleneck: {}, which is asked for {}.", found[0].name, asked_of(found[0]));
  text += amplification_text(explanation, found[0].name);
  if (found.size() > 1)
    text += fmt::format(" Next: {}, asked for {}.", found[1].name, asked_of(found[1]));
  return text;
}

/// What is limited besides cores and slots.
std::string constraint_table(const Explanation& explanation, const Paint& paint) {
  TextTable table;
  table.column("also limited", TextTable::Align::left);
  table.column("asked for");
  table.column("full at");
  bool any = false;
  for (const Constraint& each : explanation.constraints) {
    const bool is_law = std::any_of(
        explanation.services.begin(), explanation.services.end(), [&](const ServiceLaw& law) {
          return law.service == each.name && law.resource == each.resource;
        });
    if (is_law) continue;
    any = true;
    table.row({each.name, number_text(each.share, Measure::share) + " of " + each.resource,
               of_or_dash(each.ceiling_per_s, Measure::per_s)});
  }
  return any ? table.text(paint) + "\n" : std::string();
}

std::string law_table(const Explanation& explanation, const Paint& paint) {
  TextTable table;
  table.column("service");
  for (const auto* heading :
       {"calls/request", "work/request", "arrivals", "waits a call", "asked for", "full at"})
    table.column(heading);
  for (const ServiceLaw& law : explanation.services) {
    std::vector<TextTable::Cell> row{law.service};
    row.emplace_back(number_text(law.visits, Measure::number));
    row.emplace_back(number_text(law.demand_s, Measure::seconds));
    row.emplace_back(number_text(law.arrivals_per_s, Measure::per_s));
    row.emplace_back(figure_text(law.waits_s, Measure::seconds));
    const bool is_first = !explanation.constraints.empty() &&
                          explanation.constraints[0].name == law.service &&
                          explanation.constraints[0].resource == law.resource;
    row.emplace_back(
        of_or_dash(law.share, Measure::share) + (law.share ? " of " + law.resource : std::string()),
        is_first ? &Paint::yellow : nullptr);
    row.emplace_back(of_or_dash(law.ceiling_per_s, Measure::per_s));
    table.row(std::move(row));
  }
  return table.text(paint);
}

/// Empty where an effect on the p99 would have been seen: it was measured both before and after.
std::string_view why_unknown(const Effect& effect) {
  if (effect.p99.difference.value) return {};
  return effect.grows ? "cannot tell: never settles" : "cannot tell: no p99";
}

TextTable::Cell verdict_cell(const Explanation& explanation, const Effect& effect) {
  switch (judged(explanation, effect)) {
    case Use::helps:
      return {"helps", &Paint::green};
    case Use::harms:
      return {"harms", &Paint::red};
    case Use::mixed:
      return {"helps one, harms another", &Paint::yellow};
    case Use::none_seen:
      break;
  }
  if (const auto why = why_unknown(effect); !why.empty()) return {std::string(why), &Paint::yellow};
  return {"no effect seen", &Paint::yellow};
}

std::string bounds_text(const CapacityBounds& bounds) {
  if (!bounds.holds) return "nowhere";
  const std::string low = number_text(*bounds.holds, Measure::number);
  return bounds.breaks ? fmt::format("{} to {}", low, number_text(*bounds.breaks, Measure::number))
                       : low + " or more";
}

std::string effect_table(const Explanation& explanation, const Paint& paint) {
  const auto& effects = explanation.effects;
  TextTable table;
  table.column("change");
  table.column("p99");
  if (!effects.empty())
    for (const Difference& lag : effects.front().lags)
      table.column(lag_name(lag.metric));
  table.column("goodput");
  table.column("full at");
  if (explanation.capacity) table.column("holds up to load");
  table.column("", TextTable::Align::left);
  for (const Effect& effect : effects) {
    std::vector<TextTable::Cell> row{effect.change.what};
    row.emplace_back(effect.grows ? std::string("never settles")
                                  : signed_text(effect.p99.difference, Measure::seconds));
    for (const Difference& lag : effect.lags)
      row.emplace_back(signed_text(lag.difference, Measure::seconds));
    row.emplace_back(signed_text(effect.goodput.difference, Measure::per_s));
    row.emplace_back(of_or_dash(effect.ceiling_per_s, Measure::per_s));
    if (explanation.capacity)
      row.emplace_back(effect.capacity ? bounds_text(*effect.capacity) : std::string("-"));
    row.push_back(verdict_cell(explanation, effect));
    table.row(std::move(row));
  }
  return table.text(paint);
}

std::string capacity_sentence(const Explanation& explanation) {
  if (!explanation.capacity) return {};
  return wrapped(fmt::format("As it is every SLO holds up to a load of {}. Both ends were decided "
                             "with 95 %; a change counts where its interval does not overlap.",
                             bounds_text(*explanation.capacity)),
                 2) +
         "\n";
}

std::string closed_text(const Explanation& explanation) {
  if (!explanation.closed || !explanation.bounds) return {};
  return wrapped(fmt::format(
                     "Closed and of product form: exact mean value analysis gives {} rounds with "
                     "a mean answer of {}; at most {} whatever the order, and from {} users on "
                     "the busiest station decides.",
                     number_text(explanation.closed->throughput, Measure::per_s),
                     number_text(explanation.closed->response, Measure::seconds),
                     number_text(explanation.bounds->most_throughput, Measure::per_s),
                     number_text(explanation.bounds->saturation_users, Measure::number)),
                 2) +
         "\n";
}

Json bounds_json(const CapacityBounds& bounds) {
  return {{"low", or_null(bounds.holds)}, {"high", or_null(bounds.breaks)}};
}

std::string_view use_name(const Explanation& explanation, const Effect& effect) {
  switch (judged(explanation, effect)) {
    case Use::helps:
      return "helps";
    case Use::harms:
      return "harms";
    case Use::mixed:
      return "mixed";
    case Use::none_seen:
      break;
  }
  return effect.p99.difference.value ? "no effect seen" : "cannot tell";
}

Json law_json(const ServiceLaw& law) {
  return {{"visits", law.visits},
          {"demand_s", law.demand_s},
          {"arrivals_per_s", law.arrivals_per_s},
          {"amplification", law.amplification},
          {"wait_mean_s", to_json(law.waits_s)},
          {"resource", law.resource.empty() ? Json(nullptr) : Json(law.resource)},
          {"asked_share", or_null(law.share)},
          {"ceiling_per_s", or_null(law.ceiling_per_s)}};
}

Json difference_json(const Difference& difference) {
  return {{"now", to_json(difference.a)},
          {"changed", to_json(difference.b)},
          {"difference", to_json(difference.difference)}};
}

Json effect_json(const Explanation& explanation, const Effect& effect) {
  Json json{{"change", effect.change.what}};
  json["set"] = effect.change.setting.empty() ? Json(nullptr) : Json(effect.change.setting);
  json["verdict"] = use_name(explanation, effect);
  json["p99_s"] = difference_json(effect.p99);
  json["goodput_per_s"] = difference_json(effect.goodput);
  for (const Difference& lag : effect.lags)
    json["lags"][lag.metric] = difference_json(lag);
  if (effect.capacity) {
    json["capacity"] = bounds_json(*effect.capacity);
    const CapacityChange change = capacity_change(*explanation.capacity, *effect.capacity);
    json["capacity"]["difference"] = {{"low", or_null(change.low)}, {"high", or_null(change.high)}};
  }
  json["grows"] = effect.grows;
  json["ceiling_per_s"] = or_null(effect.ceiling_per_s);
  return json;
}

}  // namespace

std::string explanation_text(const Explanation& explanation, const Design& present,
                             const Paint& paint) {
  const Summary& summary = present.summary;
  std::string text = title_text(summary.scenario, paint);
  text += verdict_sentence(summary, paint) + "\n";
  text += wrapped(bottleneck_sentences(explanation), 2) + "\n\n";
  text += law_table(explanation, paint) + "\n";
  if (const std::string network = network_needs_text(explanation.network, paint); !network.empty())
    text += network + "\n";
  text += constraint_table(explanation, paint);
  text += closed_text(explanation);
  const Figure& mean = summary.workloads.front().latency_s.mean;
  if (mean.value) {
    text += wrapped(fmt::format("A request of {} would take {} in the mean if nobody waited for "
                                "anybody (by arithmetic); it takes {}.",
                                explanation.workload,
                                number_text(explanation.without_waiting_s, Measure::seconds),
                                figure_text(mean, Measure::seconds)),
                    2) +
            "\n";
  }
  text += "\n" + time_table(summary, paint);
  text += fmt::format("\nWhat would change the p99 and the goodput of {}:\n\n",
                      paint.bold(explanation.workload));
  text += effect_table(explanation, paint) + "\n" + capacity_sentence(explanation);
  return text +
         wrapped(fmt::format("Each change was run: {} replications of {}, the same random numbers "
                             "(seed {}), differences replication by replication; ± is a {:.4g} % "
                             "interval, so that all hold together with 95 %. Full at: requests of "
                             "all workloads together, by arithmetic.",
                             summary.replications, length_text(summary.duration_s), summary.seed,
                             100 * explanation.confidence),
                 2) +
         "\n";
}

Json explanation_json(const Explanation& explanation, const Design& present) {
  Json json = to_json(present.summary);
  Json& body = json["explanation"];
  const auto& constraints = explanation.constraints;
  const auto name = [&](std::size_t at) {
    return at < constraints.size() ? Json(constraints[at].name) : Json(nullptr);
  };
  body["bottleneck"] = name(0);
  body["next"] = name(1);
  body["constraints"] = Json::array();
  for (const Constraint& each : constraints)
    body["constraints"].push_back({{"name", each.name},
                                   {"resource", each.resource},
                                   {"asked_share", each.share},
                                   {"ceiling_per_s", or_null(each.ceiling_per_s)}});
  if (explanation.capacity) body["capacity"] = bounds_json(*explanation.capacity);
  body["workload"] = explanation.workload;
  body["without_waiting_s"] = explanation.without_waiting_s;
  body["confidence"] = explanation.confidence;
  if (explanation.of_changes) body["of_changes"] = *explanation.of_changes;
  body["services"] = Json::object();
  for (const ServiceLaw& law : explanation.services)
    body["services"][law.service] = law_json(law);
  if (explanation.closed && explanation.bounds) {
    body["closed"] = {{"throughput_per_s", explanation.closed->throughput},
                      {"answer_mean_s", explanation.closed->response},
                      {"most_per_s", explanation.bounds->most_throughput},
                      {"least_per_s", explanation.bounds->least_throughput},
                      {"saturation_users", explanation.bounds->saturation_users}};
  }
  if (!explanation.network.links.empty()) body["network"] = to_json(explanation.network);
  body["effects"] = Json::array();
  for (const Effect& effect : explanation.effects)
    body["effects"].push_back(effect_json(explanation, effect));
  return json;
}

}  // namespace headroom
