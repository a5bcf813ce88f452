#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/study/changes.hpp"
#include "app/study/comparison.hpp"
#include "app/study/network_needs.hpp"
#include "models/analytic/closed_network.hpp"

namespace headroom {

class Demands;

/// One service by the operational laws.
struct ServiceLaw {
  std::string service;
  std::string resource;       ///< "cores" or "slots"; empty where nothing is limited.
  double visits = 0;          ///< Calls of it that one request (of any workload) causes.
  double demand_s = 0;        ///< Work of its own that one request causes: visits x time each.
  double arrivals_per_s = 0;  ///< Measured; retries and what was turned away included.
  /// What those arrivals ask for over what there is, waits for others not counted; or the measured
  /// busy share where that is larger. Nothing where nothing is limited.
  std::optional<double> share;
  std::optional<double> ceiling_per_s;  ///< Requests of all workloads at which it is full.
  Figure waits_s;                       ///< What one call waits for a slot, measured.
};

/// A change and what came of it, on the random numbers of the scenario as it is.
struct Effect {
  Change change;
  Difference p99, goodput;              ///< Of the first workload: the changed minus the present.
  bool grows = false;                   ///< Never settles with the change.
  std::optional<double> ceiling_per_s;  ///< Of the whole, by arithmetic.
};

/// Where the time and the capacity of a scenario go.
struct Explanation {
  std::string workload;                         ///< Whose effects are told.
  std::vector<ServiceLaw> services;             ///< In the order of the scenario.
  std::optional<std::size_t> bottleneck, next;  ///< Positions in `services`, by `share`.
  std::optional<double> ceiling_per_s;          ///< Of the whole, by arithmetic.
  double without_waiting_s = 0;  ///< Mean answer of the first workload where nobody waits.
  std::vector<Effect> effects;   ///< The most helpful first.
  double confidence = 0.95;      ///< Of each interval, so that all hold together with 95 %.
  /// Exact mean values of the closed workload, where it is the only one and the scenario has the
  /// product form.
  std::optional<ClosedSolution> closed;
  std::optional<ClosedBounds> bounds;
  NetworkNeeds network;  ///< By arithmetic.
};

/// Visits, demands and shares; the bottleneck and the next one. No effects yet.
/// Source: Denning, Buzen 1978.
Explanation explain_laws(const ScenarioPlan& plan, const Design& present);

/// What one change does, against the scenario as it is.
Effect effect_of(Change change, const Design& present, const Design& changed, double confidence);

/// Puts the effects in order: those that lower the p99 (or, where it does not move, raise the
/// goodput) first, by how much; then those without effect; then those that make it worse.
void rank_effects(std::vector<Effect>& effects);

/// Helps, harms or has no effect that could be told: by p99, else by goodput.
Better judged(const Effect& effect);

/// Visits of every endpoint (by node of the call graph) and second by solving the traffic
/// equations; the way of `arithmetic` goes node by node instead.
std::vector<double> endpoint_rates(const ScenarioPlan& plan);
/// The same from what comes to each endpoint from outside.
std::vector<double> visits_of(const Demands& demands, const std::vector<double>& outside);

}  // namespace headroom
