#include "app/scenario/tiers.hpp"
#include "app/study/world.hpp"
#include "models/broker/log.hpp"
#include "models/broker/queue.hpp"

namespace headroom {

void World::build_brokers() {
  for (const auto& [name, service] : plan_.services) {
    std::unique_ptr<Broker> broker;
    if (const auto* queue = std::get_if<QueuePlan>(&service.kind))
      broker =
          std::make_unique<MessageQueue>(simulation_, *queue, name, sites_.of(name), measurement_);
    if (const auto* topic = std::get_if<LogPlan>(&service.kind))
      broker =
          std::make_unique<MessageLog>(simulation_, *topic, name, sites_.of(name), measurement_);
    if (!broker) continue;
    Reachable reachable;
    reachable.instances = {broker.get()};
    for (std::size_t index = 0; index < broker->size(); ++index) {
      BrokerNode& node = broker->node(index);
      broker->set_way(index, *reached(node, node.zone(), name));
      reachable.zones.push_back(node.zone());
      reachable.faultables.push_back(&node);
    }
    broker->set_log(log());
    make_reachable(name, std::move(reachable));
    brokers_[name] = std::move(broker);
  }
  for (const auto& [name, service] : plan_.services)
    if (const ServiceRef* aside = dead_letter_of(service))
      brokers_.at(name)->set_dead_letters(brokers_.at(aside->name).get());
}

/// Workers that are there by now, and the brokers they consume from.
void World::build_workers() {
  for (const auto& [name, service] : plan_.services) {
    const auto* plan = std::get_if<WorkerPlan>(&service.kind);
    if (plan == nullptr) continue;
    Server& server = *servers_.at(name);
    std::vector<Instance*> instances;
    for (std::size_t index = 0; index < server.size(); ++index)
      instances.push_back(&server.instance(index));
    const WorkerTerms terms{plan->concurrency.count, plan->batch, plan->on_error, plan->retry_after,
                            plan->crash};
    auto pool = std::make_unique<ConsumerPool>(server, instances, terms);
    Broker& broker = *brokers_.at(plan->consumes.name);
    for (std::size_t index = 0; index < pool->size(); ++index) {
      Consumer& consumer = pool->consumer(index);
      pool->set_backlog(broker.subscribe(consumer, *reached(consumer, consumer.zone(), name),
                                         plan->group.value_or(name)));
    }
    pools_[name] = std::move(pool);
  }
}

}  // namespace headroom
