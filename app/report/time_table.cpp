#include <fmt/format.h>

#include <algorithm>

#include "app/report/client_tables.hpp"
#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

double value_or_zero(const Figure& figure) {
  return figure.value.value_or(0);
}

std::string spent_text(const Figure& spent, const Figure& latency) {
  if (value_or_zero(spent) <= 0) return "-";
  return fmt::format("{} {:.0f}%", number_text(*spent.value, Measure::seconds),
                     100 * value_or_zero(spent) / value_or_zero(latency));
}

}  // namespace

std::string dearest_places_text(const GroupSummary& group, std::size_t most) {
  struct Spent {
    double s;
    std::string what;
  };
  std::vector<Spent> all;
  for (const auto& [place, causes] : group.places)
    for (std::size_t cause = 0; cause < time_causes; ++cause)
      if (value_or_zero(causes[cause]) > 0)
        all.push_back({*causes[cause].value,
                       fmt::format("{} at {}", in_words(static_cast<TimeCause>(cause)), place)});
  std::stable_sort(all.begin(), all.end(),
                   [](const Spent& a, const Spent& b) { return a.s > b.s; });
  std::string text;
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i)
    text +=
        fmt::format("{}{:.0f} % {}", i == 0 ? "" : ", ",
                    100 * all[i].s / std::max(1e-12, value_or_zero(group.latency_s)), all[i].what);
  return text;
}

std::string in_words(TimeCause cause) {
  switch (cause) {
    case TimeCause::slowest_branch:
      return "slowest branch";
    case TimeCause::retry:
      return "retries";
    default:
      return std::string(name_of(cause));
  }
}

std::string time_table(const Summary& summary, const Paint& paint) {
  std::array<bool, time_causes> occurs{};
  for (const auto& workload : summary.workloads) {
    if (!workload.time_spent) continue;
    for (const GroupSummary* group : {&workload.time_spent->slowest, &workload.time_spent->median})
      for (std::size_t cause = 0; cause < time_causes; ++cause)
        occurs[cause] = occurs[cause] || value_or_zero(group->by_cause_s[cause]) > 0;
  }
  TextTable table;
  table.column("TIME SPENT BY");
  table.column("latency");
  for (std::size_t cause = 0; cause < time_causes; ++cause)
    if (occurs[cause]) table.column(in_words(static_cast<TimeCause>(cause)));
  std::string notes;
  const auto note = [&](const std::string& text) {
    notes += paint.dim("  - " + wrapped(text, 4, text_width - 4)) + "\n";
  };
  for (const auto& workload : summary.workloads) {
    if (!workload.time_spent) continue;
    const auto add = [&](const std::string& name, const GroupSummary& group) {
      std::vector<TextTable::Cell> row{
          name, number_text(value_or_zero(group.latency_s), Measure::seconds)};
      for (std::size_t cause = 0; cause < time_causes; ++cause)
        if (occurs[cause]) row.emplace_back(spent_text(group.by_cause_s[cause], group.latency_s));
      table.row(std::move(row));
    };
    add(workload.name + ", slowest 1 %", workload.time_spent->slowest);
    add(workload.name + ", median", workload.time_spent->median);
    note(fmt::format("slowest 1 % of {}: {}", workload.name,
                     dearest_places_text(workload.time_spent->slowest, 4)));
    if (workload.time_spent->left_out > 0)
      note(
          fmt::format("{} later requests of {} found no room to be traced: this is of the first "
                      "{}; a smaller run.trace covers the whole run",
                      count_text(workload.time_spent->left_out), workload.name,
                      count_text(workload.time_spent->traced)));
  }
  return table.empty() ? std::string() : table.text(paint) + notes;
}

}  // namespace headroom
