#include "app/study/world.hpp"

#include <stdexcept>
#include <utility>

#include "app/scenario/tiers.hpp"

#include "models/network/connected_port.hpp"
#include "models/server/member_rotation.hpp"
#include "models/workload/clients.hpp"

namespace headroom {

World::World(const ScenarioPlan& plan, std::uint32_t replication, const Measurement& measurement,
             Tracing tracing)
    : plan_(plan),
      measurement_(measurement),
      simulation_(plan.run.seed, replication),
      log_(simulation_),
      tracing_(std::move(tracing)),
      sites_(plan),
      versions_(simulation_) {
  if (plan.network) {
    network_ = std::make_unique<Network>(simulation_, *plan.network, plan.zones, sites_.further(),
                                         sites_.nodes());
    if (plan.network->engine == NetworkEngine::flow && plan.network->has_links()) {
      carrier_ = make_flow_carrier(simulation_, plan.network->model);
      if (!carrier_) throw std::runtime_error("this program is not linked with the flow engine");
      network_->attach(*carrier_, plan.network->threshold_bytes());
    }
  }
  build_tracer(tracing_);
  build_keys();
  build_servers();
  build_caches();
  build_databases();
  build_brokers();
  build_workers();
  build_balancers();
  build_autoscalers();
  build_programs();
  build_stores();
  build_workloads();
  tell_clients();
  build_failures();
  build_bulk();
  if (has_ties_)
    for (auto& [name, server] : servers_)
      server->set_ties(ties_);
}

sim::Simulation::Status World::run_until(sim::Time limit) {
  return carrier_ ? carrier_->run_until(limit) : simulation_.run_until(limit);
}

void World::start() {
  for (auto& workload : workloads_)
    workload->start();
  for (auto& [name, broker] : brokers_)
    broker->start();
  for (auto& [name, autoscaler] : autoscalers_)
    autoscaler->start();
  start_databases();
  injector_->start();
  for (auto& bulk : bulk_)
    bulk->start();
}

void World::start_measuring() {
  open_windows();
  for (auto& [name, autoscaler] : autoscalers_)
    autoscaler->start_measuring();
  for (auto& [name, server] : servers_)
    server->start_measuring();
  for (auto& [name, cache] : caches_)
    cache->start_measuring();
  for (auto& [name, database] : databases_)
    database->start_measuring();
  for (auto& [name, broker] : brokers_)
    broker->start_measuring();
  for (auto& [name, balancer] : balancers_)
    balancer->start_measuring();
  if (network_) network_->start_measuring();
  for (const Guard& guard : guards_)
    guard.client->start_measuring();
  for (auto& [name, one] : at_clients_) {
    one.server->start_measuring();
    one.fallback->start_measuring();
  }
}

RunResult World::result() const {
  RunResult result;
  result.replication = simulation_.replication();
  result.measurement = measurement_;
  for (const auto& [name, service] : plan_.services) {
    if (server_of(service) != nullptr)
      result.services.push_back(servers_.at(name)->result());
    else if (std::holds_alternative<CachePlan>(service.kind))
      result.services.push_back(caches_.at(name)->result());
    else if (std::holds_alternative<DatabasePlan>(service.kind))
      result.services.push_back(databases_.at(name)->result());
    else if (is_broker(service))
      result.services.push_back(brokers_.at(name)->result());
    else
      result.services.push_back(balancers_.at(name)->result());
  }
  for (ServiceResult& service : result.services) {
    const auto autoscaler = autoscalers_.find(service.name);
    if (autoscaler != autoscalers_.end()) autoscaler->second->add_to(service);
  }
  for (std::size_t i = 0; i < windows_.size(); ++i)
    result.services[i].signals = windows_[i];
  for (const FailureWindow& window : injector_->windows()) {
    result.failures.push_back(
        {window.failure, window.begin, window.end, failing(window.failure, window.target)});
  }
  if (network_) result.links = network_->links();
  for (const auto& bulk : bulk_)
    result.bulk.push_back(bulk->report());
  for (const auto& [name, recorder] : recorders_)
    result.histories.push_back(recorded(*recorder, name));
  result.log = log_.events();
  result.log_left_out = log_.left_out();
  return result;
}

void World::add_clients(RunResult& result) {
  result.digest = simulation_.digest();
  result.events = simulation_.events();
  simulation_.lose_hopeless();
  for (const auto& workload : workloads_)
    result.workloads.push_back(workload->result());
  add_policies(result);
  add_traces(result, tracing_);
}

Endpoint* World::reached(Endpoint& instance, std::uint16_t zone, const std::string& service,
                         Port::Answers answers) {
  if (!network_) return &instance;
  auto port = std::make_unique<Port>(*network_, instance, zone, service);
  if (answers) port->count_answers(std::move(answers));
  ports_.push_back(std::move(port));
  if (plan_.network->connections)
    ports_.push_back(std::make_unique<ConnectedPort>(*network_, *ports_.back(), zone, service,
                                                     *plan_.network->connections));
  return ports_.back().get();
}

void World::make_reachable(const std::string& service, Reachable reachable) {
  if (reachable.instances.size() == 1 && reachable.members == nullptr) {
    reachable.front = reachable.instances.front();
  } else if (reachable.front == nullptr) {
    ports_.push_back(std::make_unique<Rotation>(simulation_, reachable.instances));
    reachable.front = ports_.back().get();
  }
  reachable_[service] = std::move(reachable);
}

void World::build_servers() {
  for (const auto& [name, service] : plan_.services) {
    const ServerPlan* plan = server_of(service);
    if (plan == nullptr) continue;
    const bool works = std::holds_alternative<WorkerPlan>(service.kind);
    const Tier tier = *tier_of(service);
    auto server = std::make_unique<Server>(simulation_, *plan, name, sites_.of(name), measurement_,
                                           tier.most, tier.replicas, works ? "worker" : "server");
    Reachable reachable;
    for (std::size_t index = 0; index < server->size(); ++index) {
      ServerInstance& instance = server->instance(index);
      reachable.instances.push_back(reached(instance, instance.zone(), name));
      reachable.zones.push_back(instance.zone());
      reachable.faultables.push_back(&instance);
    }
    if (plan_.members_change(name)) {
      reachable.members = &server->members();
      ports_.push_back(std::make_unique<MemberRotation>(simulation_, reachable.instances,
                                                        *reachable.members, server->station()));
      reachable.front = ports_.back().get();
    }
    make_reachable(name, std::move(reachable));
    servers_[name] = std::move(server);
  }
}

std::vector<MixShare> World::mix_of(const WorkloadPlan& plan) const {
  const ServicePlan& service = *plan_.behind(plan.target.service);
  std::vector<MixShare> shares;
  const bool has_key = plan.key.has_value();
  const auto operation_for = [&](const std::string& endpoint) {
    return is_broker(service) && has_key ? Operation::send : operation_named(endpoint);
  };
  if (plan.mix) {
    for (const auto& [endpoint, share] : *plan.mix) {
      const auto index = static_cast<std::uint16_t>(*endpoint_index(service, endpoint));
      shares.push_back({endpoint, index, share.value, operation_for(endpoint)});
    }
    return shares;
  }
  const auto index = static_cast<std::uint16_t>(*endpoint_index(service, plan.target.endpoint));
  const std::string name(endpoint_names(service)[index]);
  return {{name, index, 1.0, operation_for(name)}};
}

/// The clients of a workload, each with a retry budget, breakers and bulkheads of its own.
Endpoint& World::clients_of(const std::string& name, const WorkloadPlan& plan) {
  Endpoint& target = *reachable_.at(plan.target.service).front;
  std::vector<Endpoint*> clients;
  for (std::uint32_t client = 0; client < plan.clients; ++client) {
    auto one = std::make_unique<Client>(simulation_, plan.client, target, sim::hash_name(name));
    watch("workloads." + name, plan.client, *one, name + " -> " + plan.target.service);
    record(*one, plan.target.service);
    ports_.push_back(std::move(one));
    clients.push_back(ports_.back().get());
  }
  if (clients.size() == 1) return *clients.front();
  ports_.push_back(
      std::make_unique<Clients>(simulation_, std::move(clients), split_of(name, plan)));
  return *ports_.back();
}

ClientSplit World::split_of(const std::string& name, const WorkloadPlan& plan) const {
  using By = ClientSplit::By;
  const bool has_users = std::holds_alternative<ClosedPlan>(plan.arrivals.process);
  return {has_users       ? By::user
          : plan.sessions ? By::session
                          : By::request,
          plan.clients, Workload::draws_of(simulation_, name)};
}

/// Whose fair turns are meant; without a number of clients every user is one.
void World::tell_clients() {
  for (const auto& [name, plan] : plan_.workloads) {
    splits_.push_back(split_of(name, plan));
    ClientSplit& split = splits_.back();
    if (plan.clients == 1 && split.by != ClientSplit::By::request)
      split = {ClientSplit::By::user, UINT32_MAX};
  }
  for (auto& [name, server] : servers_)
    server->set_clients(splits_);
}

Part World::part_of(const During& during) {
  if (const auto* failure = std::get_if<std::uint32_t>(&during))
    return {phases_[1 + *failure].get(), false};
  return {phases_.front().get(), std::get<DuringFailures>(during) == DuringFailures::outside};
}

void World::build_workloads() {
  for (std::size_t phase = 0; phase <= plan_.failures.size(); ++phase)
    phases_.push_back(std::make_unique<Phase>());
  for (const auto& [name, plan] : plan_.workloads) {
    WorkloadSetup setup;
    setup.name = name;
    setup.index = static_cast<std::uint16_t>(workloads_.size());
    setup.zone = sites_.of_workload(name);
    setup.mix = mix_of(plan);
    setup.keys = keys_of(plan.key);
    setup.measurement = measurement_;
    setup.goodput_limit = plan.client.deadline ? plan.client.deadline : plan.client.timeout;
    setup.load = plan_.run.load;
    setup.tracer = tracer_ ? &*tracer_ : nullptr;
    setup.by_second = !plan_.failures.empty();
    for (const During& during : plan_.parts_of(name))
      setup.parts.push_back(part_of(during));
    for (std::size_t failure = 0; failure < plan_.failures.size(); ++failure)
      setup.failures.push_back(phases_[1 + failure].get());
    workloads_.push_back(std::make_unique<Workload>(
        simulation_, plan, std::move(setup), with_fallback(name, plan, clients_of(name, plan))));
    surges_.push_back(std::make_unique<Surge>(*workloads_.back()));
  }
}

}  // namespace headroom
