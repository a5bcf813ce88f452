#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/fields.hpp"

namespace headroom {

/// What a failure is done to: "app", "app[0]", "app[0..1]", "app 50%", "zone az-a". The text form is
/// parsed by the reader; whether it exists is checked when the whole plan is known.
struct FaultTarget {
  enum class Kind : std::uint8_t { service, zone, workload } kind = Kind::service;
  std::string name;
  std::optional<std::uint32_t> first, last;  ///< Replicas, both included; all when absent.
  std::optional<Ratio> share;                ///< Of the replicas, from the first; rounded up.
  std::string written;
};
const TextForm& text_form_of(const FaultTarget*);

struct KillPlan {
  FaultTarget target;
};
struct PausePlan {
  FaultTarget target;
};
struct SlowPlan {
  FaultTarget target;
  double factor = 0;
};
struct ErrorPlan {
  FaultTarget target;
  Ratio rate;
};
enum class PartitionMode : std::uint8_t { silent, refuse };
Choices choices_of(PartitionMode);
struct PartitionPlan {
  std::vector<std::vector<std::string>> groups;  ///< Of zones; those in no group form one more.
  bool one_way = false;                          ///< Only messages from the first group are cut.
  PartitionMode mode = PartitionMode::silent;
};
struct SurgePlan {
  WorkloadRef workload;
  double factor = 0;
};
using FaultVerb = std::variant<KillPlan, PausePlan, SlowPlan, ErrorPlan, PartitionPlan, SurgePlan>;

/// A failure at a time, or again and again by time up and time down.
struct FailurePlan {
  std::optional<sim::Duration> at;        ///< From the end of the warm-up.
  std::optional<sim::Duration> length;    ///< key "for"; to the end of the run when absent.
  std::optional<Distribution> every;      ///< Time up since the last repair.
  std::optional<Distribution> repair;     ///< Time down.
  FaultVerb verb;
};
const FieldTable& fields_of(const FailurePlan*);

}  // namespace headroom
