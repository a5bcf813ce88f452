#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/client_plan.hpp"
#include "models/fields.hpp"
#include "models/steps.hpp"

namespace headroom {

// Arrivals: exactly one of the ...Plan structs below says when requests come. The table of each has
// its own key first; where its value is an object, that object is the ...Options struct.

/// Independent arrivals: gaps are exponential.
struct PoissonPlan {
  Rate rate;  ///< At load 1.
};
/// Arrivals at equal distances of 1/rate.
struct ConstantPlan {
  Rate rate;  ///< At load 1.
};

/// One arrival per period of 1/rate, up to `spread` of the period early.
struct UniformJitterOptions {
  Rate rate;        ///< At load 1.
  Ratio spread{1};  ///< Of a period, 0 to 1.
};
const FieldTable& fields_of(const UniformJitterOptions*);
struct UniformJitterPlan {
  std::variant<Rate, UniformJitterOptions> written;

  UniformJitterOptions options() const;
};

/// Gaps between arrivals are independent draws.
struct RenewalPlan {
  Distribution gap;  ///< Time; a mean of at least 1 ns.
};

/// Batches arrive as a Poisson process; `rate` counts batches.
struct BatchOptions {
  Rate rate;          ///< Batches a second, at load 1.
  Distribution size;  ///< Requests in one, 1 to 1e6; rounded at random, mean kept.
};
const FieldTable& fields_of(const BatchOptions*);
struct BatchPlan {
  BatchOptions batch;
};

/// Markov-modulated Poisson process: the states are visited in a cycle, each for an exponential
/// time.
struct MmppState {
  Rate rate;                ///< While in it, at load 1; may be 0.
  sim::Duration mean_stay;  ///< At least 1 us.
};
const FieldTable& fields_of(const MmppState*);
struct MmppPlan {
  std::vector<MmppState> states;
};

/// One leg of a load that is ramped up and down.
struct Stage {
  sim::Duration length;  ///< key "duration"
  Rate target;           ///< The rate is ramped linearly to this one; reached at the end.
};
const FieldTable& fields_of(const Stage*);
struct StagesPlan {
  std::vector<Stage> stages;  ///< After the last the rate stays.
  Rate start;                 ///< Also during the warm-up.
};

/// rate(t) = mean x (1 + amplitude x cos(2 pi (t - peak_at) / period)).
struct DiurnalOptions {
  Rate mean;        ///< Over a period, at load 1.
  Ratio amplitude;  ///< Of the mean, 0 to 1.
  sim::Duration period = sim::Duration::seconds(86400);
  sim::Duration peak_at;  ///< When the rate is highest, from the end of the warm-up.
};
const FieldTable& fields_of(const DiurnalOptions*);
struct DiurnalPlan {
  DiurnalOptions diurnal;
};

/// Arrival instants read from a file; `times` is filled by the scenario reader, in rising order.
struct ReplayOptions {
  std::string file;
  double speed = 1;  ///< 2 replays twice as fast; above 0.
};
const FieldTable& fields_of(const ReplayOptions*);
struct ReplayPlan {
  std::variant<std::string, ReplayOptions> written;
  std::vector<sim::Time> times;  ///< As in the file, from the end of the warm-up.

  ReplayOptions options() const;
};

/// Users who think, ask, wait for the answer and start over.
struct ClosedOptions {
  std::uint32_t users = 0;  ///< 1 to 1e7; at most so many requests at once.
  Distribution think_time;  ///< From the answer to the next request.
};
const FieldTable& fields_of(const ClosedOptions*);
struct ClosedPlan {
  ClosedOptions closed;
};

const FieldTable& fields_of(const PoissonPlan*);
const FieldTable& fields_of(const ConstantPlan*);
const FieldTable& fields_of(const UniformJitterPlan*);
const FieldTable& fields_of(const RenewalPlan*);
const FieldTable& fields_of(const BatchPlan*);
const FieldTable& fields_of(const MmppPlan*);
const FieldTable& fields_of(const StagesPlan*);
const FieldTable& fields_of(const DiurnalPlan*);
const FieldTable& fields_of(const ReplayPlan*);
const FieldTable& fields_of(const ClosedPlan*);

using ArrivalsPlan =
    std::variant<PoissonPlan, ConstantPlan, UniformJitterPlan, RenewalPlan, BatchPlan, MmppPlan,
                 StagesPlan, DiurnalPlan, ReplayPlan, ClosedPlan>;

/// Exactly one of them, told by its key.
struct ArrivalsChoice {
  ArrivalsPlan process;
};
const FieldTable& fields_of(const ArrivalsChoice*);

/// So many sessions go on at the same time; when one has ended another one takes its place.
struct SessionsPlan {
  std::uint32_t count = 0;             ///< 1 to 1e7
  std::optional<Distribution> length;  ///< Time; without end when absent.
};
const FieldTable& fields_of(const SessionsPlan*);

/// One population of clients.
struct WorkloadPlan {
  CallTarget target;
  std::optional<ZoneRef> zone;  ///< Where the clients are; the first zone when absent.
  ArrivalsChoice arrivals;
  std::optional<Named<Ratio>> mix;         ///< Shares of endpoints; sums to 1.
  std::optional<KeySpaceRef> key;          ///< What requests are about.
  std::optional<Distribution> size;        ///< Bytes.
  std::optional<Distribution> reply_size;  ///< Bytes.
  std::optional<Distribution> patience;    ///< Time in one queue; without end when absent.
  std::optional<SessionsPlan> sessions;    ///< Every request one of its own when absent.
  std::int32_t priority = 0;               ///< Larger is served first.
  std::uint32_t clients = 1;  ///< That share these arrivals, each with its own state; at least 1.
  std::optional<Steps> fallback;  ///< When the request has no good answer.
  ClientPlan client;              ///< inlined
};
const FieldTable& fields_of(const WorkloadPlan*);

/// Requests a second in the long run at load 1; nothing where that depends on the answers or on the
/// file. Stages: the rate after the last.
std::optional<double> mean_rate_per_s(const ArrivalsPlan& arrivals);
/// Whether the statistical law of arrivals does not change in time.
bool is_stationary(const ArrivalsPlan& arrivals);
/// Whether no request can ever come: a rate of 0 throughout. A replay is judged by its `times`, so
/// ask once they are filled.
bool never_arrives(const ArrivalsPlan& arrivals);

}  // namespace headroom
