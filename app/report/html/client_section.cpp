#include <fmt/format.h>

#include <array>
#include <functional>

#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"

namespace headroom::html {

namespace {

/// Every workload and, where there are several, its endpoints.
void each_client(const Summary& summary,
                 const std::function<void(const ClientSummary&, const std::string&)>& show) {
  for (const auto& workload : summary.workloads) {
    show(workload, {});
    if (workload.endpoints.size() < 2) continue;
    for (const auto& endpoint : workload.endpoints)
      show(endpoint, "part");
  }
}

std::string rates(const Summary& summary) {
  Table table("Requests");
  table.column("workload", Table::Align::left);
  for (const auto* heading : {"offered", "served", "goodput", "errors", "attempts a request"})
    table.column(heading);
  each_client(summary, [&](const ClientSummary& client, const std::string& kind) {
    table.row({client.name, figure_text(client.offered_per_s, Measure::per_s),
               figure_text(client.served_per_s, Measure::per_s),
               figure_text(client.goodput_per_s, Measure::per_s),
               figure_text(client.error_rate, Measure::share),
               figure_text(client.attempts_per_request, Measure::number)},
              kind);
  });
  return table.text();
}

std::string latencies(const Summary& summary) {
  Table table("Latency of requests that ended ok, from the instant they were meant to be sent");
  table.column("workload", Table::Align::left);
  table.column("mean");
  constexpr std::array<double, 5> shown{50, 90, 95, 99, 99.9};
  for (const double percent : shown)
    table.column(fmt::format("p{:g}", percent));
  table.column("largest");
  each_client(summary, [&](const ClientSummary& client, const std::string& kind) {
    std::vector<Table::Cell> row{client.name, figure_text(client.latency_s.mean, Measure::seconds)};
    for (const double percent : shown) {
      std::string text = "-";
      for (const auto& [known, figure] : client.latency_s.percentiles) {
        if (known == percent) text = figure_text(figure, Measure::seconds);
      }
      row.emplace_back(std::move(text));
    }
    row.emplace_back(value_text(client.latency_s.max, Measure::seconds));
    table.row(std::move(row), kind);
  });
  return table.text();
}

std::string endings(const Summary& summary) {
  std::array<bool, outcomes> occurs{true};
  for (const auto& workload : summary.workloads) {
    for (std::size_t outcome = 0; outcome < outcomes; ++outcome)
      occurs[outcome] = occurs[outcome] || workload.finished[outcome] > 0;
  }
  Table table("How requests ended, over all replications");
  table.column("workload", Table::Align::left);
  for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
    if (occurs[outcome]) table.column(std::string(outcome_names[outcome]));
  }
  each_client(summary, [&](const ClientSummary& client, const std::string& kind) {
    std::vector<Table::Cell> row{client.name};
    for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
      if (occurs[outcome]) row.emplace_back(count_text(client.finished[outcome]));
    }
    table.row(std::move(row), kind);
  });
  return table.text();
}

}  // namespace

std::string client_section(const Part& part) {
  const Summary& summary = part.study.summary;
  if (summary.workloads.empty()) return {};
  return section(part.prefix + "-clients", "What clients saw",
                 rates(summary) + latencies(summary) + endings(summary));
}

std::string failure_section(const Part& part) {
  const Summary& summary = part.study.summary;
  Table table("Failures");
  table.hide_caption();
  table.column("what", Table::Align::left);
  for (const auto* heading : {"at", "for", "errors meanwhile", "recovered after"})
    table.column(heading);
  std::string notes;
  for (const auto& failure : summary.failures) {
    const std::string what = failure.verb + " " + failure.target;
    table.row(
        {what, failure.at_s ? length_text(*failure.at_s) : std::string("again and again"),
         failure.for_s ? length_text(*failure.for_s) : std::string(failure.at_s ? "the rest" : "-"),
         figure_text(failure.error_rate, Measure::share),
         figure_text(failure.recovered_after_s, Measure::seconds)});
    const Figure& recovered = failure.recovered_after_s;
    if (!recovered.value) notes += paragraph(what + ": " + recovered.why, "note");
  }
  if (table.empty()) return {};
  return section(part.prefix + "-failures", "Failures",
                 table.text() + notes +
                     "<p class=\"legend\">Recovered: from the end of the failure to the first "
                     "second with goodput at 95 % of the mean before it.</p>\n");
}

}  // namespace headroom::html
