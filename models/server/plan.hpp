#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/client_plan.hpp"
#include "models/crash.hpp"
#include "models/fields.hpp"
#include "models/operation.hpp"
#include "models/server/admission_plan.hpp"
#include "models/steps.hpp"
#include "models/worker_terms.hpp"

namespace headroom {

/// Who of those that wait for a slot is next. Numbered as in its choices.
enum class Discipline : std::uint8_t {
  fifo,
  lifo,
  priority,
  processor_sharing,
  shortest_first,
  random,
  adaptive_lifo,
  fair
};
Choices choices_of(Discipline);

/// Who gets equal shares by fair turns. Numbered as in its choices.
enum class FairBy : std::uint8_t { workload, client };
Choices choices_of(FairBy);

/// What a replica keeps of its callers between their requests. Numbered as in its choices.
enum class ServerState : std::uint8_t { stateless, session };
Choices choices_of(ServerState);

/// A tier of equal replicas. Kind "server".
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
  ServerState state = ServerState::stateless;
  std::optional<AdmissionPlan> admission;
  std::optional<BrownoutPlan> brownout;
  std::uint32_t lifo_beyond = 10;  ///< adaptive_lifo: waiting requests.
  FairBy fair_by = FairBy::workload;
};
const FieldTable& fields_of(const ServerPlan*);

/// A tier of equal replicas that work on the messages of a broker. Kind "worker".
struct WorkerPlan : ServerPlan {
  ServiceRef consumes;
  std::optional<std::string> group;  ///< Of a log; named like the service when absent.
  std::uint32_t batch = 1;           ///< Messages that are one piece of work.
  OnError on_error = OnError::retry;
  sim::Duration retry_after = sim::Duration::ms(100);
};
const FieldTable& fields_of(const WorkerPlan*);

}  // namespace headroom
