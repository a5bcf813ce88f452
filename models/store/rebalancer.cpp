#include "models/store/rebalancer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/kernel/call.hpp"

namespace headroom {

namespace {

constexpr auto retry_pause = sim::Duration::ms(500);  // Chosen: below what restarts take.
constexpr auto drain_poll = sim::Duration::ms(1);     // Chosen: as long as a disk takes.
constexpr std::uint64_t most_rounds = 5;  // Chosen: of what was written meanwhile, before the last.
constexpr double header_bytes = 100;      // Chosen: of a message without keys.

}  // namespace

/// Where chunks come in at one node.
class Rebalancer::Intake final : public Endpoint, public BulkWork {
 public:
  Intake(Rebalancer& owner, std::uint32_t node)
      : Endpoint(owner.simulation()), owner_(owner), node_(node) {}
  sim::Task<Reply> call(Request request) override {
    return owner_.setup_.nodes[node_]->do_bulk(request, this);
  }
  sim::Task<bool> probe(std::uint16_t zone) override {
    return owner_.setup_.nodes[node_]->probe(zone);
  }
  Reply on_done(const Request& request) override { return owner_.install(node_, request); }

 private:
  Rebalancer& owner_;
  std::uint32_t node_;
};

/// Where one node reads what it sends.
class Rebalancer::Outlet final : public Endpoint, public BulkWork {
 public:
  explicit Outlet(StoreNode& node) : Endpoint(node.simulation()), node_(node) {}
  sim::Task<Reply> call(Request request) override { return node_.do_bulk(request, this); }
  sim::Task<bool> probe(std::uint16_t zone) override { return node_.probe(zone); }
  Reply on_done(const Request&) override { return Reply::ok(); }

 private:
  StoreNode& node_;
};

Rebalancer::Rebalancer(sim::Simulation& simulation, Setup setup)
    : simulation_(simulation),
      setup_(std::move(setup)),
      cells_of_(setup_.plan.most_shards()),
      sends_next_(setup_.plan.most_shards()),
      draws_(sim::hash_name(setup_.name + "/rebalance")) {
  for (std::uint32_t node = 0; node < setup_.nodes.size(); ++node) {
    intakes_.push_back(std::make_unique<Intake>(*this, node));
    outlets_.push_back(std::make_unique<Outlet>(*setup_.nodes[node]));
    ways_.push_back(intakes_.back().get());
    if (node >= setup_.plan.nodes()) setup_.nodes[node]->set_present(false);
  }
  std::uint32_t first = setup_.plan.shards.count;
  for (const RebalancePlan& change : setup_.plan.rebalance) {
    plan_change(change, first);
    first += change.added();
  }
  mark_.resize(setup_.plan.most_shards());
}

sim::Task<> Rebalancer::make_change(std::size_t next) {
  begin(next);
  sim::Event<bool> done(simulation_);
  all_sent_.emplace(done.trigger());
  senders_ = 1;
  for (std::uint32_t shard = 0; shard < cells_of_.size(); ++shard) {
    if (cells_of_[shard].empty()) continue;
    ++senders_;
    simulation_.spawn(send_from(shard));
  }
  end_of_sending();
  co_await done.happens();
  setup_.ownership.end();
  moving_ = false;
  RebalanceResult& result = results_[current_];
  result.ended = true;
  result.took_ns = simulation_.now().count_ns() - result.at_ns;
  mark_ = *setup_.operations;
  note("rebalance ended", setup_.name,
       {{"change", result.change},
        {"took_s", static_cast<double>(result.took_ns) / 1e9},
        {"moved_bytes", result.bytes_sent}});
  ++made_;
  if (!change().remove) co_return;
  ++leaving_;
  simulation_.spawn(leave(*change().remove));
}

void Rebalancer::begin(std::size_t next) {
  current_ = next;
  moving_ = true;
  tenths_ = 0;
  const std::uint32_t first = changes_[next].first;
  for (std::uint32_t i = 0; i < change().added(); ++i)
    setup_.replication.come(first + i);
  for (std::uint32_t i = 0; i < change().added() * copies(); ++i)
    setup_.nodes[node_of(first, 0) + i]->set_present(true);
  const Layout target = setup_.sharding.changed(setup_.ownership.settled(), change(), first);
  setup_.ownership.begin(target);
  parcels_.clear();
  sent_.clear();
  count_keys();
  RebalanceResult& result = results_[current_];
  result.begun = true;
  result.at_ns = simulation_.now().count_ns();
  for (auto& cells : cells_of_)
    cells.clear();
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    if (!setup_.ownership.moves(cell)) continue;
    cells_of_[setup_.ownership.from(cell)].push_back(cell);
    result.keys_to_move += cells_[cell].keys;
    result.bytes_to_move += cells_[cell].bytes * copies();
  }
  result.before = mark_;
  for (std::size_t shard = 0; shard < mark_.size(); ++shard) {
    const std::uint64_t now = (*setup_.operations)[shard];
    result.before[shard] = now - std::min(now, mark_[shard]);
  }
  mark_ = *setup_.operations;
  note("rebalance began", setup_.name,
       {{"change", result.change}, {"keys", result.keys_to_move}, {"bytes", result.bytes_to_move}});
}

/// Keys and bytes of each cell: counted where that is quick, else as many as there are on average.
void Rebalancer::count_keys() {
  constexpr std::uint64_t most = 1'000'000;  // Chosen: a tenth of a second.
  const Ownership& ownership = setup_.ownership;
  cells_.assign(ownership.cells(), {});
  installed_.assign(ownership.cells() * copies(), 0);
  for (const KeySpace* space : stored_) {
    Request request;
    request.key_space = space->number();
    const std::uint64_t stride = std::max<std::uint64_t>(1, space->items() / most);
    for (request.key = 0; request.key < space->items(); request.key += stride) {
      Cell& cell = cells_[ownership.cell_of(request)];
      cell.keys += static_cast<double>(stride);
      cell.bytes += static_cast<double>(stride) * static_cast<double>(space->value_size(request));
    }
  }
}

sim::Task<> Rebalancer::send_from(std::uint32_t shard) {
  for (const std::size_t cell : cells_of_[shard]) {
    auto moved = move_cell(cell);
    co_await moved;
  }
  end_of_sending();
}

std::int64_t Rebalancer::bytes_of(std::uint64_t item) const {
  const Request request = Request::about(item);
  for (const KeySpace* space : stored_)
    if (space->number() == request.key_space) return space->value_size(request);
  return 1;
}

/// A parcel of the next items that were written; without `bytes`, as large as they are.
std::size_t Rebalancer::pack(std::size_t cell, std::uint64_t number, std::size_t most,
                             double bytes) {
  Parcel parcel;
  parcel.cell = cell;
  parcel.number = number;
  parcel.lacking = copies();
  std::int64_t sum = static_cast<std::int64_t>(header_bytes);
  for (const std::uint64_t item : setup_.ownership.take_unsent(cell, most)) {
    parcel.items.emplace_back(item, 0);
    sum += bytes_of(item);
  }
  parcel.bytes = bytes > 0 ? static_cast<std::int64_t>(std::llround(bytes)) : sum;
  parcels_.push_back(std::move(parcel));
  return parcels_.size() - 1;
}

std::uint32_t Rebalancer::newest(std::uint32_t shard, const std::vector<std::uint32_t>& holders,
                                 std::uint64_t item) {
  std::uint32_t version = 0;
  for (const std::uint32_t copy : holders)
    version = std::max(version, node(shard, copy).version_of(item));
  return version;
}

/// What the holders have of it now. What is written later is noted and sent again.
void Rebalancer::read(std::size_t number, const std::vector<std::uint32_t>& holders) {
  Parcel& parcel = parcels_[number];
  parcel.is_read = true;
  for (auto& [item, version] : parcel.items)
    sent_.at(item) = version = newest(setup_.ownership.from(parcel.cell), holders, item);
}

/// All that was written and is newer than what was sent: one copy may have had it before the copy
/// that was read, and have led since.
std::size_t Rebalancer::pack_last(std::size_t cell, std::uint64_t number) {
  const std::uint32_t from = setup_.ownership.from(cell);
  const auto holders = setup_.replication.holders(from);
  setup_.ownership.take_unsent(cell, SIZE_MAX);
  const std::size_t last = pack(cell, number, 0, 0);
  Parcel& parcel = parcels_[last];
  parcel.takes_over = parcel.is_read = true;
  for (const std::uint64_t item : setup_.ownership.sent(cell)) {
    std::uint32_t& sent = sent_.at(item);
    const std::uint32_t version = newest(from, holders, item);
    if (version <= sent) continue;
    parcel.items.emplace_back(item, sent = version);
    parcel.bytes += bytes_of(item);
  }
  return last;
}

sim::Task<> Rebalancer::move_cell(std::size_t cell) {
  Ownership& ownership = setup_.ownership;
  const auto chunk = static_cast<double>(change().move.chunk.count);
  const auto chunks = static_cast<std::uint64_t>(std::ceil(cells_[cell].bytes / chunk));
  std::uint64_t number = 0;
  for (; number < chunks; ++number) {
    const std::uint64_t left = chunks - number;
    const std::size_t share = (ownership.unsent(cell) + left - 1) / left;
    const std::size_t parcel =
        pack(cell, number, share, cells_[cell].bytes / static_cast<double>(chunks));
    auto delivered = deliver(parcel);
    co_await delivered;
  }
  for (std::uint64_t round = 0; round < most_rounds && ownership.unsent(cell) > 0; ++round) {
    const std::size_t parcel = pack(cell, number++, SIZE_MAX, 0);
    auto delivered = deliver(parcel);
    co_await delivered;
  }
  const std::uint32_t from = ownership.from(cell);
  while (setup_.replication.holders(from).empty())
    co_await simulation_.delay(retry_pause);
  cells_[cell].released = simulation_.now();
  ownership.release(cell);
  Replication::Fence fence;
  while (!setup_.replication.is_drained(from, fence) || setup_.replication.holders(from).empty())
    co_await simulation_.delay(drain_poll);
  auto delivered = deliver(pack_last(cell, number));
  co_await delivered;
  HEADROOM_CHECK_IN(simulation_, ownership.owner_of(cell) == ownership.to(cell));
  for (const std::uint64_t item : ownership.sent(cell))
    for (std::uint32_t copy = 0; copy < copies(); ++copy)
      node(from, copy).forget(item);
  note_progress();
}

/// What each shard sends in all is throttled.
sim::Task<> Rebalancer::pace(std::size_t parcel) {
  const std::uint32_t from = setup_.ownership.from(parcels_[parcel].cell);
  const auto bytes = static_cast<double>(parcels_[parcel].bytes) * copies();
  const sim::Time due = sends_next_[from];
  if (due > simulation_.now()) co_await simulation_.delay(due - simulation_.now());
  sends_next_[from] = simulation_.now() +
                      sim::Duration::rounded_ns(bytes / change().move.throttle->bytes_per_s * 1e9);
}

/// Ends when the new owner has it, for the last one, else when each of its copies has.
sim::Task<> Rebalancer::deliver(std::size_t parcel) {
  const bool takes_over = parcels_[parcel].takes_over;
  if (!takes_over && change().move.throttle) {
    auto paced = pace(parcel);
    co_await paced;
  }
  if (copies() == 1) {
    auto delivered = deliver_to(parcel, 0);
    co_await delivered;
    co_return;
  }
  sim::Poll poll(simulation_, takes_over ? setup_.replication.takers() : copies(), copies());
  senders_ += copies();
  for (std::uint32_t copy = 0; copy < copies(); ++copy)
    simulation_.spawn(deliver_and_vote(parcel, copy, poll.ballot()));
  co_await poll.decision();
}

sim::Task<> Rebalancer::deliver_and_vote(std::size_t parcel, std::uint32_t copy,
                                         sim::Ballot ballot) {
  auto delivered = deliver_to(parcel, copy);
  co_await delivered;
  ballot.vote(true);
  end_of_sending();
}

sim::Task<> Rebalancer::deliver_to(std::size_t parcel, std::uint32_t copy) {
  const std::uint32_t from = setup_.ownership.from(parcels_[parcel].cell);
  const std::uint32_t to = setup_.ownership.to(parcels_[parcel].cell);
  bool told = false;
  for (;;) {
    auto tried = attempt(parcel, copy);
    const bool arrived = co_await tried;
    if (arrived) break;
    ++results_[current_].resends;
    if (!told)
      note("move stalled", shard_name(from),
           {{"to", shard_name(to)},
            {"range", static_cast<double>(parcels_[parcel].cell)},
            {"owner", parcels_[parcel].takes_over ? "nobody" : shard_name(from)}});
    told = true;
    co_await simulation_.delay(retry_pause);
  }
  if (told) note("move goes on", shard_name(from), {{"to", shard_name(to)}});
  results_[current_].bytes_sent += static_cast<double>(parcels_[parcel].bytes);
  if (--parcels_[parcel].lacking == 0) parcels_[parcel].items = {};
}

/// Whether the receiver has acknowledged it.
sim::Task<bool> Rebalancer::attempt(std::size_t parcel, std::uint32_t copy) {
  const std::uint32_t from = setup_.ownership.from(parcels_[parcel].cell);
  const std::uint32_t to = setup_.ownership.to(parcels_[parcel].cell);
  const auto holders = setup_.replication.holders(from);
  if (holders.empty()) co_return false;
  Request request;
  request.draw_key = sim::mix(draws_, ++drawn_);
  request.zone = node(from, holders.front()).zone();
  request.key = parcel;
  request.version = static_cast<std::uint32_t>(current_);
  request.operation = Operation::read;
  for (const std::uint32_t holder : holders) {
    if (parcels_[parcel].takes_over) break;  // It is in the hand of its sender.
    auto reading = ask(outlets_[node_of(from, holder)].get(), request);
    const bool was_read = co_await reading;
    if (!was_read) co_return false;
  }
  if (!parcels_[parcel].is_read) read(parcel, holders);
  request.operation = Operation::write;
  request.size = parcels_[parcel].bytes;
  auto sending = ask(ways_[node_of(to, copy)], request);
  const bool was_written = co_await sending;
  co_return was_written;
}

sim::Task<bool> Rebalancer::ask(Endpoint* endpoint, Request request) {
  const auto reply = co_await sim::before(simulation_.lane(change().move.timeout),
                                          sim::Call(simulation_, endpoint->call(request)));
  co_return reply && reply->is_ok();
}

/// A parcel on the disk of its receiver. One that comes again, or too late, changes nothing.
Reply Rebalancer::install(std::uint32_t receiver, const Request& request) {
  if (!moving_ || request.version != current_) return Reply::ok();
  const Parcel& parcel = parcels_[request.key];
  Cell& cell = cells_[parcel.cell];
  std::uint64_t& installed = installed_[parcel.cell * copies() + receiver % copies()];
  HEADROOM_CHECK_IN(simulation_, parcel.number <= installed);  // or keys would be missing
  if (parcel.number < installed) return Reply::ok();
  ++installed;
  for (const auto& [item, version] : parcel.items)
    setup_.nodes[receiver]->put(item, version);
  if (!parcel.takes_over || ++cell.taken_by != setup_.replication.takers()) return Reply::ok();
  setup_.ownership.take(parcel.cell);
  RebalanceResult& result = results_[current_];
  ++result.handovers;
  result.keys_moved += cell.keys;
  result.handover.record((simulation_.now() - cell.released).count_ns());
  return Reply::ok();
}

}  // namespace headroom
