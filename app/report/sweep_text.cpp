#include "app/report/sweep_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"
#include "app/report/utilization_note.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom {

namespace {

TextTable::Cell verdict_cell(const Summary& summary) {
  if (summary.slos.empty() && summary.settled != false) return {"no SLO"};
  return {std::string(verdict_word(summary)), tint_of(summary.verdict)};
}

bool has_several_workloads(const std::vector<SweepPoint>& points) {
  return points.front().summary.workloads.size() > 1;
}

std::string busiest_text(const Summary& summary) {
  if (!summary.bottleneck) return "-";
  return fmt::format("{} {}", summary.bottleneck->name,
                     number_text(summary.bottleneck->utilization, Measure::share));
}

/// A row for each workload at each point.
std::string point_table(const std::vector<std::string>& paths,
                        const std::vector<SweepPoint>& points, const Paint& paint) {
  TextTable table;
  std::vector<std::string> last_steps;
  for (const auto& path : paths)
    last_steps.push_back(path.substr(path.rfind('.') + 1));
  table.column(fmt::format("{}", fmt::join(last_steps, ", ")));
  const bool names_workloads = has_several_workloads(points);
  if (names_workloads) table.column("workload", TextTable::Align::left);
  for (const auto* heading : {"offered", "served", "p50", "p99", "errors", "busiest"})
    table.column(heading);
  table.column("verdict", TextTable::Align::left);
  for (const SweepPoint& point : points) {
    bool is_first = true;
    for (const ClientSummary& client : point.summary.workloads) {
      std::vector<TextTable::Cell> row{is_first ? point.label() : std::string()};
      if (names_workloads) row.emplace_back(client.name);
      row.emplace_back(value_text(client.offered_per_s, Measure::per_s));
      row.emplace_back(value_text(client.served_per_s, Measure::per_s));
      row.emplace_back(figure_text(client.latency_s.percentile(50), Measure::seconds));
      row.emplace_back(figure_text(client.latency_s.percentile(99), Measure::seconds));
      row.emplace_back(figure_text(client.error_rate, Measure::share));
      row.emplace_back(is_first ? busiest_text(point.summary) : std::string());
      row.push_back(is_first ? verdict_cell(point.summary) : TextTable::Cell());
      table.row(std::move(row));
      is_first = false;
    }
  }
  return table.text(paint);
}

std::string knee_sentence(const std::vector<SweepPoint>& points) {
  const bool has_numbers = std::any_of(points.begin(), points.end(),
                                       [](const SweepPoint& point) { return point.x.has_value(); });
  if (!has_numbers) return {};
  const auto at = knee(points);
  if (!at) {
    return "Knee: none among these points (Kneedle needs four settled ones over which the p99 "
           "rises "
           "by a fifth or more, one of them well below the straight line).";
  }
  return fmt::format(
      "Knee: at {}, the p99 leaves the straight line there (the point furthest below "
      "the line from the first to the last settled one; Kneedle, Satopaa 2011).",
      points[*at].label());
}

std::string break_sentence(const std::vector<SweepPoint>& points) {
  if (points.front().summary.slos.empty()) return {};
  const auto first = first_to_break(points);
  if (!first) return "Every SLO holds at every point.";
  const bool is_open = first->verdict == Verdict::undecided && !points[first->point].is_settled();
  const std::string word(is_open ? "never settled" : name_of(first->verdict));
  const std::string what = is_open ? word : "is " + word;
  const std::string at = points[first->point].label();
  if (points.front().at.size() > 1) {
    const auto held = std::count_if(points.begin(), points.end(), [](const SweepPoint& point) {
      return point.summary.verdict == Verdict::met;
    });
    return fmt::format(
        "{} of {} points meet every SLO; the first in this order that does not is {} "
        "(\"{}\" {}).",
        held, points.size(), at, first->slo, what);
  }
  if (!first->last_met)
    return fmt::format("First to break: \"{}\" {} already at {}.", first->slo, what, at);
  return fmt::format("First to break: \"{}\", between {} (met) and {} ({}).", first->slo,
                     points[*first->last_met].label(), at, word);
}

std::string ceiling_sentence(const std::vector<SweepPoint>& points) {
  const SweepPoint& point = telling_point(points);
  if (!point.summary.bottleneck) return {};
  const auto& bottleneck = *point.summary.bottleneck;
  std::string text =
      fmt::format("Bottleneck at {}: {}, {} of its {} busy", point.label(), bottleneck.name,
                  number_text(bottleneck.utilization, Measure::share), bottleneck.resource);
  if (bottleneck.ceiling_per_s) {
    text += fmt::format("; by arithmetic it holds {} at most",
                        number_text(*bottleneck.ceiling_per_s, Measure::per_s));
  }
  return text + ".";
}

std::string scalability_sentence(const std::vector<SweepPoint>& points) {
  const auto law = scalability_of(points);
  if (!law) return {};
  std::string text =
      fmt::format("Universal scalability law: one serves {}, contention {}, coherency {:.2g}",
                  number_text(law->single, Measure::per_s),
                  number_text(law->contention, Measure::share), law->coherency);
  if (const auto peak = law->peak())
    text += fmt::format("; beyond {:.3g} more of them lower the throughput", *peak);
  return text + ".";
}

std::string notes(const std::vector<SweepPoint>& points) {
  std::string text;
  for (const SweepPoint& point : points) {
    if (point.is_settled()) {
      if (!point.summary.unsettled_because.empty())
        text += "  - " + wrapped(point.label() + ": " + point.summary.unsettled_because, 4) + "\n";
      for (const ClientSummary& client : point.summary.workloads) {
        const Figure& p99 = client.latency_s.percentile(99);
        if (p99.why.empty()) continue;
        const std::string whose = has_several_workloads(points) ? " of " + client.name : "";
        const char* what = p99.value ? "interval of the p99" : "p99";
        text += "  - " +
                wrapped(fmt::format("{}: no {}{}: {}", point.label(), what, whose, p99.why), 4) +
                "\n";
      }
      continue;
    }
    text += "  - " +
            wrapped(point.label() + ": never settled: " + point.summary.unsettled_because, 4) +
            "\n";
  }
  const std::string of_utilization = utilization_note(points.front().summary);
  if (!of_utilization.empty()) text += "  - " + wrapped(of_utilization, 4) + "\n";
  return text;
}

/// "5", or "5 to 20" where points differ.
template <class Of, class Text>
std::string span_text(const std::vector<SweepPoint>& points, Of of, Text text) {
  const auto less = [&](const SweepPoint& a, const SweepPoint& b) {
    return of(a.summary) < of(b.summary);
  };
  const auto [least, most] = std::minmax_element(points.begin(), points.end(), less);
  const std::string low = text(of(least->summary)), high = text(of(most->summary));
  return low == high ? low : low + " to " + high;
}

nlohmann::ordered_json at_json(const SweepPoint& point) {
  nlohmann::ordered_json at = nlohmann::ordered_json::object();
  for (const auto& [path, value] : point.at)
    at[path] = value_json(value);
  return at;
}

}  // namespace

std::string points_were_run(const std::vector<SweepPoint>& points) {
  const auto number = [](auto count) { return fmt::format("{}", count); };
  const auto count_of = [](const Summary& of) { return of.replications; };
  const bool are_single = std::all_of(points.begin(), points.end(), [&](const auto& point) {
    return count_of(point.summary) == 1;
  });
  return fmt::format("{} replication{} of {}", span_text(points, count_of, number),
                     are_single ? "" : "s",
                     span_text(
                         points, [](const Summary& of) { return of.duration_s; }, length_text));
}

bool have_one_seed(const std::vector<SweepPoint>& points) {
  return std::all_of(points.begin(), points.end(), [&](const auto& point) {
    return point.summary.seed == points.front().summary.seed;
  });
}

std::vector<std::string> sweep_sentences(const std::vector<SweepPoint>& points) {
  std::vector<std::string> sentences;
  for (const std::string& sentence : {break_sentence(points), knee_sentence(points),
                                      ceiling_sentence(points), scalability_sentence(points)}) {
    if (!sentence.empty()) sentences.push_back(sentence);
  }
  return sentences;
}

std::string sweep_text(const std::string& title, const std::vector<std::string>& paths,
                       const std::vector<SweepPoint>& points, const Paint& paint) {
  std::string text = title_text(title, paint);
  text += fmt::format("Varied: {}\n\n", fmt::join(paths, ", "));
  text += point_table(paths, points, paint);
  text += paint.dim(notes(points)) + "\n" + curve_text(points, paint) + "\n";
  for (const std::string& sentence : sweep_sentences(points))
    text += wrapped(sentence, 2) + "\n";
  const std::string seeds = have_one_seed(points)
                                ? fmt::format("seed {} at every point", points.front().summary.seed)
                                : std::string("each point with the seed it names");
  text += wrapped(fmt::format("Each point: {}; ± is a 95 % interval over replications; {}.",
                              points_were_run(points), seeds),
                  2) +
          "\n";
  return text;
}

nlohmann::ordered_json sweep_json(const std::vector<std::string>& paths,
                                  const std::vector<SweepPoint>& points) {
  nlohmann::ordered_json json;
  json["vary"] = paths;
  const auto at = knee(points);
  json["knee"] = at ? at_json(points[*at]) : nlohmann::ordered_json(nullptr);
  json["scalability"] = nullptr;
  if (const auto law = scalability_of(points)) {
    json["scalability"] = {{"single_per_s", law->single},
                           {"contention", law->contention},
                           {"coherency", law->coherency}};
    const auto peak = law->peak();
    json["scalability"]["peak"] = peak ? nlohmann::ordered_json(*peak) : nullptr;
  }
  json["first_to_break"] = nullptr;
  if (const auto first = first_to_break(points)) {
    json["first_to_break"] = {{"slo", first->slo}, {"verdict", name_of(first->verdict)}};
    json["first_to_break"]["at"] = at_json(points[first->point]);
    json["first_to_break"]["last_met"] =
        first->last_met ? at_json(points[*first->last_met]) : nlohmann::ordered_json(nullptr);
  }
  return json;
}

}  // namespace headroom
