#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/client_plan.hpp"
#include "models/fields.hpp"

namespace headroom {

/// Arrivals: exactly one of these says when requests come. The table of each has its own key first.
struct PoissonPlan {
  Rate rate;
};
struct ConstantPlan {
  Rate rate;
};
/// One arrival per period of 1/rate, each displaced uniformly by up to `spread` of the period.
struct UniformJitterPlan {
  Rate rate;
  Ratio spread{1};
};
struct RenewalPlan {
  Distribution gap;
};
/// Batches arrive as a Poisson process; `rate` counts batches.
struct BatchPlan {
  Rate rate;
  Distribution size;
};
struct MmppState {
  Rate rate;
  sim::Duration mean_stay;
};
/// Markov-modulated Poisson process: the states are visited in a cycle, each for an exponential time.
struct MmppPlan {
  std::vector<MmppState> states;
};
struct Stage {
  sim::Duration length;  ///< key "duration"
  Rate target;           ///< The rate is ramped linearly to this one; reached at the end.
};
struct StagesPlan {
  Rate start;
  std::vector<Stage> stages;  ///< After the last the rate stays.
};
/// rate x (1 + amplitude x sin(2 pi (t - phase) / period)).
struct DiurnalPlan {
  Rate mean;
  Ratio amplitude;
  sim::Duration period = sim::Duration::seconds(86400);
  sim::Duration peak_at = sim::Duration::seconds(0);  ///< When the rate is highest.
};
/// Arrival instants read from a file; `times` is filled by the scenario reader, in rising order.
struct ReplayPlan {
  std::string file;
  double speed = 1;  ///< 2 replays twice as fast.
  std::vector<sim::Time> times;
};
struct ClosedPlan {
  std::uint32_t users = 0;
  Distribution think_time;
};
using ArrivalsPlan = std::variant<PoissonPlan, ConstantPlan, UniformJitterPlan, RenewalPlan, BatchPlan, MmppPlan,
                                  StagesPlan, DiurnalPlan, ReplayPlan, ClosedPlan>;

struct ArrivalsChoice {
  ArrivalsPlan process;
};
const FieldTable& fields_of(const ArrivalsChoice*);

struct WorkloadPlan {
  CallTarget target;
  std::optional<ZoneRef> zone;
  ArrivalsChoice arrivals;
  Named<Ratio> mix;
  std::optional<Distribution> size;        ///< Bytes.
  std::optional<Distribution> reply_size;  ///< Bytes.
  std::optional<Distribution> patience;
  std::int32_t priority = 0;
  std::uint32_t clients = 1;
  ClientPlan client;  ///< inlined
};
const FieldTable& fields_of(const WorkloadPlan*);

/// Requests a second in the long run; nothing where that depends on the answers or on the file.
std::optional<double> mean_rate_per_s(const ArrivalsPlan& arrivals);
/// Whether the statistical law of arrivals does not change in time.
bool is_stationary(const ArrivalsPlan& arrivals);

}  // namespace headroom
