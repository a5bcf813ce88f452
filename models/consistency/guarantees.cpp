#include "models/consistency/guarantees.hpp"

#include <algorithm>
#include <array>

#include "models/consistency/causal.hpp"
#include "models/consistency/counts.hpp"
#include "models/consistency/registers.hpp"
#include "models/consistency/sequential.hpp"
#include "models/consistency/sessions.hpp"
#include "models/consistency/shrink.hpp"

namespace headroom::consistency {

namespace {

constexpr const char* names[] = {"linearizable",
                                 "sequential",
                                 "causal_memory",
                                 "causal_convergence",
                                 "causal",
                                 "pram",
                                 "coherent",
                                 "read_your_writes",
                                 "monotonic_reads",
                                 "monotonic_writes",
                                 "writes_follow_reads"};
static_assert(std::size(names) == guarantees);

/// What is found of one history, each once: stronger guarantees are decided by way of weaker ones.
class Checks {
 public:
  Checks(const Registers& registers, Budget budget) : registers_(registers), budget_(budget) {}

  Finding of(Guarantee guarantee) {
    if (registers_.fault()) return *registers_.fault();
    const Finding& finding = by_order(guarantee);
    const bool says_yes = finding.holds == Holds::yes && guarantee != Guarantee::sequential;
    if (says_yes && registers_.has_cas())
      return {
          Holds::unknown, {}, "what a cas does between its reading and its writing is not checked"};
    return finding;
  }

 private:
  const Finding& by_order(Guarantee guarantee) {
    auto& found = found_[static_cast<std::size_t>(guarantee)];
    if (!found) found = decide(guarantee);
    return *found;
  }

  Finding decide(Guarantee guarantee) {
    switch (guarantee) {
      case Guarantee::sequential:
        // Each of these is weaker and decided faster.
        for (const Guarantee weaker :
             {Guarantee::coherent, Guarantee::causal_convergence, Guarantee::causal_memory})
          if (by_order(weaker).holds == Holds::no) return by_order(weaker);
        return sequential(registers_, budget_);
      case Guarantee::causal_memory:
        if (by_order(Guarantee::causal).holds == Holds::no) return by_order(Guarantee::causal);
        return each_process_sees_one_order(registers_, false, budget_);
      case Guarantee::causal_convergence:
        return causally_consistent(registers_, true, budget_);
      case Guarantee::causal:
        return causally_consistent(registers_, false, budget_);
      case Guarantee::pram:
        return each_process_sees_one_order(registers_, true, budget_);
      default:
        return session_guarantee(registers_, guarantee);
    }
  }

  const Registers& registers_;
  Budget budget_;
  std::array<std::optional<Finding>, guarantees> found_;
};

/// Whether every operation of a process begins after the one before it has ended.
bool one_after_another(const History& history) {
  std::vector<const Operation*> all;
  all.reserve(history.operations.size());
  for (const Operation& each : history.operations)
    all.push_back(&each);
  std::sort(all.begin(), all.end(), [](const Operation* a, const Operation* b) {
    return a->process != b->process ? a->process < b->process : a->call < b->call;
  });
  const auto overlap = [](const Operation* a, const Operation* b) {
    return a->process == b->process && b->call <= a->ret;
  };
  return std::adjacent_find(all.begin(), all.end(), overlap) == all.end();
}

}  // namespace

const char* name_of(Guarantee guarantee) {
  return names[static_cast<std::size_t>(guarantee)];
}

Finding check(Guarantee guarantee, const History& history, const Question& question,
              Budget budget) {
  if (guarantee == Guarantee::linearizable) return linearizable(history, question, budget);
  if (question.model == Model::counter) return check_counts(guarantee, history, question);
  const Registers registers(history, question);
  return Checks(registers, budget).of(guarantee);
}

std::vector<Finding> check_all(const History& history, const Question& question, Budget budget) {
  std::vector<Finding> found{linearizable(history, question, budget)};
  const bool is_known_order = !history.ordered || explained_by_order(history);
  if (found.front().holds == Holds::yes && is_known_order && one_after_another(history)) {
    found.resize(guarantees, found.front());
    return found;
  }
  if (question.model == Model::counter) {
    for (std::size_t i = 1; i < guarantees; ++i)
      found.push_back(check_counts(static_cast<Guarantee>(i), history, question));
    return found;
  }
  const Registers registers(history, question);
  Checks checks(registers, budget);
  for (std::size_t i = 1; i < guarantees; ++i)
    found.push_back(checks.of(static_cast<Guarantee>(i)));
  return found;
}

}  // namespace headroom::consistency
