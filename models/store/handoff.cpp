#include "models/store/handoff.hpp"

#include <utility>

#include "models/store/node.hpp"
#include "sim/kernel/call.hpp"

namespace headroom {

namespace {

constexpr auto handoff_pause = sim::Duration::seconds(1);  // Chosen: soon, and seldom.

}  // namespace

Handoff::Handoff(const ReplicationSetup& setup)
    : setup_(setup), simulation_(setup.simulation), newest_(setup.plan.nodes()) {}

bool Handoff::is_used() const {
  return setup_.plan.replication.hinted_handoff || setup_.plan.replication.sloppy;
}

void Handoff::start() {
  if (is_used()) simulation_.spawn(bring_all());
}

Endpoint& Handoff::way(std::uint32_t node) const {
  const std::uint32_t copies = setup_.plan.replicas;
  return *(*setup_.shards)[node / copies].nodes[node % copies];
}

sim::Time& Handoff::suspected(std::uint16_t zone, std::uint32_t node) {
  if (zone >= suspected_.size()) suspected_.resize(zone + 1u);
  suspected_[zone].resize(setup_.plan.nodes());
  return suspected_[zone][node];
}

/// An answer that comes later is lost on the caller.
sim::Task<Reply> Handoff::attempt(std::uint32_t node, Request request) {
  const sim::Time began = simulation_.now();
  if (began < suspected(request.zone, node)) co_return Reply::failed();
  auto called = sim::Call(simulation_, way(node).call(request));
  const auto reply =
      co_await sim::before(began + setup_.plan.replication.handoff_after, std::move(called));
  const bool answers = reply && reply->cause != DropCause::killed;
  if (!answers) suspected(request.zone, node) = simulation_.now() + handoff_pause;
  co_return reply.value_or(Reply::timed_out());
}

sim::Task<Reply> Handoff::call(std::uint32_t shard, std::uint32_t copy, Request request) {
  const std::uint32_t copies = setup_.plan.replicas, nodes = setup_.plan.nodes();
  const std::uint32_t target = shard * copies + copy;
  const bool is_write = request.operation == Operation::write;
  const bool is_new = is_write && Siblings::is_offer(request.version);
  const Reply own = co_await attempt(target, request);
  if (own.is_ok() || is_redirected(own)) co_return own;
  // Each copy has others to stand in for it as long as there are enough.
  for (std::uint32_t i = 1; setup_.plan.replication.sloppy && i < nodes / copies; ++i) {
    const std::uint32_t other = (target + i * copies) % nodes;
    const Reply reply = co_await attempt(other, request);
    if (!reply.is_ok()) continue;
    if (setup_.stamps.siblings() != nullptr) request.version = reply.version;
    if (is_write) keep(other, target, request);
    co_return reply;
  }
  // A new sibling that nobody took is asked to be taken by another copy.
  if (is_write && !is_new) keep(shard * copies + (copy + 1) % copies, target, request);
  co_return own;
}

void Handoff::keep(std::uint32_t holder, std::uint32_t target, Request request) {
  std::uint32_t& newest = newest_[target].at(request.item());
  if (!setup_.stamps.is_later(request.item(), request.version, newest)) return;
  newest = request.version = setup_.stamps.merged(request.item(), newest, request.version);
  ++kept_;
  hints_.push_back({holder, target, request});
  hints_.back().request.span = nullptr;  // Nobody waits for it.
}

sim::Task<> Handoff::bring_all() {
  for (;;) {
    co_await simulation_.delay(handoff_pause);
    const std::vector<Hint> hints = std::exchange(hints_, {});
    for (const Hint& hint : hints) {
      const std::uint32_t* newest = newest_[hint.target].find(hint.request.item());
      const bool is_old = newest != nullptr && setup_.stamps.is_later(hint.request.item(), *newest,
                                                                      hint.request.version);
      if (is_old) continue;  // A later one waits too.
      if (setup_.nodes[hint.holder]->up())
        simulation_.spawn(bring(hint));
      else
        hints_.push_back(hint);
    }
  }
}

sim::Task<> Handoff::bring(Hint hint) {
  hint.request.zone = setup_.nodes[hint.holder]->zone();
  hint.request.draw_key = sim::mix(hint.request.draw_key, hint.holder + 1);
  auto called = sim::Call(simulation_, way(hint.target).call(hint.request));
  const auto reply = co_await sim::before(simulation_.now() + handoff_pause, std::move(called));
  if (!reply || !reply->is_ok()) {
    hints_.push_back(hint);
    co_return;
  }
  ++brought_;
  const std::uint32_t* newest = newest_[hint.target].find(hint.request.item());
  if (newest != nullptr && *newest == hint.request.version)
    newest_[hint.target].erase(hint.request.item());
}

void Handoff::add_to(ServiceResult& result) const {
  if (!is_used()) return;
  result.counts.emplace_back("hints_kept", static_cast<double>(kept_));
  result.counts.emplace_back("hints_brought", static_cast<double>(brought_));
}

}  // namespace headroom
