#include "models/store/copy_routes.hpp"

#include <algorithm>

#include "models/store/node.hpp"

namespace headroom {

std::optional<std::uint32_t> reader_for(const ReplicationSetup& setup, const Shard& shard,
                                        const Request& request, const KnownCopies* known) {
  const ReadsFrom from = setup.plan.replication.reads_from();
  if (from != ReadsFrom::any && from != ReadsFrom::nearest) return std::nullopt;
  const auto* choice = known != nullptr ? &(*known)[shard.number] : nullptr;
  const auto copies =
      choice != nullptr ? static_cast<std::uint32_t>(choice->size()) : setup.plan.replicas;
  const auto copy_of = [&](std::uint32_t i) { return choice != nullptr ? (*choice)[i] : i; };
  sim::Keyed draws(sim::mix(request.draw_key, sim::hash_name("copy")));
  const auto first = static_cast<std::uint32_t>(draws.uniform() * copies);
  for (std::uint32_t i = 0; i < copies && from == ReadsFrom::nearest; ++i) {
    const std::uint32_t copy = copy_of((first + i) % copies);
    const StoreNode& node = *setup.nodes[shard.number * setup.plan.copies() + copy];
    if (setup.are_in_one_zone(node.zone(), request.zone)) return copy;
  }
  return copy_of(first);
}

/// Who is asked after that copy.
std::uint32_t CopyRoutes::next(const Shard* shard, std::uint32_t copy) const {
  if (known_ == nullptr) return (copy + 1) % copies_;
  const auto& known = (*known_)[shard->number];
  const auto later =
      std::find_if(known.begin(), known.end(), [&](std::uint32_t each) { return each > copy; });
  return later != known.end() ? *later : known.front();
}

CopyRoutes::Route& CopyRoutes::route(const Shard* shard, std::uint16_t zone) {
  std::vector<Route>& routes = routes_[shard->number];
  if (zone >= routes.size()) routes.resize(zone + 1u, Route{first_});
  return routes[zone];
}

/// The copy that callers in that place believe to be the one.
std::uint32_t CopyRoutes::choose(const Shard* shard, std::uint16_t zone) {
  Route& known = route(shard, zone);
  const sim::Time now = simulation_.now();
  if (known.owes && now > known.asked + patience_) {
    known.copy = next(shard, known.copy);
    known.owes = false;
  }
  if (!known.owes) {
    known.owes = true;
    known.asked = now;
  }
  return known.copy;
}

/// Nothing is done twice by a read that is asked of another copy too.
sim::Task<Reply> CopyRoutes::read_at(Endpoint* node, Request request) {
  const Reply reply = co_await node->call(request);
  co_return reply.cause == DropCause::killed ? redirected(std::nullopt) : reply;
}

sim::Task<Reply> CopyRoutes::read_from(const Shard* shard, std::uint32_t copy, Request request) {
  for (std::uint32_t i = 0; i < copies_; ++i) {
    auto asked = read_at(shard->nodes[copy], request);
    const Reply reply = co_await asked;
    if (!is_untaken(reply)) co_return reply;
    copy = next(shard, copy);
  }
  co_return Reply::rejected(DropCause::no_backend);
}

sim::Task<Reply> CopyRoutes::ask(const Shard* shard, Request request) {
  constexpr std::uint32_t most = 16;  // Chosen: about two thirds of a second.
  sim::Duration pause = sim::Duration::ms(1);
  for (std::uint32_t tried = 0; tried < most; ++tried) {
    const std::uint32_t copy = choose(shard, request.zone);
    const bool is_read = request.operation == Operation::read;
    auto called =
        is_read ? read_at(shard->nodes[copy], request) : shard->nodes[copy]->call(request);
    const Reply reply = co_await called;
    Route& known = route(shard, request.zone);
    if (known.copy == copy) known.owes = false;
    if (!is_untaken(reply)) co_return reply;
    const auto hint = hint_of(reply);
    if (hint && *hint != copy) {
      if (known.copy == copy) known.copy = *hint;
      if (tried < 2) continue;
    } else if (known.copy == copy) {
      known.copy = next(shard, copy);
    }
    co_await simulation_.delay(pause);
    pause = std::min(pause + pause, sim::Duration::ms(64));
  }
  co_return Reply::rejected(DropCause::no_backend);
}

}  // namespace headroom
