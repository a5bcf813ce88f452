#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "models/request.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

class Tracer;

/// What a stretch of time in the life of a traced request is.
enum class SpanKind : std::uint8_t {
  request,   ///< From the intended send time to the answer.
  attempt,   ///< One of the several that a caller may make.
  call,      ///< Of a service by a step, all attempts together.
  backoff,   ///< A pause before the next attempt.
  network,   ///< A message on its way.
  balancer,  ///< A load balancer has passed the call on.
  visit,     ///< At an instance of a service, from arrival to reply.
  queue,     ///< Waiting for a slot, a core, a place, or for what somebody else fetches.
  cpu,
  wait,      ///< A step that takes time and no core.
  parallel,  ///< Branches side by side, until enough of them have ended.
  branch,
};
inline constexpr auto span_kind_names =
    std::to_array<std::string_view>({"request", "attempt", "call", "backoff", "network", "balancer",
                                     "visit", "queue", "cpu", "wait", "parallel", "branch"});
inline constexpr std::size_t span_kinds = span_kind_names.size();
static_assert(span_kinds == static_cast<std::size_t>(SpanKind::branch) + 1);

/// A stretch of time of a traced request. Those that it is made of point to it. It stays where it
/// is until the end of the run, so whoever still works for the request may go on with it.
struct Span {
  static constexpr std::uint32_t no_number = UINT32_MAX;

  Tracer* tracer = nullptr;
  Span* parent = nullptr;  ///< Null of a request.
  Span* newest = nullptr;  ///< Of those within it, the one that began last.
  Span* before = nullptr;  ///< Among those within the same one: which began before it.
  sim::Time begin;
  sim::Time end = sim::Time::never();            ///< While it lasts.
  sim::Duration own = sim::Duration::forever();  ///< cpu: work that it would take alone.
  const std::string* name = nullptr;             ///< Whose it is; null where the kind says all.
  std::uint32_t number = no_number;  ///< Of a replica, attempt; of those needed; of the trace.
  SpanKind kind = SpanKind::request;
  Outcome outcome = Outcome::ok;
  DropCause cause = DropCause::none;
  bool adopted = false;       ///< A request whose client has taken it over.
  bool barren = false;        ///< A request of which only the end matters: nothing is within it.
  std::uint64_t request = 0;  ///< Its number, where it is barren.
};

/// Out of line, for what is traced only. `open_span` gives null where there is no more room.
Span* open_span(Span& parent, SpanKind kind, const std::string* name, std::uint32_t number);
void close_span(Span& span);

/// A span from here to the end of the block or of the process; nothing where `parent` is null, as
/// it is in most requests.
///
///   const Traced works(request.span, SpanKind::cpu);
///   co_await processor_.work(amount);
class Traced {
 public:
  Traced() = default;
  explicit Traced(Span* parent, SpanKind kind, const std::string* name = nullptr,
                  std::uint32_t number = Span::no_number) {
    begin(parent, kind, name, number);
  }
  Traced(const Traced&) = delete;
  Traced& operator=(const Traced&) = delete;
  ~Traced() { end(); }

  /// The span of a call that a client makes; of the request itself where it is the first.
  void begin_call(Span* parent, const std::string* name) {
    if (parent == nullptr) [[likely]]
      return;
    if (parent->kind != SpanKind::request || parent->adopted)
      return begin(parent, SpanKind::call, name);
    span_ = parent;
    span_->adopted = true;
  }
  /// Once.
  void begin(Span* parent, SpanKind kind, const std::string* name = nullptr,
             std::uint32_t number = Span::no_number) {
    if (parent != nullptr) [[unlikely]]
      span_ = open_span(*parent, kind, name, number);
  }
  void end() {
    if (span_ == nullptr) [[likely]]
      return;
    close_span(*span_);
    span_ = nullptr;
  }
  /// How it ended, to be said before it does.
  void told(const Reply& reply) { told(reply.outcome, reply.cause); }
  void told(Outcome outcome, DropCause cause = DropCause::none) {
    if (span_ == nullptr) [[likely]]
      return;
    span_->outcome = outcome;
    span_->cause = cause;
  }
  /// What happens within it has this one for a parent; null where nothing is traced.
  Span* span() const { return span_ == nullptr || span_->barren ? nullptr : span_; }

 private:
  Span* span_ = nullptr;
};

}  // namespace headroom
