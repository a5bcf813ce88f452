#include "models/resilience/client.hpp"

#include <algorithm>
#include <utility>

#include "models/resilience/backoff.hpp"
#include "models/resilience/tied_copies.hpp"
#include "sim/kernel/call.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

Outcome outcome_of(RetryOn on) {
  switch (on) {
    case RetryOn::failed:
      return Outcome::failed;
    case RetryOn::timeout:
      return Outcome::timeout;
    case RetryOn::rejected:
      break;
  }
  return Outcome::rejected;
}

std::uint8_t bit_of(Outcome outcome) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(outcome));
}

Reply after(Reply reply, std::uint32_t attempts) {
  reply.attempts = static_cast<std::uint16_t>(attempts);
  return reply;
}

// Chosen: any number that is no attempt's; it keeps the draws of pauses apart from those of work.
constexpr std::uint64_t pauses = UINT64_MAX;

}  // namespace

/// A call of this client; whoever watches is told of its attempts if its caller dies before it
/// ends.
class Client::Waiting {
 public:
  Waiting(const Client& client, const Request& request, const std::uint32_t& sent)
      : client_(client), request_(request), sent_(sent) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (is_over_ || client_.watcher_ == nullptr) return;
    for (std::uint32_t number = 0; number < sent_; ++number)
      client_.watcher_->on_caller_gone(client_.draw_key(request_, number));
  }
  Reply end(Reply reply) {
    is_over_ = true;
    return after(reply, sent_);
  }

 private:
  const Client& client_;
  const Request& request_;
  const std::uint32_t& sent_;
  bool is_over_ = false;
};

Client::Client(sim::Simulation& simulation, const ClientPlan& plan, Endpoint& target,
               std::uint64_t step)
    : Endpoint(simulation), target_(target), plan_(plan), step_(step) {
  if (plan.timeout) timeout_ = simulation.lane(*plan.timeout);
  if (plan.hedge) hedge_delay_.emplace(plan.hedge->after);
  if (plan.rate_limit) tokens_.emplace(plan.rate_limit->rate, plan.rate_limit->burst);
  if (plan.circuit_breaker) breaker_.emplace(*plan.circuit_breaker, simulation.now());
  if (plan.bulkhead) bulkhead_.emplace(simulation, plan.bulkhead->concurrency);
  if (!plan.retry) return;
  budget_.emplace(*plan.retry);
  for (const RetryOn on : plan.retry->on)
    retried_outcomes_ |= bit_of(outcome_of(on));
}

sim::Task<Reply> Client::call(Request request) {
  const sim::Time came = simulation_.now();
  Traced traced;
  traced.begin_call(request.span, &label_);
  request.span = traced.span();
  if (tokens_ && !tokens_->take(came)) {
    ++counts_.rate_limited;
    const Reply refused = Reply::rejected(DropCause::rate_limited);
    traced.told(refused);
    co_return after(refused, 0);
  }
  sim::Time gives_up = plan_.deadline ? came + *plan_.deadline : sim::Time::never();
  if (plan_.propagate_deadline) gives_up = std::min(gives_up, request.deadline);
  if (gives_up <= came) {
    traced.told(Outcome::timeout);
    co_return after(Reply::timed_out(), 0);
  }

  if (budget_) budget_->note_request();
  sim::Duration pause;
  std::uint32_t sent = 0;
  Waiting waiting(*this, request, sent);
  for (std::uint32_t tries = 1;; ++tries) {
    Reply reply;
    Traced tried;
    if (budget_ && !hedge_delay_) {
      tried.begin(traced.span(), SpanKind::attempt, nullptr, sent);
      request.span = tried.span();
    }
    if (hedge_delay_) {
      auto copies = hedged(request, gives_up, &sent);
      reply = co_await copies;
    } else if (is_guarded()) {
      auto guards = guarded(request, sent++, gives_up);
      reply = co_await guards;
    } else {
      const sim::Time due = due_of_attempt(gives_up);
      sim::Call answer(simulation_, target_.call(attempt(request, sent++, due)));
      answer.give_up(gives_up, timeout_);
      const auto in_time = co_await answer;
      reply = heard(in_time, due, request, sent - 1);
    }
    tried.told(reply);
    traced.told(reply);
    const bool over = !retries_after(reply, tries) || simulation_.now() >= gives_up;
    if (over || !budget_->take(simulation_.now())) co_return waiting.end(reply);
    pause = pause_before(tries, pause, request);
    tried.end();
    tried.begin(traced.span(), SpanKind::backoff);
    if (pause > sim::Duration()) co_await sim::before(gives_up, simulation_.delay(pause));
    if (simulation_.now() < gives_up) continue;
    traced.told(Outcome::timeout);
    co_return waiting.end(Reply::timed_out());
  }
}

/// One try: a copy, and others while no good answer comes; it fails when all that were sent have.
sim::Task<Reply> Client::hedged(Request request, sim::Time gives_up, std::uint32_t* sent) {
  const HedgePlan& plan = *plan_.hedge;
  Reply answer = Reply::timed_out();
  sim::Poll poll(simulation_, 1, 0);
  sim::Scope copies(simulation_);
  std::optional<TiedCopies> tied;
  if (plan.tied && ties_ != nullptr) tied.emplace(simulation_, *ties_);
  for (std::uint32_t further = plan.max;; --further) {
    poll.expect(1);
    const std::uint32_t number = (*sent)++;
    const bool is_first = further == plan.max;
    sim::Task<> one = copy(request, number, is_first, gives_up, &answer, poll.ballot());
    if (tied)
      tied->send(draw_key(request, number), std::move(one));
    else if (plan.cancel)
      copies.spawn(std::move(one));
    else
      simulation_.spawn(std::move(one));
    const sim::Duration wait = further > 0 ? hedge_delay_->now() : sim::Duration::forever();
    const bool answered = co_await sim::before(simulation_.now() + wait, poll.decision());
    if (answered || poll.lost()) break;
    if (!tied || !tied->is_served()) continue;
    co_await poll.decision();  // One is being served: its answer is waited for.
    break;
  }
  copies.cancel();
  co_return answer;
}

/// `answer` lives as long as the poll of the ballot.
sim::Task<> Client::copy(Request request, std::uint32_t number, bool is_first, sim::Time gives_up,
                         Reply* answer, sim::Ballot ballot) {
  std::optional<HedgeDelay::Copy> first;
  if (is_first) first.emplace(*hedge_delay_, simulation_);
  Reply reply;
  Traced tried;
  tried.begin(request.span, SpanKind::attempt, nullptr, number);
  request.span = tried.span();
  if (is_guarded()) {
    reply = co_await guarded(request, number, gives_up);
  } else {
    const sim::Time due = due_of_attempt(gives_up);
    sim::Call call(simulation_, target_.call(attempt(request, number, due)));
    call.give_up(gives_up, timeout_);
    const auto in_time = co_await call;
    reply = heard(in_time, due, request, number);
  }
  tried.told(reply);
  first.reset();
  if (ballot.open() && !answer->is_ok()) *answer = reply;
  ballot.vote(reply.is_ok());
}

std::uint64_t Client::draw_key(const Request& request, std::uint32_t number) const {
  return sim::mix(sim::mix(request.draw_key, step_), number);
}

/// What came of an attempt: the answer, or that it was given up.
Reply Client::heard(const std::optional<Reply>& answer, sim::Time due, const Request& request,
                    std::uint32_t number) const {
  if (answer && simulation_.now() < due) return *answer;
  if (watcher_ != nullptr) watcher_->on_given_up(draw_key(request, number));
  return Reply::timed_out();
}

/// The request as it goes out for one attempt, made now.
Request Client::attempt(const Request& request, std::uint32_t number, sim::Time due) const {
  Request one = request;
  one.attempt = static_cast<std::uint16_t>(number);
  one.draw_key = draw_key(request, number);
  one.deadline = due;
  return one;
}

/// The deadline with which an attempt goes out now. Who is asked further on gives up at that very
/// instant as well, and what is said of it then must not come before the caller's own end.
sim::Time Client::due_of_attempt(sim::Time gives_up) const {
  if (!plan_.propagate_deadline) return sim::Time::never();
  if (plan_.deadline || !timeout_.valid()) return gives_up;
  return std::min(gives_up, simulation_.now() + timeout_.delay());
}

bool Client::retries_after(const Reply& reply, std::uint32_t attempts) const {
  return plan_.retry && attempts < plan_.retry->attempts &&
         (retried_outcomes_ & bit_of(reply.outcome)) != 0;
}

sim::Duration Client::pause_before(std::uint32_t retry, sim::Duration previous,
                                   const Request& request) const {
  const std::uint64_t key = sim::mix(sim::mix(request.draw_key, step_), pauses);
  return backoff(*plan_.retry, retry, previous, sim::Keyed(sim::mix(key, retry)));
}

}  // namespace headroom
