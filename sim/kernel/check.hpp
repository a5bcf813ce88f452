#pragma once

#include <cstdint>

namespace headroom::sim {

/// Prints the broken law and aborts. A broken CHECK is a defect of the program, never of its input.
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               const char* context = nullptr, std::int64_t at_ns = -1,
                               std::uint64_t seed = 0);

}  // namespace headroom::sim

/// A law that must hold, checked in release builds too.
#define HEADROOM_CHECK(condition)     \
  (__builtin_expect(!!(condition), 1) \
       ? void()                       \
       : ::headroom::sim::check_failed(#condition, __FILE__, __LINE__))

/// The same where a simulation is at hand: the message then carries its seed and simulated time.
#define HEADROOM_CHECK_IN(simulation, condition)                                \
  (__builtin_expect(!!(condition), 1)                                           \
       ? void()                                                                 \
       : ::headroom::sim::check_failed(#condition, __FILE__, __LINE__, nullptr, \
                                       (simulation).now().count_ns(), (simulation).seed()))
