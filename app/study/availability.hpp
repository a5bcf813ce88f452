#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/figure.hpp"
#include "app/study/summary.hpp"

namespace headroom {

// Availability together with load. Failures are rare and long beside a request, so a system is
// taken as a sequence of steady states, each of some parts that are down: how likely each is
// follows from times up and times down, how it serves its load from a run. Source: Meyer 1980, "On
// evaluating the performability of degradable computing systems"; Trivedi, Bobbio 2017, ch. 16
// (quasi-static).

/// Equal parts that fail and are repaired independently of each other and of all others: the
/// instances of a service, of which it is all the same who is down, or one part by itself, as a
/// zone with all that stands in it, a copy of a database, or an instance that other failures meet
/// as well (beyond ten of these in all they are taken to be alike after all).
struct FailingPart {
  std::size_t failure = 0;           ///< Position in the scenario.
  std::vector<std::string> targets;  ///< "app[0]", "app[1]"; one where it fails as one.
  double up_s = 0, down_s = 0;       ///< Mean times; what starts again after a kill is still down.
  std::string verb{};                ///< "kill"
  double unavailability() const { return down_s / (up_s + down_s); }
};
/// Every failure of the scenario that comes again and again.
std::vector<FailingPart> failing_parts(const ScenarioPlan& plan);

/// So many of each part down, the first ones; the rest up.
struct DegradedState {
  std::vector<std::size_t> down;  ///< By part.
  double probability = 0;         ///< In the long run, of so many, whichever they are.
};
/// The most probable states first, that all up included, until what is left out is at most
/// `left_out` in all, or there are `most`.
std::vector<DegradedState> degraded_states(const std::vector<FailingPart>& parts, double left_out,
                                           std::size_t most);

/// The scenario as it is for as long as it is in this state: what is down is down from the start,
/// for the whole run; nothing else fails.
ScenarioPlan plan_in(const ScenarioPlan& plan, const std::vector<FailingPart>& parts,
                     const DegradedState& state);

/// "app[0], zone b", or "nothing"; with the verb where several failures meet the same service.
std::string what_is_down(const std::vector<FailingPart>& parts, const DegradedState& state);

/// One state and what was measured in it.
struct StateResult {
  DegradedState state;
  std::string down;
  Verdict verdict = Verdict::undecided;  ///< Of all SLOs together.
  std::string first_missed;              ///< The name of an SLO that is.
  Figure error_rate;                     ///< Of all workloads together, by requests.
  /// No SLO is missed for certain, but it never settled; where work grows without end it meets
  /// nothing and `verdict` is missed.
  bool never_settled = false;
};

/// What follows for the long run.
struct Availability {
  std::vector<StateResult> states;  ///< The most probable first.
  double left_out = 0;              ///< Probability of states that were not run.
  /// Share of time in which every SLO is met: from the states where that was decided; `low` takes
  /// what is undecided or was left out as missed, `high` as met.
  Figure attainment;
  /// Of requests, over all states; states left out count from 0 to 1. The intervals of the states
  /// add in squares, side by side. Source: Zou, Donner 2008.
  Figure error_rate;
  Verdict verdict = Verdict::undecided;  ///< Against the target.
};
Availability availability_of(std::vector<StateResult> states, double left_out, double target);

}  // namespace headroom
