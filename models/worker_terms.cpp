#include "models/worker_terms.hpp"

namespace headroom {

Choices choices_of(OnError) {
  static constexpr Choice choices[] = {
      {"retry",
       "it is worked on again, after retry_after: a queue hands it out anew, a log stays where it "
       "is"},
      {"drop", "it is done with; it counts as lost"},
      {"dead_letter", "it goes to the dead_letter queue of its broker, at once"},
  };
  return choices;
}

}  // namespace headroom
