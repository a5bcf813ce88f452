#include "app/study/consistency_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "app/study/figures_of_runs.hpp"
#include "app/study/sites.hpp"
#include "sim/stats/intervals.hpp"

namespace headroom {

namespace {

using consistency::Guarantee;
using consistency::Holds;
using consistency::Said;

/// No wins over unknown, unknown over yes.
void join(std::vector<Said>& all, const std::vector<Said>& more) {
  if (all.empty()) {
    all = more;
    return;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_worse = more[i].holds == Holds::no || all[i].holds == Holds::yes;
    if (all[i].holds != Holds::no && is_worse && more[i].holds != Holds::yes) all[i] = more[i];
  }
}

void add(ConsistencySummary& summary, const StoreAudit& audit, std::uint32_t replication) {
  summary.operations += audit.operations;
  summary.left_out += audit.left_out;
  join(summary.said, audit.said);
  // The weakest violated guarantee; of several replications the one that takes fewer operations.
  const bool is_better =
      audit.refuted &&
      (!summary.refuted || *audit.refuted > *summary.refuted ||
       (*audit.refuted == *summary.refuted && audit.anomaly.size() < summary.anomaly.size()));
  if (is_better) {
    summary.refuted = audit.refuted;
    summary.replication = replication;
    summary.text = audit.text;
    summary.anomaly = audit.anomaly;
  }
  summary.reads += audit.staleness.reads;
  summary.stale += audit.staleness.stale;
  summary.most_versions = std::max(summary.most_versions, audit.staleness.most_versions);
  const double longest_s = static_cast<double>(audit.staleness.longest) / 1e9;
  summary.staleness_max_s = std::max(summary.staleness_max_s, longest_s);
  summary.acknowledged_writes += audit.losses.acknowledged;
  if (!audit.convergence) return;
  const Holds here = audit.convergence->holds;
  const Holds before = summary.converged.value_or(Holds::yes);
  const bool is_no = here == Holds::no || before == Holds::no;
  const bool is_unknown = here == Holds::unknown || before == Holds::unknown;
  summary.converged = is_no ? Holds::no : is_unknown ? Holds::unknown : Holds::yes;
}

Figure convergence_time(const std::vector<RunResult>& runs, std::size_t store) {
  double sum = 0;
  std::size_t count = 0;
  for (const RunResult& run : runs) {
    const auto& convergence = run.audits[store].convergence;
    if (!convergence) return Figure::none("no partition was healed");
    if (convergence->holds == Holds::unknown)
      return Figure::none("no read after healing tells it");
    if (convergence->holds == Holds::no) return Figure::none("some copies did not become alike");
    sum += static_cast<double>(convergence->after) / 1e9;
    ++count;
  }
  if (count == 0) return Figure::none("nothing ran");
  return mean_over_runs(runs, [store](const RunResult& run) {
    return static_cast<double>(run.audits[store].convergence->after) / 1e9;
  });
}

/// Operations are taken as independent of each other: Wilson's interval.
Figure answered(const AnswerCounts& counts) {
  const auto interval = sim::wilson_interval(counts.ok, counts.all);
  return interval ? Figure::of(*interval, counts.all) : Figure::none("nothing was asked");
}

/// "az-a, az-b" as the scenario names what is on that side.
std::string name_of_group(const std::vector<FaultTarget>& group) {
  std::string name;
  for (const FaultTarget& target : group)
    name += (name.empty() ? "" : ", ") + text_form_of(&target).print(&target);
  return name;
}

void add_availability(ConsistencySummary& summary, const ScenarioPlan& plan,
                      const std::vector<RunResult>& runs, std::size_t store) {
  const Sites sites(plan);
  AnswerCounts outside;
  std::vector<std::pair<std::string, AnswerCounts>> sides;
  const auto side = [&](const std::string& name) -> AnswerCounts& {
    for (auto& [known, counts] : sides)
      if (known == name) return counts;
    return sides.emplace_back(name, AnswerCounts()).second;
  };
  std::vector<std::vector<std::string>> names;  // by partition and site
  for (const FailurePlan& failure : plan.failures) {
    const auto* partition = std::get_if<PartitionPlan>(&failure.verb);
    if (partition == nullptr) continue;
    auto& of_site = names.emplace_back(sites.size(), "others");
    const auto groups = sites.groups_of(*partition);
    for (std::size_t group = 0; group < groups.size(); ++group) {
      const std::string name = name_of_group(partition->groups[group]);
      side(name);
      for (const std::uint16_t site : groups[group])
        of_site[site] = name;
    }
  }
  for (const RunResult& run : runs) {
    const auto& answers = run.audits[store].answers;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      AnswerCounts& counts =
          i == 0 ? outside : side(names[(i - 1) / sites.size()][(i - 1) % sites.size()]);
      if (i > 0 && answers[i].all == 0) continue;
      counts.ok += answers[i].ok;
      counts.all += answers[i].all;
    }
  }
  summary.outside = answered(outside);
  for (const auto& [name, counts] : sides)
    if (counts.all > 0) summary.during_partition.emplace_back(name, answered(counts));
}

/// The checkers know keys by their numbers: a sentence of theirs with the names of the items.
std::string with_item_names(const ScenarioPlan& plan, const std::string& text) {
  std::string named;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    std::uint64_t item = 0;
    const auto [last, error] = std::from_chars(text.data() + at, text.data() + end, item);
    // Items of a key space have its number in their highest byte: no other number is as large.
    const bool is_item = end > at && error == std::errc() && item >> 56 != 0;
    named += is_item ? item_name(plan, item) : text.substr(at, std::max<std::size_t>(end - at, 1));
    at = std::max(end, at + 1);
  }
  return named;
}

/// Acknowledged writes of that run of which nothing is left: what its clients can tell, or what the
/// store itself gave up, whatever was written since. Both are among those lost; the larger counts.
std::uint64_t lost_writes(const RunResult& run, const StoreAudit& audit) {
  double given_up = 0;
  for (const ServiceResult& service : run.services) {
    if (service.name != audit.service) continue;
    for (const auto& [name, count] : service.counts)
      if (name == "acknowledged_writes_undone" || name == "overwritten_at_once") given_up += count;
  }
  return std::max(audit.losses.lost, static_cast<std::uint64_t>(given_up));
}

}  // namespace

std::optional<Guarantee> ConsistencySummary::strongest() const {
  for (const Said& each : said)
    if (each.holds == Holds::yes) return each.guarantee;
  return std::nullopt;
}

std::string ConsistencySummary::key_name(std::uint64_t key) const {
  for (const auto& [known, name] : key_names)
    if (known == key) return name;
  return std::to_string(key);
}

std::vector<ConsistencySummary> consistency_summaries(const ScenarioPlan& plan,
                                                      const std::vector<RunResult>& runs) {
  std::vector<ConsistencySummary> summaries;
  if (runs.empty()) return summaries;
  for (std::size_t store = 0; store < runs.front().audits.size(); ++store) {
    ConsistencySummary summary;
    summary.service = runs.front().audits[store].service;
    for (const RunResult& run : runs) {
      add(summary, run.audits[store], run.replication);
      summary.lost_writes += lost_writes(run, run.audits[store]);
    }
    summary.converged_after_s = convergence_time(runs, store);
    add_availability(summary, plan, runs, store);
    summary.text = with_item_names(plan, summary.text);
    for (Said& each : summary.said)
      each.why = with_item_names(plan, each.why);
    for (const RecordedOperation& each : summary.anomaly)
      summary.key_names.emplace_back(each.key, item_name(plan, each.key));
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

std::string item_name(const ScenarioPlan& plan, std::uint64_t item) {
  const std::uint64_t space = item >> 56, key = item & ((std::uint64_t{1} << 56) - 1);
  if (space == 0 || space > plan.keys.size()) return std::to_string(item);
  return plan.keys.entries[space - 1].first + "/" + std::to_string(key);
}

}  // namespace headroom
