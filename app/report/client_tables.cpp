#include "app/report/client_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"
#include "models/request.hpp"

namespace headroom {

namespace {

/// Every workload and, where there are several, its endpoints.
void each_client(const Summary& summary,
                 const std::function<void(const std::string&, const ClientSummary&)>& show) {
  for (const auto& workload : summary.workloads) {
    show(workload.name, workload);
    if (workload.endpoints.size() < 2) continue;
    for (const auto& endpoint : workload.endpoints)
      show("  " + endpoint.name, endpoint);
  }
}

std::string rates(const Summary& summary, const Paint& paint) {
  TextTable table;
  for (const auto* heading : {"WORKLOADS", "offered", "served", "goodput", "errors", "attempts"}) {
    table.column(heading);
  }
  each_client(summary, [&](const std::string& name, const ClientSummary& client) {
    table.row({name, figure_text(client.offered_per_s, Measure::per_s),
               figure_text(client.served_per_s, Measure::per_s),
               figure_text(client.goodput_per_s, Measure::per_s),
               figure_text(client.error_rate, Measure::share),
               figure_text(client.attempts_per_request, Measure::number)});
  });
  return table.text(paint);
}

/// What is said once below the table, however many figures it explains.
class Notes {
 public:
  void add(const std::string& which, const Figure& figure) {
    if (figure.value) return;
    const auto found = std::find_if(notes_.begin(), notes_.end(),
                                    [&](const auto& note) { return note.second == figure.why; });
    if (found == notes_.end()) {
      notes_.emplace_back(which, figure.why);
    } else {
      found->first += ", " + which;
    }
  }
  std::string text(const Paint& paint) const {
    std::string text;
    for (const auto& [which, why] : notes_) {
      text += paint.dim("  - " + wrapped(which + ": " + why, 4, text_width - 4)) + "\n";
    }
    return text;
  }

 private:
  std::vector<std::pair<std::string, std::string>> notes_;
};

std::string latencies(const Summary& summary, const Paint& paint) {
  TextTable table;
  Notes notes;
  table.column("LATENCY");
  table.column("mean");
  constexpr std::array<double, 4> shown{50, 95, 99, 99.9};
  for (const double percent : shown)
    table.column(fmt::format("p{:g}", percent));
  each_client(summary, [&](const std::string& name, const ClientSummary& client) {
    const std::string plain = name.substr(name.find_first_not_of(' '));
    std::vector<TextTable::Cell> row{name, figure_text(client.latency_s.mean, Measure::seconds)};
    const bool nothing = !client.latency_s.mean.value;
    if (nothing) notes.add(plain, client.latency_s.mean);
    for (const double percent : shown) {
      const Figure& figure = client.latency_s.percentile(percent);
      row.emplace_back(figure_text(figure, Measure::seconds));
      if (!nothing) notes.add(fmt::format("{} p{:g}", plain, percent), figure);
    }
    table.row(std::move(row));
  });
  return table.text(paint) + notes.text(paint);
}

std::string endings(const Summary& summary, const Paint& paint) {
  std::array<bool, outcomes> occurs{true};
  for (const auto& workload : summary.workloads) {
    for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
      occurs[outcome] = occurs[outcome] || workload.finished[outcome] > 0;
    }
  }
  TextTable table;
  table.column("OUTCOMES");
  for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
    if (occurs[outcome]) table.column(std::string(outcome_names[outcome]));
  }
  each_client(summary, [&](const std::string& name, const ClientSummary& client) {
    std::vector<TextTable::Cell> row{name};
    for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
      if (occurs[outcome]) row.emplace_back(count_text(client.finished[outcome]));
    }
    table.row(std::move(row));
  });
  return table.text(paint);
}

}  // namespace

std::string client_tables(const Summary& summary, const Paint& paint) {
  return rates(summary, paint) + "\n" + latencies(summary, paint) + "\n" + endings(summary, paint);
}

}  // namespace headroom
