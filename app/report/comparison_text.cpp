#include "app/report/comparison_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"
#include "app/scenario/diagnostics.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

Measure measure_of(Metric::Kind kind) {
  switch (kind) {
    case Metric::Kind::time:
      return Measure::seconds;
    case Metric::Kind::rate:
      return Measure::per_s;
    case Metric::Kind::share:
      return Measure::share;
    case Metric::Kind::number:
      break;
  }
  return Measure::number;
}

std::string letter(std::size_t design) {
  return std::string(1, static_cast<char>('A' + design % 26));
}

std::string_view verdict_name(Better better) {
  switch (better) {
    case Better::a:
      return "a better";
    case Better::b:
      return "b better";
    case Better::cannot_tell:
      break;
  }
  return "cannot tell";
}

TextTable::Cell verdict_cell(const Difference& difference, std::size_t b) {
  if (difference.verdict == Better::cannot_tell) return {"cannot tell", &Paint::yellow};
  return {fmt::format("{} better", letter(difference.verdict == Better::a ? 0 : b)),
          difference.verdict == Better::a ? &Paint::red : &Paint::green};
}

/// "shoppers p99": what is left of the path without what every metric has.
std::string short_name(const std::string& metric) {
  std::string name = metric.substr(metric.find('.') + 1);
  const std::size_t latency = name.find(".latency_s.");
  if (latency != std::string::npos) name.replace(latency, 11, " ");
  std::replace(name.begin(), name.end(), '.', ' ');
  return name;
}

std::string difference_table(const Comparison::Pair& pair, const Paint& paint) {
  TextTable table;
  table.column("");
  table.column("A");
  table.column(letter(pair.b));
  table.column("verdict", TextTable::Align::left);
  table.column(letter(pair.b) + " - A");
  table.column("could tell from");
  for (const Difference& each : pair.differences) {
    const Measure measure = measure_of(each.kind);
    std::vector<TextTable::Cell> row{short_name(each.metric)};
    row.emplace_back(value_text(each.a, measure));
    row.emplace_back(value_text(each.b, measure));
    row.push_back(verdict_cell(each, pair.b));
    row.emplace_back(signed_text(each.difference, measure));
    row.emplace_back(each.half_width ? number_text(*each.half_width, measure) : std::string("-"));
    table.row(std::move(row));
  }
  return table.text(paint);
}

std::string names_of(const Comparison::Pair& pair, Better better) {
  std::string names;
  for (const Difference& each : pair.differences) {
    if (each.verdict == better) names += (names.empty() ? "" : ", ") + short_name(each.metric);
  }
  return names;
}

std::string answer(const Comparison::Pair& pair) {
  const std::string of_a = names_of(pair, Better::a);
  const std::string of_b = names_of(pair, Better::b);
  const std::string b = letter(pair.b);
  if (of_a.empty() && of_b.empty())
    return fmt::format("{} against A: cannot tell them apart in anything.", b);
  std::string text;
  if (!of_b.empty()) text += fmt::format("{} is better in {}. ", b, of_b);
  if (!of_a.empty()) text += fmt::format("A is better than {} in {}. ", b, of_a);
  text.pop_back();
  return text;
}

/// How much the common random numbers were worth: replications grow with the square.
std::string pairing_text(const Comparison& comparison) {
  double most = 0;
  std::string metric;
  for (const auto& pair : comparison.pairs) {
    for (const Difference& each : pair.differences) {
      if (!each.half_width || *each.half_width == 0 || each.kind != Metric::Kind::time) continue;
      const double gain = *each.unpaired_half_width / *each.half_width;
      if (gain * gain <= most) continue;
      most = gain * gain;
      metric = short_name(each.metric);
    }
  }
  if (most == 0) return {};
  return fmt::format(
      " On random numbers of their own, {} would need {:.3g} times as many replications for "
      "the same interval.",
      metric, most);
}

std::string how_sure(const std::vector<Design>& designs, const Comparison& comparison) {
  const Summary& first = designs.front().summary;
  if (first.replications == 1)
    return fmt::format(
        "One replication of {} each: how much of a difference is luck, nobody can tell. Ask for "
        "more with --replications 10.",
        length_text(first.duration_s));
  return fmt::format(
      "{} replications of {} each, the same random numbers for every design (seed {}), differences "
      "taken replication by replication; ± is a {:.4g} % interval{}.{}",
      first.replications, length_text(first.duration_s), first.seed, 100 * comparison.confidence,
      comparison.pairs.size() > 1 ? ", so that those of one metric hold together with 95 %" : "",
      pairing_text(comparison));
}

std::string ranking_text(const Comparison& comparison) {
  if (comparison.ranking.empty()) return {};
  std::string text = fmt::format("By {}, the best first (95 % sure of all at once):\n",
                                 short_name(comparison.ranked_by));
  for (const auto& place : comparison.ranking) {
    const bool is_best = &place == &comparison.ranking.front();
    text += fmt::format("  {}  {}{}\n", letter(place.design),
                        figure_text(place.figure, Measure::seconds),
                        is_best               ? ""
                        : place.with_the_best ? "  cannot be told from the best"
                                              : "  worse");
  }
  return text + "\n";
}

}  // namespace

std::string comparison_text(const std::vector<Design>& designs, const Comparison& comparison,
                            const Paint& paint) {
  std::string text = title_text(designs.front().summary.scenario, paint);
  for (std::size_t design = 0; design < designs.size(); ++design) {
    text += fmt::format("{}: {}{}\n", paint.bold(letter(design)), visible(designs[design].name),
                        designs[design].summary.grows ? "  (never settles)" : "");
  }
  text += "\n";
  if (comparison.pairs.empty())
    return text + "Nothing to compare it with. It alone:\n\n" +
           run_text(designs.front().summary, paint);
  for (const auto& pair : comparison.pairs)
    text += wrapped(answer(pair), 2) + "\n";
  text += "\n";
  for (const auto& pair : comparison.pairs)
    text += difference_table(pair, paint) + "\n";
  text += ranking_text(comparison);
  return text + wrapped(how_sure(designs, comparison), 2) + "\n";
}

namespace {

Json differences_json(const Comparison::Pair& pair) {
  Json json = Json::object();
  for (const Difference& each : pair.differences) {
    Json& entry = json[each.metric];
    entry["a"] = to_json(each.a);
    entry["b"] = to_json(each.b);
    entry["difference"] = to_json(each.difference);
    entry["verdict"] = verdict_name(each.verdict);
    entry["half_width"] = or_null(each.half_width);
    entry["half_width_unpaired"] = or_null(each.unpaired_half_width);
  }
  return json;
}

}  // namespace

Json comparison_json(const std::vector<Design>& designs, const Comparison& comparison) {
  const Summary& first = designs.front().summary;
  Json json{{"headroom", 1}, {"scenario", first.scenario}, {"seed", first.seed}};
  json["replications"] = first.replications;
  json["confidence"] = comparison.confidence;
  json["designs"] = Json::array();
  for (const Design& design : designs) {
    Json each{{"name", design.name}};
    each.update(to_json(design.summary));
    json["designs"].push_back(std::move(each));
  }
  json["differences"] =
      comparison.pairs.empty() ? Json::object() : differences_json(comparison.pairs.front());
  if (comparison.pairs.size() < 2) return json;
  json["comparisons"] = Json::array();
  for (const auto& pair : comparison.pairs) {
    json["comparisons"].push_back({{"a", designs.front().name},
                                   {"b", designs[pair.b].name},
                                   {"differences", differences_json(pair)}});
  }
  json["ranking"] = Json::array();
  for (const auto& place : comparison.ranking) {
    json["ranking"].push_back({{"design", designs[place.design].name},
                               {comparison.ranked_by, to_json(place.figure)},
                               {"with_the_best", place.with_the_best}});
  }
  return json;
}

}  // namespace headroom
