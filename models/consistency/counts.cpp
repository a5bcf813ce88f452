// That a read brings v says that v adds come before it and the others after it. So the order of
// the adds of a key has places 1, 2, ..., and each add is bound to some of them: after all that
// reads before it counted, and not after what a read that must count it brought. Whether all can
// have a place, and all places up to the highest that was read are taken, is decided as unit jobs
// with release times and deadlines are: Jackson 1955, "Scheduling a production line to minimize
// maximum tardiness" (earliest deadline first).
#include "models/consistency/counts.hpp"

#include <algorithm>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace headroom::consistency {

namespace {

constexpr std::int64_t anywhere = INT64_MAX;

using Pointers = std::vector<const Operation*>;

/// Of one key.
struct Counted {
  Pointers adds, reads;  ///< By call.
  std::int64_t initial = 0;

  std::int64_t value(const Operation* read) const {
    return (read->value == no_value ? 0 : read->value) - initial;
  }
};

struct Violation {
  Pointers operations;
  std::string text;
};
using Found = std::optional<Violation>;

/// An add may have the places from `first` to `last`.
struct Places {
  std::int64_t first = 1, last = anywhere;
  const Operation* add = nullptr;
};

Violation went_back(const Operation* before, const Operation* after) {
  return {{before, after}, "a read counts less than one before it"};
}

void add_read_of(const Counted& key, std::int64_t value, Violation& found) {
  for (const Operation* read : key.reads) {
    if (key.value(read) != value) continue;
    found.operations.push_back(read);
    return;
  }
}

/// One of them has no place: the adds that have to be counted by the read that binds it, and that.
Violation too_few(const Counted& key, const std::vector<Places>& adds, const Places& late) {
  Violation found{{}, "a read does not count all that was added before it"};
  for (const Places& each : adds)
    if (each.last <= late.last) found.operations.push_back(each.add);
  // Where these are few, what was read before some of them matters too.
  const bool are_few = static_cast<std::int64_t>(found.operations.size()) <= late.last;
  if (are_few) add_read_of(key, late.first - 1, found);
  add_read_of(key, late.last, found);
  return found;
}

/// Adds that may have one of the places up to `place`, which are too few, and the first read that
/// counts as many.
Violation too_many(const Counted& key, const std::vector<Places>& adds, std::int64_t place) {
  Violation found{{}, "a read counts more than can have been added before it"};
  for (const Places& each : adds)
    if (each.first <= place) found.operations.push_back(each.add);
  const Operation* first = nullptr;
  for (const Operation* read : key.reads)
    if (key.value(read) >= place && (first == nullptr || read->ret < first->ret)) first = read;
  found.operations.push_back(first);
  return found;
}

/// `adds` by first place.
Found schedule(const Counted& key, const std::vector<Places>& adds) {
  std::int64_t highest = 0;
  for (const Operation* read : key.reads) {
    if (key.value(read) < 0) return Violation{{read}, "a read brings less than there was at first"};
    highest = std::max(highest, key.value(read));
  }
  const auto later = [](const Places* a, const Places* b) { return a->last > b->last; };
  std::priority_queue<const Places*, std::vector<const Places*>, decltype(later)> ready(later);
  std::size_t next = 0;
  for (std::int64_t place = 1; place <= highest; ++place) {
    for (; next < adds.size() && adds[next].first <= place; ++next)
      ready.push(&adds[next]);
    if (ready.empty()) return too_many(key, adds, place);
    if (ready.top()->last < place) return too_few(key, adds, *ready.top());
    ready.pop();
  }
  for (; next < adds.size(); ++next)
    ready.push(&adds[next]);
  if (!ready.empty() && ready.top()->last <= highest) return too_few(key, adds, *ready.top());
  return std::nullopt;
}

void sort_by_place(std::vector<Places>& adds) {
  std::stable_sort(adds.begin(), adds.end(),
                   [](const Places& a, const Places& b) { return a.first < b.first; });
}

/// One order that real time allows.
Found in_real_time(const Counted& key) {
  Pointers by_end = key.reads;
  std::stable_sort(by_end.begin(), by_end.end(),
                   [](const Operation* a, const Operation* b) { return a->ret < b->ret; });
  // The highest of the reads that ended up to there; the lowest of those that began from there on.
  Pointers highest, lowest(key.reads.size());
  for (const Operation* read : by_end) {
    const bool is_higher = highest.empty() || key.value(read) > key.value(highest.back());
    highest.push_back(is_higher ? read : highest.back());
  }
  for (std::size_t i = lowest.size(); i-- > 0;) {
    const bool is_lower =
        i + 1 == lowest.size() || key.value(key.reads[i]) < key.value(lowest[i + 1]);
    lowest[i] = is_lower ? key.reads[i] : lowest[i + 1];
  }
  const auto before = [&](std::int64_t call) -> const Operation* {
    const auto at =
        std::lower_bound(by_end.begin(), by_end.end(), call,
                         [](const Operation* read, std::int64_t t) { return read->ret < t; });
    const auto ended = static_cast<std::size_t>(at - by_end.begin());
    return ended == 0 ? nullptr : highest[ended - 1];
  };
  for (const Operation* read : key.reads) {
    const Operation* other = before(read->call);
    if (other != nullptr && key.value(other) > key.value(read)) return went_back(other, read);
  }
  std::vector<Places> adds;
  for (const Operation* add : key.adds) {
    Places places{1, anywhere, add};
    if (const Operation* read = before(add->call)) places.first = key.value(read) + 1;
    const auto after =
        std::upper_bound(key.reads.begin(), key.reads.end(), add->ret,
                         [](std::int64_t t, const Operation* read) { return t < read->call; });
    if (after != key.reads.end())
      places.last = key.value(lowest[static_cast<std::size_t>(after - key.reads.begin())]);
    adds.push_back(places);
  }
  sort_by_place(adds);
  return schedule(key, adds);
}

/// What each process did with the key, one after the other.
std::vector<Pointers> by_process(const Counted& key) {
  Pointers all = key.adds;
  all.insert(all.end(), key.reads.begin(), key.reads.end());
  std::stable_sort(all.begin(), all.end(), [](const Operation* a, const Operation* b) {
    return a->process != b->process ? a->process < b->process : a->call < b->call;
  });
  std::vector<Pointers> processes;
  for (const Operation* each : all) {
    if (processes.empty() || processes.back().front()->process != each->process)
      processes.emplace_back();
    processes.back().push_back(each);
  }
  return processes;
}

Found monotonic_reads(const Counted& key) {
  for (const Pointers& process : by_process(key)) {
    const Operation* last = nullptr;
    for (const Operation* each : process) {
      if (each->f != Function::read) continue;
      if (last != nullptr && key.value(each) < key.value(last)) return went_back(last, each);
      last = each;
    }
  }
  return std::nullopt;
}

Found read_your_writes(const Counted& key) {
  for (const Pointers& process : by_process(key)) {
    Violation own{{}, "a process does not see all that it has added itself"};
    for (const Operation* each : process) {
      if (each->f == Function::add && !each->is_open()) own.operations.push_back(each);
      if (each->f != Function::read) continue;
      if (key.value(each) >= static_cast<std::int64_t>(own.operations.size())) continue;
      own.operations.push_back(each);
      return own;
    }
  }
  return std::nullopt;
}

/// Each process by itself: what it counts of the others' adds never shrinks, nor is it more than
/// there are.
Found pram(const Counted& key) {
  const auto all = static_cast<std::int64_t>(key.adds.size());
  for (const Pointers& process : by_process(key)) {
    const auto is_add = [](const Operation* each) { return each->f == Function::add; };
    const std::int64_t others = all - std::count_if(process.begin(), process.end(), is_add);
    std::int64_t own = 0, known = 0;
    Pointers since;  // the read before and what was added after it
    for (const Operation* each : process) {
      since.push_back(each);
      if (is_add(each)) {
        ++own;
        continue;
      }
      const std::int64_t counted = key.value(each) - own;
      if (counted < known)
        return Violation{since, "a read does not count all that its process had counted or added"};
      if (counted > others) return Violation{{each}, "a read counts more than was ever added"};
      known = counted;
      since = {each};
    }
  }
  return std::nullopt;
}

/// One order that every process agrees with.
Found coherent(const Counted& key) {
  if (auto found = monotonic_reads(key)) return found;
  std::vector<Places> adds;
  for (const Pointers& process : by_process(key)) {
    const std::size_t first = adds.size();
    std::int64_t read = 0;
    for (const Operation* each : process) {
      if (each->f == Function::add) {
        adds.push_back({read + 1, anywhere, each});
        continue;
      }
      read = key.value(each);
      for (std::size_t i = adds.size(); i-- > first && adds[i].last == anywhere;)
        adds[i].last = read;
    }
  }
  sort_by_place(adds);
  return schedule(key, adds);
}

/// Of all keys the violation that takes the fewest operations.
Finding check_keys(const History& history, const Question& question,
                   Found (*check)(const Counted&)) {
  Pointers all;
  for (const Operation& each : history.operations)
    all.push_back(&each);
  std::stable_sort(all.begin(), all.end(), [](const Operation* a, const Operation* b) {
    return a->key != b->key ? a->key < b->key : a->call < b->call;
  });
  Found least;
  for (auto begin = all.begin(); begin != all.end();) {
    Counted key;
    const std::int64_t initial = initial_value(question, (*begin)->key);
    key.initial = initial == no_value ? 0 : initial;
    auto end = begin;
    for (; end != all.end() && (*end)->key == (*begin)->key; ++end)
      ((*end)->f == Function::add ? key.adds : key.reads).push_back(*end);
    Found found = check(key);
    if (found && (!least || found->operations.size() < least->operations.size()))
      least = std::move(found);
    begin = end;
  }
  if (!least) return {Holds::yes, {}, {}};
  Finding finding{Holds::no, {}, history.at_key(least->operations.back()->key) + least->text};
  for (const Operation* each : least->operations)
    finding.operations.push_back(static_cast<std::uint32_t>(each - history.operations.data()));
  std::sort(finding.operations.begin(), finding.operations.end());
  return finding;
}

/// What follows from what it implies.
Finding by_weaker(const History& history, const Question& question,
                  Found (*weaker)(const Counted&)) {
  Finding finding = check_keys(history, question, weaker);
  if (finding.holds == Holds::no) return finding;
  return {Holds::unknown, {}, "which adds a read counted is not to be seen"};
}

}  // namespace

Finding check_counts(Guarantee guarantee, const History& history, const Question& question) {
  switch (guarantee) {
    case Guarantee::linearizable:
      return check_keys(history, question, in_real_time);
    case Guarantee::coherent:
      return check_keys(history, question, coherent);
    case Guarantee::read_your_writes:
      return check_keys(history, question, read_your_writes);
    case Guarantee::monotonic_reads:
      return check_keys(history, question, monotonic_reads);
    case Guarantee::sequential:
      return by_weaker(history, question, coherent);
    case Guarantee::monotonic_writes:
    case Guarantee::writes_follow_reads:
      return by_weaker(history, question, [](const Counted&) { return Found(); });
    default:
      return by_weaker(history, question, pram);
  }
}

}  // namespace headroom::consistency
