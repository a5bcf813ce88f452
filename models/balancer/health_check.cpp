#include "models/balancer/health_check.hpp"

#include "models/balancer/balancer.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

HealthCheck::HealthCheck(Balancer& balancer, const HealthCheckPlan& plan)
    : balancer_(balancer), plan_(plan), timeout_(balancer.simulation().lane(plan.timeout)) {}

sim::Simulation& HealthCheck::simulation() const {
  return balancer_.simulation();
}

void HealthCheck::start() {
  for (std::size_t i = 0; i < balancer_.backends().size(); ++i)
    simulation().spawn(watch(i));
}

sim::Task<> HealthCheck::watch(std::size_t backend) {
  const double place = static_cast<double>(backend + 1);
  const double share = place / static_cast<double>(balancer_.backends().size());
  const double interval_ns = static_cast<double>(plan_.interval.count_ns());
  co_await simulation().delay(sim::Duration::rounded_ns(interval_ns * share));

  std::uint32_t in_a_row = 0;  ///< Results that contradict what the balancer believes.
  for (;;) {
    const sim::Time next = simulation().now() + plan_.interval;
    if (balancer_.backends().is_out(backend, Out::absent)) {  // Nobody is there to be asked.
      in_a_row = 0;
      co_await simulation().delay(plan_.interval);
      continue;
    }
    const bool passed = co_await passes(backend);
    const bool healthy = !balancer_.backends().is_out(backend, Out::unhealthy);
    in_a_row = passed == healthy ? 0 : in_a_row + 1;
    if (in_a_row == (healthy ? plan_.unhealthy_after : plan_.healthy_after)) {
      balancer_.set_out(backend, Out::unhealthy, !passed);
      in_a_row = 0;
    }
    const sim::Time now = simulation().now();
    if (next > now) co_await simulation().delay(next - now);
  }
}

/// The probe is a process of its own; when nobody waits for it any more it ends.
sim::Task<bool> HealthCheck::passes(std::size_t backend) {
  sim::Scope probe(simulation());
  sim::Event<bool> answer(simulation());
  probe.spawn(ask(backend, answer.trigger()));
  const auto passed = co_await sim::before(timeout_, answer.happens());
  if (passed) co_return *passed;
  co_return false;
}

sim::Task<> HealthCheck::ask(std::size_t backend, sim::Trigger<bool> answer) {
  const bool passed = co_await balancer_.backends()[backend].endpoint->probe(balancer_.zone());
  answer.fire(passed);
}

}  // namespace headroom
