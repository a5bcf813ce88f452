#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom::html {

namespace {

constexpr std::size_t most_compared = 6;  // Chosen: more cannot be told apart.

using Shown = std::function<Table::Cell(const Recorded&)>;

/// A row of the table, a cell for each study.
void add_row(Table& table, const std::vector<Recorded>& studies, std::string name,
             const Shown& shown) {
  std::vector<Table::Cell> row{std::move(name)};
  for (const Recorded& study : studies)
    row.push_back(shown(study));
  table.row(std::move(row));
}

Shown of_client(const std::function<std::string(const ClientSummary&)>& text) {
  return [text](const Recorded& study) -> Table::Cell {
    return study.summary.workloads.empty() ? "-" : text(study.summary.workloads.front());
  };
}

/// Every SLO of any study, in order of appearance.
std::vector<std::string> slo_names(const std::vector<Recorded>& studies) {
  std::vector<std::string> names;
  for (const Recorded& study : studies) {
    for (const auto& slo : study.summary.slos) {
      if (std::find(names.begin(), names.end(), slo.name) == names.end()) names.push_back(slo.name);
    }
  }
  return names;
}

Table::Cell slo_cell(const Recorded& study, const std::string& name) {
  for (const auto& slo : study.summary.slos) {
    if (slo.name != name) continue;
    const std::string measured = slo.measured.value ? measured_text(slo) : "no figure";
    return Table::Cell::markup(escaped(measured) + " " +
                               badge(name_of(slo.verdict), verdict_word(slo, study.summary)));
  }
  return "-";
}

void add_client_rows(Table& table, const std::vector<Recorded>& studies) {
  add_row(table, studies, "offered", of_client([](const ClientSummary& client) {
            return figure_text(client.offered_per_s, Measure::per_s);
          }));
  add_row(table, studies, "served", of_client([](const ClientSummary& client) {
            return figure_text(client.served_per_s, Measure::per_s);
          }));
  for (const double percent : {50.0, 95.0, 99.0}) {
    add_row(table, studies, fmt::format("latency p{:g}", percent),
            of_client([percent](const ClientSummary& client) {
              return figure_text(client.latency_s.percentile(percent), Measure::seconds);
            }));
  }
  add_row(table, studies, "errors", of_client([](const ClientSummary& client) {
            return figure_text(client.error_rate, Measure::share);
          }));
  add_row(table, studies, "busiest", [](const Recorded& study) -> Table::Cell {
    const auto& busiest = study.summary.bottleneck;
    if (!busiest) return "-";
    return fmt::format("{} {}", busiest->name,
                       number_text(busiest->utilization, Measure::share));
  });
}

std::string table_of(const std::vector<Recorded>& studies) {
  Table table("The studies side by side");
  table.hide_caption();
  table.column("", Table::Align::left);
  for (const Recorded& study : studies)
    table.column(study.label);
  add_row(table, studies, "verdict", [](const Recorded& study) {
    const Judgement judgement = judgement_of(study);
    return Table::Cell::markup(badge(judgement.kind, judgement.word));
  });
  const bool has_runs = std::any_of(studies.begin(), studies.end(), [](const Recorded& study) {
    return !study.summary.workloads.empty();
  });
  if (has_runs) add_client_rows(table, studies);
  for (const std::string& name : slo_names(studies))
    add_row(table, studies, name, [&](const Recorded& study) { return slo_cell(study, name); });
  add_row(table, studies, "seed",
          [](const Recorded& study) { return fmt::format("{}", study.summary.seed); });
  return table.text();
}

std::string distributions(const std::vector<Recorded>& studies, Charts& charts) {
  Chart chart;
  chart.title = "Latency by percentile, the first workload of each";
  chart.about = "Latency over the share of requests answered within it.";
  chart.across = Chart::Across::share;
  chart.x_title = "percentile";
  chart.unit = "s";
  for (const Recorded& study : studies) {
    if (chart.lines.size() == most_compared) break;
    if (study.latencies.empty() || study.summary.settled == false) continue;
    Line line{study.label, fmt::format("c{}", chart.lines.size()), {}, {}, {}, {}, false};
    for (const auto& row : study.latencies.front().rows) {
      line.x.push_back(1 / (1 - row.share));
      line.values.emplace_back(row.seconds);
    }
    chart.lines.push_back(std::move(line));
  }
  return charts.add(std::move(chart));
}

std::string sweeps(const std::vector<Recorded>& studies, Charts& charts) {
  Chart chart;
  chart.unit = "s";
  for (const Recorded& study : studies) {
    const bool fits =
        study.is_sweep() && study.points.front().x && chart.lines.size() < most_compared;
    if (!fits || (!chart.x_title.empty() && chart.x_title != study.paths.front())) continue;
    chart.x_title = study.paths.front();
    Line line{study.label, fmt::format("c{}", chart.lines.size()), {}, {}, {}, {}, false};
    for (const SweepPoint& point : study.points) {
      if (!point.x) continue;
      line.x.push_back(*point.x);
      line.add(point.p99());
    }
    chart.lines.push_back(std::move(line));
  }
  chart.title = "p99 against " + chart.x_title;
  chart.about = "A line for each study; bands are 95 % intervals.";
  return charts.add(std::move(chart));
}

/// What pairing replications on the same random numbers can tell of the first design and `of.b`.
std::string difference_table(const nlohmann::ordered_json& differences, const std::string& a,
                             const std::string& b) {
  Table table(fmt::format("{} against {}", b, a));
  table.column("metric", Table::Align::left);
  for (const auto* heading : {"first", "second", "second - first", "could tell from"})
    table.column(heading);
  table.column("verdict", Table::Align::left);
  for (const auto& [metric, each] : differences.items()) {
    const bool is_time = metric.find("_s.") != std::string::npos;
    const Measure measure = is_time ? Measure::seconds : measure_of_key(metric);
    const auto& half = below(each, {"half_width"});
    std::string verdict = text_of(below(each, {"verdict"}));
    const bool differs = verdict != "cannot tell";
    if (differs) verdict = verdict == "a better" ? "first better" : "second better";
    table.row(
        {metric, figure_text(figure_of(below(each, {"a"})), measure),
         figure_text(figure_of(below(each, {"b"})), measure),
         figure_text(figure_of(below(each, {"difference"})), measure),
         half.is_number() ? number_text(half.get<double>(), measure) : "-",
         Table::Cell::markup(differs ? badge(verdict == "first better" ? "missed" : "met", verdict)
                                     : escaped(verdict))});
  }
  return table.text();
}

std::string difference_tables(const std::vector<Recorded>& studies,
                              const nlohmann::ordered_json& compared) {
  const auto& pairs = below(compared, {"comparisons"});
  if (!pairs.is_array()) {
    const auto& only = below(compared, {"differences"});
    return only.is_object() ? difference_table(only, studies[0].label, studies[1].label) : "";
  }
  std::string text;
  for (const auto& pair : pairs)
    text += difference_table(below(pair, {"differences"}), text_of(below(pair, {"a"})),
                             text_of(below(pair, {"b"})));
  return text;
}

}  // namespace

std::string comparison(const std::vector<Recorded>& studies, const nlohmann::ordered_json& compared,
                       Charts& charts) {
  if (studies.size() < 2) return {};
  std::string body = difference_tables(studies, compared);
  const bool is_paired = !body.empty();
  if (is_paired)
    body +=
        "<p class=\"legend\">Differences are taken replication by replication on the same random "
        "numbers; ± is their 95 % interval, over all pairs at once where there are several.</p>\n";
  body += table_of(studies);
  std::string drawn = distributions(studies, charts);
  drawn += sweeps(studies, charts);
  if (!drawn.empty()) body += "<div class=\"charts\">\n" + drawn + "</div>\n";
  if (!is_paired)
    body +=
        "<p class=\"legend\">Each interval is of one study. Intervals that overlap do not mean "
        "that "
        "two designs are alike: a paired comparison on the same random numbers says more.</p>\n";
  std::string links;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    links += fmt::format("<li><a href=\"#s{}\">{}</a></li>\n", i + 1, escaped(studies[i].label));
  }
  return "<header class=\"headline\"><h1>Studies side by side</h1></header>\n" +
         section("side-by-side", "At a glance",
                 body + "<ul class=\"links\">\n" + links + "</ul>\n");
}

}  // namespace headroom::html
