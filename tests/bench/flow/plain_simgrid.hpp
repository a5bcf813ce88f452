#pragma once

#include <string>

#include <simgrid/s4u.hpp>

/// SimGrid by itself, with two hosts and no route yet; bandwidth is what the links have, without
/// the factors of TCP.
struct PlainSimGrid {
  PlainSimGrid() {
    for (const char* setting : {"model:CM02", "TCP-gamma:0", "crosstraffic:0", "weight-S:0"})
      simgrid::s4u::Engine::set_config(std::string("network/") + setting);
    zone = simgrid::s4u::create_full_zone("zone");
    from = zone->create_host("from", 1e9)->seal();
    to = zone->create_host("to", 1e9)->seal();
  }

  char name[6] = "bench", quiet[32] = "--log=root.thresh:critical";
  char* words[3] = {name, quiet, nullptr};
  int count = 2;
  simgrid::s4u::Engine engine{&count, words};
  simgrid::s4u::NetZone* zone = nullptr;
  simgrid::s4u::Host *from = nullptr, *to = nullptr;
};
