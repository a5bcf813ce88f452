// What a tier does after it has looked a key up in a cache, and as the store behind one.
#include "models/server/instance.hpp"

namespace headroom {

namespace {

const std::string for_a_fetch = "for a fetch";

}  // namespace

/// Where this is the store of what the request is about: a write is the truth from the instant on
/// at which its answer leaves, and a read brings what is the truth then.
void ServerInstance::keep(const Request& request, Reply& reply) const {
  if (request.key_space == 0 || !reply.is_ok()) return;
  if (!shared_.programs[request.endpoint].calls_nobody) return;
  switch (request.operation) {
    case Operation::get:
    case Operation::read:
      reply.version = shared_.versions->current(request.item());
      break;
    case Operation::set:
    case Operation::erase:
    case Operation::write:
    case Operation::cas:
      reply.version = shared_.versions->commit(request.item());
      break;
    default:
      return;
  }
  reply.version_space = request.key_space;
}

/// A look-up was not simply a hit. Waits while somebody else fetches the value, and fetches it
/// where that falls to this request. A cache that fails or does not answer in time counts as one
/// that does not have the value.
/// Source: Nishtala et al. 2013, "Scaling Memcache at Facebook", sec. 3.1 and 3.2.1.
sim::Task<Reply> ServerInstance::after_look_up(const Action* action, Request request, Reply reply) {
  const std::uint64_t own_draws = request.draw_key;
  for (std::uint64_t turn = 1; reply.lookup == Lookup::wait; ++turn) {
    Traced waits(request.span, SpanKind::queue, &for_a_fetch);
    co_await simulation_.delay(action->look_again_after);
    waits.end();
    request.draw_key = sim::mix(own_draws, turn);
    auto call = action->callee->call(outgoing(*action, request));
    reply = co_await call;
  }
  request.draw_key = own_draws;
  if (reply.lookup == Lookup::hit) co_return reply;
  if (reply.lookup == Lookup::refresh) {
    if (!action->branches.empty()) scope_.spawn(refresh(action, request));
    co_return reply;
  }
  if (action->branches.empty()) co_return reply;
  auto fetch = run(&action->branches.front(), request);
  const Reply fetched = co_await fetch;
  if (!fetched.is_ok() && reply.lookup == Lookup::miss) {
    Request given_up = outgoing(*action, request);
    given_up.operation = Operation::give_up;
    co_await action->callee->call(given_up);
  }
  co_return fetched;
}

/// Fetches a value for a cache while the request that noticed goes on.
sim::Task<> ServerInstance::refresh(const Action* action, Request request) {
  request.span = nullptr;  // It is no part of what the request waits for.
  auto fetch = run(&action->branches.front(), request);
  const Reply fetched = co_await fetch;
  if (fetched.is_ok()) co_return;
  Request given_up = outgoing(*action, request);
  given_up.operation = Operation::give_up;
  co_await action->callee->call(given_up);
}

}  // namespace headroom
