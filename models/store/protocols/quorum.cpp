// Source: Gifford 1979, "Weighted voting for replicated data"; DeCandia et al. 2007, "Dynamo", sec.
// 4.5: the coordinator sends to all copies at once and answers at the R-th or W-th that succeeds.
// Departs from source: whoever calls coordinates; writes are numbered in the order in which they
// begin, as by clocks that agree, and the highest number wins. Hints and sloppy quorums:
// models/store/handoff.hpp.
#include <algorithm>

#include "models/draw.hpp"
#include "models/store/handoff.hpp"
#include "models/store/node.hpp"
#include "models/store/ownership.hpp"
#include "models/store/protocols/protocols.hpp"
#include "sim/kernel/poll.hpp"

namespace headroom {

namespace {

/// What a read finds out; it goes when the last copy has answered.
struct Found {
  static constexpr std::uint32_t unknown = UINT32_MAX;
  explicit Found(std::size_t copies) : versions(copies, unknown) {}
  std::vector<std::uint32_t> versions;  ///< By copy, those who answered in time.
  std::uint32_t newest = 0;
  bool decided = false;
  bool moved = false;  ///< Some copy said that the key is another shard's.
};

/// What one copy is asked: in a process of its own, which goes on when the operation is decided.
struct Errand {
  Endpoint* node;
  std::uint32_t shard, copy;
  Request request;
};

class Quorum final : public Replication {
 public:
  explicit Quorum(const ReplicationSetup& setup)
      : setup_(setup), simulation_(setup.simulation), handoff_(setup_) {}

  sim::Simulation& simulation() const { return simulation_; }

  sim::Task<Reply> read(const Shard* shard, Request request) override {
    const Traced all(request.span, SpanKind::parallel, nullptr, setup_.plan.reads());
    request.span = all.span();
    sim::Poll poll(simulation_, setup_.plan.reads(), shard->nodes.size());
    const auto found = std::make_shared<Found>(shard->nodes.size());
    for (std::size_t i = 0; i < shard->nodes.size(); ++i)
      simulation_.spawn(ask(errand(shard, request, i), found, poll.ballot()));
    const bool enough = co_await poll.decision();
    if (!enough) co_return found->moved ? moved() : Reply::failed();
    found->decided = true;
    for (std::size_t i = 0; i < shard->nodes.size(); ++i)
      repair(errand(shard, request, i), found->versions[i], found->newest);
    Reply reply;
    reply.version = found->newest;
    reply.version_space = request.key_space;
    co_return reply;
  }

  sim::Task<Reply> write(const Shard* shard, Request request) override {
    if (const std::uint32_t* begun = moving_.find(request.draw_key)) {
      request.version = *begun;
      moving_.erase(request.draw_key);
    } else {
      request.version = setup_.versions.assign(request.item(), request.draw_key);
    }
    const Traced all(request.span, SpanKind::parallel, nullptr, setup_.plan.writes());
    request.span = all.span();
    sim::Poll poll(simulation_, setup_.plan.writes(), shard->nodes.size());
    const auto is_moving = std::make_shared<bool>(false);
    for (std::size_t i = 0; i < shard->nodes.size(); ++i)
      simulation_.spawn(store(errand(shard, request, i), is_moving, poll.ballot()));
    const bool enough = co_await poll.decision();
    if (!enough && *is_moving) {
      moving_.at(request.draw_key) = request.version;
      co_return moved();
    }
    if (!enough) co_return Reply::failed();
    setup_.versions.commit(request.item(), request.version);
    Reply reply;
    reply.version = request.version;
    reply.version_space = request.key_space;
    co_return reply;
  }
  void start(Courier*, EventLog*) override { handoff_.start(); }
  void start_measuring() override { handoff_.start_measuring(); }
  /// As many as no set of `writes` copies can do without.
  std::vector<std::uint32_t> holders(std::uint32_t shard) const override {
    const std::uint32_t copies = setup_.plan.replicas;
    std::vector<std::uint32_t> holders;
    for (std::uint32_t copy = 0; copy < copies && holders.size() + setup_.plan.writes() <= copies;
         ++copy)
      if (setup_.nodes[shard * copies + copy]->up()) holders.push_back(copy);
    if (holders.size() + setup_.plan.writes() <= copies) return {};
    return holders;
  }
  std::uint32_t takers() const override { return setup_.plan.writes(); }
  void add_to(ServiceResult& result) const override { handoff_.add_to(result); }

 private:
  static Errand errand(const Shard* shard, const Request& request, std::size_t copy) {
    Errand errand{shard->nodes[copy], shard->number, static_cast<std::uint32_t>(copy), request};
    errand.request.draw_key = sim::mix(request.draw_key, copy + 1);
    return errand;
  }

  /// A leg of the way, where legs stand for the network.
  sim::Duration leg(Distribution LegsPlan::*which, const Request& request, std::uint64_t number) {
    if (!setup_.plan.replication.legs) return sim::Duration();
    sim::Keyed draws(sim::mix(request.draw_key, number));
    return draw_duration((*setup_.plan.replication.legs).*which, draws);
  }
  enum Draws : std::uint64_t { there = 1, back, repairs };

  sim::Task<> ask(Errand errand, std::shared_ptr<Found> found, sim::Ballot ballot) {
    Traced traced(errand.request.span, SpanKind::branch);
    errand.request.span = traced.span();
    const sim::Duration way = leg(&LegsPlan::read, errand.request, there);
    Traced message;
    if (way > sim::Duration()) {
      message.begin(errand.request.span, SpanKind::network);
      co_await simulation_.delay(way);
      message.end();
    }
    auto called = call(errand);
    const Reply reply = co_await called;
    traced.told(reply);
    const sim::Duration return_way = leg(&LegsPlan::answer, errand.request, back);
    if (return_way > sim::Duration()) {
      message.begin(errand.request.span, SpanKind::network);
      co_await simulation_.delay(return_way);
      message.end();
    }
    found->moved |= is_moved(reply);
    if (found->decided) {
      if (reply.is_ok()) repair(errand, reply.version, found->newest);
    } else if (reply.is_ok()) {
      found->versions[errand.copy] = reply.version;
      found->newest = std::max(found->newest, reply.version);
    }
    ballot.vote(reply.is_ok());
  }

  /// A copy that answered with an old value is sent the new one.
  void repair(Errand errand, std::uint32_t version, std::uint32_t newest) {
    if (!setup_.plan.replication.read_repair || version >= newest) return;
    errand.request.span = nullptr;  // Nobody waits for it.
    errand.request.operation = Operation::write;
    errand.request.version = newest;
    errand.request.draw_key = sim::mix(errand.request.draw_key, repairs);
    simulation_.spawn(bring(errand));
  }
  sim::Task<> bring(Errand errand) { co_await carry(errand); }

  sim::Task<> store(Errand errand, std::shared_ptr<bool> is_moving, sim::Ballot ballot) {
    Traced traced(errand.request.span, SpanKind::branch);
    errand.request.span = traced.span();
    const Reply reply = co_await carry(errand);
    traced.told(reply);
    *is_moving |= is_moved(reply);
    ballot.vote(reply.is_ok());
  }

  /// The copy itself, or who stands in for it.
  sim::Task<Reply> call(Errand errand) {
    if (!handoff_.is_used()) return errand.node->call(errand.request);
    return handoff_.call(errand.shard, errand.copy, errand.request);
  }

  /// A write to one copy and its acknowledgement.
  sim::Task<Reply> carry(Errand errand) {
    const sim::Duration way = leg(&LegsPlan::write, errand.request, there);
    Traced message;
    if (way > sim::Duration()) {
      message.begin(errand.request.span, SpanKind::network);
      co_await simulation_.delay(way);
      message.end();
    }
    auto called = call(errand);
    const Reply reply = co_await called;
    const sim::Duration return_way = leg(&LegsPlan::ack, errand.request, back);
    if (return_way > sim::Duration()) {
      message.begin(errand.request.span, SpanKind::network);
      co_await simulation_.delay(return_way);
      message.end();
    }
    co_return reply;
  }

  ReplicationSetup setup_;
  sim::Simulation& simulation_;
  Handoff handoff_;
  /// Numbers of writes, by draw key, of which some copies may have what others turned away because
  /// the key had moved: the same write is tried at its new place.
  ItemTable<std::uint32_t> moving_;
};

}  // namespace

std::unique_ptr<Replication> make_quorum(const ReplicationSetup& setup) {
  return std::make_unique<Quorum>(setup);
}

}  // namespace headroom
