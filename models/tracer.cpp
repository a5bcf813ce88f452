#include "models/tracer.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "models/time_spent.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

// Chosen: what a viewer opens at once, some megabytes.
constexpr std::size_t sampled_traces = 100, slowest_traces = 10, sampled_spans = 20'000;
constexpr std::size_t most_spans_written = 10'000;  // Chosen: of one request.

}  // namespace

Span* open_span(Span& parent, SpanKind kind, const std::string* name, std::uint32_t number) {
  Tracer& tracer = *parent.tracer;
  Span* span = tracer.take();
  if (span == nullptr) return nullptr;
  *span = {.tracer = &tracer,
           .parent = &parent,
           .before = parent.newest,
           .begin = tracer.simulation_.now(),
           .name = name,
           .number = number,
           .kind = kind};
  parent.newest = span;
  return span;
}

void close_span(Span& span) {
  span.tracer->close(span);
}

void Tracer::add_sampled(std::string workload, double share) {
  const double up_to = std::ldexp(std::clamp(share, 0.0, 1.0), 64);
  // All of them where the product does not fit.
  wishes_.push_back(
      {std::move(workload), up_to >= 0x1p64 ? UINT64_MAX : static_cast<std::uint64_t>(up_to)});
  ranked_.emplace_back();
}

void Tracer::add_single(std::string workload, std::uint64_t number) {
  wishes_.push_back({std::move(workload), UINT64_MAX, number});
  ranked_.emplace_back();
}

void Tracer::add_ranked(std::string workload) {
  wishes_.push_back({std::move(workload), UINT64_MAX, {}, true});
  ranked_.emplace_back();
}

/// A new span; null where there is no more room. Requests that are traced already may go on.
Span* Tracer::take() {
  if (used_ == 2 * most_spans) return nullptr;
  if (used_ == spans_.size() * chunk) spans_.push_back(std::make_unique<Span[]>(chunk));
  Span* span = &spans_[used_ / chunk][used_ % chunk];
  ++used_;
  return span;
}

Span* Tracer::begin_trace(std::uint16_t workload, std::uint64_t number, std::uint64_t key,
                          const std::string* endpoint) {
  const sim::Time now = simulation_.now();
  if (now < start_ || now >= end_) return nullptr;
  Wish& wish = wishes_[workload];
  Span* root = nullptr;
  if (wish.ranked && !free_.empty()) {
    root = free_.back();
    free_.pop_back();
  } else if (used_ >= most_spans) {
    ++wish.left_out;
    return nullptr;
  } else {
    root = take();
  }
  if (!wish.ranked) {
    *root = {.tracer = this, .begin = now, .name = &wish.workload};
    root->number = static_cast<std::uint32_t>(traces_.size());
    traces_.push_back({root, endpoint, number, sim::mix(key, salt), workload});
    return root;
  }
  *root = {.tracer = this, .begin = now, .name = &wish.workload, .barren = true};
  root->request = number;
  root->number = workload;
  return root;
}

void Tracer::close(Span& span) {
  span.end = simulation_.now();
  if (!span.barren) return;
  if (span.outcome == Outcome::ok && span.end < end_)
    ranked_[span.number].push_back({(span.end - span.begin).count_ns(), span.request});
  free_.push_back(&span);
}

bool Tracer::is_ok(const Trace& trace) const {
  return trace.root->outcome == Outcome::ok && trace.root->end < end_;
}

std::vector<const Tracer::Trace*> Tracer::slowest_first(std::size_t workload) const {
  std::vector<const Trace*> found;
  for (const Trace& trace : traces_)
    if (trace.workload == workload && is_ok(trace)) found.push_back(&trace);
  std::sort(found.begin(), found.end(), [](const Trace* a, const Trace* b) {
    const auto latency = [](const Trace* one) { return one->root->end - one->root->begin; };
    return latency(a) != latency(b) ? latency(a) > latency(b) : a->number < b->number;
  });
  return found;
}

TimeSpent Tracer::time_spent(std::size_t workload) const {
  TimeSpent spent;
  const auto order = slowest_first(workload);
  const std::size_t count = order.size();
  spent.traced = count;
  spent.left_out = wishes_[workload].left_out;
  for (std::size_t i = 0; i < (count + 99) / 100; ++i)
    take_apart(*order[i]->root, spent.slowest);
  const std::size_t first = count * 45 / 100;
  const std::size_t last = count > 0 ? std::max(first + 1, count * 55 / 100) : 0;
  for (std::size_t i = first; i < last; ++i)
    take_apart(*order[i]->root, spent.median);
  return spent;
}

std::vector<RequestTrace> Tracer::traces() const {
  std::vector<const Trace*> by_hash;
  for (const Trace& trace : traces_)
    by_hash.push_back(&trace);
  std::sort(by_hash.begin(), by_hash.end(), [](const Trace* a, const Trace* b) {
    return std::pair(a->hash, a->number) < std::pair(b->hash, b->number);
  });
  std::set<std::uint32_t> chosen;  // By number, which is in the order of their beginnings.
  for (std::size_t workload = 0; workload < wishes_.size(); ++workload) {
    const auto slowest = slowest_first(workload);
    for (std::size_t i = 0; i < std::min(slowest.size(), slowest_traces); ++i)
      chosen.insert(slowest[i]->root->number);
  }
  std::size_t spans = 0;
  for (std::size_t i = 0; i < by_hash.size() && i < sampled_traces && spans < sampled_spans; ++i) {
    chosen.insert(by_hash[i]->root->number);
    spans += written(*by_hash[i]).spans.size();
  }
  std::vector<RequestTrace> all;
  for (const std::uint32_t number : chosen)
    all.push_back(written(traces_[number]));
  return all;
}

RequestTrace Tracer::written(const Trace& trace) const {
  RequestTrace written;
  written.workload = wishes_[trace.workload].workload;
  if (trace.endpoint != nullptr) written.endpoint = *trace.endpoint;
  written.number = trace.number;
  if (trace.root->end < sim::Time::never()) {
    GroupTimes times;
    take_apart(*trace.root, times);
    written.ns = times.ns;
  }
  struct Next {
    const Span* span;
    std::int32_t parent;
  };
  std::vector<Next> stack{{trace.root, -1}};
  while (!stack.empty()) {
    const auto [span, parent] = stack.back();
    stack.pop_back();
    if (written.spans.size() == most_spans_written) {
      ++written.left_out;
      continue;
    }
    const auto place = static_cast<std::int32_t>(written.spans.size());
    const bool open = span->end == sim::Time::never();
    written.spans.push_back({parent, span->kind, span->outcome, span->cause, open,
                             span->begin.count_ns(),
                             (open ? simulation_.now() : span->end).count_ns(),
                             span->parent != nullptr ? span->number : Span::no_number,
                             span->name != nullptr ? *span->name : std::string()});
    // The newest first, so the one that began first is the next to be taken.
    for (const Span* within = span->newest; within != nullptr; within = within->before)
      stack.push_back({within, place});
  }
  return written;
}

std::optional<PickedRequest> Tracer::pick(std::size_t workload, double p) const {
  auto all = ranked_[workload];
  if (all.empty()) return std::nullopt;
  const auto count = static_cast<double>(all.size());
  const auto rank = static_cast<std::size_t>(std::clamp(std::ceil(p * count), 1.0, count));
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(all.begin(), at, all.end(), [](const Ranked& a, const Ranked& b) {
    return std::pair(a.latency_ns, a.number) < std::pair(b.latency_ns, b.number);
  });
  return PickedRequest{at->number, rank, all.size()};
}

}  // namespace headroom
