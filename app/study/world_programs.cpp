#include <algorithm>

#include "app/scenario/tiers.hpp"
#include "app/study/leader_target.hpp"
#include "app/study/network_targets.hpp"
#include "app/study/world.hpp"

namespace headroom {

namespace {

/// What is known of a step before what it calls: its kind, its draws, its branches to compile.
struct Compiled {
  Action& action;
  std::vector<const Steps*> branches;

  void operator()(const CpuStep& step) { set(Action::Kind::cpu, step.work); }
  void operator()(const WaitStep& step) { set(Action::Kind::wait, step.time); }
  void operator()(const CallStep& step) {
    action.kind = Action::Kind::call;
    if (step.on_miss) branches.push_back(&*step.on_miss);
  }
  void operator()(const PublishStep&) { action.kind = Action::Kind::call; }
  void operator()(const ParallelStep& step) {
    action.kind = Action::Kind::parallel;
    action.count = step.need.value_or(static_cast<std::uint32_t>(step.branches.size()));
    for (const Steps& branch : step.branches)
      branches.push_back(&branch);
  }
  void operator()(const ChooseStep& step) {
    action.kind = Action::Kind::choose;
    double up_to = 0;
    for (const ChooseBranch& branch : step.branches) {
      action.probabilities.push_back(up_to += branch.p.value);
      branches.push_back(&branch.steps);
    }
    action.probabilities.back() = 1;  // what rounding left out
  }
  void operator()(const RepeatStep& step) {
    action.kind = Action::Kind::repeat;
    action.count = step.times;
    branches.push_back(&step.steps);
  }
  void operator()(const FailStep& step) {
    action.kind = Action::Kind::fail;
    action.probabilities.push_back(step.chance.p.value);
    action.is_lasting = step.chance.lasting;
  }

 private:
  void set(Action::Kind kind, const Distribution& amount) {
    action.kind = kind;
    action.amount = amount;
  }
};

/// What is set after a miss is nothing new.
void mark_fills(Actions& actions) {
  for (Action& action : actions) {
    if (action.operation == Operation::set) action.operation = Operation::fill;
    for (Actions& branch : action.branches)
      mark_fills(branch);
  }
}

}  // namespace

const KeySpace* World::keys_of(const std::optional<KeySpaceRef>& name) const {
  if (!name) return nullptr;
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (plan_.keys.entries[i].first == name->name) return &keys_[i];
  return nullptr;
}

Action World::compile_call(const CallStep& step, const std::string& service, std::uint32_t number) {
  Action action;
  const std::uint64_t key = sim::mix(sim::hash_name(service), number);
  Endpoint& target = *reachable_.at(step.target.service).front;
  auto client = std::make_unique<Client>(simulation_, step.client, target, key);
  const std::string endpoint(called_endpoint(*plan_.behind(step.target.service), step));
  client->set_label(step.target.service + (endpoint.empty() ? "" : "." + endpoint));
  watch(service, step.client, *client, service + " -> " + step.target.service);
  record(*client, step.target.service);
  ports_.push_back(std::move(client));
  action.callee = ports_.back().get();
  const ServicePlan& callee = *plan_.behind(step.target.service);
  action.callee_endpoint =
      static_cast<std::uint16_t>(*endpoint_index(callee, called_endpoint(callee, step)));
  action.operation = operation_of(callee, step);
  if (is_broker(callee)) action.operation = step.key ? Operation::send : Operation::none;
  action.keys = keys_of(step.key);
  if (const auto* cache = std::get_if<CachePlan>(&callee.kind))
    action.look_again_after = cache->look_again_after;
  action.size = step.size.value_or(Distribution{});
  action.reply_size = step.reply_size.value_or(Distribution{});
  return action;
}

Actions World::compile(const Steps& steps, const std::string& service, std::uint32_t& next_number) {
  Actions actions;
  for (const Step& step : steps) {
    const std::uint32_t number = next_number++;
    Action action;
    if (const CallStep* call = call_of(step)) action = compile_call(*call, service, number);
    action.number = number;
    Compiled compiled{action, {}};
    std::visit(compiled, step.what);
    for (const Steps* branch : compiled.branches) {
      action.branches.push_back(compile(*branch, service, next_number));
    }
    if (const CallStep* call = call_of(step)) {
      action.is_optional = call->optional;
      if (call->fallback) action.fallback.push_back(compile(*call->fallback, service, next_number));
    }
    if (action.kind == Action::Kind::call && !action.branches.empty())
      mark_fills(action.branches.front());
    actions.push_back(std::move(action));
  }
  return actions;
}

void World::build_programs() {
  for (auto& [name, server] : servers_) {
    const ServerPlan& plan = *plan_.server(name);
    std::vector<Program> programs;
    std::uint32_t next_number = 1;
    for (const auto& [endpoint, steps] : plan.endpoints) {
      programs.push_back({endpoint, compile(steps, name, next_number)});
    }
    if (plan.service_time) {
      Action work;
      work.number = next_number;
      work.amount = *plan.service_time;
      programs.push_back({"call", {work}});
    }
    // The store of what a cache holds is a service that calls nobody.
    const bool may_store = std::any_of(programs.begin(), programs.end(),
                                       [](const Program& one) { return !calls(one.actions); });
    server->set_programs(std::move(programs));
    if (!caches_.empty() && may_store) server->set_versions(versions_);
  }
}

std::vector<Faultable*> World::targets_of(const FaultTarget& target, bool with_balancers) {
  std::vector<Faultable*> targets;
  if (target.kind == FaultTarget::Kind::link || target.kind == FaultTarget::Kind::node)
    return network_targets_of(target);
  if (target.kind == FaultTarget::Kind::zone) {
    const std::uint16_t zone = plan_.zone_index(target.name);
    for (const auto& [name, plan] : plan_.services) {
      if (plan_.balancer(name) && !with_balancers) continue;
      const Reachable& service = reachable_.at(name);
      for (std::size_t index = 0; index < service.faultables.size(); ++index) {
        if (sites_.zone_of(service.zones[index]) == zone)
          targets.push_back(service.faultables[index]);
      }
    }
    return targets;
  }
  if (target.leader) {
    if (target.shard) {
      Database& database = *databases_.at(target.name);
      links_.push_back(
          std::make_unique<LeaderTarget>([&database, shard = *target.shard]() -> Faultable& {
            return database.node(database.leader(shard).value_or(shard));
          }));
    } else {
      Broker& broker = *brokers_.at(target.name);
      links_.push_back(std::make_unique<LeaderTarget>(
          [&broker]() -> Faultable& { return broker.node(broker.leader_node()); }));
    }
    return {links_.back().get()};
  }
  const auto& all = reachable_.at(target.name).faultables;
  // A share is of those that are there to begin with.
  const auto tier = target.share ? tier_of(plan_, target.name) : std::nullopt;
  const std::size_t count = tier ? tier->replicas : all.size();
  const auto range =
      replicas_of(target, static_cast<std::uint32_t>(count), shards_of(plan_, target.name));
  for (std::uint32_t index = range.first; index < range.end; ++index)
    targets.push_back(all[index]);
  return targets;
}

Failure World::failure_of(const FailurePlan& plan) {
  Failure failure;
  failure.at = plan.at;
  failure.length = plan.length;
  failure.every = plan.every;
  failure.repair = plan.repair;
  if (plan.common_cause) failure.common_cause = plan.common_cause->value;
  using Verb = Failure::Verb;
  if (const auto* kill = std::get_if<KillPlan>(&plan.verb)) {
    failure.verb = Verb::kill;
    failure.targets = targets_of(kill->target, true);
    failure.together = kill->target.kind != FaultTarget::Kind::service;
  } else if (const auto* pause = std::get_if<PausePlan>(&plan.verb)) {
    failure.verb = Verb::pause;
    failure.targets = targets_of(pause->target);
    failure.together = pause->target.kind == FaultTarget::Kind::zone;
  } else if (const auto* slow = std::get_if<SlowPlan>(&plan.verb)) {
    failure.verb = Verb::slow;
    failure.targets = targets_of(slow->target);
    failure.together = slow->target.kind == FaultTarget::Kind::zone;
    failure.amount = slow->factor;
  } else if (const auto* error = std::get_if<ErrorPlan>(&plan.verb)) {
    failure.verb = Verb::error;
    failure.targets = targets_of(error->target);
    failure.together = error->target.kind == FaultTarget::Kind::zone;
    failure.amount = error->rate.value;
  } else if (const auto* flush = std::get_if<FlushPlan>(&plan.verb)) {
    failure.verb = Verb::flush;
    failure.targets = targets_of(flush->target);
    failure.length = sim::Duration();
  } else if (const auto* drain = std::get_if<DrainPlan>(&plan.verb)) {
    failure.verb = Verb::drain;
    failure.targets = targets_of(drain->target);
    failure.together = drain->target.kind == FaultTarget::Kind::zone;
  } else if (const auto* deploy = std::get_if<DeployPlan>(&plan.verb)) {
    failure.verb = Verb::deploy;
    failure.deploy = deploy_of(*deploy);
  } else if (const auto* surge = std::get_if<SurgePlan>(&plan.verb)) {
    failure.verb = Verb::surge;
    failure.amount = surge->factor;
    for (std::size_t index = 0; index < workloads_.size(); ++index) {
      if (plan_.workloads.entries[index].first == surge->workload.name) {
        failure.workloads.push_back(surges_[index].get());
      }
    }
  } else if (const auto* skew = std::get_if<ClockSkewPlan>(&plan.verb)) {
    failure.verb = Verb::skew;
    failure.targets = targets_of(skew->target);
    failure.together = skew->target.kind == FaultTarget::Kind::zone;
    failure.amount = static_cast<double>(skew->by.count_ns()) * (skew->behind ? -1 : 1);
  } else if (const auto* degrade = std::get_if<DegradePlan>(&plan.verb)) {
    failure.verb = Verb::degrade;
    failure.links = network_.get();
    failure.degradation = degradation_of(plan_, sites_, *degrade);
  } else {
    const auto& partition = std::get<PartitionPlan>(plan.verb);
    failure.verb = Verb::partition;
    failure.network = network_.get();
    failure.partition.one_way = partition.one_way;
    failure.partition.mode = partition.mode;
    failure.partition.groups = sites_.groups_of(partition);
  }
  return failure;
}

/// The replica that failed by itself; nothing where all of a target's did.
std::string World::failing(std::uint32_t failure, std::uint32_t which) const {
  if (which == FailureWindow::all) return {};
  const auto named = [](const auto& verb) -> const FaultTarget* {
    if constexpr (requires {
                    { verb.target } -> std::convertible_to<FaultTarget>;
                  })
      return &verb.target;
    else
      return nullptr;
  };
  const FaultTarget* target = std::visit(named, plan_.failures[failure].verb);
  if (target == nullptr || target->kind != FaultTarget::Kind::service || target->leader) return {};
  const auto& all = reachable_.at(target->name).faultables;
  const auto range =
      replicas_of(*target, static_cast<std::uint32_t>(all.size()), shards_of(plan_, target->name));
  return target->name + "[" + std::to_string(range.first + which) + "]";
}

void World::build_failures() {
  std::vector<Failure> failures;
  for (const FailurePlan& plan : plan_.failures) {
    failures.push_back(failure_of(plan));
    failures.back().phases = {phases_.front().get(), phases_[failures.size()].get()};
  }
  injector_ = std::make_unique<Injector>(simulation_, std::move(failures), measurement_.start);
  tell_recorders();
}

}  // namespace headroom
