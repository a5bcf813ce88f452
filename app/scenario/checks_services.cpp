#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/checks.hpp"
#include "app/scenario/tiers.hpp"

namespace headroom {

namespace {

void check_distinct(const Checking& checking, const std::string& pointer,
                    const std::vector<std::string>& names) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!seen.insert(names[i]).second)
      checking.error(pointer + '/' + std::to_string(i),
                     fmt::format("zone \"{}\" stands here twice", names[i]), "take one out");
}

#ifdef HEADROOM_WITH_SIMGRID
constexpr bool has_flow_engine = true;
#else
constexpr bool has_flow_engine = false;
#endif

void check_zones(const Checking& checking) {
  const auto& zones = checking.plan.zones;
  constexpr std::size_t most = 1000;  // Chosen: every pair of zones has a link of its own.
  if (zones.size() > most) {
    checking.error("/zones", fmt::format("{} zones are too many", zones.size()),
                   fmt::format("{} at most", most));
    return;
  }
  check_distinct(checking, "/zones", zones);
  if (!checking.plan.network || checking.diagnostics.has_errors()) return;
  if (checking.plan.network->engine == NetworkEngine::flow && !has_flow_engine) {
    checking.error("/network/engine", "this build of headroom has no flow engine",
                   "install libsimgrid-dev and build with -DHEADROOM_WITH_SIMGRID=ON, or use "
                   "--network delay");
    return;
  }
  if (!checking.plan.network->has_links())
    checking.warning("/network", "a network without links: messages take no time");
}

std::vector<std::string> names_of(const std::vector<ZoneRef>& zones) {
  std::vector<std::string> names;
  for (const ZoneRef& zone : zones)
    names.push_back(zone.name);
  return names;
}

/// How many steps one request can take at most, those in loops as often as they are taken.
double most_steps(const Steps& steps) {
  double sum = 0;
  for (const Step& step : steps) {
    sum += 1;
    if (const auto* repeat = std::get_if<RepeatStep>(&step.what)) {
      sum += repeat->times * std::max(1.0, most_steps(repeat->steps));
    } else if (const auto* parallel = std::get_if<ParallelStep>(&step.what)) {
      for (const Steps& branch : parallel->branches)
        sum += most_steps(branch);
    } else if (const auto* choose = std::get_if<ChooseStep>(&step.what)) {
      double most = 0;
      for (const ChooseBranch& branch : choose->branches)
        most = std::max(most, most_steps(branch.steps));
      sum += most;
    }
  }
  return sum;
}

void check_length(const Checking& checking, const std::string& at, const Steps& steps) {
  constexpr double most = 1e7;  // Chosen: seconds of computing for one request.
  const double count = most_steps(steps);
  if (count > most)
    checking.error(at, fmt::format("one request takes up to {:.2g} steps", count),
                   fmt::format("{:.0e} at most: fewer repetitions within one another", most));
}

void check_tier(const Checking& checking, const std::string& at, const Tier& tier) {
  check_distinct(checking, at + "/zones", names_of(tier.zones));
  if (tier.zones.size() > tier.most)
    checking.warning(
        at + "/zones",
        fmt::format("{} zones but {} replica{}: no replica stands in \"{}\"", tier.zones.size(),
                    tier.most, tier.most == 1 ? "" : "s", tier.zones[tier.most].name));
}

void check_server(const Checking& checking, const std::string& at, const ServerPlan& plan) {
  if (plan.endpoints.empty() && !plan.service_time)
    checking.error(at + "/endpoints", "a server without endpoints does nothing",
                   "give it one, or a \"service_time\"");
  for (const auto& [name, steps] : plan.endpoints.entries)
    check_length(checking, at + "/endpoints/" + name, steps);
  const double pieces = std::max(1.0, pieces_at_once(plan));
  const bool wide = !plan.concurrency.is_unlimited() && plan.cores &&
                    *plan.cores > static_cast<double>(plan.concurrency.count) * pieces;
  if (wide)
    checking.warning(at + "/cores",
                     fmt::format("{} cores but {} slots{}: some cores are never used", *plan.cores,
                                 plan.concurrency.count,
                                 pieces > 1 ? fmt::format(" with {} pieces of work each", pieces)
                                            : std::string()));
  if (checking.is_given(at + "/cores") && !uses_cpu(plan))
    checking.warning(at + "/cores", "does nothing here: no step works on a core",
                     R"(write the work as a step {"cpu": ..})");
  if (checking.is_given(at + "/lifo_beyond") && plan.lifo_beyond != ServerPlan().lifo_beyond &&
      plan.discipline != Discipline::adaptive_lifo)
    checking.warning(at + "/lifo_beyond",
                     "does nothing here: it belongs to discipline adaptive_lifo");
}

/// Priorities that nobody looks at.
void check_priorities(const Checking& checking) {
  const bool matters = std::any_of(
      checking.plan.services.begin(), checking.plan.services.end(), [](const auto& named) {
        const ServerPlan* server = server_of(named.second);
        return server && (server->discipline == Discipline::priority ||
                          (server->admission && server->admission->priority_shed));
      });
  if (matters) return;
  for (const auto& [name, workload] : checking.plan.workloads)
    if (const std::string at = "/workloads" + pointer_step(name) + "/priority";
        checking.is_given(at) && workload.priority != 0)
      checking.warning(at, "does nothing here: no server looks at priorities",
                       R"(write "discipline": "priority", or an "admission" by "priority_shed")");
}

/// How many instances a balancer chooses among: replicas of a server, or one in each zone.
std::size_t instances_of(const ScenarioPlan& plan, const std::string& service) {
  if (const auto tier = tier_of(plan, service)) return tier->most;
  const auto* balancer = plan.balancer(service);
  return balancer ? balancer->instances() : 0;
}

/// A setting of another policy does nothing; what is so anyway may be said.
void check_belongs(const Checking& checking, const std::string& at, std::string_view key,
                   bool is_changed, const BalancerPlan& plan, std::string_view policies) {
  if (is_changed && checking.is_given(fmt::format("{}/{}", at, key)) &&
      policies.find(plan.policy) == std::string_view::npos)
    checking.warning(fmt::format("{}/{}", at, key),
                     fmt::format("policy \"{}\" does not look at \"{}\"", plan.policy, key),
                     fmt::format("it belongs to {}", policies));
}

void check_balancer(const Checking& checking, const std::string& at, const BalancerPlan& plan) {
  if (plan.zones.size() > plan.instances())
    checking.warning(at + "/zones", fmt::format("{} zones but {} instance{}: none stands in \"{}\"",
                                                plan.zones.size(), plan.instances(),
                                                plan.instances() == 1 ? "" : "s",
                                                plan.zones[plan.instances()].name));
  const std::size_t instances = instances_of(checking.plan, plan.to.name);
  if (!plan.weights.empty() && plan.weights.size() != instances)
    checking.error(at + "/weights",
                   fmt::format("{} weights for {} replicas of \"{}\"", plan.weights.size(),
                               instances, plan.to.name),
                   "one weight for each replica");
  if (plan.policy == "power_of_two" && plan.distinct && plan.choices > instances)
    checking.error(at + (checking.is_given(at + "/choices") ? "/choices" : "/policy"),
                   fmt::format("{} distinct choices among {} replica{} of \"{}\"", plan.choices,
                               instances, instances == 1 ? "" : "s", plan.to.name),
                   fmt::format("at most {}, or \"distinct\": false", instances));
  const BalancerPlan usual;
  check_belongs(checking, at, "distinct", plan.distinct != usual.distinct, plan, "power_of_two");
  check_belongs(checking, at, "virtual_nodes", plan.virtual_nodes != usual.virtual_nodes, plan,
                "consistent_hash");
}

}  // namespace

void check_services(const Checking& checking) {
  check_zones(checking);
  check_priorities(checking);
  for (const auto& [name, service] : checking.plan.services) {
    const std::string at = service_pointer(name);
    if (const auto tier = tier_of(service)) check_tier(checking, at, *tier);
    check_pool(checking, name, service);
    if (const ServerPlan* server = server_of(service)) check_server(checking, at, *server);
    if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind)) {
      check_distinct(checking, at + "/zones", names_of(balancer->zones));
      check_balancer(checking, at, *balancer);
    }
  }
}

}  // namespace headroom
