#include <algorithm>

#include "models/resilience/client.hpp"
#include "sim/kernel/call.hpp"

namespace headroom {

namespace {

/// A call that a breaker let through. One that is destroyed before its end is forgotten.
class Passage {
 public:
  explicit Passage(CircuitBreaker& breaker) : breaker_(&breaker), pass_(breaker.pass()) {}
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;
  ~Passage() {
    if (breaker_ != nullptr) breaker_->forget(pass_);
  }
  void end(bool is_ok, sim::Time now) {
    breaker_->end(pass_, is_ok, now);
    breaker_ = nullptr;
  }

 private:
  CircuitBreaker* breaker_;
  CircuitBreaker::Pass pass_;
};

const std::string in_bulkhead = "bulkhead";

/// Whether an answer says anything about the target: a refusal of the own bulkhead does not.
bool tells_of_target(const Reply& reply) {
  return reply.cause != DropCause::bulkhead_full && reply.outcome != Outcome::abandoned;
}

}  // namespace

/// One attempt, as far as the breaker lets it through.
sim::Task<Reply> Client::guarded(Request request, std::uint32_t number, sim::Time gives_up) {
  if (!breaker_) co_return co_await isolated(request, number, gives_up);
  const CircuitBreaker::State before = breaker_->state();
  const bool admitted = breaker_->admits(simulation_.now());
  note_change(before);
  if (!admitted) {
    ++counts_.breaker_open;
    co_return Reply::rejected(DropCause::breaker_open);
  }
  Passage passage(*breaker_);
  const Reply reply = co_await isolated(request, number, gives_up);
  if (!tells_of_target(reply)) co_return reply;
  const CircuitBreaker::State earlier = breaker_->state();
  passage.end(reply.is_ok(), simulation_.now());
  note_change(earlier);
  co_return reply;
}

/// One attempt within the bulkhead; its timeout runs from when it goes out.
sim::Task<Reply> Client::isolated(Request request, std::uint32_t number, sim::Time gives_up) {
  sim::Lease place;
  if (bulkhead_) {
    place = bulkhead_->try_acquire();
    if (!place && bulkhead_->waiting() >= plan_.bulkhead->queue.count) {
      ++counts_.bulkhead_full;
      co_return Reply::rejected(DropCause::bulkhead_full);
    }
    if (!place) {
      const Traced waits(request.span, SpanKind::queue, &in_bulkhead);
      place = co_await sim::before(gives_up, bulkhead_->acquire());
    }
    if (!place) {
      ++counts_.bulkhead_full;
      Reply late = Reply::timed_out();
      late.cause = DropCause::bulkhead_full;
      co_return late;
    }
  }
  const sim::Time due = due_of_attempt(gives_up);
  sim::Call answer(simulation_, target_.call(attempt(request, number, due)));
  answer.give_up(gives_up, timeout_);
  const auto in_time = co_await answer;
  co_return heard(in_time, due, request, number);
}

void Client::note_change(CircuitBreaker::State before) {
  const CircuitBreaker::State now = breaker_->state();
  if (log_ == nullptr || now == before) return;
  const char* what = now == CircuitBreaker::State::open     ? "breaker opened"
                     : now == CircuitBreaker::State::closed ? "breaker closed"
                                                            : "breaker half open";
  log_->note(what, name_);
}

void Client::start_measuring() {
  counts_ = {};
  if (breaker_) breaker_->start_measuring(simulation_.now());
}

GuardCounts Client::guarded_since() const {
  GuardCounts counts = counts_;
  if (!breaker_) return counts;
  counts.openings = breaker_->openings();
  counts.open_s = static_cast<double>(breaker_->not_closed_ns(simulation_.now())) * 1e-9;
  return counts;
}

}  // namespace headroom
