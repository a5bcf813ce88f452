#include "models/store/node.hpp"

#include <algorithm>

#include "models/draw.hpp"
#include "models/store/bugs.hpp"
#include "models/tracing.hpp"
#include "sim/kernel/never.hpp"

namespace headroom {

StoreNode::StoreNode(sim::Simulation& simulation, const StoreShared& shared, std::uint32_t index,
                     std::uint16_t zone)
    : Instance(simulation, shared.station, index, zone,
               {shared.plan.concurrency, shared.plan.crash, shared.plan.restart_time}),
      shared_(shared),
      service_(sim::hash_name(shared.station.name())),
      processor_(simulation) {}

sim::Task<Reply> StoreNode::call(Request request) {
  if (!admits()) return replica_ != nullptr ? tell_nobody_is_here() : turn_away();
  if (!owns(request)) return scope_.host(tell(moved()));
  if (replica_ != nullptr && !paused())
    if (const auto declined = replica_->decline(request)) return scope_.host(tell(*declined));
  return scope_.host(serve(request, nullptr));
}

sim::Task<Reply> StoreNode::do_bulk(Request request, BulkWork* work) {
  return admits() ? scope_.host(serve(request, work)) : turn_away();
}

/// The key is this node's, as far as shards change. Without a key something is looked for.
bool StoreNode::owns(const Request& request) const {
  if (shared_.ownership == nullptr || request.key_space == 0) return true;
  if (shared_.ownership->serves(shard(), request)) return true;
  const bool is_read = request.operation == Operation::read;
  return is_read && has_bug(shared_.plan.replication, Bug::old_owner_reads);
}

/// It costs no work to say that another shard or another copy is to be asked.
sim::Task<Reply> StoreNode::tell(Reply reply) {
  Visit(station_).complete(true);
  co_return reply;
}

/// A connection that is refused: the caller knows that nothing was done, unlike where it was reset.
sim::Task<Reply> StoreNode::tell_nobody_is_here() {
  Visit(station_).drop(DropCause::killed);
  const bool is_silent = shared_.plan.crash == Crash::silent;
  if (is_silent) co_await sim::Never();
  co_await simulation_.delay(sim::Duration());
  co_return redirected(std::nullopt);
}

void StoreNode::charge(std::uint64_t item, std::uint64_t draw_key) {
  const Distribution& write = shared_.plan.service_time.write;
  if (!up() || (write.kind == Distribution::Kind::constant && write.a == 0)) return;
  Request request;
  request.operation = Operation::write;
  request.key = item;
  request.draw_key = draw_key;
  scope_.spawn(work_for_nobody(request));
}

sim::Task<> StoreNode::work_for_nobody(Request request) {
  OnlyWork work;
  auto served = serve(request, &work);
  co_await served;
}

void StoreNode::on_speed(double speed) {
  const bool resumes = processor_.speed() == 0 && speed > 0;
  processor_.set_speed(speed);
  if (resumes && replica_ != nullptr && up()) replica_->on_resume();
}

void StoreNode::on_kill() {
  Instance::on_kill();
  dots_.clear();
  if (replica_ != nullptr) replica_->on_kill();
}

void StoreNode::on_up() {
  if (replica_ != nullptr) replica_->on_up();
}

void StoreNode::set(std::uint64_t item, std::uint32_t version) {
  if (Ownership* ownership = shared_.ownership) {
    if (!ownership->concerns(shard(), item)) return;
    ownership->on_write(item);
  }
  versions_.at(item) = version;
}

/// Keys that have come from other shards since then are kept, and those that have gone stay gone.
void StoreNode::replace_all(const ItemTable<std::uint32_t>& all) {
  if (shared_.ownership == nullptr) {
    versions_ = all;
    return;
  }
  for (const std::uint64_t item : shared_.ownership->written()) {
    const std::uint32_t* held = all.find(item);
    if (held != nullptr && shared_.ownership->concerns(shard(), item)) put(item, *held);
  }
}

void StoreNode::put(std::uint64_t item, std::uint32_t version) {
  std::uint32_t& held = versions_.at(item);
  held = shared_.stamps.merged(item, held, version);
}

sim::Task<Reply> StoreNode::serve(Request request, BulkWork* bulk) {
  Visit visit(station_, &request, index());
  sim::Lease slot = slots_.try_acquire();
  if (!slot) {
    Reply given_up;
    auto turn = wait_for_slot(request, &visit, shared_.plan.queue_limit, &given_up);
    slot = co_await turn;
    if (!slot) co_return given_up;
  }
  if (request.deadline <= simulation_.now()) {
    visit.drop(DropCause::deadline);
    co_return Reply::timed_out();
  }
  visit.start_service();
  if (fails_by_fault()) {
    visit.complete(false);
    co_return Reply::failed();
  }
  const bool writes = request.operation != Operation::read;
  sim::Keyed draws(sim::mix(request.draw_key, service_));
  const StoreTimesPlan& times = shared_.plan.service_time;
  const sim::Duration work = draw_duration(writes ? times.write : times.read, draws);
  if (work > sim::Duration() || speed() == 0) {
    const Stay busy(simulation_, busy_slots_);
    co_await processor_.work(work);
  }
  visit.complete(true);
  if (bulk != nullptr) co_return bulk->on_done(request);
  if (replica_ == nullptr) co_return apply(request, writes);
  slot.release();
  if (!owns(request)) co_return moved();
  const Traced waits(request.span, SpanKind::wait);
  auto finished = replica_->finish(request);
  const Reply reply = co_await finished;
  // What it read may be old by now.
  co_return !writes && !owns(request) ? moved() : reply;
}

/// A new write, which it counts, among its siblings; false where there are too many of them.
bool StoreNode::take(const Request& request, std::uint32_t& held) {
  Siblings& siblings = *shared_.stamps.siblings();
  const std::uint64_t item = request.item();
  std::uint32_t taken = 0;
  if (has_bug(shared_.plan.replication, Bug::no_dots)) {
    taken = siblings.take_without_dot(item, held, request.version, index());
  } else {
    const bool forgets = has_bug(shared_.plan.replication, Bug::dots_again);
    const std::uint32_t given = forgets ? dots_.at(item)++ : siblings.count(item, held, index());
    taken = siblings.take(item, held, request.version, index(), given + 1);
  }
  if (taken != 0) held = taken;
  return taken != 0;
}

/// The instant of a read or write: it counts if the key is still this node's.
Reply StoreNode::apply(const Request& request, bool writes) {
  if (!owns(request)) return moved();
  Reply reply;
  reply.version_space = request.key_space;
  if (request.operation == Operation::cas) {
    std::uint32_t& held = versions_.at(request.item());
    if (held != request.version) return refused_cas();
    held = reply.version = shared_.versions.assign(request.item(), request.draw_key);
    if (shared_.ownership != nullptr) shared_.ownership->on_write(request.item());
  } else if (writes) {
    std::uint32_t& held = versions_.at(request.item());
    const bool keeps_any = has_bug(shared_.plan.replication, Bug::last_arrival_wins);
    if (Siblings::is_offer(request.version)) {
      if (!take(request, held)) return redirected(std::nullopt);
    } else {
      held = keeps_any ? request.version
                       : shared_.stamps.merged(request.item(), held, request.version);
    }
    reply.version = held;
    if (shared_.ownership != nullptr) shared_.ownership->on_write(request.item());
  } else if (const std::uint32_t* held = versions_.find(request.item())) {
    reply.version = *held;
  }
  return reply;
}

}  // namespace headroom
