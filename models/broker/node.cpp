#include "models/broker/node.hpp"

#include "models/broker/broker.hpp"
#include "models/draw.hpp"

namespace headroom {

BrokerNode::BrokerNode(Broker& broker, Station& station, const NodeTerms& terms,
                       std::uint32_t index, std::uint16_t zone)
    : Instance(station.simulation(), station, index, zone,
               {terms.concurrency, terms.crash, terms.restart_time}),
      broker_(broker),
      terms_(terms),
      service_(sim::hash_name(station.name())),
      processor_(station.simulation()) {}

sim::Task<Reply> BrokerNode::call(Request request) {
  return admits() ? scope_.host(serve(request)) : turn_away();
}

sim::Task<Reply> BrokerNode::serve(Request request) {
  Visit visit(station_, &request, index());
  sim::Lease slot = slots_.try_acquire();
  if (!slot) {
    Reply given_up;
    auto turn = wait_for_slot(request, &visit, terms_.queue_limit, &given_up);
    slot = co_await turn;
    if (!slot) co_return given_up;
  }
  visit.start_service();
  if (fails_by_fault()) {
    visit.complete(false);
    co_return Reply::failed();
  }
  sim::Duration work;
  if (terms_.service_time) {
    sim::Keyed draws(sim::mix(request.draw_key, service_));
    work = draw_duration(*terms_.service_time, draws);
  }
  if (work > sim::Duration() || speed() == 0) {
    const Stay busy(simulation_, busy_slots_);
    co_await processor_.work(work);
  }
  visit.complete(true);
  slot = sim::Lease();
  auto rest = broker_.handle(index(), request);
  co_return co_await rest;
}

void BrokerNode::on_speed(double speed) {
  processor_.set_speed(speed);
  broker_.on_speed(index(), speed);
}

}  // namespace headroom
