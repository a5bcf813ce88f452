#include <cmath>

#include "app/study/theories.hpp"

namespace headroom {

namespace {

/// Whether a figure is what theory says. Chosen: four to five standard errors, so that what is
/// right is hardly ever called wrong. `share`: relative error of the form itself.
std::optional<bool> is_as_said(const Figure& figure, double said, double share = 0) {
  if (!figure.value || !figure.low) return std::nullopt;
  return std::abs(*figure.value - said) <= *figure.high - *figure.low + share * said;
}

/// The error rate of the only workload that calls the service, if it is the only one.
const Figure* loss_at(const ScenarioPlan& plan, const Summary& summary, const std::string& name) {
  const Figure* found = nullptr;
  for (std::size_t i = 0; i < plan.workloads.size(); ++i) {
    if (plan.workloads.entries[i].second.target.service != name) continue;
    if (found != nullptr) return nullptr;
    found = &summary.workloads[i].error_rate;
  }
  return found;
}

/// Where the service turned somebody away of whom the form does not know, or never settled, the
/// closed form is of another one.
std::string obstacle_to(const ServiceTheory& theory, const ServiceSummary& service) {
  if (theory.hit_ratio) return service.cache && service.cache->hit_ratio.value ? "" : "no gets";
  if (!service.sojourn_s.mean.value) return "nothing was measured that settled";
  return theory.loss || service.drops.empty() ? "" : "requests were turned away";
}

HeldTheory held(const ScenarioPlan& plan, const Summary& summary, const ServiceSummary& service,
                ServiceTheory theory) {
  constexpr double error_of_che = 0.02;  // Chosen: Fricker et al. find less from a room of ten on.
  HeldTheory found;
  const auto hold = [&](std::optional<bool> agrees) {
    if (agrees) found.agrees = found.agrees.value_or(true) && *agrees;
  };
  if (!theory.model.empty()) {
    theory.why_not = obstacle_to(theory, service);
    if (!theory.why_not.empty()) theory.model.clear();
  }
  if (!theory.model.empty()) {
    if (theory.sojourn_mean_s) hold(is_as_said(service.sojourn_s.mean, *theory.sojourn_mean_s));
    if (const Figure* loss = theory.loss ? loss_at(plan, summary, service.name) : nullptr)
      hold(is_as_said(*loss, *theory.loss));
    if (theory.hit_ratio)
      hold(is_as_said(service.cache->hit_ratio, *theory.hit_ratio, error_of_che));
  }
  found.theory = std::move(theory);
  return found;
}

}  // namespace

std::vector<HeldTheory> held_theories(const ScenarioPlan& plan, const Summary& summary) {
  std::vector<HeldTheory> found;
  for (ServiceTheory& theory : theories(plan)) {
    // Summaries stand in the order of the scenario.
    const std::size_t at = plan.services.position(theory.service);
    if (at < summary.services.size() && summary.services[at].name == theory.service)
      found.push_back(held(plan, summary, summary.services[at], std::move(theory)));
  }
  return found;
}

}  // namespace headroom
