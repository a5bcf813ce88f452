#include "models/balancer/outlier_ejection.hpp"

#include <algorithm>
#include <cmath>

#include "models/balancer/balancer.hpp"

namespace headroom {

namespace {

constexpr sim::Duration longest = sim::Duration::seconds(300);  // As in Envoy.

bool is_bad(const Reply& reply) {
  return reply.outcome == Outcome::failed || reply.outcome == Outcome::rejected ||
         reply.outcome == Outcome::timeout;
}

}  // namespace

OutlierEjection::OutlierEjection(Balancer& balancer, const OutlierEjectionPlan& plan)
    : balancer_(balancer), plan_(plan), records_(balancer.backends().size()) {}

sim::Simulation& OutlierEjection::simulation() const {
  return balancer_.simulation();
}

void OutlierEjection::note(std::size_t backend, const Reply& reply) {
  if (balancer_.backends().is_out(backend, Out::ejected)) return;  // an answer from before
  Record& record = records_[backend];
  if (!is_bad(reply)) {
    record = {};
    return;
  }
  if (++record.in_a_row >= plan_.consecutive && may_eject()) eject(backend);
}

bool OutlierEjection::may_eject() const {
  const Backends& backends = balancer_.backends();
  std::size_t present = 0;
  for (std::size_t i = 0; i < backends.size(); ++i)
    present += backends.is_out(i, Out::absent) ? 0 : 1;
  // A share that is whole but for rounding (30% of 10) counts as whole.
  const double share = plan_.max_ejected.value * static_cast<double>(present) + 1e-9;
  return out_now_ < std::max<std::size_t>(1, static_cast<std::size_t>(share));
}

void OutlierEjection::eject(std::size_t backend) {
  Record& record = records_[backend];
  record.in_a_row = 0;
  ++record.times;
  ++out_now_;
  ++ejections_;
  const double times = record.times;
  const double wanted_ns = static_cast<double>(plan_.eject_for.count_ns()) * times;
  const double most_ns = static_cast<double>(std::max(longest, plan_.eject_for).count_ns());
  const auto length = sim::Duration::rounded_ns(std::min(wanted_ns, most_ns));
  balancer_.set_out(backend, Out::ejected, true);
  simulation().spawn(readmit(backend, length));
}

sim::Task<> OutlierEjection::readmit(std::size_t backend, sim::Duration after) {
  co_await simulation().delay(after);
  --out_now_;
  balancer_.set_out(backend, Out::ejected, false);
}

}  // namespace headroom
