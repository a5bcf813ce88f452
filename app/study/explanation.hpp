#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/study/changes.hpp"
#include "app/study/comparison.hpp"
#include "app/study/constraints.hpp"
#include "app/study/network_needs.hpp"
#include "models/analytic/closed_network.hpp"

namespace headroom {

class Demands;

/// One service by the operational laws.
struct ServiceLaw {
  std::string service;
  /// "cores", "slots", or "partitions" of the log that it consumes; empty where nothing is limited.
  std::string resource;
  double visits = 0;          ///< Calls of it that one request (of any workload) causes.
  double demand_s = 0;        ///< Work of its own that one request causes: visits x time each.
  double arrivals_per_s = 0;  ///< Measured; retries and what was turned away included.
  double amplification = 1;   ///< These over what the requests need, without retries.
  /// What those arrivals ask for over what there is, waits for others not counted; or the measured
  /// busy share where that is larger. Nothing where nothing is limited.
  std::optional<double> share;
  std::optional<double> ceiling_per_s;  ///< Requests of all workloads at which it is full.
  Figure waits_s;                       ///< What one call waits for a slot, measured.
};

/// The highest load (`run.load`) at which every SLO is met: between these two, each of which was
/// decided with 95 %.
struct CapacityBounds {
  std::optional<double> holds, breaks;  ///< None where it never holds, or never breaks.
};

/// A change and what came of it, on the random numbers of the scenario as it is.
struct Effect {
  Change change;
  Difference p99, goodput;              ///< Of the first workload: the changed minus the present.
  std::vector<Difference> lags;         ///< The p99 of the lag of each queue and log.
  bool grows = false;                   ///< Never settles with the change.
  std::optional<double> ceiling_per_s;  ///< Of the whole, by arithmetic.
  std::optional<CapacityBounds> capacity;  ///< Measured, where it was asked for.
};
/// Of two capacities the highest and lowest that their difference may be; none where it has no end.
struct CapacityChange {
  std::optional<double> low, high;
};
CapacityChange capacity_change(const CapacityBounds& now, const CapacityBounds& changed);

/// What a change is good for: p99, lags, goodput and (where it was measured) capacity. `mixed`
/// where one gets better and another worse. Chosen: a goodput that moves by less than a thousandth
/// is not counted.
enum class Use : std::uint8_t { helps, harms, mixed, none_seen };

/// Where the time and the capacity of a scenario go.
struct Explanation {
  std::string workload;                    ///< Whose effects are told.
  std::vector<ServiceLaw> services;        ///< In the order of the scenario.
  bool tries_again = false;                ///< Somebody retries or hedges.
  std::vector<Constraint> constraints;     ///< All that is limited, the fullest first.
  std::optional<CapacityBounds> capacity;  ///< As it is, where it was asked for.
  std::optional<double> ceiling_per_s;     ///< Of the whole, by arithmetic.
  double without_waiting_s = 0;  ///< Mean answer of the first workload where nobody waits.
  std::vector<Effect> effects;   ///< The most helpful first.
  /// Interrupted: of so many changes only the effects that there are were run.
  std::optional<std::size_t> of_changes;
  double confidence = 0.95;  ///< Of each interval, so that all hold together with 95 %.
  /// Exact mean values of the closed workload, where it is the only one and the scenario has the
  /// product form.
  std::optional<ClosedSolution> closed;
  std::optional<ClosedBounds> bounds;
  NetworkNeeds network;  ///< By arithmetic.
};

/// Visits, demands and constraints: the first of them is the bottleneck, the second the next one.
/// No effects yet.
/// Source: Denning, Buzen 1978.
Explanation explain_laws(const ScenarioPlan& plan, const Design& present);

/// What one change does, against the scenario as it is.
Effect effect_of(Change change, const Design& present, const Design& changed, double confidence);

/// Puts the effects in order: those that help first, by how much they lower the p99 or a lag, or
/// raise the goodput or the capacity; then mixed ones, those without effect, those that harm.
void rank_effects(Explanation& explanation);

Use judged(const Explanation& explanation, const Effect& effect);

/// Visits of every endpoint (by node of the call graph) and second by solving the traffic
/// equations; the way of `arithmetic` goes node by node instead.
std::vector<double> endpoint_rates(const ScenarioPlan& plan);
/// The same from what comes to each endpoint from outside.
std::vector<double> visits_of(const Demands& demands, const std::vector<double>& outside);

}  // namespace headroom
