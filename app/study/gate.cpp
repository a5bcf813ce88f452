#include "app/study/gate.hpp"

#include <algorithm>
#include <cmath>

#include "app/study/judge.hpp"

namespace headroom {

namespace {

constexpr double allowed_share = 0.001;

GateRow row_of(const SloSummary& slo, const Summary& baseline) {
  GateRow row;
  row.name = slo.name;
  row.kind = GateRow::Kind::slo;
  row.limit = slo.limit;
  row.now = slo.measured;
  row.verdict = slo.verdict;
  row.baseline = row.worse = Figure::none("the baseline has no such SLO");
  for (const auto& before : baseline.slos)
    if (before.name == slo.name) row.baseline = before.measured;
  if (row.verdict == Verdict::missed) row.because = "the SLO is missed";
  if (row.verdict == Verdict::undecided) row.because = "the SLO is undecided";
  return row;
}

/// A baseline comes from a file, which may lack anything.
Figure percentile_of(const TimeSummary& times, double percent) {
  for (const auto& [each, figure] : times.percentiles)
    if (each == percent) return figure;
  return Figure::none("not recorded");
}

/// What never settles, or lost replications, has not shown that anything holds.
GateRow row_of_unsettled(const Summary& now) {
  const bool settled = now.settled != false;
  GateRow row;
  row.name = settled ? "every replication" : "settles";
  row.baseline = row.now = row.worse = Figure::none("no figure");
  row.because = (settled ? "" : "it never settled: ") + now.unsettled_because;
  return row;
}

/// A workload or an SLO that somebody took out, or gave another name: nobody can tell whether it
/// is worse.
GateRow row_of_lost(const std::string& name, const std::string& what) {
  GateRow row;
  row.name = name;
  row.baseline = row.now = row.worse = Figure::none("nothing to compare");
  row.because = "the baseline has " + what + ", the scenario has none of that name";
  return row;
}

}  // namespace

void judge_against_baseline(GateRow& row, bool less_is_better) {
  if (!row.baseline.value || !row.now.value) {
    row.worse = Figure::none(!row.now.value ? row.now.why : row.baseline.why);
    row.is_compared = row.baseline.value.has_value();
    row.verdict = row.is_compared ? Verdict::undecided : Verdict::met;
    row.because = row.baseline.value ? "there is no such figure now: " + row.now.why
                                     : "the baseline has no such figure";
    return;
  }
  const double sign = less_is_better ? 1 : -1;
  const double worse = sign * (*row.now.value - *row.baseline.value);
  const bool is_same = *row.now.value == *row.baseline.value && row.now.low == row.baseline.low;
  const bool has_intervals = row.now.low && row.baseline.low;
  if (!is_same && !has_intervals) {
    row.worse = Figure::plain(worse, row.now.samples);
    row.because = "one of them has no interval";
    return;
  }
  double least = worse, most = worse;
  if (!is_same) {
    const double up =
        std::hypot(*row.now.high - *row.now.value, *row.baseline.value - *row.baseline.low);
    const double down =
        std::hypot(*row.now.value - *row.now.low, *row.baseline.high - *row.baseline.value);
    least -= less_is_better ? down : up;
    most += less_is_better ? up : down;
  }
  row.worse = Figure{worse, least, most, row.now.samples, {}};
  row.verdict = most <= row.allowed   ? Verdict::met
                : least > row.allowed ? Verdict::missed
                                      : Verdict::undecided;
  if (row.verdict == Verdict::missed) row.because = "worse than the baseline by more than allowed";
  if (row.verdict == Verdict::undecided)
    row.because = "the interval of the difference straddles what is allowed";
}

std::vector<GateRow> gate_rows(const Summary& baseline, const Summary& now, double allowed) {
  std::vector<GateRow> rows;
  if (!now.unsettled_because.empty()) rows.push_back(row_of_unsettled(now));
  for (const SloSummary& slo : now.slos)
    rows.push_back(row_of(slo, baseline));
  const auto add = [&](const std::string& name, GateRow::Kind kind, const Figure& before,
                       const Figure& after, bool less_is_better) {
    GateRow row;
    row.name = name;
    row.kind = kind;
    row.baseline = before;
    row.now = after;
    row.allowed =
        kind == GateRow::Kind::share ? allowed_share : allowed * std::abs(before.value.value_or(0));
    judge_against_baseline(row, less_is_better);
    rows.push_back(std::move(row));
  };
  for (const ClientSummary& after : now.workloads) {
    const ClientSummary* before = workload_of(baseline, after.name);
    if (before == nullptr) continue;
    for (const auto& [percent, name] : {std::pair(50.0, " p50"), std::pair(99.0, " p99")})
      add(after.name + name, GateRow::Kind::time, percentile_of(before->latency_s, percent),
          percentile_of(after.latency_s, percent), true);
    add(after.name + " errors", GateRow::Kind::share, before->error_rate, after.error_rate, true);
    add(after.name + " goodput", GateRow::Kind::rate, before->goodput_per_s, after.goodput_per_s,
        false);
  }
  for (const ClientSummary& before : baseline.workloads)
    if (workload_of(now, before.name) == nullptr)
      rows.push_back(row_of_lost(before.name, "a workload"));
  for (const SloSummary& before : baseline.slos)
    if (std::none_of(now.slos.begin(), now.slos.end(),
                     [&](const SloSummary& slo) { return slo.name == before.name; }))
      rows.push_back(row_of_lost(before.name, "an SLO"));
  for (GateRow& row : rows)
    row.never_settled =
        now.settled == false && row.is_compared && row.verdict == Verdict::undecided;
  return rows;
}

}  // namespace headroom
