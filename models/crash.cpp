#include "models/crash.hpp"

namespace headroom {

Choices choices_of(Crash) {
  static constexpr Choice choices[] = {
      {"reset", "callers get an error at once"},
      {"silent", "callers hear nothing and wait for their own timeouts"},
  };
  return choices;
}

}  // namespace headroom
