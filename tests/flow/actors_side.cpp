// SimGrid as its manual shows it: hosts, links, routes, a mailbox and two actors for each transfer.
#include <simgrid/s4u.hpp>

#include "tests/flow/rig.hpp"

namespace headroom::flow_rig {

namespace {

namespace s4u = simgrid::s4u;

void configure(FlowModel model) {
  s4u::Engine::set_config("network/model:" +
                          std::string(model == FlowModel::LV08 ? "LV08" : "CM02"));
  if (model != FlowModel::exact) return;
  for (const char* setting : {"TCP-gamma:0", "crosstraffic:0", "weight-S:0"})
    s4u::Engine::set_config(std::string("network/") + setting);
}

}  // namespace

std::vector<double> arrivals_by_actors(const Rig& rig) {
  char name[] = "oracle", quiet[] = "--log=root.thresh:critical";
  char* words[] = {name, quiet, nullptr};
  int count = 2;
  s4u::Engine engine(&count, words);
  configure(rig.model);
  // Exact shares know no latency: it is slept before.
  const bool exact = rig.model == FlowModel::exact;
  auto* zone = s4u::create_full_zone("zone");
  std::vector<const s4u::Link*> links;
  for (const double bandwidth : rig.bytes_per_s)
    links.push_back(zone->create_link("link" + std::to_string(links.size()), bandwidth)
                        ->set_latency(0.0)
                        ->seal());
  std::vector<double> arrived(rig.sendings.size(), -1);
  std::vector<s4u::Host*> from, to;
  for (std::size_t way = 0; way < rig.ways.size(); ++way) {
    from.push_back(zone->create_host("from" + std::to_string(way), 1e9)->seal());
    to.push_back(zone->create_host("to" + std::to_string(way), 1e9)->seal());
    const double latency = exact ? 0.0 : rig.ways[way].latency_s;
    const auto* far =
        zone->create_link("far" + std::to_string(way), 1e18)->set_latency(latency)->seal();
    std::vector<s4u::LinkInRoute> route;
    for (const std::uint32_t link : rig.ways[way].links)
      route.emplace_back(links[link]);
    route.emplace_back(far);
    zone->add_route(from[way]->get_netpoint(), to[way]->get_netpoint(), nullptr, nullptr, route,
                    true);
  }
  zone->seal();
  for (std::size_t i = 0; i < rig.sendings.size(); ++i) {
    const Sending& sending = rig.sendings[i];
    auto* mailbox = s4u::Mailbox::by_name("mailbox" + std::to_string(i));
    s4u::Actor::create("sender", from[sending.way], [&, sending, mailbox, exact] {
      s4u::this_actor::sleep_until(sending.at_s + (exact ? rig.ways[sending.way].latency_s : 0));
      static int payload = 0;
      mailbox->put(&payload, static_cast<std::uint64_t>(sending.bytes));
    });
    s4u::Actor::create("receiver", to[sending.way], [&arrived, i, mailbox] {
      mailbox->get<int>();
      arrived[i] = s4u::Engine::get_clock();
    });
  }
  engine.run();
  return arrived;
}

}  // namespace headroom::flow_rig
