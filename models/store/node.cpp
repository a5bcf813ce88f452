#include "models/store/node.hpp"

#include <algorithm>

#include "models/draw.hpp"

namespace headroom {

StoreNode::StoreNode(sim::Simulation& simulation, const StoreShared& shared, std::uint32_t index,
                     std::uint16_t zone)
    : Instance(simulation, shared.station, index, zone,
               {shared.plan.concurrency, shared.plan.crash, shared.plan.restart_time}),
      shared_(shared),
      service_(sim::hash_name(shared.station.name())),
      processor_(simulation) {}

sim::Task<Reply> StoreNode::call(Request request) {
  if (!admits()) return turn_away();
  const Ownership* ownership = shared_.ownership;
  if (ownership != nullptr && !ownership->serves(index(), request)) return scope_.host(redirect());
  return scope_.host(serve(request, nullptr));
}

sim::Task<Reply> StoreNode::do_bulk(Request request, BulkWork* work) {
  return admits() ? scope_.host(serve(request, work)) : turn_away();
}

/// It costs no work to say that another shard has the key.
sim::Task<Reply> StoreNode::redirect() {
  Visit(station_).complete(true);
  co_return moved();
}

void StoreNode::put(std::uint64_t item, std::uint32_t version) {
  std::uint32_t& held = versions_.at(item);
  held = std::max(held, version);
}

sim::Task<Reply> StoreNode::serve(Request request, BulkWork* bulk) {
  Visit visit(station_);
  sim::Lease slot = slots_.try_acquire();
  if (!slot) {
    Reply given_up;
    slot = co_await wait_for_slot(request, &visit, shared_.plan.queue_limit, &given_up);
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
  const bool writes = request.operation == Operation::write;
  sim::Keyed draws(sim::mix(request.draw_key, service_));
  const StoreTimesPlan& times = shared_.plan.service_time;
  const sim::Duration work = draw_duration(writes ? times.write : times.read, draws);
  if (work > sim::Duration() || speed() == 0) {
    const Stay busy(simulation_, busy_slots_);
    co_await processor_.work(work);
  }
  visit.complete(true);
  if (bulk != nullptr) co_return bulk->on_done(request);
  co_return apply(request, writes);
}

/// The instant of a read or write: it counts if the key is still this node's.
Reply StoreNode::apply(const Request& request, bool writes) {
  Ownership* ownership = shared_.ownership;
  if (ownership != nullptr && !ownership->serves(index(), request)) return moved();
  Reply reply;
  reply.version_space = request.key_space;
  if (writes) {
    std::uint32_t& held = versions_.at(request.item());
    reply.version = held = std::max(held, request.version);
    if (ownership != nullptr) ownership->on_write(request);
  } else if (const std::uint32_t* held = versions_.find(request.item())) {
    reply.version = *held;
  }
  return reply;
}

}  // namespace headroom
