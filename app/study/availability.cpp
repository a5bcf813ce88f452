#include "app/study/availability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "app/scenario/tiers.hpp"
#include "app/study/judge.hpp"
#include "models/draw.hpp"
#include "models/moments.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

/// The target of a verb that is done to instances one by one, if it is such.
const FaultTarget* target_of(const FaultVerb& verb) {
  return std::visit(
      [](const auto& what) -> const FaultTarget* {
        if constexpr (requires { what.target.kind; }) return &what.target;
        return nullptr;
      },
      verb);
}

std::vector<std::string> instances_of(const ScenarioPlan& plan, const FailurePlan& failure) {
  const FaultTarget* target = target_of(failure.verb);
  if (target == nullptr) return {"failure"};
  const bool is_one = target->kind != FaultTarget::Kind::service || target->leader;
  const auto tier = tier_of(plan, target->name);
  const BalancerPlan* balancer = plan.balancer(target->name);
  if (is_one || (!tier && !balancer)) return {print_target(*target)};
  const auto count = tier ? tier->replicas : static_cast<std::uint32_t>(balancer->instances());
  const ReplicaRange range = replicas_of(*target, count, tier ? tier->shards : 1);
  std::vector<std::string> names;
  for (std::uint32_t each = range.first; each < std::min(range.end, count); ++each)
    names.push_back(fmt::format("{}[{}]", target->name, each));
  return names;
}

/// Whether it is all the same which of the instances are down: not of the copies of a database, of
/// replicas with weights, nor where another failure meets them as well.
bool are_alike(const ScenarioPlan& plan, std::size_t failure) {
  const FaultTarget* target = target_of(plan.failures[failure].verb);
  if (target == nullptr) return true;
  const ServicePlan* service = plan.services.find(target->name);
  if (service && std::holds_alternative<DatabasePlan>(service->kind)) return false;
  for (const auto& [name, other] : plan.services)
    if (const auto* balancer = std::get_if<BalancerPlan>(&other.kind))
      if (balancer->to.name == target->name && !balancer->weights.empty()) return false;
  for (std::size_t i = 0; i < plan.failures.size(); ++i) {
    const FaultTarget* other = target_of(plan.failures[i].verb);
    if (i == failure || other == nullptr || !plan.failures[i].every) continue;
    const bool meets = other->kind == FaultTarget::Kind::service
                           ? other->name == target->name
                           : other->kind != FaultTarget::Kind::link;
    if (meets) return false;
  }
  return true;
}

double log_choose(std::size_t n, std::size_t k) {
  return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
         std::lgamma(static_cast<double>(n - k) + 1);
}

/// Of n independent parts, k are down.
double binomial(std::size_t n, std::size_t k, double unavailability) {
  if (unavailability <= 0 || unavailability >= 1) return k == (unavailability <= 0 ? 0 : n) ? 1 : 0;
  return std::exp(log_choose(n, k) + static_cast<double>(k) * std::log(unavailability) +
                  static_cast<double>(n - k) * std::log1p(-unavailability));
}

/// How long what is killed takes to start again once it is repaired: of a zone the slowest in it,
/// of a host the slowest of all. Links need no time.
double restart_ns(const ScenarioPlan& plan, const FailurePlan& failure) {
  const auto* kill = std::get_if<KillPlan>(&failure.verb);
  if (kill == nullptr || kill->target.kind == FaultTarget::Kind::link) return 0;
  std::int64_t longest_ns = 0;
  for (const auto& [name, service] : plan.services) {
    if (kill->target.kind == FaultTarget::Kind::service && name != kill->target.name) continue;
    const auto tier = tier_of(plan, name);
    const bool is_there =
        kill->target.kind != FaultTarget::Kind::zone || !tier ||
        std::any_of(tier->zones.begin(), tier->zones.end(),
                    [&](const ZoneRef& zone) { return zone.name == kill->target.name; });
    std::visit(
        [&](const auto& what) {
          if constexpr (requires { what.restart_time; })
            if (is_there) longest_ns = std::max(longest_ns, what.restart_time.count_ns());
        },
        service.kind);
  }
  return static_cast<double>(longest_ns);
}

/// The mean of what is left of a time, `stretch` times as long, after its first `ns`.
double mean_beyond(const Distribution& time, double stretch, double ns) {
  const double whole = stretch * mean(time);
  if (ns <= 0) return whole;
  if (time.kind == Distribution::Kind::exponential) return whole * std::exp(-ns / whole);
  if (time.kind == Distribution::Kind::constant) return std::max(0.0, whole - ns);
  constexpr int draws = 100'000;  // Chosen: a third of a percent of a time that scatters as much.
  sim::Stream stream(1, 0, "availability");
  double sum = 0;
  for (int i = 0; i < draws; ++i) {
    const auto drawn = static_cast<double>(draw_duration(time, stream).count_ns());
    sum += std::max(0.0, stretch * drawn - ns);
  }
  return sum / draws;
}

Distribution constant(double ns) {
  Distribution distribution;
  distribution.a = ns;
  return distribution;
}

}  // namespace

std::vector<FailingPart> failing_parts(const ScenarioPlan& plan) {
  std::vector<FailingPart> parts;
  // Chosen: each by itself there are a thousand states of so many.
  constexpr std::size_t most_apart = 10;
  std::size_t apart = 0;
  const auto described = failure_summaries(plan, {});
  for (std::size_t i = 0; i < plan.failures.size(); ++i)
    if (plan.failures[i].every && !are_alike(plan, i))
      apart += instances_of(plan, plan.failures[i]).size();
  for (std::size_t i = 0; i < plan.failures.size(); ++i) {
    const FailurePlan& failure = plan.failures[i];
    if (!failure.every || !failure.repair) continue;
    const double common = failure.common_cause ? failure.common_cause->value : 0;
    const double restart = restart_ns(plan, failure), repair = mean(*failure.repair);
    const auto add = [&](std::vector<std::string> targets, double share) {
      // A failure may come while it starts: the time up begins with the end of the repair.
      const double up = mean_beyond(*failure.every, 1 / share, restart);
      const double down = mean(*failure.every) / share + repair - up;
      parts.push_back({i, std::move(targets), up * 1e-9, down * 1e-9, described[i].verb});
    };
    const auto instances = instances_of(plan, failure);
    if (common < 1 && (apart > most_apart || are_alike(plan, i))) {
      add(instances, 1 - common);
    } else if (common < 1) {
      for (const std::string& each : instances)
        add({each}, 1 - common);
    }
    if (common <= 0) continue;
    const FaultTarget* target = target_of(failure.verb);
    add({target != nullptr ? print_target(*target) : "failure"}, common);
  }
  return parts;
}

std::vector<DegradedState> degraded_states(const std::vector<FailingPart>& parts, double left_out,
                                           std::size_t most) {
  std::vector<DegradedState> all;
  DegradedState state{std::vector<std::size_t>(parts.size()), 1};
  // Chosen: parts of which so many fail at once are not looked at any further.
  constexpr double never = 1e-15;
  const std::function<void(std::size_t, double)> add = [&](std::size_t part, double probability) {
    if (part == parts.size()) {
      state.probability = probability;
      all.push_back(state);
      return;
    }
    const std::size_t n = parts[part].targets.size();
    for (std::size_t k = 0; k <= n; ++k) {
      const double here = probability * binomial(n, k, parts[part].unavailability());
      if (here < never) continue;
      state.down[part] = k;
      add(part + 1, here);
    }
    state.down[part] = 0;
  };
  add(0, 1);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  double rest = 1;
  std::size_t kept = 0;
  while (kept < all.size() && kept < most && (kept == 0 || rest > left_out))
    rest -= all[kept++].probability;
  all.resize(kept);
  return all;
}

ScenarioPlan plan_in(const ScenarioPlan& plan, const std::vector<FailingPart>& parts,
                     const DegradedState& state) {
  constexpr double at_once_ns = 1, for_good_ns = 3.15e18;  // a hundred years
  ScenarioPlan changed = plan;
  changed.failures.clear();
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (std::size_t each = 0; each < state.down[part]; ++each) {
      FailurePlan failure = plan.failures[parts[part].failure];
      failure.every = constant(at_once_ns);
      failure.repair = constant(for_good_ns);
      failure.common_cause.reset();
      std::visit(
          [&](auto& what) {
            if constexpr (requires { what.target.kind; }) {
              std::string why;
              parse_target(parts[part].targets[each], what.target, why);
            }
          },
          failure.verb);
      changed.failures.push_back(std::move(failure));
    }
  }
  return changed;
}

std::string what_is_down(const std::vector<FailingPart>& parts, const DegradedState& state) {
  const auto service_of = [](const FailingPart& part) {
    return part.targets.front().substr(0, part.targets.front().find('['));
  };
  std::vector<std::string> names;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const auto& targets = parts[part].targets;
    const std::size_t down = state.down[part];
    if (down == 0) continue;
    const std::string service = service_of(parts[part]);
    const bool is_met_twice = std::any_of(parts.begin(), parts.end(), [&](const auto& other) {
      return other.failure != parts[part].failure && service_of(other) == service;
    });
    const std::string name = targets.size() == 1
                                 ? targets.front()
                                 : fmt::format("{} of {} {}", down, targets.size(), service);
    names.push_back(is_met_twice ? parts[part].verb + " " + name : name);
  }
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

Availability availability_of(std::vector<StateResult> states, double left_out, double target) {
  Availability found;
  double met = 0, undecided = 0, known = 0, requests = 0, unknown = left_out;
  std::uint64_t samples = 0;
  for (const StateResult& each : states) {
    const double p = each.state.probability;
    if (each.verdict == Verdict::met) met += p;
    if (each.verdict == Verdict::undecided) undecided += p;
    samples += each.error_rate.samples;
    (each.error_rate.value ? known : unknown) += p;
    requests += p * static_cast<double>(each.error_rate.samples);
  }
  double errors = 0, down = 0, up = 0;
  bool has_interval = true;
  for (const StateResult& each : states) {
    if (!each.error_rate.value) continue;
    // A state counts by the requests that come in it.
    const double share =
        each.state.probability * static_cast<double>(each.error_rate.samples) * known / requests;
    errors += share * *each.error_rate.value;
    if (!each.error_rate.low) {
      has_interval = false;
      continue;
    }
    down += std::pow(share * (*each.error_rate.value - *each.error_rate.low), 2);
    up += std::pow(share * (*each.error_rate.high - *each.error_rate.value), 2);
  }
  const double high = std::min(1.0, met + undecided + left_out);
  found.attainment = {met + undecided / 2, met, high, states.size(), {}};
  found.error_rate = has_interval ? Figure{errors,
                                           std::max(0.0, errors - std::sqrt(down)),
                                           std::min(1.0, errors + std::sqrt(up) + unknown),
                                           samples,
                                           {}}
                                  : Figure::plain(errors, samples);
  found.verdict = met >= target   ? Verdict::met
                  : high < target ? Verdict::missed
                                  : Verdict::undecided;
  found.left_out = left_out;
  found.states = std::move(states);
  return found;
}

}  // namespace headroom
