#include "models/workload/plan.hpp"

#include <algorithm>

#include "models/moments.hpp"

namespace headroom {

UniformJitterOptions UniformJitterPlan::options() const {
  if (const Rate* rate = std::get_if<Rate>(&written)) return {.rate = *rate};
  return std::get<UniformJitterOptions>(written);
}

ReplayOptions ReplayPlan::options() const {
  if (const std::string* file = std::get_if<std::string>(&written)) return {.file = *file};
  return std::get<ReplayOptions>(written);
}

namespace {

double mmpp_mean_rate_per_s(const MmppPlan& plan) {
  double arrivals = 0, time = 0;
  for (const MmppState& state : plan.states) {
    arrivals += state.rate.per_s * state.mean_stay.in_seconds();
    time += state.mean_stay.in_seconds();
  }
  return time > 0 ? arrivals / time : 0;
}

struct MeanRate {
  using Result = std::optional<double>;
  Result operator()(const PoissonPlan& plan) const { return plan.rate.per_s; }
  Result operator()(const ConstantPlan& plan) const { return plan.rate.per_s; }
  Result operator()(const UniformJitterPlan& plan) const { return plan.options().rate.per_s; }
  Result operator()(const RenewalPlan& plan) const { return 1e9 / mean(plan.gap); }
  Result operator()(const BatchPlan& plan) const {
    return plan.batch.rate.per_s * mean(plan.batch.size);
  }
  Result operator()(const MmppPlan& plan) const { return mmpp_mean_rate_per_s(plan); }
  Result operator()(const StagesPlan& plan) const {
    return plan.stages.empty() ? plan.start.per_s : plan.stages.back().target.per_s;
  }
  Result operator()(const DiurnalPlan& plan) const { return plan.diurnal.mean.per_s; }
  Result operator()(const ReplayPlan&) const { return std::nullopt; }
  Result operator()(const ClosedPlan&) const { return std::nullopt; }
};

}  // namespace

std::optional<double> mean_rate_per_s(const ArrivalsPlan& arrivals) {
  return std::visit(MeanRate(), arrivals);
}

bool is_stationary(const ArrivalsPlan& arrivals) {
  return !std::holds_alternative<StagesPlan>(arrivals) &&
         !std::holds_alternative<DiurnalPlan>(arrivals) &&
         !std::holds_alternative<ReplayPlan>(arrivals);
}

bool never_arrives(const ArrivalsPlan& arrivals) {
  if (const auto* plan = std::get_if<ReplayPlan>(&arrivals)) return plan->times.empty();
  if (const auto* plan = std::get_if<ClosedPlan>(&arrivals)) return plan->closed.users == 0;
  if (const auto* plan = std::get_if<StagesPlan>(&arrivals)) {
    const auto is_zero = [](const Stage& stage) { return stage.target.per_s <= 0; };
    return plan->start.per_s <= 0 && std::all_of(plan->stages.begin(), plan->stages.end(), is_zero);
  }
  return mean_rate_per_s(arrivals) <= 0.0;
}

}  // namespace headroom
