#pragma once

#include <cstdint>
#include <optional>

#include "models/fields.hpp"

namespace headroom {

/// Tokens that a request takes.
struct TokenAdmissionPlan {
  Rate rate;
  std::uint32_t burst = 1;  ///< Full at the start.
};

/// A queue that may stand for a while, and not for longer.
struct CodelPlan {
  sim::Duration target = sim::Duration::ms(5);      ///< Wait that is no standing queue.
  sim::Duration interval = sim::Duration::ms(100);  ///< How long a longer one may last.
};

/// Requests in one replica at once, waiting ones included.
struct ConcurrencyAdmissionPlan {
  std::uint32_t limit = 0;
};

/// A limit of the same that follows the answer times.
struct AdaptiveConcurrencyPlan {
  std::uint32_t initial = 20;
  std::uint32_t min = 1;
  std::uint32_t max = 1000;
  double tolerance = 1.5;  ///< How much slower than usual is still well.
  double smoothing = 0.2;
  std::uint32_t headroom = 4;  ///< Added at each step.
  sim::Duration window = sim::Duration::seconds(1);
};

/// Refuses the least important, as many as needed.
struct PriorityShedPlan {
  sim::Duration wait = sim::Duration::ms(20);  ///< Mean wait that is an overload.
  sim::Duration window = sim::Duration::seconds(1);
  Ratio decrease{0.05};
  Ratio increase{0.01};
};

/// What one replica lets in; exactly one of them.
struct AdmissionPlan {
  std::optional<CodelPlan> codel;
  std::optional<TokenAdmissionPlan> token_bucket;
  std::optional<ConcurrencyAdmissionPlan> concurrency;
  std::optional<AdaptiveConcurrencyPlan> adaptive_concurrency;
  std::optional<PriorityShedPlan> priority_shed;
};

/// Optional calls are left out as far as answers would take too long.
struct BrownoutPlan {
  sim::Duration target;  ///< Mean time from arrival to answer.
  sim::Duration interval = sim::Duration::seconds(1);
  double gain = 0.1;
};

const FieldTable& fields_of(const TokenAdmissionPlan*);
const FieldTable& fields_of(const CodelPlan*);
const FieldTable& fields_of(const ConcurrencyAdmissionPlan*);
const FieldTable& fields_of(const AdaptiveConcurrencyPlan*);
const FieldTable& fields_of(const PriorityShedPlan*);
const FieldTable& fields_of(const AdmissionPlan*);
const FieldTable& fields_of(const BrownoutPlan*);

}  // namespace headroom
