// How stale reads were, when copies became alike, what was lost: of one key at a time, by whose
// writes surely came after whose. Sources: Golab, Li, Shah 2011, "Analyzing consistency properties
// for fun and profit" (k-atomicity and delta-atomicity); Vogels 2009, "Eventually consistent".
#include <algorithm>
#include <utility>
#include <vector>

#include "models/consistency/guarantees.hpp"

namespace headroom::consistency {

namespace {

/// What happened to one key.
struct KeyHistory {
  std::vector<const Operation*> writes;    ///< By call.
  std::vector<const Operation*> reads;     ///< By call; the newest of values that are read at once.
  std::vector<const Operation*> beside;    ///< By call, the others of these.
  std::vector<std::int64_t> first_end;     ///< Of the writes from here on.
  std::vector<const Operation*> by_value;  ///< The writes, by value and call.
  std::vector<std::int64_t> last_end;      ///< Of those of the value, up to each of `by_value`.

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
  for (; begin != end; ++begin) {
    const bool is_read = (*begin)->f == Function::read;
    (!is_read ? key.writes : (*begin)->beside ? key.beside : key.reads).push_back(*begin);
  }
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

/// A write as any other where what it expected was there.
bool took_effect(const Operation& each) {
  return each.f == Function::cas && !each.refused;
}

/// Calls `visit(const KeyHistory&)` for one key after the other.
template <class Visit>
void each_key(const History& history, Visit visit) {
  std::vector<const Operation*> all;
  all.reserve(history.operations.size());
  for (const Operation& each : history.operations)
    if (each.f == Function::read || each.f == Function::write || took_effect(each))
      all.push_back(&each);
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

Losses losses(const History& history) {
  Losses found;
  each_key(history, [&](const KeyHistory& key) {
    std::int64_t all_ended = INT64_MIN;
    for (const Operation* write : key.writes) {
      if (write->is_open()) continue;
      ++found.acknowledged;
      all_ended = std::max(all_ended, write->ret);
    }
    std::int64_t freshest = INT64_MIN;
    bool is_read = false;
    for (const Operation* read : key.reads) {
      if (read->call <= all_ended) continue;
      is_read = true;
      freshest = std::max(freshest, key.written_until(*read));
    }
    if (!is_read) return;
    for (const Operation* write : key.writes)
      if (!write->is_open() && write->call > freshest) ++found.lost;
  });
  return found;
}

}  // namespace headroom::consistency
