// How stale reads were, when copies became alike, what was lost: of one key at a time, by whose
// writes surely came after whose. Sources: Golab, Li, Shah 2011, "Analyzing consistency properties
// for fun and profit" (k-atomicity and delta-atomicity); Vogels 2009, "Eventually consistent".
#include <algorithm>
#include <utility>
#include <vector>

#include "models/consistency/guarantees.hpp"

namespace headroom::consistency {

namespace {

/// What happened to one key. Of a counter each add overwrites what was: who reads a number has not
/// seen the adds that ended later than as many others.
struct KeyHistory {
  std::vector<const Operation*> writes;    ///< By call.
  std::vector<const Operation*> reads;     ///< By call; the newest of values that are read at once.
  std::vector<const Operation*> beside;    ///< By call, the others of these.
  std::vector<std::int64_t> first_end;     ///< Of the writes from here on.
  std::vector<const Operation*> by_value;  ///< The writes, by value and call.
  std::vector<std::int64_t> last_end;      ///< Of those of the value, up to each of `by_value`.
  bool counts = false;
  std::vector<std::int64_t> ends;  ///< Of adds, sorted.

  /// When the write ended that brought the value, of several the one that ended last: before
  /// everything for the initial one, and for one that nobody wrote as far as is known.
  std::int64_t written_until(const Operation& read) const {
    const auto after = std::upper_bound(
        by_value.begin(), by_value.end(), read, [](const Operation& one, const Operation* write) {
          return one.value != write->value ? one.value < write->value : one.ret < write->call;
        });
    if (after == by_value.begin() || (*std::prev(after))->value != read.value) return INT64_MIN;
    return last_end[static_cast<std::size_t>(after - by_value.begin()) - 1];
  }
  /// The first write, in order of call, that began after `ended`.
  std::size_t after(std::int64_t ended) const {
    const auto at =
        std::upper_bound(writes.begin(), writes.end(), ended,
                         [](std::int64_t end, const Operation* each) { return end < each->call; });
    return static_cast<std::size_t>(at - writes.begin());
  }
  /// The values of a read, in the order in which they were recorded.
  std::vector<std::int64_t> values_of(const Operation& read) const {
    std::vector<std::int64_t> values{read.value};
    auto each = std::upper_bound(
        beside.begin(), beside.end(), read.place,
        [](std::uint32_t place, const Operation* other) { return place < other->place; });
    for (; each != beside.end() && (*each)->place == read.place + values.size(); ++each)
      values.push_back((*each)->value);
    return values;
  }
  /// When the value of the read was surely overwritten; `open_end`: not that anybody knows.
  std::int64_t overwritten_at(const Operation& read) const {
    if (counts) {
      const auto seen = static_cast<std::uint64_t>(std::max<std::int64_t>(0, read.value));
      return seen < ends.size() ? ends[seen] : open_end;
    }
    const std::int64_t ended = written_until(read);
    return ended == open_end ? open_end : first_end[after(ended)];
  }
};

/// What operations `begin` to `end`, which are of one key and by call, say. Called for one key
/// after the other, so that the memory of one serves the next.
void collect(KeyHistory& key, const Operation* const* begin, const Operation* const* end) {
  key.writes.clear();
  key.reads.clear();
  key.beside.clear();
  key.ends.clear();
  key.counts =
      std::any_of(begin, end, [](const Operation* each) { return each->f == Function::add; });
  for (; begin != end; ++begin) {
    if (key.counts && (*begin)->f == Function::add) key.ends.push_back((*begin)->ret);
    const bool is_read = (*begin)->f == Function::read;
    (!is_read ? key.writes : (*begin)->beside ? key.beside : key.reads).push_back(*begin);
  }
  std::sort(key.ends.begin(), key.ends.end());
  key.first_end.assign(key.writes.size() + 1, open_end);
  for (std::size_t i = key.writes.size(); i-- > 0;)
    key.first_end[i] = std::min(key.first_end[i + 1], key.writes[i]->ret);
  key.by_value = key.writes;
  std::stable_sort(key.by_value.begin(), key.by_value.end(),
                   [](const Operation* a, const Operation* b) { return a->value < b->value; });
  key.last_end.clear();
  for (std::size_t i = 0; i < key.by_value.size(); ++i) {
    const bool is_again = i > 0 && key.by_value[i - 1]->value == key.by_value[i]->value;
    const std::int64_t end = key.by_value[i]->ret;
    key.last_end.push_back(is_again ? std::max(key.last_end.back(), end) : end);
  }
}

/// A cas is a write as any other where what it expected was there.
bool takes_effect(const Operation& each) {
  return each.f == Function::write || each.f == Function::add ||
         (each.f == Function::cas && !each.refused);
}

/// Calls `visit(const KeyHistory&)` for one key after the other.
template <class Visit>
void each_key(const History& history, Visit visit) {
  std::vector<const Operation*> all;
  all.reserve(history.operations.size());
  for (const Operation& each : history.operations)
    if (each.f == Function::read || takes_effect(each)) all.push_back(&each);
  std::stable_sort(all.begin(), all.end(), [](const Operation* a, const Operation* b) {
    return a->key != b->key ? a->key < b->key : a->call < b->call;
  });
  KeyHistory key;
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end]->key == all[begin]->key)
      ++end;
    collect(key, all.data() + begin, all.data() + end);
    visit(std::as_const(key));
  }
}

std::uint64_t versions_behind(const KeyHistory& key, const Operation& read) {
  if (key.counts) {
    const auto ended = std::lower_bound(key.ends.begin(), key.ends.end(), read.call);
    return static_cast<std::uint64_t>(ended - key.ends.begin() -
                                      std::max<std::int64_t>(0, read.value));
  }
  constexpr std::size_t most = 10'000;  // Chosen: enough to say that it is far behind.
  const std::size_t first = key.after(key.written_until(read));
  std::uint64_t behind = 0;
  for (std::size_t i = first; i < key.writes.size() && i - first < most; ++i) {
    if (key.writes[i]->call >= read.call) break;
    if (key.writes[i]->ret < read.call) ++behind;
  }
  return behind;
}

/// Until when it could be seen that copies of a key differ; `healed` where it could not, and
/// whether it was looked at all.
struct Difference {
  std::int64_t until;
  bool is_looked_at = false;
};

std::span<const HeldValue> held_of(const KeyHistory& key, std::span<const HeldValue> held) {
  const std::uint64_t number = key.writes.front()->key;
  const auto before = [](const HeldValue& a, std::uint64_t b) { return a.key < b; };
  const auto begin = std::lower_bound(held.begin(), held.end(), number, before);
  const auto end = std::lower_bound(begin, held.end(), number + 1, before);
  return {begin, end};
}

Difference difference(const KeyHistory& key, std::int64_t healed) {
  Difference found{healed};
  std::int64_t next_write = open_end, busy_until = healed;
  bool is_written = false;
  for (const Operation* write : key.writes) {
    if (write->call >= healed) {
      next_write = std::min(next_write, write->call);
    } else {
      is_written = true;
      if (!write->is_open()) busy_until = std::max(busy_until, write->ret);
    }
  }
  if (!is_written) return found;
  const Operation* last_quiet = nullptr;
  for (const Operation* read : key.reads) {
    if (read->call < healed) continue;
    found.is_looked_at = true;
    // Overwritten by what had ended before the network was whole.
    if (key.overwritten_at(*read) <= healed) found.until = std::max(found.until, read->ret);
    if (read->call >= busy_until && read->ret < next_write) last_quiet = read;
  }
  if (last_quiet == nullptr) return found;
  const auto last_values = key.values_of(*last_quiet);
  for (const Operation* read : key.reads) {
    const bool is_quiet = read->call >= busy_until && read->ret < next_write;
    if (is_quiet && key.values_of(*read) != last_values)
      found.until = std::max(found.until, read->ret);
  }
  return found;
}

}  // namespace

Staleness staleness(const History& history) {
  Staleness found;
  each_key(history, [&](const KeyHistory& key) {
    for (const Operation* read : key.reads) {
      ++found.reads;
      const std::int64_t since = key.overwritten_at(*read);
      if (since >= read->call) continue;
      ++found.stale;
      found.longest = std::max(found.longest, read->call - since);
      found.most_versions = std::max(found.most_versions, versions_behind(key, *read));
    }
  });
  return found;
}

Convergence convergence(const History& history, std::int64_t healed, std::int64_t end) {
  Convergence found;
  std::int64_t until = healed;
  bool is_looked_at = false;
  each_key(history, [&](const KeyHistory& key) {
    const Difference here = difference(key, healed);
    until = std::max(until, here.until);
    is_looked_at = is_looked_at || here.is_looked_at;
  });
  found.after = until - healed;
  // Chosen: what still differs in the last quarter of the time after healing is not alike.
  const bool is_late = until > healed && until > end - (end - healed) / 4;
  found.holds = !is_looked_at ? Holds::unknown : is_late ? Holds::no : Holds::yes;
  return found;
}

namespace {

/// Of adds nobody can say which are held; how many, where all copies hold the same.
std::uint64_t uncounted(std::uint64_t acknowledged, std::span<const HeldValue> of_key) {
  const auto all = static_cast<std::uint64_t>(std::max<std::int64_t>(0, of_key.front().value));
  return of_key.size() > 1 || all > acknowledged ? 0 : acknowledged - all;
}

/// Those that began after the end of whatever is held of the key was written.
std::uint64_t overwritten(const KeyHistory& key, std::span<const HeldValue> of_key) {
  std::int64_t freshest = INT64_MIN;
  for (const HeldValue& each : of_key) {
    Operation look;
    look.value = each.value;
    const std::int64_t until = key.written_until(look);
    if (until == INT64_MIN && each.value != no_value) return 0;
    freshest = std::max(freshest, until);
  }
  return static_cast<std::uint64_t>(std::count_if(
      key.writes.begin(), key.writes.end(),
      [&](const Operation* write) { return !write->is_open() && write->call > freshest; }));
}

}  // namespace

Losses losses(const History& history, std::span<const HeldValue> held) {
  Losses found;
  each_key(history, [&](const KeyHistory& key) {
    if (key.writes.empty()) return;
    const auto acknowledged = static_cast<std::uint64_t>(
        std::count_if(key.writes.begin(), key.writes.end(),
                      [](const Operation* write) { return !write->is_open(); }));
    found.acknowledged += acknowledged;
    const auto of_key = held_of(key, held);
    if (of_key.empty()) return;
    found.lost += key.counts ? uncounted(acknowledged, of_key) : overwritten(key, of_key);
  });
  return found;
}

std::vector<HeldValue> last_seen(const History& history) {
  std::vector<HeldValue> seen;
  each_key(history, [&](const KeyHistory& key) {
    std::int64_t all_ended = INT64_MIN;
    for (const Operation* write : key.writes)
      if (!write->is_open()) all_ended = std::max(all_ended, write->ret);
    for (const Operation* read : key.reads) {
      if (read->call <= all_ended) continue;
      const bool is_initial = !key.counts && key.written_until(*read) == INT64_MIN;
      seen.push_back({read->key, is_initial ? no_value : read->value});
    }
  });
  std::sort(seen.begin(), seen.end());
  return seen;
}

}  // namespace headroom::consistency
