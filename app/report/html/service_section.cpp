#include <fmt/format.h>

#include <algorithm>

#include "app/report/html/drawings.hpp"
#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"
#include "app/report/service_tables.hpp"

namespace headroom::html {

namespace {

std::string drops_text(const ServiceSummary& service) {
  std::string text;
  for (const auto& [cause, count] : service.drops) {
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + count_text(count) + " " + cause;
  }
  return text.empty() ? "none" : text;
}

/// "4: 62.1 % to 63.0 %"
std::string replicas_text(const ServiceSummary& service) {
  std::vector<double> values;
  for (const auto& replica : service.replicas) {
    if (replica.first.value) values.push_back(*replica.first.value);
  }
  const std::string count = fmt::format("{}", service.replicas.size());
  if (values.size() < 2) return count;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return fmt::format("{}: {} to {}", count, number_text(*least, Measure::share),
                     number_text(*most, Measure::share));
}

std::string service_table(const Summary& summary, const std::string& caption, bool hidden) {
  Table table(caption);
  if (hidden) table.hide_caption();
  table.column("service", Table::Align::left);
  table.column("busy share, 0 to 100 %", Table::Align::left);
  for (const auto* heading :
       {"utilisation", "replica spread", "in queue", "wait p99", "sojourn p99"})
    table.column(heading);
  table.column("drops", Table::Align::prose);
  for (const auto& service : summary.services) {
    std::vector<Figure> replicas;
    for (const auto& replica : service.replicas)
      replicas.push_back(replica.first);
    table.row({service.name, Table::Cell::markup(share_drawing(service.utilization, replicas)),
               figure_text(service.utilization, Measure::share), replicas_text(service),
               figure_text(service.queue_length, Measure::number),
               figure_text(service.wait_s.percentile(99), Measure::seconds),
               figure_text(service.sojourn_s.percentile(99), Measure::seconds),
               drops_text(service)});
  }
  return table.text();
}

std::string cache_table(const Summary& summary) {
  Table table("Caches");
  table.column("service", Table::Align::left);
  for (const auto* heading : {"hit ratio", "gets", "entries", "stale reads", "staleness p99"})
    table.column(heading);
  for (const auto& service : summary.services) {
    if (!service.cache) continue;
    const CacheSummary& cache = *service.cache;
    table.row({service.name, figure_text(cache.hit_ratio, Measure::share),
               figure_text(cache.rate("gets_per_s"), Measure::per_s),
               figure_text(cache.entries, Measure::number),
               figure_text(cache.stale_read_ratio, Measure::share),
               figure_text(cache.staleness_s.percentile(99), Measure::seconds)});
  }
  return table.text();
}

std::string shard_table(const Summary& summary) {
  Table table("Shards of databases");
  table.column("shard", Table::Align::left);
  table.column("busy share of its busiest copy, 0 to 100 %", Table::Align::left);
  for (const auto* heading : {"share", "served", "utilisation", "errors", "p50", "p99"})
    table.column(heading);
  for (const auto& service : summary.services) {
    if (!service.store) continue;
    const StoreSummary& store = *service.store;
    for (const std::size_t shard : told_shards(store)) {
      const ShardSummary& one = store.shards[shard];
      table.row({fmt::format("{}.shard[{}]", service.name, shard),
                 Table::Cell::markup(share_drawing(one.utilization, {})),
                 figure_text(store.shard_share[shard], Measure::share),
                 figure_text(one.throughput_per_s, Measure::per_s),
                 figure_text(one.utilization, Measure::share),
                 figure_text(one.error_rate, Measure::share),
                 figure_text(one.latency_s.percentile(50), Measure::seconds),
                 figure_text(one.latency_s.percentile(99), Measure::seconds)});
    }
  }
  return table.text();
}

std::string broker_tables(const Summary& summary) {
  Table table("Brokers: messages of each run");
  table.column("broker", Table::Align::left);
  for (const auto* heading : {"lag", "peak", "lag p50", "lag p95", "drained in", "lost",
                              "done more than once", "dead letters"})
    table.column(heading);
  Table publishers("What their publishers know, attempts of each run");
  publishers.column("broker", Table::Align::left);
  for (const auto* heading : {"offered", "acknowledged", "failed", "yet stored", "unknown",
                              "of them stored", "waiting at the end"})
    publishers.column(heading);
  const auto add = [&](const std::string& name, const SubscriptionSummary& group) {
    table.row({name, figure_text(group.lag, Measure::number),
               figure_text(group.lag_peak, Measure::number),
               figure_text(group.lag_s.percentile(50), Measure::seconds),
               figure_text(group.lag_s.percentile(95), Measure::seconds),
               figure_text(group.drain_s, Measure::seconds),
               figure_text(group.lost, Measure::number),
               figure_text(group.duplicates, Measure::number),
               figure_text(group.dead_lettered, Measure::number)});
  };
  for (const auto& service : summary.services) {
    if (!service.broker) continue;
    if (service.broker->groups.empty()) add(service.name, service.broker->total);
    for (const SubscriptionSummary& group : service.broker->groups)
      add(service.name + "/" + group.group, group);
    const PublisherSummary& of = service.broker->publishers;
    if (of.offered.value == 0.0 && of.waiting.value == 0.0) continue;  // dead letters only
    std::vector<Table::Cell> row{service.name};
    for (const Figure* figure : {&of.offered, &of.acknowledged, &of.failed, &of.failed_stored,
                                 &of.unknown, &of.unknown_stored, &of.waiting})
      row.emplace_back(figure_text(*figure, Measure::number));
    publishers.row(std::move(row));
  }
  return table.text() + publishers.text();
}

/// A closed form beside what was measured, where a service is one that has it.
std::string theory_table(const Summary& summary) {
  Table table("Theory beside the run: mean sojourn");
  table.column("service", Table::Align::left);
  table.column("is", Table::Align::left);
  for (const auto* heading : {"closed form", "measured"})
    table.column(heading);
  table.column("do they agree", Table::Align::left);
  for (const auto& theory : summary.theory) {
    Figure measured;
    for (const auto& service : summary.services) {
      if (service.name == theory.service) measured = service.sojourn_s.mean;
    }
    table.row({theory.service, theory.model, number_text(theory.sojourn_mean_s, Measure::seconds),
               figure_text(measured, Measure::seconds),
               !theory.agrees   ? "no interval to hold it against"
               : *theory.agrees ? "yes"
                                : "NO"});
  }
  return table.text();
}

}  // namespace

std::string service_section(const Part& part) {
  const Recorded& study = part.study;
  std::string body;
  if (study.is_sweep()) {
    const SweepPoint& point = telling_point(study.points);
    body = service_table(
        point.summary,
        fmt::format("Services at {} = {}", fmt::join(study.paths, ", "), point.label()), false);
    body += cache_table(point.summary) + shard_table(point.summary) + broker_tables(point.summary);
  } else if (!study.summary.services.empty()) {
    body = service_table(study.summary, "Services", true) + cache_table(study.summary) +
           shard_table(study.summary) + broker_tables(study.summary) +
           paragraph(unbroken(bottleneck_sentence(study.summary))) + theory_table(study.summary);
    if (study.summary.cost_per_h.value) {
      body += paragraph(fmt::format("Cost: {} an hour, by instances that were up.",
                                    figure_text(study.summary.cost_per_h, Measure::number)));
    }
  }
  if (!body.empty()) {
    body +=
        "<p class=\"legend\">Bar: mean over replicas; ticks: each replica; thick line: the 95 % "
        "interval. A dash is a figure that does not exist, as where nothing is limited.</p>\n";
  }
  return section(part.prefix + "-services", "How busy the services are", body);
}

}  // namespace headroom::html
