#include "models/store/siblings.hpp"

#include <algorithm>

#include "sim/kernel/check.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

std::uint32_t Siblings::offer(std::uint64_t item, std::uint32_t value, std::uint32_t context) {
  HEADROOM_CHECK(!is_offer(value) && !is_offer(context));
  std::vector<std::uint32_t>& contexts = items_.at(item).contexts;
  if (contexts.size() <= value) contexts.resize(value + 1);
  contexts[value] = offered | context;
  return offered | value;
}

std::uint32_t Siblings::count(std::uint64_t item, std::uint32_t held, std::uint32_t at) const {
  for (const Counted& each : state(item, held))
    if (each.at == at) return each.count;
  return 0;
}

std::uint32_t Siblings::take(std::uint64_t item, std::uint32_t held, std::uint32_t offer,
                             std::uint32_t at, std::uint32_t dot) {
  const std::uint32_t value = offer & ~offered;
  return add(item, held, context(item, value), {at, dot, {value}});
}

std::uint32_t Siblings::take_without_dot(std::uint64_t item, std::uint32_t held,
                                         std::uint32_t offer, std::uint32_t at) {
  const std::uint32_t value = offer & ~offered;
  const std::uint32_t before = count(item, held, at);
  const State seen = join(context(item, value), {{at, before}});
  return add(item, held, seen, {at, before + 1, {value}});
}

std::uint32_t Siblings::add(std::uint64_t item, std::uint32_t held, State seen,
                            const Counted& dot) {
  // Who has read a state knows its writes and overwrites all of them.
  for (Counted& each : seen)
    each.values.clear();
  State next = join(state(item, held), seen);
  const auto own = std::find_if(next.begin(), next.end(),
                                [&](const Counted& each) { return each.at == dot.at; });
  if (own == next.end()) {
    next = join(next, {dot});
  } else if (dot.count > own->count) {
    own->count = dot.count;
    own->values.insert(own->values.begin(), dot.values.front());
  } else {
    *own = dot;  // A mistake: it was given before.
  }
  const std::size_t siblings = siblings_in(next);
  if (siblings > most && siblings > siblings_in(state(item, held))) return 0;
  items_.find(item)->contexts[dot.values.front()] &= ~offered;
  return number_of(item, std::move(next));
}

std::uint32_t Siblings::merged(std::uint64_t item, std::uint32_t a, std::uint32_t b) {
  if (a == b || b == 0) return a;
  if (a == 0) return b;
  return number_of(item, join(state(item, a), state(item, b)));
}

bool Siblings::has_more(std::uint64_t item, std::uint32_t a, std::uint32_t b) const {
  if (a == b || a == 0) return false;
  return b == 0 || join(state(item, a), state(item, b)) != state(item, b);
}

std::vector<std::uint32_t> Siblings::read_by_writers(std::uint64_t item) const {
  std::vector<std::uint32_t> all;
  const Item* found = items_.find(item);
  if (found == nullptr) return all;
  for (const std::uint32_t context : found->contexts) {
    if (is_offer(context)) continue;
    const auto read = values(item, context);
    all.insert(all.end(), read.begin(), read.end());
  }
  return all;
}

std::vector<std::uint32_t> Siblings::values(std::uint64_t item, std::uint32_t number) const {
  std::vector<std::uint32_t> all;
  for (const Counted& each : state(item, number))
    all.insert(all.end(), each.values.begin(), each.values.end());
  std::sort(all.rbegin(), all.rend());
  // A write that two copies have counted, as the first one did not answer in time.
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

const Siblings::State& Siblings::state(std::uint64_t item, std::uint32_t number) const {
  static const State nothing;
  return number == 0 ? nothing : items_.find(item)->states[number - 1];
}

const Siblings::State& Siblings::context(std::uint64_t item, std::uint32_t value) const {
  return state(item, items_.find(item)->contexts[value] & ~offered);
}

std::uint32_t Siblings::number_of(std::uint64_t item, State state) {
  std::uint64_t hash = item;
  for (const Counted& each : state) {
    hash = sim::mix(sim::mix(hash, each.at), each.count);
    for (const std::uint32_t value : each.values)
      hash = sim::mix(hash, value);
  }
  std::vector<State>& states = items_.at(item).states;
  std::uint32_t& number = numbers_.at(hash);
  // Chosen: another state, or item, of the same hash is as good as impossible; then it has two.
  if (number == 0 || number > states.size() || states[number - 1] != state) {
    states.push_back(std::move(state));
    number = static_cast<std::uint32_t>(states.size());
  }
  return number;
}

Siblings::State Siblings::join(const State& a, const State& b) {
  State both;
  both.reserve(std::max(a.size(), b.size()));
  for (auto mine = a.begin(), theirs = b.begin(); mine != a.end() || theirs != b.end();) {
    if (theirs == b.end() || (mine != a.end() && mine->at < theirs->at))
      both.push_back(*mine++);
    else if (mine == a.end() || theirs->at < mine->at)
      both.push_back(*theirs++);
    else
      both.push_back(join(*mine++, *theirs++));
  }
  return both;
}

/// Of the writes that both know those stay that both have, of the others those of who knows them.
Siblings::Counted Siblings::join(const Counted& a, const Counted& b) {
  const Counted& more = a.count < b.count ? b : a;
  const Counted& less = a.count < b.count ? a : b;
  Counted both = more;
  const std::size_t kept = more.count - less.count + less.values.size();
  if (both.values.size() > kept) both.values.resize(kept);
  return both;
}

std::size_t Siblings::siblings_in(const State& state) {
  std::size_t sum = 0;
  for (const Counted& each : state)
    sum += each.values.size();
  return sum;
}

}  // namespace headroom
