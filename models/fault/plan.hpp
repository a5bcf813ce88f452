#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "models/fault/target.hpp"
#include "models/fields.hpp"
#include "models/partitionable.hpp"

namespace headroom {

/// A crash; at its end the target starts again.
struct KillPlan {
  FaultTarget target;
};
const FieldTable& fields_of(const KillPlan*);

/// The target stands still and forgets nothing.
struct PausePlan {
  FaultTarget target;
};
const FieldTable& fields_of(const PausePlan*);

/// Work at the target takes longer.
struct SlowPlan {
  FaultTarget target;
  double factor = 0;  ///< Work takes so many times as long; above 0.
};
const FieldTable& fields_of(const SlowPlan*);

/// The target answers some of its requests with an error.
struct ErrorPlan {
  FaultTarget target;
  Ratio rate;  ///< Share of requests that fail at once; above 0.
};
const FieldTable& fields_of(const ErrorPlan*);

struct FlushPlan {
  FaultTarget target;
};
const FieldTable& fields_of(const FlushPlan*);

Choices choices_of(PartitionMode);
/// The network between groups of zones is cut.
struct PartitionPlan {
  /// What is cut from what: models/partitionable.hpp. A bare name may be that of a zone.
  std::vector<std::vector<FaultTarget>> groups;
  bool one_way = false;  ///< Only what the first group sends is cut.
  PartitionMode mode = PartitionMode::silent;
};
const FieldTable& fields_of(const PartitionPlan*);

/// A workload sends more than it otherwise would.
struct SurgePlan {
  WorkloadRef workload;
  double factor = 0;  ///< So many times as many requests; above 0.
};
const FieldTable& fields_of(const SurgePlan*);

/// The target gets no new calls and finishes what it has; at the end it gets calls again.
struct DrainPlan {
  FaultTarget target;
};
const FieldTable& fields_of(const DrainPlan*);

/// A new version comes, batch by batch: models/fault/deploy.hpp.
struct DeployPlan {
  FaultTarget target;
  std::uint32_t batch = 1;  ///< At least 1.
  sim::Duration wait;       ///< Between batches.
  sim::Duration drain = sim::Duration::seconds(30);
  std::optional<Ratio> error_rate;              ///< Of the new version; above 0.
  std::optional<double> factor;                 ///< Of the time its work takes; above 0.
  std::optional<sim::Duration> rollback_after;  ///< From its beginning; above 0.
};
const FieldTable& fields_of(const DeployPlan*);

/// "link a -> b" or "link a <-> b", both ways; "link line" of a platform, where `to` is empty.
struct LinkTarget {
  std::string from, to;
  bool both_ways = false;
  bool operator==(const LinkTarget&) const = default;
};
const TextForm& text_form_of(const LinkTarget*);
std::string print_link_target(const LinkTarget& target);

/// A link is worse than it otherwise is; at least one of the last three is given.
struct DegradePlan {
  LinkTarget link;
  std::optional<Distribution> latency{};
  std::optional<Ratio> loss{};  ///< Below 1.
  std::optional<Bandwidth> bandwidth{};
};
const FieldTable& fields_of(const DegradePlan*);

/// The clocks of the target show another time.
struct ClockSkewPlan {
  FaultTarget target;
  sim::Duration by;
  bool behind = false;  ///< Not ahead.
};
const FieldTable& fields_of(const ClockSkewPlan*);

using FaultVerb = std::variant<KillPlan, PausePlan, SlowPlan, ErrorPlan, FlushPlan, PartitionPlan,
                               SurgePlan, DrainPlan, DeployPlan, DegradePlan, ClockSkewPlan>;

/// A failure at a time, or again and again by time up and time down.
struct FailurePlan {
  std::optional<sim::Duration> at;      ///< From the end of the warm-up.
  std::optional<sim::Duration> length;  ///< key "for"; to the end of the run when absent.
  std::optional<Distribution> every;  ///< Time up since the last repair, from the start of the run.
  std::optional<Distribution> repair;  ///< Time down.
  std::optional<Ratio> common_cause;   ///< Share of failures that strike all targets together.
  FaultVerb verb;
};
const FieldTable& fields_of(const FailurePlan*);

}  // namespace headroom
