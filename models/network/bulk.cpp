#include "models/network/bulk.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/event.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

namespace {

/// Chosen: a large segment after offloading, so that users wait behind half a millisecond of it at
/// 1 Gbit/s; half as large costs twice the events.
constexpr std::int64_t piece_bytes = 64 * 1024;
/// Chosen: how long a sender waits before it connects anew.
constexpr sim::Duration reconnects_after = sim::Duration::seconds(1);

/// A wait for a transfer of at most a rate.
class ThrottledTransit final : public Transit {
 public:
  ThrottledTransit(Network& network, Message& message, double most_bytes_per_s)
      : Transit(network, message), most_bytes_per_s_(most_bytes_per_s) {}
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> process) {
    set_off(process, most_bytes_per_s_);
  }

 private:
  double most_bytes_per_s_;
};

/// A copy on its way, shared by those who send its pieces.
struct Sending {
  Network& network;
  Copy copy;
  std::int64_t pieces = 0;
  sim::Time begun{};
  std::int64_t next = 0;
  std::uint32_t senders = 0;
  sim::Event<bool> done;
  sim::Trigger<bool> all_arrived;

  Sending(Network& where, const Copy& what, std::int64_t count)
      : network(where),
        copy(what),
        pieces(count),
        begun(where.simulation().now()),
        done(where.simulation()),
        all_arrived(done.trigger()) {}

  std::int64_t bytes_of(std::int64_t piece) const {
    const std::int64_t size = (copy.bytes + pieces - 1) / pieces;
    return std::clamp<std::int64_t>(copy.bytes - piece * size, 0, size);
  }
  /// Not before this many would have been sent at the throttle.
  sim::Time due(std::int64_t pieces_sent) const {
    if (copy.throttle_bytes_per_s <= 0) return begun;
    const double bytes = static_cast<double>(copy.bytes) * static_cast<double>(pieces_sent) /
                         static_cast<double>(pieces);
    return begun + sim::Duration::rounded_ns(bytes / copy.throttle_bytes_per_s * 1e9);
  }
};

/// Sends one piece until it has arrived.
sim::Task<> deliver(sim::Simulation& simulation, Sending* sending, std::uint64_t key,
                    std::uint16_t from, std::uint16_t to, std::int64_t bytes) {
  for (std::uint64_t attempt = 0;; ++attempt) {
    Message message{.draw_key = sim::mix(key, attempt), .bytes = bytes, .from = from, .to = to};
    while (message.under_way()) {
      ThrottledTransit transit(sending->network, message, sending->copy.throttle_bytes_per_s);
      co_await transit;
    }
    if (message.state == Message::State::arrived) co_return;
    if (sending->copy.cuts != nullptr) ++*sending->copy.cuts;
    co_await simulation.delay(reconnects_after);
  }
}

/// Takes one piece after the other, each acknowledged before the next.
sim::Task<> send_pieces(sim::Simulation& simulation, Sending* sending) {
  while (sending->next < sending->pieces) {
    const std::int64_t piece = sending->next++;
    const sim::Time due = sending->due(piece + 1);
    if (sending->pieces > 1 && due > simulation.now())
      co_await simulation.delay(due - simulation.now());
    const std::uint64_t key = sim::mix(sending->copy.key, static_cast<std::uint64_t>(piece));
    const Copy& copy = sending->copy;
    co_await deliver(simulation, sending, key, copy.from, copy.to, sending->bytes_of(piece));
    co_await deliver(simulation, sending, ~key, copy.to, copy.from, 0);
  }
  if (--sending->senders == 0) sending->all_arrived.fire(true);
}

}  // namespace

sim::Task<> copy_over(Network& network, Copy copy) {
  sim::Simulation& simulation = network.simulation();
  const std::int64_t pieces =
      network.carries_flows()
          ? 1
          : std::max<std::int64_t>(1, (copy.bytes + piece_bytes - 1) / piece_bytes);
  const std::int64_t window = std::max<std::int64_t>(1, copy.window_bytes / piece_bytes);
  Sending sending(network, copy, pieces);
  sim::Scope senders(simulation);
  sending.senders = static_cast<std::uint32_t>(std::min(window, pieces));
  const std::uint32_t count = sending.senders;
  for (std::uint32_t sender = 0; sender < count; ++sender)
    senders.spawn(send_pieces(simulation, &sending));
  co_await sending.done.happens();
  // A way without a limit would take no time.
  const sim::Time due = sending.due(pieces);
  if (due > simulation.now()) co_await simulation.delay(due - simulation.now());
}

Bulk::Bulk(Network& network, const BulkPlan& plan, std::string name,
           std::vector<std::uint16_t> from, std::vector<std::uint16_t> to, sim::Time begins)
    : network_(network),
      plan_(plan),
      from_(std::move(from)),
      to_(std::move(to)),
      begins_(begins),
      key_(sim::mix(sim::mix(sim::hash_name(name), network.simulation().seed()),
                    network.simulation().replication())) {
  report_.name = std::move(name);
}

void Bulk::start() {
  simulation().spawn(rounds(simulation(), this));
}

sim::Task<> Bulk::rounds(sim::Simulation& simulation, Bulk* bulk) {
  co_await simulation.delay(bulk->begins_ - simulation.now());
  for (;;) {
    const sim::Time begun = simulation.now();
    const std::uint32_t copies =
        static_cast<std::uint32_t>(std::max(bulk->from_.size(), bulk->to_.size()));
    sim::Event<bool> event(simulation);
    sim::Trigger<bool> all = event.trigger();
    std::uint32_t left = copies;
    sim::Scope scope(simulation);
    for (std::uint32_t number = 0; number < copies; ++number)
      scope.spawn(one(simulation, bulk, number, &left, &all));
    co_await event.happens();
    BulkReport& report = bulk->report_;
    const double took_s = (simulation.now() - begun).in_seconds();
    ++report.rounds;
    report.sum_s += took_s;
    report.longest_s = std::max(report.longest_s, took_s);
    if (!bulk->plan_.every) co_return;
    const sim::Time next = begun + *bulk->plan_.every;
    if (next > simulation.now()) co_await simulation.delay(next - simulation.now());
  }
}

sim::Task<> Bulk::one(sim::Simulation& simulation, Bulk* bulk, std::uint32_t number,
                      std::uint32_t* left, sim::Trigger<bool>* all) {
  const BulkPlan& plan = bulk->plan_;
  Copy copy;
  copy.from = bulk->from_[number % bulk->from_.size()];
  copy.to = bulk->to_[number % bulk->to_.size()];
  copy.bytes = plan.bytes.count;
  copy.throttle_bytes_per_s = plan.throttle ? plan.throttle->bytes_per_s : 0;
  copy.window_bytes = plan.window.count;
  copy.key = sim::mix(bulk->key_, (bulk->report_.rounds << 32) + number);
  copy.cuts = &bulk->report_.cut;
  ++bulk->report_.begun;
  auto copying = copy_over(bulk->network_, copy);
  co_await copying;
  (void)simulation;
  ++bulk->report_.finished;
  bulk->report_.bytes += static_cast<double>(copy.bytes);
  if (--*left == 0) all->fire(true);
}

}  // namespace headroom
