// Transfers over one link, so many at once: the next begins when one has ended. By the flow engine;
// by SimGrid without it: `sendto_async` from the engine and a callback at the end, no actors; or by
// the delay engine, one after the other.
//
// usage: bench_transfers ours|simgrid|delay AT_ONCE TRANSFERS
// Prints transfers a second of processor time, and the simulated seconds they took.
#include <memory>
#include <simgrid/s4u.hpp>
#include <string_view>
#include <vector>

#include "models/network/network.hpp"
#include "tests/bench/flow/plain_simgrid.hpp"
#include "tests/bench/peers/answer.hpp"

using namespace headroom;

namespace {

constexpr double bytes_per_s = 1e9;

/// Sizes that differ, so that transfers end one by one.
std::int64_t size_of(long number) {
  return 1'000'000 + 1'009 * (number % 997);
}

sim::Task<> send_on_and_on(sim::Simulation& simulation, Network* network, long* left,
                           sim::Time* ended) {
  while (--*left >= 0) {
    Message message;
    message.bytes = size_of(*left);
    message.to = 1;
    while (message.under_way())
      co_await network->carry(message);
    *ended = simulation.now();
  }
}

void by_headroom(int at_once, long transfers, bool as_flows) {
  sim::Simulation simulation;
  std::unique_ptr<FlowCarrier> carrier;
  if (as_flows) carrier = make_flow_carrier(simulation, FlowModel::exact);
  NetworkPlan plan;
  LinkPlan link;
  link.bandwidth = Bandwidth{bytes_per_s};
  plan.links.add("* <-> *", link);
  const std::vector<std::string> zones{"a", "b"};
  Network network(simulation, plan, zones);
  if (carrier) network.attach(*carrier, 0);
  long left = transfers;
  sim::Time ended;
  const double begin_s = processor_s();
  for (int each = 0; each < at_once; ++each)
    simulation.spawn(send_on_and_on(simulation, &network, &left, &ended));
  const sim::Time limit = sim::Time::at_ns(1'000'000'000'000'000);
  carrier ? carrier->run_until(limit) : simulation.run_until(limit);
  const double spent_s = processor_s() - begin_s;
  print_answer(static_cast<double>(transfers), spent_s, ended.in_seconds());
  simulation.close();
}

void by_simgrid(int at_once, long transfers) {
  namespace s4u = simgrid::s4u;
  PlainSimGrid plain;
  auto* zone = plain.zone;
  auto *from = plain.from, *to = plain.to;
  const auto* link = zone->create_link("link", bytes_per_s)->set_latency(0.0)->seal();
  zone->add_route(from->get_netpoint(), to->get_netpoint(), nullptr, nullptr,
                  {s4u::LinkInRoute(link)}, true);
  zone->seal();
  std::vector<s4u::CommPtr> held(static_cast<std::size_t>(transfers));
  long left = transfers;
  const auto send = [&] {
    if (--left < 0) return;
    auto& comm = held[static_cast<std::size_t>(left)];
    comm = s4u::Comm::sendto_async(from, to, static_cast<std::uint64_t>(size_of(left)));
  };
  s4u::Activity::on_completion_cb([&](const s4u::Activity&) { send(); });
  const double begin_s = processor_s();
  for (int each = 0; each < at_once; ++each)
    send();
  plain.engine.run();
  print_answer(static_cast<double>(transfers), processor_s() - begin_s, s4u::Engine::get_clock());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view who = argc > 1 ? argv[1] : "";
  const auto at_once = static_cast<int>(argument(argc, argv, 2));
  const long transfers = argument(argc, argv, 3);
  if (who != "simgrid")
    by_headroom(at_once, transfers, who == "ours");
  else
    by_simgrid(at_once, transfers);
}
