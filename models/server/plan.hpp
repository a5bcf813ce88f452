#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/client_plan.hpp"
#include "models/fields.hpp"

namespace headroom {

enum class Discipline : std::uint8_t {
  fifo,
  lifo,
  priority,
  processor_sharing,
  shortest_first,
  random
};
Choices choices_of(Discipline);

enum class Crash : std::uint8_t { reset, silent };
Choices choices_of(Crash);

struct Step;
using Steps = std::vector<Step>;

struct CpuStep {
  Distribution work;
};
struct WaitStep {
  Distribution time;
};
struct CallStep {
  CallTarget target;
  std::optional<Distribution> size;        ///< Bytes.
  std::optional<Distribution> reply_size;  ///< Bytes.
  ClientPlan client;                       ///< inlined
};
struct ParallelStep {
  std::vector<Steps> branches;
  std::optional<std::uint32_t> need;  ///< All when absent.
};
struct ChooseBranch;
struct ChooseStep {
  std::vector<ChooseBranch> branches;
};
struct RepeatStep {
  std::uint32_t times = 0;
  Steps steps;  ///< key "do"
};
struct FailChance {
  Ratio p;
};
struct FailStep {
  FailChance chance;  ///< written {"fail": {"p": 0.5}}
};
struct Step {
  std::variant<CpuStep, WaitStep, CallStep, ParallelStep, ChooseStep, RepeatStep, FailStep> what;
};
struct ChooseBranch {
  Ratio p;
  Steps steps;  ///< key "do"
};
const FieldTable& fields_of(const CpuStep*);
const FieldTable& fields_of(const WaitStep*);
const FieldTable& fields_of(const CallStep*);
const FieldTable& fields_of(const ParallelStep*);
const FieldTable& fields_of(const ChooseStep*);
const FieldTable& fields_of(const RepeatStep*);
const FieldTable& fields_of(const FailChance*);
const FieldTable& fields_of(const FailStep*);
const FieldTable& fields_of(const Step*);
const FieldTable& fields_of(const ChooseBranch*);

/// A stateless tier of equal replicas. Kind "server".
struct ServerPlan {
  std::vector<ZoneRef> zones;  ///< The first zone of the scenario when empty.
  std::uint32_t replicas = 1;
  Limit concurrency{0};  ///< Slots of one replica; required.
  std::optional<std::uint32_t> cores;
  Discipline discipline = Discipline::fifo;
  Limit queue_limit{1000};
  std::optional<Distribution> service_time;
  Named<Steps> endpoints;
  Crash crash = Crash::reset;
  sim::Duration restart_time;
};
const FieldTable& fields_of(const ServerPlan*);

}  // namespace headroom
