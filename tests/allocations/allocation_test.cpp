// Once warm, a request allocates nothing: frames come from the pool, queues and timers keep their
// room. This program counts every allocation, so it is one of its own.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <new>
#include <string>
#include <vector>

#include "app/scenario/scenario.hpp"
#include "app/study/run.hpp"

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto bytes = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(bytes, (size + bytes - 1) / bytes * bytes)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace headroom {
namespace {

struct Counts {
  std::size_t warm = 0;   ///< Allocations in the last part of the run.
  std::size_t first = 0;  ///< In the first part, which shows that the counting works.
  std::uint64_t requests = 0;
};

/// One run; it is warm after `warm_share` of it, and what the end of the run takes does not count.
Counts count(const std::string& scenario, const std::string& duration, double warm_share) {
  Diagnostics diagnostics;
  // What is traced is kept.
  const std::vector<std::string> settings{"run.duration=" + duration, "run.trace=0"};
  const auto plan =
      read_scenario(HEADROOM_SOURCE_DIR "/scenarios/" + scenario, settings, diagnostics);
  REQUIRE(plan);
  Counts counts;
  std::size_t at_start = allocations;
  bool warm = false;
  const auto watch = [&](double share) {
    if (!warm && share >= warm_share) {
      warm = true;
      counts.first = allocations - at_start;
      at_start = allocations;
    }
    if (warm) counts.warm = allocations - at_start;
    return true;
  };
  // One window, whose histogram is as warm as the rest.
  const RunResult result =
      simulate(*plan, 0, measurement_of(*plan, sim::Duration(), 1), std::function(watch));
  counts.requests = result.workloads.front().endpoints.front().issued;
  return counts;
}

TEST_CASE("a warm request allocates nothing") {
  const auto [scenario, duration] =
      GENERATE(table<std::string, std::string>({{"mm1.json", "2h"}, {"three_tier.json", "60s"}}));
  const Counts counts = count(scenario, duration, 0.5);
  INFO(scenario);
  REQUIRE(counts.requests > 50'000);
  REQUIRE(counts.first > 0);
  REQUIRE(counts.warm == 0);
}

}  // namespace
}  // namespace headroom
