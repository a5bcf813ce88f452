#include "app/study/capacity.hpp"

#include <algorithm>
#include <utility>

#include "app/study/judge.hpp"

namespace headroom {

namespace {

/// A workload that asked and was never answered well and in time; nullptr where there is none.
const ClientSummary* unserved(const Summary& summary) {
  const auto found =
      std::find_if(summary.workloads.begin(), summary.workloads.end(), [](const auto& workload) {
        return workload.offered_per_s.value.value_or(0) > 0 &&
               workload.goodput_per_s.value.value_or(0) == 0;
      });
  return found == summary.workloads.end() ? nullptr : &*found;
}

void blame(CapacityTrial& trial, Verdict verdict, std::string because, std::string slo = {}) {
  trial.verdict = verdict;
  trial.because = std::move(because);
  trial.broken = std::move(slo);
}

const SloSummary* first_slo(const Summary& summary, Verdict verdict) {
  const auto found = std::find_if(summary.slos.begin(), summary.slos.end(),
                                  [&](const SloSummary& slo) { return slo.verdict == verdict; });
  return found == summary.slos.end() ? nullptr : &*found;
}

}  // namespace

CapacityTrial judge_trial(Summary summary) {
  CapacityTrial trial;
  trial.summary = std::move(summary);
  const Summary& judged = trial.summary;
  trial.verdict = Verdict::met;
  if (const auto* slo = first_slo(judged, Verdict::missed)) {
    blame(trial, Verdict::missed, "\"" + slo->name + "\" is missed", slo->name);
  } else if (judged.grows) {
    blame(trial, Verdict::missed, "it never settles: " + judged.unsettled_because);
  } else if (const auto* workload = unserved(judged)) {
    blame(trial, Verdict::missed, "no request of " + workload->name + " was answered in time");
  } else if (const auto* open = first_slo(judged, Verdict::undecided)) {
    blame(trial, Verdict::undecided, "\"" + open->name + "\" is undecided", open->name);
  } else if (!judged.unsettled_because.empty()) {
    blame(trial, Verdict::undecided, judged.unsettled_because);
  }
  return trial;
}

Verdict Capacity::verdict() const {
  if (holds) return monotone ? Verdict::met : Verdict::undecided;
  return breaks && !trials[*breaks].never_settled() ? Verdict::missed : Verdict::undecided;
}

std::function<std::uint32_t(const StudyResult&)> second_look(const ScenarioPlan& plan) {
  // Chosen: twice as closely, as the half-width goes with the root of the replications.
  constexpr std::uint32_t times_as_many = 4;
  return [&plan, is_second = false](const StudyResult& study) mutable -> std::uint32_t {
    const Verdict verdict = judge_trial(summarize(plan, study)).verdict;
    if (std::exchange(is_second, true) || verdict != Verdict::undecided) return 0;
    return (times_as_many - 1) * static_cast<std::uint32_t>(study.runs.size());
  };
}

bool seems_met(const ScenarioPlan& plan, const CapacityTrial& trial) {
  if (trial.verdict != Verdict::undecided) return trial.verdict == Verdict::met;
  for (std::size_t i = 0; i < trial.summary.slos.size(); ++i) {
    const auto& value = trial.summary.slos[i].measured.value;
    if (value && !keeps(plan.slos.entries[i].second.require, *value)) return false;
  }
  return true;
}

}  // namespace headroom
