#include "sim/kernel/check.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace headroom::sim {

void check_failed(const char* condition, const char* file, int line, const char* context,
                  std::int64_t at_ns, std::uint64_t seed) {
  std::fprintf(stderr, "headroom: internal error: %s:%d: \"%s\" does not hold", file, line,
               condition);
  if (context != nullptr) std::fprintf(stderr, " (%s)", context);
  if (at_ns >= 0)
    std::fprintf(stderr, "; seed %" PRIu64 ", simulated time %" PRId64 " ns", seed, at_ns);
  std::fputc('\n', stderr);
  std::abort();
}

}  // namespace headroom::sim

namespace boost {

struct source_location;

// Boost.Random reports a bad parameter through these. Parameters come from a validated plan, so a
// bad one is a defect.
[[noreturn]] void throw_exception(const std::exception& e) {
  headroom::sim::check_failed("a valid parameter", "Boost", 0, e.what());
}
[[noreturn]] void throw_exception(const std::exception& e, const source_location&) {
  headroom::sim::check_failed("a valid parameter", "Boost", 0, e.what());
}

}  // namespace boost
