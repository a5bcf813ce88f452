#include "models/server/program.hpp"

#include <algorithm>

namespace headroom {

bool uses_cpu(const Actions& actions) {
  return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
    return action.kind == Action::Kind::cpu ||
           std::any_of(action.branches.begin(), action.branches.end(), uses_cpu) ||
           std::any_of(action.fallback.begin(), action.fallback.end(), uses_cpu);
  });
}

bool falls_back(const Actions& actions) {
  return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
    return !action.fallback.empty() ||
           std::any_of(action.branches.begin(), action.branches.end(), falls_back);
  });
}

bool calls(const Actions& actions) {
  return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
    return action.kind == Action::Kind::call ||
           std::any_of(action.branches.begin(), action.branches.end(), calls);
  });
}

}  // namespace headroom
