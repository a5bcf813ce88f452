// Transfers a second of wall time of the flow engine, and of SimGrid used without it:
// `sendto_async` from the engine, the next one started when one has completed, no actors. On one
// link for all.
//
// usage: bench_flow [rounds]
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "tests/flow/rig.hpp"

using namespace headroom;

namespace {

constexpr double bytes_per_s = 1e9;

/// Sizes that differ, so that transfers end one by one.
std::int64_t size_of(int number) {
  return 1'000'000 + 1'009 * (number % 997);
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

sim::Task<> send_on_and_on(sim::Simulation& simulation, Network* network, int* left) {
  while (--*left >= 0) {
    Message message;
    message.bytes = size_of(*left);
    message.to = 1;
    while (message.under_way())
      co_await network->carry(message);
  }
  (void)simulation;
}

double by_headroom(int at_once, int transfers) {
  sim::Simulation simulation;
  auto carrier = make_flow_carrier(simulation, FlowModel::exact);
  NetworkPlan plan;
  LinkPlan link;
  link.bandwidth = Bandwidth{bytes_per_s};
  plan.links.add("* <-> *", link);
  const std::vector<std::string> zones{"a", "b"};
  Network network(simulation, plan, zones);
  network.attach(*carrier, 0);
  int left = transfers;
  const auto begin = std::chrono::steady_clock::now();
  for (int each = 0; each < at_once; ++each)
    simulation.spawn(send_on_and_on(simulation, &network, &left));
  while (network.counts().messages < static_cast<std::uint64_t>(transfers))
    carrier->run_until(simulation.now() + sim::Duration::seconds(1));
  const double seconds = seconds_since(begin);
  simulation.close();
  return transfers / seconds;
}

double by_simgrid(int at_once, int transfers) {
  namespace s4u = simgrid::s4u;
  char name[] = "bench", quiet[] = "--log=root.thresh:critical";
  char* words[] = {name, quiet, nullptr};
  int count = 2;
  s4u::Engine engine(&count, words);
  for (const char* setting : {"model:CM02", "TCP-gamma:0", "crosstraffic:0", "weight-S:0"})
    s4u::Engine::set_config(std::string("network/") + setting);
  auto* zone = s4u::create_full_zone("zone");
  auto* from = zone->create_host("from", 1e9)->seal();
  auto* to = zone->create_host("to", 1e9)->seal();
  const auto* link = zone->create_link("link", bytes_per_s)->set_latency(0.0)->seal();
  zone->add_route(from->get_netpoint(), to->get_netpoint(), nullptr, nullptr,
                  {s4u::LinkInRoute(link)}, true);
  zone->seal();
  std::vector<s4u::CommPtr> held(static_cast<std::size_t>(transfers));
  int left = transfers;
  const auto send = [&] {
    if (--left < 0) return;
    auto& comm = held[static_cast<std::size_t>(left)];
    comm = s4u::Comm::sendto_async(from, to, static_cast<std::uint64_t>(size_of(left)));
  };
  s4u::Activity::on_completion_cb([&](const s4u::Activity&) { send(); });
  const auto begin = std::chrono::steady_clock::now();
  for (int each = 0; each < at_once; ++each)
    send();
  engine.run();
  return transfers / seconds_since(begin);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** words) {
  const int rounds = count > 1 ? std::atoi(words[1]) : 5;
  std::printf("%9s %12s %12s %18s\n", "at once", "headroom/s", "SimGrid/s", "times as long");
  for (const auto& [at_once, transfers] : {std::pair(10, 20'000), {100, 20'000}, {1'000, 4'000}}) {
    std::vector<double> ours, theirs, ratios;
    for (int round = 0; round < rounds; ++round) {
      const auto one = [&, at = at_once, all = transfers](double (*speed)(int, int)) {
        return flow_rig::in_child([&] { return std::vector<double>{speed(at, all)}; }).at(0);
      };
      ours.push_back(one(by_headroom));
      theirs.push_back(one(by_simgrid));
      ratios.push_back(theirs.back() / ours.back());
    }
    std::printf("%9d %12.0f %12.0f %18.2f\n", at_once, median(ours), median(theirs),
                median(ratios));
  }
}
