// Source: Gifford 1979, "Weighted voting for replicated data"; DeCandia et al. 2007, "Dynamo", sec.
// 4.5: the coordinator sends to all copies at once and answers at the R-th or W-th that succeeds.
// Departs from source: whoever calls coordinates, and a copy beside him lends his clock: the write
// with the latest stamp wins. Or writes stay side by side, and a copy beside him takes them first:
// models/store/siblings.hpp. Hints and sloppy quorums: models/store/handoff.hpp.
#include <algorithm>

#include "models/draw.hpp"
#include "models/store/handoff.hpp"
#include "models/store/node.hpp"
#include "models/store/ownership.hpp"
#include "models/store/protocols/protocols.hpp"
#include "models/store/sightings.hpp"
#include "sim/kernel/never.hpp"
#include "sim/kernel/poll.hpp"

namespace headroom {

namespace {

/// Who said no, and how. Who never answers did not.
struct Refusals {
  std::size_t count = 0;
  bool timed_out = false;  ///< Some copy was given up: nobody knows what it did.
  bool moved = false;      ///< Some copy said that the key is another shard's.

  void note(const Reply& reply) {
    count += reply.is_ok() ? 0 : 1;
    timed_out |= reply.outcome == Outcome::timeout;
    moved |= is_moved(reply);
  }
};

/// What a read finds out; it goes when the last copy has answered.
struct Found {
  static constexpr std::uint32_t unknown = UINT32_MAX;
  explicit Found(std::size_t copies) : versions(copies, unknown) {}
  std::vector<std::uint32_t> versions;  ///< By copy, those who answered in time.
  std::uint32_t newest = 0;
  bool decided = false;
  Refusals refusals;
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
      : setup_(setup),
        simulation_(setup.simulation),
        siblings_(setup.stamps.siblings()),
        handoff_(setup_) {
    if (setup.plan.replication.conflict) sightings_.emplace();
  }

  sim::Simulation& simulation() const { return simulation_; }

  sim::Task<Reply> read(const Shard* shard, Request request) override {
    const Traced all(request.span, SpanKind::parallel, nullptr, setup_.plan.reads());
    request.span = all.span();
    sim::Poll poll(simulation_, setup_.plan.reads(), shard->nodes.size());
    const auto found = std::make_shared<Found>(shard->nodes.size());
    for (std::size_t i = 0; i < shard->nodes.size(); ++i)
      simulation_.spawn(ask(errand(shard, request, i), found, poll.ballot()));
    const bool enough = co_await poll.decision();
    if (!enough) {
      auto given_up = give_up(found->refusals, setup_.plan.reads());
      co_return co_await given_up;
    }
    found->decided = true;
    for (std::size_t i = 0; i < shard->nodes.size(); ++i)
      repair(errand(shard, request, i), found->versions[i], found->newest);
    Reply reply;
    reply.version = siblings_ != nullptr ? tell_siblings(request, found->newest) : found->newest;
    reply.version_space = request.key_space;
    if (sightings_) sightings_->saw(request, found->newest);
    co_return reply;
  }

  sim::Task<Reply> write(const Shard* shard, Request request) override {
    if (siblings_ != nullptr) return write_beside(shard, request);
    if (const std::uint32_t* begun = moving_.find(request.draw_key)) {
      request.version = *begun;
      moving_.erase(request.draw_key);
    } else {
      request.version = setup_.versions.assign(request.item(), request.draw_key);
      const std::int64_t stamp_ns =
          simulation_.now().count_ns() + beside(shard, request)->clock_skew_ns();
      setup_.stamps.take(request.item(), request.version, stamp_ns);
      if (sightings_) sightings_->overwritten(request.item(), sightings_->last_seen(request));
    }
    return spread(shard, request, request.version, nobody);
  }
  void start(Courier*, EventLog*) override { handoff_.start(); }
  void start_measuring() override {
    handoff_.start_measuring();
    if (sightings_) sightings_->start_measuring();
    reads_ = siblings_read_ = most_siblings_ = 0;
  }
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
  void add_to(ServiceResult& result) const override {
    handoff_.add_to(result);
    if (siblings_ != nullptr) add_siblings(result);
    if (!sightings_) return;
    const auto lost = sightings_->lost([&](std::uint64_t item) {
      std::vector<std::uint32_t> left;
      if (siblings_ != nullptr) left = siblings_->read_by_writers(item);
      for (const StoreNode* node : setup_.nodes)
        for (const std::uint32_t value : values_at(*node, item))
          left.push_back(value);
      return left;
    });
    result.counts.emplace_back("overwritten_unseen", static_cast<double>(lost));
  }

 private:
  static constexpr std::size_t nobody = SIZE_MAX;

  /// One copy takes the write, beside what the writer has not read; the others get all it has then.
  sim::Task<Reply> write_beside(const Shard* shard, Request request) {
    const std::uint64_t item = request.item();
    const std::uint32_t value = setup_.versions.assign(item, request.draw_key);
    request.version = siblings_->offer(item, value, sightings_->last_seen(request));
    std::size_t taker = nobody;
    auto taking = take(shard, request, &taker);
    const Reply taken = co_await taking;
    if (!taken.is_ok()) co_return taken;
    request.version = taken.version;
    request.size *= values_of(item, taken.version);
    auto spreading = spread(shard, request, value, taker);
    co_return co_await spreading;
  }

  /// The copy beside the caller is asked to take it, then the others in turn; one that does not
  /// answer may have taken it all the same.
  sim::Task<Reply> take(const Shard* shard, Request request, std::size_t* taker) {
    const std::size_t copies = shard->nodes.size();
    const std::size_t first = beside(shard, request)->index() % copies;
    Refusals refusals;
    for (std::size_t i = 0; i < copies; ++i) {
      *taker = (first + i) % copies;
      auto carried = carry(errand(shard, request, *taker));
      const Reply reply = co_await carried;
      if (reply.is_ok()) co_return reply;
      refusals.note(reply);
      if (is_redirected(reply) && !refusals.timed_out) co_return reply;  // Too many siblings.
    }
    co_return refusals.timed_out ? Reply::timed_out() : Reply::failed();
  }

  /// All copies are sent it, but for the one that has it; done when there are enough.
  sim::Task<Reply> spread(const Shard* shard, Request request, std::uint32_t value,
                          std::size_t has_it) {
    const Traced all(request.span, SpanKind::parallel, nullptr, setup_.plan.writes());
    request.span = all.span();
    sim::Poll poll(simulation_, setup_.plan.writes(), shard->nodes.size());
    const auto refusals = std::make_shared<Refusals>();
    for (std::size_t i = 0; i < shard->nodes.size(); ++i) {
      if (i == has_it)
        poll.ballot().vote(true);
      else
        simulation_.spawn(store(errand(shard, request, i), refusals, poll.ballot()));
    }
    const bool enough = co_await poll.decision();
    if (!enough) {
      if (refusals->moved) moving_.at(request.draw_key) = request.version;
      auto given_up = give_up(*refusals, setup_.plan.writes());
      co_return co_await given_up;
    }
    setup_.versions.commit(request.item(), value);
    if (sightings_) sightings_->acknowledged(request.item(), value);
    Reply reply;
    reply.version = value;
    reply.version_space = request.key_space;
    co_return reply;
  }

  /// The newest of the siblings that a read brings; who listens is told all.
  std::uint32_t tell_siblings(const Request& request, std::uint32_t state) {
    const auto values = siblings_->values(request.item(), state);
    if (values.empty()) return 0;
    ++reads_;
    siblings_read_ += values.size();
    most_siblings_ = std::max<std::uint64_t>(most_siblings_, values.size());
    if (values.size() > 1) setup_.versions.read_together(request.draw_key, values);
    return values.front();
  }

  std::int64_t values_of(std::uint64_t item, std::uint32_t state) const {
    if (siblings_ == nullptr) return 1;
    return static_cast<std::int64_t>(siblings_->values(item, state).size());
  }
  std::vector<std::uint32_t> values_at(const StoreNode& node, std::uint64_t item) const {
    const std::uint32_t held = node.version_of(item);
    if (siblings_ != nullptr) return siblings_->values(item, held);
    return {held};
  }

  void add_siblings(ServiceResult& result) const {
    const auto mean = [](std::uint64_t sum, std::uint64_t count) {
      return count == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(count);
    };
    std::uint64_t held = 0, values = 0;
    for (const std::uint64_t item : sightings_->items()) {
      for (const StoreNode* node : setup_.nodes) {
        const std::size_t here = values_at(*node, item).size();
        held += here > 0 ? 1 : 0;
        values += here;
      }
    }
    result.counts.emplace_back("siblings_of_a_read", mean(siblings_read_, reads_));
    result.counts.emplace_back("most_siblings", static_cast<double>(most_siblings_));
    result.counts.emplace_back("siblings_stored_of_a_key", mean(values, held));
  }

  /// There will not be enough. As long as copies that never answer could make the difference the
  /// caller waits, and gives up when he likes: he cannot know.
  sim::Task<Reply> give_up(Refusals refusals, std::size_t need) {
    if (refusals.moved) co_return moved();
    const bool is_certain = refusals.count + need > setup_.plan.replicas;
    if (!is_certain) co_await sim::Never();
    co_return refusals.timed_out ? Reply::timed_out() : Reply::failed();
  }

  /// A copy in the caller's zone that is up, or else any.
  const StoreNode* beside(const Shard* shard, const Request& request) const {
    const std::uint32_t copies = setup_.plan.replicas;
    const StoreNode* chosen = nullptr;
    for (std::uint32_t copy = 0; copy < copies; ++copy) {
      const StoreNode& node = *setup_.nodes[shard->number * copies + copy];
      const bool is_here = setup_.are_in_one_zone(node.zone(), request.zone) && node.up();
      if (chosen == nullptr || is_here) chosen = &node;
      if (is_here) break;
    }
    return chosen;
  }

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
    found->refusals.note(reply);
    if (found->decided) {
      if (reply.is_ok()) repair(errand, reply.version, found->newest);
    } else if (reply.is_ok()) {
      found->versions[errand.copy] = reply.version;
      found->newest = setup_.stamps.merged(errand.request.item(), found->newest, reply.version);
    }
    ballot.vote(reply.is_ok());
  }

  /// A copy that answered with an old value is sent the new one.
  void repair(Errand errand, std::uint32_t version, std::uint32_t newest) {
    if (!setup_.plan.replication.read_repair || version == Found::unknown) return;
    if (!setup_.stamps.is_later(errand.request.item(), newest, version)) return;
    errand.request.span = nullptr;  // Nobody waits for it.
    errand.request.operation = Operation::write;
    errand.request.version = newest;
    errand.request.size = errand.request.reply_size * values_of(errand.request.item(), newest);
    errand.request.reply_size = 0;
    errand.request.draw_key = sim::mix(errand.request.draw_key, repairs);
    simulation_.spawn(bring(errand));
  }
  sim::Task<> bring(Errand errand) { co_await carry(errand); }

  sim::Task<> store(Errand errand, std::shared_ptr<Refusals> refusals, sim::Ballot ballot) {
    Traced traced(errand.request.span, SpanKind::branch);
    errand.request.span = traced.span();
    const Reply reply = co_await carry(errand);
    traced.told(reply);
    refusals->note(reply);
    ballot.vote(reply.is_ok());
  }

  /// The copy itself, or who stands in for it.
  sim::Task<Reply> call(Errand errand) {
    const bool is_new = Siblings::is_offer(errand.request.version);  // Else another one takes it.
    if (!handoff_.is_used() && !is_new) return errand.node->call(errand.request);
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
  Siblings* siblings_;  ///< Null where the last writer wins.
  Handoff handoff_;
  std::optional<Sightings> sightings_;  ///< Where it is asked who had read what.
  std::uint64_t reads_ = 0, siblings_read_ = 0, most_siblings_ = 0;
  /// Numbers of writes, by draw key, of which some copies may have what others turned away because
  /// the key had moved: the same write is tried at its new place.
  ItemTable<std::uint32_t> moving_;
};

}  // namespace

std::unique_ptr<Replication> make_quorum(const ReplicationSetup& setup) {
  return std::make_unique<Quorum>(setup);
}

}  // namespace headroom
