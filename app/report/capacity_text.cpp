#include "app/report/capacity_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

/// Where the answer is: from the last value that holds to the first that does not; of whole
/// numbers, to its neighbour.
struct Within {
  std::string low, high;  ///< As the scenario writes them.
  Json low_si, high_si;
};
Within within(const Capacity& capacity) {
  const auto end = [&](const std::optional<std::size_t>& trial, int by) {
    if (!trial) return std::pair(std::string(), Json(nullptr));
    const CapacityTrial& at = capacity.trials[*trial];
    if (!capacity.whole || by == 0) return std::pair(at.written, Json(at.at_si));
    return std::pair(fmt::format("{:g}", at.at_si + by), Json(at.at_si + by));
  };
  const auto known = end(capacity.holds, 0);
  const auto other = capacity.is_last ? known : end(capacity.breaks, capacity.smallest ? 1 : -1);
  const auto& low = capacity.smallest ? other : known;
  const auto& high = capacity.smallest ? known : other;
  return {low.first, high.first, low.second, high.second};
}

std::string answer_sentence(const Capacity& capacity) {
  const auto written = [&](std::size_t trial) { return capacity.trials[trial].written; };
  const std::string tried = capacity.trials.size() == 1
                                ? fmt::format("the only value tried, {}", written(0))
                                : fmt::format("any value tried, {} to {}", written(0),
                                              written(capacity.trials.size() - 1));
  const std::string side = capacity.smallest ? "from" : "up to";
  const bool is_judged = !capacity.trials.front().summary.slos.empty();
  const std::string holds = is_judged ? "every SLO is met" : "the system settles";
  if (capacity.is_last) {
    return fmt::format("{}: {} from {}, the smallest value that it can have.", capacity.path, holds,
                       capacity.estimate);
  }
  if (capacity.holds && capacity.breaks) {
    const Within interval = within(capacity);
    return fmt::format("{}: {} {} {}{}.", capacity.path, holds, side, capacity.estimate,
                       interval.low == interval.high ? ""
                                                     : fmt::format(", an estimate within [{}, {}]",
                                                                   interval.low, interval.high));
  }
  if (capacity.holds) {
    return fmt::format("{}: nothing breaks at {}.", capacity.path, tried);
  }
  if (capacity.breaks) {
    return fmt::format("{}: {} at {}.", capacity.path,
                       is_judged ? "the SLOs are not met" : "the system does not settle", tried);
  }
  return capacity.path + ": no value could be decided.";
}

/// The first value that does not hold; where none does, the first of them that was measured: a load
/// so small that nobody came explains nothing.
std::size_t first_to_break(const Capacity& capacity) {
  const auto is_measured = [](const CapacityTrial& trial) {
    return std::none_of(
        trial.summary.slos.begin(), trial.summary.slos.end(),
        [&](const SloSummary& slo) { return slo.name == trial.broken && !slo.measured.value; });
  };
  std::size_t first = *capacity.breaks;
  const std::size_t last = capacity.smallest ? 0 : capacity.trials.size() - 1;
  if (capacity.holds) return first;
  while (first != last && !is_measured(capacity.trials[first]))
    capacity.smallest ? --first : ++first;
  return is_measured(capacity.trials[first]) ? first : *capacity.breaks;
}

/// What stops it: the reason at the first value that does not hold.
std::string because(const Capacity& capacity) {
  if (!capacity.breaks) return {};
  const CapacityTrial& trial = capacity.trials[first_to_break(capacity)];
  std::string text = fmt::format("at {} {}", trial.written, trial.because);
  for (const SloSummary& slo : trial.summary.slos) {
    if (slo.name != trial.broken) continue;
    text += slo.measured.value
                ? fmt::format(": it asks for {}, measured {}", slo.limit, measured_text(slo))
                : fmt::format(": it asks for {}, but {}", slo.limit, slo.measured.why);
  }
  if (const auto& bottleneck = trial.summary.bottleneck) {
    text += fmt::format("; {} is the busiest{}, {} of its {} busy", bottleneck->name,
                        bottleneck->resource == "bandwidth" ? "" : " service",
                        number_text(bottleneck->utilization, Measure::share), bottleneck->resource);
  }
  return text;
}

std::string trial_table(const Capacity& capacity, const Paint& paint) {
  TextTable table;
  table.column(capacity.path.substr(capacity.path.rfind('.') + 1));
  table.column("verdict", TextTable::Align::left);
  table.column("runs");
  const Summary& any = capacity.trials.front().summary;
  const bool judged = !any.slos.empty();
  if (judged) {
    for (const SloSummary& slo : any.slos)
      table.column(slo.name);
  } else {
    table.column("p99");
  }
  table.column("served");
  table.column("busiest");
  for (const CapacityTrial& trial : capacity.trials) {
    std::vector<TextTable::Cell> row{trial.written, verdict_cell(trial)};
    row.emplace_back(fmt::format("{}", trial.summary.replications));
    for (const SloSummary& slo : trial.summary.slos)
      row.emplace_back(measured_text(slo));
    const ClientSummary& client = trial.summary.workloads.front();
    if (!judged) row.emplace_back(figure_text(client.latency_s.percentile(99), Measure::seconds));
    row.emplace_back(value_text(client.served_per_s, Measure::per_s));
    const auto& bottleneck = trial.summary.bottleneck;
    row.emplace_back(bottleneck ? fmt::format("{} {}", bottleneck->name,
                                              number_text(bottleneck->utilization, Measure::share))
                                : std::string("-"));
    table.row(std::move(row));
  }
  return table.text(paint);
}

std::string not_monotone(const Capacity& capacity) {
  // On the side that is taken to hold, the nearest that does not.
  const CapacityTrial* missed = nullptr;
  for (std::size_t trial = 0; capacity.holds && trial < capacity.trials.size(); ++trial) {
    const bool is_before = capacity.smallest ? trial > *capacity.holds : trial < *capacity.holds;
    if (!is_before || capacity.trials[trial].verdict != Verdict::missed) continue;
    if (missed == nullptr || !capacity.smallest) missed = &capacity.trials[trial];
  }
  if (missed != nullptr)
    return fmt::format("NOT MONOTONE: at {} {} as well; see the table.", missed->written,
                       missed->because);
  return "NOT MONOTONE: beyond the first break there are values that hold again (see the table); "
         "the interval is around the first break.";
}

std::string how_sure(const Capacity& capacity) {
  const Summary& first = capacity.trials.front().summary;
  return fmt::format(
      "{} tried, each by replications of {} with seed {}: the same random numbers at every "
      "value. A value counts as met or missed only where the whole {:g} % interval says so; one "
      "that is undecided was run four times as often.",
      capacity.trials.size() == 1 ? "One value" : fmt::format("{} values", capacity.trials.size()),
      length_text(first.duration_s), first.seed, 100 * capacity.confidence);
}

}  // namespace

TextTable::Cell verdict_cell(const CapacityTrial& trial) {
  if (trial.never_settled()) return {std::string(verdict_word(trial.summary)), &Paint::yellow};
  return {std::string(name_of(trial.verdict)), tint_of(trial.verdict)};
}

void add_trial(Json& json, const CapacityTrial& trial) {
  const auto verdict = name_of(trial.never_settled() ? Verdict::undecided : trial.verdict);
  json["verdict"] = verdict;
  if (!trial.because.empty()) json["because"] = trial.because;
  json.update(to_json(trial.summary));
  json["verdict"] = verdict;
}

std::string capacity_text(const std::string& title, const Capacity& capacity, const Paint& paint) {
  std::string text = title_text(title, paint);
  text += paint.bold(wrapped(answer_sentence(capacity), 2)) + "\n";
  const std::string reason = because(capacity);
  if (!reason.empty()) text += wrapped("First to break: " + reason + ".", 2) + "\n";
  if (!capacity.monotone) text += wrapped(not_monotone(capacity), 2) + "\n";
  if (capacity.exhausted) text += "The search ended at its limit of trials.\n";
  if (capacity.interrupted) text += "PARTIAL: interrupted before the search was over.\n";
  return text + "\n" + trial_table(capacity, paint) + "\n" + wrapped(how_sure(capacity), 2) + "\n";
}

Json capacity_json(const std::string& scenario, const Capacity& capacity) {
  const Summary& first = capacity.trials.front().summary;
  Json json{{"headroom", 1}, {"scenario", scenario}, {"seed", first.seed}};
  if (capacity.interrupted) json["partial"] = true;
  json["verdict"] = name_of(capacity.verdict());
  Json& answer = json["capacity"];
  answer["path"] = capacity.path;
  answer["sentence"] = answer_sentence(capacity);
  answer["looks_for"] = capacity.smallest ? "smallest" : "highest";
  answer["value"] = or_null(capacity.estimate_si);
  const Within interval = within(capacity);
  answer["low"] = interval.low_si;
  answer["high"] = interval.high_si;
  answer["confidence"] = capacity.confidence;
  answer["monotone"] = capacity.monotone;
  const CapacityTrial* broken =
      capacity.breaks ? &capacity.trials[first_to_break(capacity)] : nullptr;
  answer["first_to_break"] =
      broken && !broken->broken.empty() ? Json(broken->broken) : Json(nullptr);
  answer["because"] = broken ? Json(because(capacity)) : Json(nullptr);
  answer["trials"] = Json::array();
  for (const CapacityTrial& trial : capacity.trials) {
    Json each{{"at", trial.at_si}, {"written", trial.written}};
    add_trial(each, trial);
    answer["trials"].push_back(std::move(each));
  }
  return json;
}

}  // namespace headroom
