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
  return admits() ? scope_.host(serve(request)) : turn_away();
}

sim::Task<Reply> StoreNode::serve(Request request) {
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
  Reply reply;
  reply.version_space = request.key_space;
  if (writes) {
    std::uint32_t& held = versions_.at(request.item());
    reply.version = held = std::max(held, request.version);
  } else if (const std::uint32_t* held = versions_.find(request.item())) {
    reply.version = *held;
  }
  visit.complete(true);
  co_return reply;
}

}  // namespace headroom
