#include "models/server/instance.hpp"

#include <algorithm>

#include "models/draw.hpp"

namespace headroom {

namespace {

sim::Order order_of(Discipline discipline) {
  switch (discipline) {
    case Discipline::lifo:
      return sim::Order::last_come;
    case Discipline::adaptive_lifo:
      return sim::Order::first_or_last;
    case Discipline::priority:
    case Discipline::shortest_first:
    case Discipline::fair:
      return sim::Order::smallest_key;
    case Discipline::random:
      return sim::Order::random;
    case Discipline::fifo:
    case Discipline::processor_sharing:
      break;
  }
  return sim::Order::first_come;
}

sim::Keyed draws_of(const Request& request, std::uint32_t number) {
  return sim::Keyed(sim::mix(request.draw_key, number));
}

sim::Duration time_of(const Action& action, const Request& request) {
  auto draws = draws_of(request, action.number);
  return draw_duration(action.amount, draws);
}

/// Whatever went wrong further down, this tier answers with an error of its own.
Reply as_own(const Reply& reply) {
  return reply.is_ok() ? Reply::ok() : Reply::failed();
}

/// The request holds the value that a step brought.
void take_in_hand(Request& request, const Reply& reply) {
  if (reply.version_space == 0) return;
  request.version = reply.version;
  request.version_space = reply.version_space;
}

/// An answer with the value in hand.
Reply with_value(Reply reply, const Request& request) {
  reply.version = request.version;
  reply.version_space = request.version_space;
  reply.lookup = Lookup::none;
  return reply;
}

const std::string for_a_core = "for a core";

/// Whether the answer of a call asks more of its caller than to go on or to give up.
bool asks_for_more(const Action& action, const Reply& reply) {
  return action.operation == Operation::get && reply.lookup != Lookup::hit &&
         !(reply.is_ok() && reply.lookup == Lookup::none);
}

/// A fill that fails leaves the cache as it was and the request with its value.
bool may_fail(const Action& action) {
  return action.operation == Operation::fill;
}

}  // namespace

ServerInstance::ServerInstance(sim::Simulation& simulation, const ServerShared& shared,
                               std::uint32_t index, std::uint16_t zone)
    : Instance(simulation, shared.station, index, zone,
               {shared.plan.concurrency, shared.plan.crash, shared.plan.restart_time,
                order_of(shared.plan.discipline)}),
      shared_(shared),
      shares_cores_(shared.plan.discipline == Discipline::processor_sharing),
      contends_for_cores_(core_count() < shared.plan.concurrency.count),
      cores_(simulation, core_count()),
      processor_(simulation),
      shared_processor_(simulation, static_cast<double>(core_count())),
      sharing_(simulation, core_count()) {
  slots_.serve_last_beyond(shared.plan.lifo_beyond);
  if (shared.plan.admission) admission_.emplace(*shared.plan.admission, simulation.now());
  if (shared.plan.brownout) brownout_.emplace(*shared.plan.brownout, simulation.now());
  if (shared.plan.discipline == Discipline::fair) fair_.emplace();
  note_limit();
}

std::int64_t ServerInstance::core_count() const {
  return shared_.plan.cores ? *shared_.plan.cores : shared_.plan.concurrency.count;
}

double ServerInstance::order_key(const Request& request) const {
  if (shared_.plan.discipline == Discipline::priority) return -request.priority;
  if (shared_.plan.discipline != Discipline::shortest_first) return 0;
  double work_ns = 0;  // the same draws that the steps will make
  for (const Action& action : shared_.programs[request.endpoint].actions) {
    if (action.kind != Action::Kind::cpu) continue;
    auto draws = draws_of(request, action.number);
    work_ns += draw(action.amount, draws);
  }
  return work_ns;
}

sim::Task<Reply> ServerInstance::call(Request request) {
  return admits() ? scope_.host(serve(request)) : turn_away();
}

sim::Task<Reply> ServerInstance::serve(Request request) {
  Visit visit(station_, &request, index());
  if (admission_) {
    const DropCause cause = admission_->refuses(simulation_.now(), request, in_flight());
    if (cause != DropCause::none) {
      visit.drop(cause);
      co_return Reply::rejected(cause);
    }
  }
  sim::Lease slot = slots_.try_acquire();
  if (fair_) {
    if (slot) {
      fair_->serve(fair_->tag(sharer_of(request)));
    } else {
      Reply turned_away;
      auto turn = wait_fairly(request, &visit, &turned_away);
      slot = co_await turn;
      if (!slot) co_return turned_away;
    }
  } else if (!slot) {
    if (slots_.waiting() >= shared_.plan.queue_limit.count) {
      visit.drop(DropCause::queue_full);
      co_return Reply::rejected(DropCause::queue_full);
    }
    visit.start_waiting();
    const sim::Time patience_ends = simulation_.now() + request.patience;
    const sim::Time gives_up = std::min(request.deadline, patience_ends);
    slot = co_await sim::before(gives_up, slots_.acquire(order_key(request)));
    if (!slot && patience_ends <= request.deadline) {
      visit.drop(DropCause::patience);
      co_return Reply::abandoned();
    }
  }
  if (!slot || request.deadline <= simulation_.now()) {
    visit.drop(DropCause::deadline);
    co_return Reply::timed_out();
  }
  if (admission_ &&
      admission_->drops(simulation_.now(), simulation_.now() - visit.arrived(), slots_.waiting())) {
    visit.drop(DropCause::shed);
    co_return Reply::rejected(DropCause::shed);
  }
  visit.start_service();
  const Stay busy(simulation_, busy_slots_);
  Reply reply = fails_by_fault() || lacks_session(request) ? Reply::failed() : Reply::ok();
  for (const Action& action : shared_.programs[request.endpoint].actions) {
    if (!reply.is_ok()) break;
    if (action.kind == Action::Kind::call) {
      if (leaves_out(action, request)) continue;
      auto call = action.callee->call(outgoing(action, request));
      reply = co_await call;
      if (asks_for_more(action, reply)) {
        auto more = after_look_up(&action, request, reply);
        reply = co_await more;
      }
      take_in_hand(request, reply);
      reply = may_fail(action) ? Reply::ok() : as_own(reply);
      if (!reply.is_ok() && !action.fallback.empty()) {
        auto fallback = fall_back(&action, request);
        reply = co_await fallback;
        take_in_hand(request, reply);
      }
    } else if (action.kind == Action::Kind::cpu && !shares_cores_) {
      const sim::Duration amount = time_of(action, request);
      if (amount == sim::Duration() && speed() > 0) continue;
      sim::Lease core;
      if (contends_for_cores_) core = cores_.try_acquire();
      if (contends_for_cores_ && !core) {
        const Traced waits(request.span, SpanKind::queue, &for_a_core);
        core = co_await cores_.acquire();
      }
      const Stay working(simulation_, busy_cores_);
      const Traced works(request.span, SpanKind::cpu);
      co_await processor_.work(amount);
    } else {
      auto step = perform(&action, request);
      reply = co_await step;
      take_in_hand(request, reply);
    }
  }
  visit.complete(reply.is_ok());
  if (admission_ || brownout_) note_answer(visit);
  reply = with_value(reply, request);
  if (shared_.versions != nullptr) keep(request, reply);
  co_return reply;
}

/// The steps of a branch, one after the other.
sim::Task<Reply> ServerInstance::run(const Actions* actions, Request request) {
  for (const Action& action : *actions) {
    auto step = perform(&action, request);
    const Reply reply = co_await step;
    if (!reply.is_ok()) co_return reply;
    take_in_hand(request, reply);
  }
  co_return with_value(Reply::ok(), request);
}

/// Any step. Where it stands by itself, `serve` does the two commonest without a frame of their
/// own.
sim::Task<Reply> ServerInstance::perform(const Action* action, Request request) {
  auto draws = draws_of(request, action->number);
  switch (action->kind) {
    case Action::Kind::cpu: {
      const sim::Duration amount = draw_duration(action->amount, draws);
      if (amount > sim::Duration() || speed() == 0) co_await work(amount, request.span);
      break;
    }
    case Action::Kind::wait: {
      const Traced waits(request.span, SpanKind::wait);
      co_await simulation_.delay(draw_duration(action->amount, draws));
      break;
    }
    case Action::Kind::call: {
      if (leaves_out(*action, request)) break;
      auto call = action->callee->call(outgoing(*action, request));
      Reply reply = co_await call;
      if (asks_for_more(*action, reply)) {
        auto more = after_look_up(action, request, reply);
        reply = co_await more;
      }
      if (may_fail(*action)) co_return with_value(Reply::ok(), request);
      if (!reply.is_ok() && !action->fallback.empty()) {
        auto fallback = fall_back(action, request);
        co_return co_await fallback;
      }
      co_return reply.is_ok() ? reply : Reply::failed();
    }
    case Action::Kind::parallel: {
      auto branches = parallel(action, request);
      co_return co_await branches;
    }
    case Action::Kind::choose: {
      const double u = draws.uniform();
      const auto& limits = action->probabilities;
      const auto chosen = std::upper_bound(limits.begin(), limits.end(), u) - limits.begin();
      if (chosen == static_cast<std::ptrdiff_t>(limits.size())) break;
      auto branch = run(&action->branches[static_cast<std::size_t>(chosen)], request);
      co_return co_await branch;
    }
    case Action::Kind::repeat: {
      auto rounds = repeat(action, request);
      co_return co_await rounds;
    }
    case Action::Kind::fail:
      if (action->is_lasting) draws = sim::Keyed(sim::mix(request.origin, action->number));
      if (draws.uniform() < action->probabilities.front()) co_return Reply::failed();
      break;
  }
  co_return Reply::ok();
}

/// One more piece of work on shared cores, until the end of the block or of the process.
class ServerInstance::Sharing {
 public:
  Sharing(ServerInstance& instance, sim::Duration amount)
      : instance_(instance), amount_(amount), begun_(instance.sharing_.begin()) {
    instance_.note_sharing();
  }
  Sharing(const Sharing&) = delete;
  Sharing& operator=(const Sharing&) = delete;
  ~Sharing() {
    const bool is_possible = instance_.sharing_.end(begun_, amount_, is_done_);
    HEADROOM_CHECK_IN(instance_.simulation_, is_possible);
    instance_.note_sharing();
  }
  void done() { is_done_ = true; }

 private:
  ServerInstance& instance_;
  sim::Duration amount_;
  double begun_;
  bool is_done_ = false;
};

void ServerInstance::note_sharing() {
  shared_cores_.set(simulation_.now(), std::min(sharing_.pieces(), core_count()));
}

sim::Task<> ServerInstance::work(sim::Duration amount, Span* span) {
  if (shares_cores_) {
    const Traced works(span, SpanKind::cpu);
    if (Span* traced = works.span()) traced->own = amount;
    Sharing sharing(*this, amount);
    co_await shared_processor_.work(amount);
    sharing.done();
    co_return;
  }
  sim::Lease core;
  if (contends_for_cores_) core = cores_.try_acquire();
  if (contends_for_cores_ && !core) {
    const Traced waits(span, SpanKind::queue, &for_a_core);
    core = co_await cores_.acquire();
  }
  const Stay busy(simulation_, busy_cores_);
  const Traced works(span, SpanKind::cpu);
  co_await processor_.work(amount);
}

/// The request that a step sends on.
Request ServerInstance::outgoing(const Action& action, const Request& request) const {
  // Each size has draws of its own, so that giving a call another request does not change its
  // answer.
  auto sizes = draws_of(request, action.number);
  auto reply_sizes = sim::Keyed(sim::mix(sim::mix(request.draw_key, action.number), 1));
  Request inner = request;
  inner.endpoint = action.callee_endpoint;
  inner.operation = action.operation;
  if (action.keys != nullptr && action.keys->number() != request.key_space) {
    action.keys->give_key(inner);
  }
  inner.zone = zone();
  inner.sender = static_cast<std::uint8_t>(index());
  inner.patience = sim::Duration::forever();
  inner.size = draw_count(action.size, sizes);
  inner.reply_size = draw_count(action.reply_size, reply_sizes);
  return inner;
}

sim::Task<Reply> ServerInstance::parallel(const Action* action, Request request) {
  Traced all(request.span, SpanKind::parallel, nullptr, action->count);
  request.span = all.span();
  sim::Poll poll(simulation_, action->count, action->branches.size());
  for (const Actions& branch_actions : action->branches) {
    scope_.spawn(branch(&branch_actions, request, poll.ballot()));
  }
  const bool enough = co_await poll.decision();
  if (!enough) all.told(Outcome::failed);
  co_return enough ? Reply::ok() : Reply::failed();
}

sim::Task<> ServerInstance::branch(const Actions* actions, Request request, sim::Ballot ballot) {
  Traced traced(request.span, SpanKind::branch);
  request.span = traced.span();
  auto steps = run(actions, request);
  const Reply reply = co_await steps;
  traced.told(reply);
  ballot.vote(reply.is_ok());
}

sim::Task<Reply> ServerInstance::repeat(const Action* action, Request request) {
  Reply reply = Reply::ok();
  for (std::uint32_t turn = 0; turn < action->count && reply.is_ok(); ++turn) {
    Request inner = request;
    inner.draw_key = sim::mix(sim::mix(request.draw_key, action->number), turn);
    inner.origin = sim::mix(request.origin, turn);
    reply = co_await run(&action->branches.front(), inner);
  }
  co_return reply;
}

void ServerInstance::on_speed(double speed) {
  processor_.set_speed(speed);
  shared_processor_.set_speed(speed);
  sharing_.set_speed(speed);
}

void ServerInstance::start_measuring() {
  const sim::Time now = simulation_.now();
  Instance::start_measuring();
  busy_cores_.start_measuring(now);
  limit_level_.restart(now);
  left_out_ = fallbacks_ = 0;
  shared_cores_.restart(now);
}

ReplicaResult ServerInstance::result() const {
  const sim::Time now = simulation_.now();
  HEADROOM_CHECK_IN(simulation_, busy_cores_.littles_law_holds(now));
  HEADROOM_CHECK_IN(simulation_, sharing_.work_is_conserved());
  ReplicaResult result = Instance::result();
  if (shared_.counts_cores) {
    const __int128 busy = shares_cores_ ? shared_cores_.area(now) : busy_cores_.area(now);
    result.used = {busy, available(core_count())};
  }
  return result;
}

}  // namespace headroom
