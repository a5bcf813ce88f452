#include "models/consistency/linearizability.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "models/consistency/counts.hpp"
#include "models/consistency/search.hpp"
#include "models/consistency/zones.hpp"

namespace headroom::consistency {

namespace {

using Pointers = std::vector<const Operation*>;

std::vector<std::uint32_t> indices(const History& history, const Pointers& operations) {
  std::vector<std::uint32_t> found;
  for (const Operation* each : operations)
    found.push_back(static_cast<std::uint32_t>(each - history.operations.data()));
  std::sort(found.begin(), found.end());
  return found;
}

Pointers by_key(const History& history, Model model) {
  Pointers all;
  for (const Operation& each : history.operations)
    all.push_back(&each);
  if (model != Model::multi_register) {
    std::stable_sort(all.begin(), all.end(),
                     [](const Operation* a, const Operation* b) { return a->key < b->key; });
  }
  return all;
}

/// One object that is being searched.
struct Part {
  std::span<const Operation* const> operations;
  std::unique_ptr<States> states;
  std::unique_ptr<Search> search;
};

/// All that was called before the return that no order could pass; what returned later is open.
Finding refuted(const History& history, const Part& part) {
  const Operation* blocked = part.search->blocked();
  Pointers involved;
  for (const Operation* each : part.operations) {
    if (each->call <= blocked->ret) involved.push_back(each);
  }
  Finding finding{Holds::no, indices(history, involved), {}};
  finding.text = history.at_key(blocked->key) + "no order of the operations allows \"" +
                 history.says(*blocked) + "\"";
  return finding;
}

Finding search_all(const History& history, std::vector<Part>& parts, Budget budget) {
  std::uint64_t quantum = 1000;  // Chosen: small keys end in the first round.
  std::uint64_t spent = 0;
  const Part* undecided = nullptr;
  while (!parts.empty()) {
    std::uint64_t words = 0;
    for (Part& part : parts) {
      const Holds holds = part.search->run(quantum);
      if (holds == Holds::no) return refuted(history, part);
      if (holds == Holds::unknown && part.search->ended()) undecided = &part;
      if (part.search->ended()) continue;
      spent += quantum;
      words += part.search->words();
    }
    if (undecided != nullptr) break;
    std::erase_if(parts, [](const Part& part) { return part.search->ended(); });
    if (!parts.empty() && (spent >= budget.steps || words >= budget.words))
      undecided = &parts.front();
    if (undecided != nullptr) break;
    quantum *= 2;
  }
  if (undecided == nullptr) return {Holds::yes, {}, {}};
  return {Holds::unknown,
          {},
          history.at_key(undecided->operations.front()->key) + "the order of " +
              std::to_string(undecided->operations.size()) + " operations is not decided after " +
              std::to_string(spent) + " steps"};
}

Finding check(const History& history, const Question& question, Budget budget, bool with_zones) {
  const Pointers all = by_key(history, question.model);
  std::vector<Part> parts;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin + 1;
    const bool one_object = question.model == Model::multi_register;
    while (end < all.size() && (one_object || all[end]->key == all[begin]->key))
      ++end;
    const std::span<const Operation* const> group(all.data() + begin, end - begin);
    Question of_key = question;
    of_key.initial = initial_value(question, all[begin]->key);
    if (with_zones && is_register(question.model) && zones_apply(group, of_key.initial)) {
      if (const auto conflict = zone_conflict(history, group, of_key.initial)) {
        return {Holds::no, indices(history, conflict->operations),
                history.at_key(group.front()->key) + conflict->text};
      }
    } else {
      parts.push_back({group, std::make_unique<States>(history, of_key), nullptr});
      parts.back().search = std::make_unique<Search>(group, *parts.back().states);
    }
    begin = end;
  }
  return search_all(history, parts, budget);
}

}  // namespace

Finding linearizable(const History& history, const Question& question, Budget budget) {
  if (question.model == Model::counter)
    return check_counts(Guarantee::linearizable, history, question);
  return check(history, question, budget, true);
}

Finding linearizable_by_search(const History& history, const Question& question, Budget budget) {
  return check(history, question, budget, false);
}

}  // namespace headroom::consistency
