#include "app/study/world.hpp"

namespace headroom {

void World::build_databases() {
  for (const auto& [name, service] : plan_.services) {
    const auto* plan = std::get_if<DatabasePlan>(&service.kind);
    if (plan == nullptr) continue;
    auto database = std::make_unique<Database>(simulation_, *plan, name, sites_.of(name), keys_,
                                               versions_, measurement_);
    Reachable reachable;
    reachable.instances = {database.get()};
    for (std::size_t index = 0; index < database->size(); ++index) {
      StoreNode& node = database->node(index);
      if (!plan->replication.legs) database->set_way(index, *reached(node, node.zone(), name));
      reachable.zones.push_back(node.zone());
      reachable.faultables.push_back(&node);
    }
    make_reachable(name, std::move(reachable));
    databases_[name] = std::move(database);
  }
}

}  // namespace headroom
