#pragma once

#include <cstdint>

#include "models/crash.hpp"
#include "models/field_types.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// What becomes of a message whose work failed. Numbered as in its choices.
enum class OnError : std::uint8_t { retry, drop, dead_letter };
Choices choices_of(OnError);

/// What a broker has to know of one instance that works on its messages.
struct WorkerTerms {
  std::int64_t slots = 1;   ///< Pieces of work at once.
  std::uint32_t batch = 1;  ///< Messages that are one piece of work.
  OnError on_error = OnError::retry;
  sim::Duration retry_after;
  Crash crash = Crash::reset;
};

}  // namespace headroom
