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

struct Step;
using Steps = std::vector<Step>;

/// Work on one core.
struct CpuStep {
  Distribution work;  ///< Time on a core of its own.
};
/// A pause that needs no core; the slot is kept.
struct WaitStep {
  Distribution time;
};
/// A call of another service, and the wait for its answer.
struct CallStep {
  CallTarget target;
  std::optional<Operation> op;
  std::optional<KeySpaceRef> key;    ///< What its item is of; the request's own item when absent.
  std::optional<Steps> on_miss;      ///< After a get that found nothing.
  std::optional<Steps> fallback;     ///< When the call has no good answer.
  bool optional = false;             ///< May be left out while its server browns out.
  std::optional<Distribution> size;  ///< Bytes.
  std::optional<Distribution> reply_size;  ///< Bytes.
  ClientPlan client;                       ///< inlined
};
/// A message for a broker; goes on when the broker has answered. Without a key the partitions of a
/// log take turns.
struct PublishStep : CallStep {};
/// Branches side by side; goes on when `need` of them have succeeded.
struct ParallelStep {
  std::vector<Steps> branches;
  std::optional<std::uint32_t> need;  ///< 1 to the number of branches; all when absent.
};
struct ChooseBranch;
/// One of the branches, drawn by their chances.
struct ChooseStep {
  std::vector<ChooseBranch> branches;
};
/// The same steps several times, one after the other.
struct RepeatStep {
  std::uint32_t times = 0;  ///< 1 to 1e6.
  Steps steps;              ///< key "do"
};
struct FailChance {
  Ratio p;               ///< Of ending here with an error.
  bool lasting = false;  ///< Drawn once for a request, with all its attempts and redeliveries.
};
/// The request may fail here.
struct FailStep {
  FailChance chance;  ///< written {"fail": {"p": 0.5}}
};
/// One thing an endpoint does, told by its key.
struct Step {
  std::variant<CpuStep, WaitStep, CallStep, PublishStep, ParallelStep, ChooseStep, RepeatStep,
               FailStep>
      what;
};
struct ChooseBranch {
  Ratio p;      ///< Those of one step sum to 1.
  Steps steps;  ///< key "do"
};
const FieldTable& fields_of(const CpuStep*);
const FieldTable& fields_of(const WaitStep*);
const FieldTable& fields_of(const CallStep*);
const FieldTable& fields_of(const PublishStep*);
/// What a step calls or publishes to; null where it does neither.
const CallStep* call_of(const Step& step);
const FieldTable& fields_of(const ParallelStep*);
const FieldTable& fields_of(const ChooseStep*);
const FieldTable& fields_of(const RepeatStep*);
const FieldTable& fields_of(const FailChance*);
const FieldTable& fields_of(const FailStep*);
const FieldTable& fields_of(const Step*);
const FieldTable& fields_of(const ChooseBranch*);

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
