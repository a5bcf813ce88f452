#include "models/resilience/backoff.hpp"

#include <algorithm>

#include "models/draw.hpp"

namespace headroom {

namespace {

/// base x multiplier^(retry - 1), no more than `cap_ns`.
double grown(double base_ns, double multiplier, std::uint32_t retry, double cap_ns) {
  double pause_ns = base_ns;
  for (std::uint32_t i = 1; i < retry && pause_ns < cap_ns && pause_ns > 0; ++i) {
    pause_ns *= multiplier;
  }
  return std::min(pause_ns, cap_ns);
}

}  // namespace

sim::Duration backoff(const RetryPlan& plan, std::uint32_t retry, sim::Duration previous,
                      sim::Keyed draws) {
  const double cap_ns =
      static_cast<double>(plan.max_backoff.value_or(sim::Duration::forever()).count_ns());
  const double base_ns = draw(plan.backoff, draws);
  const double full_ns = grown(base_ns, plan.multiplier, retry, cap_ns);
  switch (plan.jitter) {
    case Jitter::none:
      break;
    case Jitter::full:
      return sim::Duration::rounded_ns(full_ns * draws.uniform());
    case Jitter::equal:
      return sim::Duration::rounded_ns(full_ns * (0.5 + 0.5 * draws.uniform()));
    case Jitter::decorrelated: {
      const double last_ns = std::max(static_cast<double>(previous.count_ns()), base_ns);
      const double pause_ns = base_ns + (3 * last_ns - base_ns) * draws.uniform();
      return sim::Duration::rounded_ns(std::min(cap_ns, pause_ns));
    }
  }
  return sim::Duration::rounded_ns(full_ns);
}

}  // namespace headroom
