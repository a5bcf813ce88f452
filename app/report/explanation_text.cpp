#include "app/report/explanation_text.hpp"

#include <fmt/format.h>

#include "app/report/network_needs_text.hpp"
#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

std::string of_or_dash(const std::optional<double>& value, Measure measure) {
  return value ? number_text(*value, measure) : std::string("-");
}

std::string bottleneck_sentences(const Explanation& explanation) {
  if (!explanation.bottleneck) return "Nothing is limited: no service can be a bottleneck.";
  const ServiceLaw& first = explanation.services[*explanation.bottleneck];
  std::string text =
      fmt::format("Bottleneck: {}, whose arrivals ask for {} of its {}.", first.service,
                  number_text(*first.share, Measure::share), first.resource);
  if (first.ceiling_per_s)
    text += fmt::format(" By arithmetic it is full at {} of all workloads together.",
                        number_text(*first.ceiling_per_s, Measure::per_s));
  if (!explanation.next) return text;
  const ServiceLaw& next = explanation.services[*explanation.next];
  text += fmt::format(" Next: {}, at {} of its {}", next.service,
                      number_text(*next.share, Measure::share), next.resource);
  if (next.ceiling_per_s)
    text += fmt::format(", full at {}", number_text(*next.ceiling_per_s, Measure::per_s));
  return text + ".";
}

/// Where a link is fuller than any service.
std::string fuller_link_sentence(const Explanation& explanation) {
  if (explanation.network.links.empty()) return {};
  const LinkNeed& link = explanation.network.links.front();
  if (!link.bandwidth_bytes_per_s) return {};
  const double share = link.needed_bytes_per_s / *link.bandwidth_bytes_per_s;
  const auto& first = explanation.bottleneck;
  if (first && *explanation.services[*first].share >= share) return {};
  return fmt::format(" A link is fuller than any service: {}, asked for {} of its bandwidth.",
                     link.name, number_text(share, Measure::share));
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
    const bool is_first =
        explanation.bottleneck && &law == &explanation.services[*explanation.bottleneck];
    row.emplace_back(
        of_or_dash(law.share, Measure::share) + (law.share ? " of " + law.resource : std::string()),
        is_first ? &Paint::yellow : nullptr);
    row.emplace_back(of_or_dash(law.ceiling_per_s, Measure::per_s));
    table.row(std::move(row));
  }
  return table.text(paint);
}

TextTable::Cell verdict_cell(const Effect& effect) {
  switch (judged(effect)) {
    case Better::b:
      return {"helps", &Paint::green};
    case Better::a:
      return {"harms", &Paint::red};
    case Better::cannot_tell:
      break;
  }
  return {"no effect seen", &Paint::yellow};
}

std::string effect_table(const Explanation& explanation, const Paint& paint) {
  TextTable table;
  table.column("change");
  table.column("p99");
  table.column("goodput");
  table.column("full at");
  table.column("", TextTable::Align::left);
  for (const Effect& effect : explanation.effects) {
    std::vector<TextTable::Cell> row{effect.change.what};
    row.emplace_back(effect.grows ? std::string("never settles")
                                  : signed_text(effect.p99.difference, Measure::seconds));
    row.emplace_back(signed_text(effect.goodput.difference, Measure::per_s));
    row.emplace_back(of_or_dash(effect.ceiling_per_s, Measure::per_s));
    row.push_back(verdict_cell(effect));
    table.row(std::move(row));
  }
  return table.text(paint);
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

Json law_json(const ServiceLaw& law) {
  const auto number = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return {{"visits", law.visits},
          {"demand_s", law.demand_s},
          {"arrivals_per_s", law.arrivals_per_s},
          {"wait_mean_s", to_json(law.waits_s)},
          {"resource", law.resource.empty() ? Json(nullptr) : Json(law.resource)},
          {"asked_share", number(law.share)},
          {"ceiling_per_s", number(law.ceiling_per_s)}};
}

Json difference_json(const Difference& difference) {
  return {{"now", to_json(difference.a)},
          {"changed", to_json(difference.b)},
          {"difference", to_json(difference.difference)}};
}

Json effect_json(const Effect& effect) {
  const Better verdict = judged(effect);
  Json json{{"change", effect.change.what}};
  json["set"] = effect.change.setting.empty() ? Json(nullptr) : Json(effect.change.setting);
  json["verdict"] = verdict == Better::b   ? "helps"
                    : verdict == Better::a ? "harms"
                                           : "no effect seen";
  json["p99_s"] = difference_json(effect.p99);
  json["goodput_per_s"] = difference_json(effect.goodput);
  json["grows"] = effect.grows;
  json["ceiling_per_s"] = effect.ceiling_per_s ? Json(*effect.ceiling_per_s) : Json(nullptr);
  return json;
}

}  // namespace

std::string explanation_text(const Explanation& explanation, const Design& present,
                             const Paint& paint) {
  const Summary& summary = present.summary;
  std::string text = title_text(summary.scenario, paint);
  text += verdict_sentence(summary, paint) + "\n";
  text +=
      wrapped(bottleneck_sentences(explanation) + fuller_link_sentence(explanation), 2) + "\n\n";
  text += law_table(explanation, paint) + "\n";
  if (const std::string network = network_needs_text(explanation.network, paint); !network.empty())
    text += network + "\n";
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
  text += fmt::format("\nWhat would change the p99 and the goodput of {}:\n\n",
                      paint.bold(explanation.workload));
  text += effect_table(explanation, paint) + "\n";
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
  const auto name = [&](const std::optional<std::size_t>& at) {
    return at ? Json(explanation.services[*at].service) : Json(nullptr);
  };
  body["bottleneck"] = name(explanation.bottleneck);
  body["next"] = name(explanation.next);
  body["workload"] = explanation.workload;
  body["without_waiting_s"] = explanation.without_waiting_s;
  body["confidence"] = explanation.confidence;
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
    body["effects"].push_back(effect_json(effect));
  return json;
}

}  // namespace headroom
