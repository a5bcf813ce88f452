#include "models/store/database.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

Database::Database(sim::Simulation& simulation, const DatabasePlan& plan, std::string name,
                   const std::vector<std::uint16_t>& sites, std::span<const KeySpace> keys,
                   Versions& versions, const Measurement& measurement)
    : Endpoint(simulation),
      plan_(plan),
      versions_(versions),
      station_(simulation, std::move(name), "database", measurement),
      sharding_(plan.shards, station_.name(), keys),
      shared_{plan, station_, versions, stamps_},
      shards_(plan.most_shards()) {
  if (plan.replication.has_siblings()) stamps_.keep_siblings();
  if (plan.do_shards_change()) shared_.ownership = &ownership_.emplace(sharding_);
  for (std::uint32_t index = 0; index < plan.most_nodes(); ++index) {
    nodes_.push_back(std::make_unique<StoreNode>(simulation, shared_, index, sites[index]));
    shards_[index / plan.copies()].nodes.push_back(nodes_.back().get());
  }
  ReplicationSetup replication{simulation, plan, versions, stamps_, station_.name(), keys, {}};
  for (const auto& node : nodes_)
    replication.nodes.push_back(node.get());
  replication.shards = &shards_;
  replication.zones = &zone_of_site_;
  replication_ = make_replication(replication);
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
    shards_[shard].number = shard;
  renew_books();
  if (!ownership_) return;
  Rebalancer::Setup setup{plan, station_.name(),        sharding_, *ownership_, *replication_,
                          {},   &seen_.shard_operations};
  for (const auto& node : nodes_)
    setup.nodes.push_back(node.get());
  rebalancer_.emplace(simulation, std::move(setup));
}

std::optional<std::uint32_t> Database::leader(std::uint32_t shard) const {
  const auto copy = replication_->leader(shard);
  if (!copy) return std::nullopt;
  return shard * plan_.copies() + *copy;
}

void Database::set_way(std::size_t node, Endpoint& way) {
  shards_[node / plan_.copies()].nodes[node % plan_.copies()] = &way;
}

sim::Task<Reply> Database::call(Request request) {
  const sim::Time came = simulation_.now();
  const bool writes = request.operation != Operation::read;
  const std::uint32_t expected = writes ? 0 : versions_.current(request.item());
  const bool is_everywhere =
      shard_key_ != 0 && request.key_space != shard_key_ && shards_.size() > 1;
  auto done = is_everywhere ? gather(request) : operate(request);
  const Reply reply = co_await done;
  if (!reply.is_ok()) co_return reply;
  if (writes)
    seen_.write.record((simulation_.now() - came).count_ns());
  else
    book_read(request, reply, came, expected);
  co_return reply;
}

/// At the shard that owns the key.
sim::Task<Reply> Database::operate(Request request) {
  const sim::Time came = simulation_.now();
  Reply reply;
  std::uint32_t which = 0;
  if (ownership_) {
    auto called = call_owner(request, &which);
    reply = co_await called;
  } else {
    which = sharding_.shard_of(request);
    ++seen_.shard_operations[which];
    auto asked = ask(&shards_[which], request);
    reply = co_await asked;
  }
  book_shard(which, reply, came);
  co_return reply;
}

/// Who asks does not know which shard has the key.
sim::Task<Reply> Database::gather(Request request) {
  const std::uint32_t owner =
      ownership_ ? ownership_->believed(request) : sharding_.shard_of(request);
  std::vector<std::uint32_t> others;
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
    if (shard != owner && (!ownership_ || nodes_[shard * plan_.copies()]->present()))
      others.push_back(shard);
  const Traced all(request.span, SpanKind::parallel, nullptr, others.size() + 1);
  request.span = all.span();
  sim::Poll found_out(simulation_, others.size(), others.size());
  for (const std::uint32_t shard : others)
    simulation_.spawn(look_for(shard, request, found_out.ballot()));
  Traced branch(request.span, SpanKind::branch);
  request.span = branch.span();
  auto done = operate(request);
  const Reply reply = co_await done;
  branch.told(reply);
  branch.end();
  if (!reply.is_ok()) co_return reply;
  const bool all_answered = others.empty() || co_await found_out.decision();
  co_return all_answered ? reply : Reply::failed();
}

/// A read that finds nothing.
sim::Task<> Database::look_for(std::uint32_t shard, Request request, sim::Ballot ballot) {
  const sim::Time came = simulation_.now();
  Traced branch(request.span, SpanKind::branch);
  request.span = branch.span();
  request.operation = Operation::read;
  request.key = 0;
  request.key_space = 0;
  request.draw_key = sim::mix(request.draw_key, shard + 1);
  ++seen_.shard_operations[shard];
  auto asked = ask(&shards_[shard], request);
  const Reply reply = co_await asked;
  branch.told(reply);
  book_shard(shard, reply, came);
  ballot.vote(reply.is_ok());
}

sim::Task<Reply> Database::ask(const Shard* shard, Request request) {
  return request.operation == Operation::read ? replication_->read(shard, request)
                                              : replication_->write(shard, request);
}

/// Asks the shard that the map of the caller's place names; who is redirected asks again, at once
/// where the map was old, and after pauses that double where the key has no owner at present.
/// `shard` is the one that answered last.
sim::Task<Reply> Database::call_owner(Request request, std::uint32_t* shard) {
  constexpr std::uint32_t most = 16;  // Chosen: about two thirds of a second.
  sim::Duration pause = sim::Duration::ms(1);
  for (std::uint32_t tried = 0; tried < most; ++tried) {
    const std::uint32_t which = *shard = ownership_->believed(request);
    ++seen_.shard_operations[which];
    auto asked = ask(&shards_[which], request);
    const Reply reply = co_await asked;
    if (!is_moved(reply)) co_return reply;
    rebalancer_->redirected();
    if (ownership_->corrected(request, which)) continue;
    const Traced waits(request.span, SpanKind::backoff);
    co_await simulation_.delay(pause);
    pause = std::min(pause + pause, sim::Duration::ms(64));
  }
  co_return Reply::failed(DropCause::no_backend);
}

void Database::renew_books() {
  seen_ = StoreResult();
  seen_.shard_operations.resize(shards_.size());
  if (shards_.size() <= most_shards_told) seen_.shards.resize(shards_.size());
}

void Database::book_shard(std::uint32_t shard, const Reply& reply, sim::Time came) {
  if (seen_.shards.empty()) return;
  ShardResult& seen = seen_.shards[shard];
  if (reply.is_ok())
    seen.latency.record((simulation_.now() - came).count_ns());
  else
    ++seen.failures;
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
  replication_->start_measuring();
  if (rebalancer_) rebalancer_->start_measuring();
  renew_books();
}

ServiceCounts Database::counts() const {
  ServiceCounts counts = station_.counts();
  for (const auto& node : nodes_)
    counts.used += node->result().used;
  return counts;
}

ServiceResult Database::result() const {
  ServiceResult result = station_.result();
  for (const auto& node : nodes_) {
    result.replicas.push_back(node->result());
    result.instance_area += node->up_area();
  }
  result.store = seen_;
  replication_->add_to(result);
  if (plan_.most_scaled > 0)
    rebalancer_->add_to(result);
  else if (rebalancer_)
    result.store->rebalances = rebalancer_->results();
  return result;
}

std::int64_t Database::values_in(const Request& request, const Reply& reply) {
  Siblings* siblings = stamps_.siblings();
  if (siblings == nullptr || request.operation != Operation::read || reply.version == 0) return 1;
  return static_cast<std::int64_t>(siblings->values(request.item(), reply.version).size());
}

void Database::tell_held(StoreHistory& history) {
  std::vector<std::uint64_t> keys;
  for (const RecordedOperation& each : history.operations)
    keys.push_back(each.key);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const std::uint64_t key : keys) {
    if (history.counts) {
      history.held.push_back({key, replication_->counted(key)});
      continue;
    }
    std::vector<HeldValue> held;
    for (const auto& node : nodes_) {
      const std::uint32_t version = node->version_of(key);
      if (version == 0) continue;
      if (Siblings* siblings = stamps_.siblings())
        for (const std::uint32_t value : siblings->values(key, version))
          held.push_back({key, value});
      else
        held.push_back({key, version});
    }
    if (held.empty()) held.push_back({key, no_value});
    std::sort(held.begin(), held.end());
    history.held.insert(history.held.end(), held.begin(), std::unique(held.begin(), held.end()));
  }
}

}  // namespace headroom
