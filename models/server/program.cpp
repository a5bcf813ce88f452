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

namespace {

/// A branch that gives up ends the wait for those beside it.
bool may_give_up(const Actions& actions) {
  return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
    return action.kind == Action::Kind::call || action.kind == Action::Kind::fail ||
           std::any_of(action.branches.begin(), action.branches.end(), may_give_up);
  });
}

bool leaves_work(const Action& action) {
  const auto& branches = action.branches;
  if (action.kind == Action::Kind::call)
    return std::any_of(branches.begin(), branches.end(), uses_cpu);
  if (action.kind != Action::Kind::parallel || branches.size() < 2) return false;
  const auto working = std::count_if(branches.begin(), branches.end(), uses_cpu);
  return working > 1 ||
         (working == 1 && (action.count < branches.size() ||
                           std::any_of(branches.begin(), branches.end(), may_give_up)));
}

}  // namespace

bool overlaps(const Actions& actions) {
  return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
    return leaves_work(action) ||
           std::any_of(action.branches.begin(), action.branches.end(), overlaps) ||
           std::any_of(action.fallback.begin(), action.fallback.end(), overlaps);
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
