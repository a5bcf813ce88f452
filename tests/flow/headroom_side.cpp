#include <memory>

#include "tests/flow/rig.hpp"

namespace headroom::flow_rig {

namespace {

/// Puts the ways of a rig in place of the links between zones: the pair 0 -> i + 1 is way i.
class OverWays final : public FlowCarrier {
 public:
  OverWays(std::unique_ptr<FlowCarrier> carrier, const Rig& rig)
      : carrier_(std::move(carrier)), rig_(rig) {
    for (const double bandwidth : rig.bytes_per_s)
      carrier_->add_link(bandwidth, true);
  }
  void add_link(double, bool) override {}
  void set_bandwidth(std::uint32_t link, double bytes_per_s) override {
    carrier_->set_bandwidth(link, bytes_per_s);
  }
  void start(const FlowRequest& request, Transit& waiting) override {
    FlowRequest over = request;
    over.there = rig_.ways[request.there.front()].links;
    over.back = {};
    if (rig_.acknowledgements_share) over.back = over.there;
    carrier_->start(over, waiting);
  }
  void forget(Transit& waiting) override { carrier_->forget(waiting); }
  void cancel(Transit& waiting) override { carrier_->cancel(waiting); }
  double residual_bytes_per_s(std::uint32_t link) const override {
    return carrier_->residual_bytes_per_s(link);
  }
  FlowCounts counts(std::uint32_t link) const override { return carrier_->counts(link); }
  sim::Simulation::Status run_until(sim::Time limit) override { return carrier_->run_until(limit); }

 private:
  std::unique_ptr<FlowCarrier> carrier_;
  const Rig& rig_;
};

sim::Task<> send(sim::Simulation& simulation, Network* network, Sending sending, double* arrived) {
  co_await simulation.delay(sim::Duration::rounded_ns(sending.at_s * 1e9));
  Message message;
  message.bytes = sending.bytes;
  message.to = static_cast<std::uint16_t>(sending.way + 1);
  while (message.under_way())
    co_await network->carry(message);
  *arrived = simulation.now().in_seconds();
}

NetworkPlan plan_of(const Rig& rig) {
  NetworkPlan plan;
  for (std::size_t way = 0; way < rig.ways.size(); ++way) {
    LinkPlan link;
    link.latency.emplace();  // a constant
    link.latency->a = rig.ways[way].latency_s * 1e9;
    link.bandwidth = Bandwidth{1};
    plan.links.add("z0 -> z" + std::to_string(way + 1), link);
  }
  plan.links.add("* <-> *");
  return plan;
}

}  // namespace

std::vector<double> arrivals_by_headroom(const Rig& rig) {
  std::vector<std::string> zones;
  for (std::size_t zone = 0; zone <= rig.ways.size(); ++zone)
    zones.push_back("z" + std::to_string(zone));
  sim::Simulation simulation;
  OverWays carrier(make_flow_carrier(simulation, rig.model), rig);
  const NetworkPlan plan = plan_of(rig);
  Network network(simulation, plan, zones);
  network.attach(carrier, 0);
  std::vector<double> arrived(rig.sendings.size(), -1);
  for (std::size_t i = 0; i < rig.sendings.size(); ++i)
    simulation.spawn(send(simulation, &network, rig.sendings[i], &arrived[i]));
  carrier.run_until(sim::Time::at_ns(10'000'000'000'000));
  simulation.close();
  return arrived;
}

}  // namespace headroom::flow_rig
