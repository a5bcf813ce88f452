#pragma once

#include <iostream>

#include "sim/kernel/simulation.hpp"

/// For the examples of sim/README.md: prints the simulated time and what it is given.
template <class... Words>
void say(const headroom::sim::Simulation& simulation, const Words&... words) {
  std::cout << simulation.now().count_ns() / 1'000'000 << " ms:";
  ((std::cout << ' ' << words), ...);
  std::cout << '\n';
}
