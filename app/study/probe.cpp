#include <bit>
#include <cmath>
#include <fstream>
#include <string>

#include "app/study/mpi_ranks.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

/// Functions that a library may round differently from one processor to the next, over arguments
/// as the models have them.
std::uint64_t probe_of_functions() {
  std::uint64_t probe = 0;
  const auto add = [&](double value) {
    probe = sim::mix(probe, std::bit_cast<std::uint64_t>(value));
  };
  for (int step = 1; step <= 1000; ++step) {
    // volatile: computed by the library that is there, not by the compiler.
    volatile double x = 0.0137 * step;
    add(std::exp(-x));
    add(std::log(x));
    add(std::log1p(x));
    add(std::expm1(-x));
    add(std::pow(x, 0.73));
    add(std::sin(x));
    add(std::cos(x));
    add(std::tgamma(1 + x / 10));
    add(std::lgamma(x));
    add(std::cbrt(x));
  }
  return probe;
}

}  // namespace

std::uint64_t probe_of_program() {
  std::ifstream self("/proc/self/exe", std::ios::binary);
  std::string block(1 << 20, '\0');
  std::uint64_t probe = probe_of_functions();
  while (self) {
    self.read(block.data(), static_cast<std::streamsize>(block.size()));
    probe = sim::mix(probe, sim::hash_name(std::string_view(
                                block.data(), static_cast<std::size_t>(self.gcount()))));
  }
  return probe;
}

}  // namespace headroom
