#include "models/time_spent.hpp"

#include <algorithm>
#include <numeric>

#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

/// What a stretch of a span is in which nothing within it goes on.
TimeCause cause_of(SpanKind kind) {
  switch (kind) {
    case SpanKind::queue:
      return TimeCause::queue;
    case SpanKind::network:
      return TimeCause::network;
    case SpanKind::backoff:
      return TimeCause::retry;
    case SpanKind::visit:
    case SpanKind::cpu:
    case SpanKind::wait:
    case SpanKind::branch:
      return TimeCause::work;
    case SpanKind::parallel:
      return TimeCause::slowest_branch;
    case SpanKind::request:
    case SpanKind::attempt:
    case SpanKind::call:
    case SpanKind::balancer:
      break;
  }
  return TimeCause::unanswered;
}

/// Of the spans within `span` the one that it waited for up to `until`: what ended right then, else
/// what still goes on, else what ended last.
const Span* waited_for(const Span& span, sim::Time until) {
  const Span* best = nullptr;
  int best_rank = 0;
  for (const Span* each = span.newest; each != nullptr; each = each->before) {
    if (each->begin >= until || each->end <= each->begin) continue;
    const int rank = each->end == until ? 3 : each->end > until ? 2 : 1;
    const bool is_later = best != nullptr && rank == 1 && each->end > best->end;
    if (rank > best_rank || (rank == best_rank && is_later)) {
      best = each;
      best_rank = rank;
    }
  }
  return best;
}

class Taking {
 public:
  explicit Taking(GroupTimes& group) : group_(group) {}

  /// The time of `span` from `from` until `until`, which lie within it.
  void add(const Span& span, sim::Time from, sim::Time until, const std::string& place) {
    switch (span.kind) {
      case SpanKind::cpu: {
        // What sharing a core with others adds is waiting for it.
        const sim::Duration length = until - from;
        const sim::Time worked = from + std::min(span.own, length);
        give(TimeCause::work, from, worked, place);
        return give(TimeCause::queue, worked, until, place);
      }
      case SpanKind::parallel:
        return add_parallel(span, from, until, place);
      case SpanKind::request:
      case SpanKind::call:
        if (const Span* last = last_attempt(span, until))
          return add_attempts(span, *last, from, until, place);
        return walk(span, from, until, place);
      case SpanKind::visit:
      case SpanKind::network:
        return walk(span, from, until, span.name != nullptr ? *span.name : place);
      default:
        return walk(span, from, until, place);
    }
  }

 private:
  void give(TimeCause cause, sim::Time from, sim::Time until, const std::string& place) {
    if (until <= from) return;
    const std::int64_t length_ns = (until - from).count_ns();
    const auto which = static_cast<std::size_t>(cause);
    group_.ns[which] += length_ns;
    const auto found = std::find_if(group_.places.begin(), group_.places.end(),
                                    [&](const PlaceTimes& each) { return each.place == place; });
    const bool is_new = found == group_.places.end();
    PlaceTimes& at = is_new ? group_.places.emplace_back(PlaceTimes{place, {}}) : *found;
    at.ns[which] += length_ns;
  }

  /// One thing after the other.
  void walk(const Span& span, sim::Time from, sim::Time until, const std::string& place) {
    const TimeCause own = cause_of(span.kind);
    while (until > from) {
      const Span* last = waited_for(span, until);
      if (last == nullptr || last->end <= from) return give(own, from, until, place);
      const sim::Time end = std::min(last->end, until);
      give(own, end, until, place);
      const sim::Time begin = std::max(last->begin, from);
      add(*last, begin, end, place);
      until = begin;
    }
  }

  /// The attempt that brought the answer, or the last one; null where attempts are not told apart.
  static const Span* last_attempt(const Span& span, sim::Time until) {
    const Span* last = nullptr;
    for (const Span* each = span.newest; each != nullptr; each = each->before) {
      if (each->kind != SpanKind::attempt || each->begin >= until) continue;
      if (each->outcome == Outcome::ok && each->end == until) return each;
      if (last == nullptr) last = each;
    }
    return last;
  }

  void add_attempts(const Span& span, const Span& last, sim::Time from, sim::Time until,
                    const std::string& place) {
    const sim::Time begin = std::max(from, last.begin);
    const sim::Time end = std::clamp(last.end, begin, until);
    give(cause_of(SpanKind::backoff), from, begin, place);
    walk(last, begin, end, place);
    give(span.outcome == Outcome::ok ? TimeCause::retry : cause_of(span.kind), end, until, place);
  }

  void add_parallel(const Span& span, sim::Time from, sim::Time until, const std::string& place) {
    std::vector<sim::Time> ends;
    for (const Span* each = span.newest; each != nullptr; each = each->before)
      if (each->outcome == Outcome::ok && each->end <= until) ends.push_back(each->end);
    const std::size_t half = (std::size_t{span.number} + 1) / 2;
    sim::Time typical = until;
    if (half > 0 && ends.size() >= half) {
      std::nth_element(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(half - 1),
                       ends.end());
      typical = std::clamp(ends[half - 1], from, until);
    }
    give(TimeCause::slowest_branch, typical, until, place);
    const Span* last = waited_for(span, until);
    if (last == nullptr) return give(TimeCause::work, from, typical, place);
    const sim::Time begin = std::clamp(last->begin, from, typical);
    give(TimeCause::work, from, begin, place);
    const sim::Time end = std::clamp(last->end, begin, typical);
    add(*last, begin, end, place);
    give(TimeCause::work, end, typical, place);
  }

  GroupTimes& group_;
};

}  // namespace

void take_apart(const Span& request, GroupTimes& group) {
  const std::string nowhere;
  Taking(group).add(request, request.begin, request.end,
                    request.name != nullptr ? *request.name : nowhere);
  ++group.requests;
  group.latency_ns += (request.end - request.begin).count_ns();
  HEADROOM_CHECK(std::accumulate(group.ns.begin(), group.ns.end(), std::int64_t{0}) ==
                 group.latency_ns);
}

}  // namespace headroom
