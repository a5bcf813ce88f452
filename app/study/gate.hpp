#pragma once

#include <string>
#include <vector>

#include "app/study/summary.hpp"

namespace headroom {

/// One figure of a scenario against that of a baseline: a run of an earlier day.
struct GateRow {
  enum class Kind : std::uint8_t { slo, time, share, rate };
  std::string name;  ///< "browse is fast", "shoppers p99"
  Kind kind = Kind::time;
  std::string limit;     ///< Of an SLO: "p99 < 250ms".
  Figure baseline, now;  ///< Without a value where the baseline has none.
  Figure worse;          ///< By how much it is worse than the baseline, in its own unit.
  double allowed = 0;    ///< So much worse is let pass.
  Verdict verdict = Verdict::undecided;
  std::string because;         ///< Where it is not met or not compared.
  bool never_settled = false;  ///< That is why it is undecided.
  bool is_compared = true;     ///< Else the baseline has no such figure, which stops nobody.
};

/// How much worse a figure is than that of the baseline, and whether that may pass: met where the
/// whole interval of the worsening is within what is allowed, missed where none of it is. The two
/// runs are taken as independent: the sides of their intervals that make a difference larger, or
/// smaller, add in squares. Source: Zou, Donner 2008 (intervals that lean to one side).
void judge_against_baseline(GateRow& row, bool less_is_better);

/// That the run settles and no replication is lost, where that is not so; every SLO as it was
/// judged; then p50, p99, errors and goodput of every workload that the baseline has; then what the
/// baseline has and the scenario has no more, undecided. `allowed`: share of the baseline's value
/// that times and rates may be worse by. Shares may be worse by a tenth of a percent of all
/// requests. Chosen: what a tenth of a percent of errors would show is asked for by an SLO on them.
std::vector<GateRow> gate_rows(const Summary& baseline, const Summary& now, double allowed);

}  // namespace headroom
