#include "models/store/database.hpp"

namespace headroom {

Database::Database(sim::Simulation& simulation, const DatabasePlan& plan, std::string name,
                   const std::vector<std::uint16_t>& zones, std::span<const KeySpace> keys,
                   Versions& versions, const Measurement& measurement)
    : Endpoint(simulation),
      plan_(plan),
      versions_(versions),
      station_(simulation, std::move(name), "database", measurement),
      shared_{plan, station_},
      sharding_(plan.shards, station_.name(), keys),
      shards_(plan.shards.count),
      replication_(make_replication({simulation, plan, versions})) {
  for (std::uint32_t index = 0; index < plan.nodes(); ++index) {
    nodes_.push_back(std::make_unique<StoreNode>(simulation, shared_, index, zones[index]));
    shards_[index / plan.replicas].nodes.push_back(nodes_.back().get());
  }
  seen_.shard_operations.resize(plan.shards.count);
}

void Database::set_way(std::size_t node, Endpoint& way) {
  shards_[node / plan_.replicas].nodes[node % plan_.replicas] = &way;
}

sim::Task<Reply> Database::call(Request request) {
  const sim::Time came = simulation_.now();
  const std::uint32_t which = sharding_.shard_of(request);
  const Shard* shard = &shards_[which];
  ++seen_.shard_operations[which];
  if (request.operation == Operation::write) {
    const Reply written = co_await replication_->write(shard, request);
    if (written.is_ok()) seen_.write.record((simulation_.now() - came).count_ns());
    co_return written;
  }
  const std::uint32_t expected = versions_.current(request.item());
  const Reply found = co_await replication_->read(shard, request);
  if (found.is_ok()) book_read(request, found, came, expected);
  co_return found;
}

/// A read is stale that brings less than what was committed before it began.
void Database::book_read(const Request& request, const Reply& reply, sim::Time came,
                         std::uint32_t expected) {
  seen_.read.record((simulation_.now() - came).count_ns());
  if (reply.version >= expected) return;
  const sim::Time since = versions_.superseded_at(request.item(), reply.version);
  seen_.staleness.record(since < came ? (came - since).count_ns() : 0);
}

void Database::start_measuring() {
  station_.start_measuring();
  for (auto& node : nodes_)
    node->start_measuring();
  seen_ = StoreResult();
  seen_.shard_operations.resize(plan_.shards.count);
}

ServiceResult Database::result() const {
  ServiceResult result = station_.result();
  for (const auto& node : nodes_) {
    result.replicas.push_back(node->result());
    result.instance_area += node->up_area();
  }
  result.store = seen_;
  return result;
}

}  // namespace headroom
