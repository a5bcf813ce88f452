#include <variant>

#include "models/workload/arrivals.hpp"
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

struct Make {
  const ArrivalsSetup& setup;
  template <class Plan>
  Arrivals operator()(const Plan& plan) const {
    return make_process(plan, setup);
  }
  Arrivals operator()(const ClosedPlan&) const { return nullptr; }
};

template <class Plan>
Choice described() {
  const FieldTable& table = fields_of(static_cast<const Plan*>(nullptr));
  return {table.tag(), table.doc, table.origin};
}

}  // namespace

std::unique_ptr<ArrivalProcess> make_arrivals(const ArrivalsPlan& plan,
                                              const ArrivalsSetup& setup) {
  return std::visit(Make{setup}, plan);
}

Choices arrival_processes() {
  static const Choice all[] = {described<PoissonPlan>(),       described<ConstantPlan>(),
                               described<UniformJitterPlan>(), described<RenewalPlan>(),
                               described<BatchPlan>(),         described<MmppPlan>(),
                               described<StagesPlan>(),        described<DiurnalPlan>(),
                               described<ReplayPlan>(),        described<ClosedPlan>()};
  return all;
}

}  // namespace headroom
