#include "models/autoscale/behavior.hpp"

#include <algorithm>
#include <cmath>

namespace headroom {

namespace {

// Chosen: the longest window and the longest period that Kubernetes allows.
constexpr sim::Duration longest = sim::Duration::seconds(3600);

// What is whole but for rounding (10 x 1.1) is not one more or less.
constexpr double of_rounding = 1e-9;

ScalingPolicy by_count(std::uint32_t count) {
  return {count, std::nullopt, sim::Duration::seconds(15)};
}
ScalingPolicy by_share(double share) {
  return {std::nullopt, Ratio{share}, sim::Duration::seconds(15)};
}

/// From so many at the start of a period to at most, or at least, so many at its end.
double allowed(const ScalingPolicy& policy, double at_start, bool up) {
  if (policy.instances) return up ? at_start + *policy.instances : at_start - *policy.instances;
  const double share = policy.percent->value;
  return up ? std::ceil(at_start * (1 + share) - of_rounding)
            : std::trunc(at_start * (1 - share) + of_rounding);
}

}  // namespace

ScalingBehavior::ScalingBehavior(const BehaviorPlan& plan)
    : up_(plan.scale_up.value_or(ScalingRules())), down_(plan.scale_down.value_or(ScalingRules())) {
  if (!up_.stabilization) up_.stabilization = sim::Duration();
  if (!down_.stabilization) down_.stabilization = sim::Duration::seconds(300);
  if (up_.policies.empty()) up_.policies = {by_count(4), by_share(1)};
  if (down_.policies.empty()) down_.policies = {by_share(1)};
}

std::uint32_t ScalingBehavior::steady(sim::Time now, std::uint32_t current, std::uint32_t wanted) {
  std::uint32_t least = wanted, most = wanted;
  for (const Count& each : recommended_) {
    if (now - each.at < *up_.stabilization) least = std::min(least, each.count);
    if (now - each.at < *down_.stabilization) most = std::max(most, each.count);
  }
  forget(recommended_, now);
  recommended_.push_back({now, wanted});
  return std::min(std::max(current, least), most);
}

std::uint32_t ScalingBehavior::limited(sim::Time now, std::uint32_t current,
                                       std::uint32_t wanted) const {
  if (wanted == current) return wanted;
  const bool up = wanted > current;
  const double bound = limit(up ? up_ : down_, now, current, up);
  // What was done within the periods may have been more than they allow: that changes nothing.
  const double from = current, to = wanted;
  return static_cast<std::uint32_t>(up ? std::max(from, std::min(to, bound))
                                       : std::min(from, std::max(to, bound)));
}

double ScalingBehavior::limit(const ScalingRules& rules, sim::Time now, std::uint32_t current,
                              bool up) const {
  if (rules.select_policy == SelectPolicy::disabled) return current;
  const bool farthest = rules.select_policy == SelectPolicy::max;
  double chosen = 0;
  for (std::size_t i = 0; i < rules.policies.size(); ++i) {
    const ScalingPolicy& policy = rules.policies[i];
    const double at_start =
        current - changed(started_, now, policy.period) + changed(stopped_, now, policy.period);
    const double each = allowed(policy, at_start, up);
    if (i == 0)
      chosen = each;
    else
      chosen = up == farthest ? std::max(chosen, each) : std::min(chosen, each);
  }
  return chosen;
}

void ScalingBehavior::scaled(sim::Time now, std::uint32_t from, std::uint32_t to) {
  std::vector<Count>& changes = to > from ? started_ : stopped_;
  forget(changes, now);
  changes.push_back({now, to > from ? to - from : from - to});
}

void ScalingBehavior::forget(std::vector<Count>& counts, sim::Time now) {
  std::erase_if(counts, [now](const Count& each) { return now - each.at > longest; });
}

double ScalingBehavior::changed(const std::vector<Count>& changes, sim::Time now,
                                sim::Duration period) {
  double sum = 0;
  for (const Count& each : changes)
    if (now - each.at < period) sum += each.count;
  return sum;
}

}  // namespace headroom
