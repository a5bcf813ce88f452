#include <fmt/format.h>

#include "app/report/numbers.hpp"
#include "app/report/service_tables.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

void add_count(std::string& text, const Figure& figure, std::string_view word) {
  if (!figure.value || *figure.value == 0) return;
  text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                      number_text(*figure.value, Measure::number), word);
}

/// What happened besides messages that were worked on once, in a run; empty where nothing did.
std::string happenings_of(const SubscriptionSummary& group) {
  std::string text;
  add_count(text, group.redelivered, "redelivered");
  add_count(text, group.duplicates, "done more than once");
  add_count(text, group.dead_lettered, "dead letters");
  for (const auto& [cause, count] : group.lost_by)
    add_count(text, count, fmt::format("lost ({})", cause));
  add_count(text, group.withdrawn, "gone before their publishers had an answer");
  return text;
}

/// What happened to the broker itself.
std::string happenings_of(const BrokerSummary& broker) {
  std::string text;
  add_count(text, broker.failovers, "failovers");
  add_count(text, broker.rebalances, "rebalances");
  return text;
}

void add_line(const std::string& name, const std::string& text, std::string& below,
              const Paint& paint) {
  if (text.empty()) return;
  below += paint.dim("  - " + wrapped(name + ", in each run: " + text, 4, text_width - 4)) + "\n";
}

void add_rows(const std::string& name, const SubscriptionSummary& group,
              const BrokerSummary& broker, TextTable& table, std::string& below,
              const Paint& paint) {
  table.row({name, figure_text(group.lag, Measure::number),
             figure_text(group.lag_peak, Measure::number),
             figure_text(group.lag_s.percentile(50), Measure::seconds),
             figure_text(group.lag_s.percentile(95), Measure::seconds),
             figure_text(group.drain_s, Measure::seconds),
             figure_text(broker.publish_s.percentile(50), Measure::seconds)});
  add_line(name, happenings_of(group), below, paint);
}

/// What those who publish know of it, all of which are attempts.
std::string publisher_table(const Summary& summary, const Paint& paint) {
  TextTable table;
  for (const auto* heading : {"PUBLISHERS", "offered", "acknowledged", "failed", "yet stored",
                              "unknown", "of them stored", "waiting"}) {
    table.column(heading);
  }
  for (const auto& service : summary.services) {
    if (!service.broker) continue;
    const PublisherSummary& of = service.broker->publishers;
    if (of.offered.value == 0.0 && of.waiting.value == 0.0) continue;  // dead letters only
    std::vector<TextTable::Cell> row{service.name};
    for (const Figure* figure : {&of.offered, &of.acknowledged, &of.failed, &of.failed_stored,
                                 &of.unknown, &of.unknown_stored, &of.waiting})
      row.emplace_back(figure_text(*figure, Measure::number));
    table.row(std::move(row));
  }
  return table.text(paint);
}

}  // namespace

std::string broker_table(const Summary& summary, const Paint& paint) {
  TextTable table;
  for (const auto* heading :
       {"BROKERS", "lag", "peak", "lag p50", "lag p95", "drained in", "publish p50"}) {
    table.column(heading);
  }
  std::string below;
  bool any = false;
  for (const auto& service : summary.services) {
    if (!service.broker) continue;
    any = true;
    const BrokerSummary& broker = *service.broker;
    if (broker.groups.empty()) add_rows(service.name, broker.total, broker, table, below, paint);
    for (const SubscriptionSummary& group : broker.groups)
      add_rows(service.name + "/" + group.group, group, broker, table, below, paint);
    add_line(service.name, happenings_of(broker), below, paint);
  }
  return any ? table.text(paint) + below + publisher_table(summary, paint) : std::string();
}

}  // namespace headroom
