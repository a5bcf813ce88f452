#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "models/client_plan.hpp"
#include "models/fields.hpp"
#include "models/operation.hpp"

namespace headroom {

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

}  // namespace headroom
