// All that a copy has, for another one that lacks entries which are forgotten, or that is new.
// Source: Ongaro 2014, sec. 5.1 to 5.3. Pieces are acknowledged one by one, each by the bytes that
// are there; one whose acknowledgement does not come is sent again, after pauses that double.
#include <algorithm>

#include "models/store/log/group.hpp"

namespace headroom {

namespace {

constexpr std::int64_t piece_bytes = 1'000'000;             // Chosen: as chunks of `rebalance`.
constexpr auto most_patience = sim::Duration::seconds(30);  // Chosen: then it begins again.

}  // namespace

/// What comes next for it is forgotten, or stands before all entries.
bool LogReplica::lacks_entries(const Peer& peer) const {
  return peer.is_new || peer.next <= log_.base();
}

/// The next piece, unless one is on its way.
void LogReplica::send_snapshot(std::size_t number) {
  Peer& peer = peers_[number];
  const sim::Time now = simulation_.now();
  if (now < peer.next_snapshot) return;
  // Chosen: a piece may take its time; an answer to it comes first as a rule.
  const auto least = 10 * rules().heartbeat;
  const bool is_late = peer.snapshot != nullptr && peer.asked > sim::Time();
  const bool is_small = group_.stored_bytes() == 0;
  if (is_late && (is_small || peer.patience >= most_patience)) peer.snapshot = nullptr;
  if (!peer.snapshot) {
    auto snapshot = std::make_shared<LogSnapshot>();
    snapshot->items = node_.all();
    snapshot->index = applied_;
    snapshot->term = log_.term_at(applied_);
    snapshot->members = members_at(applied_);
    snapshot->bytes = std::max(static_cast<std::int64_t>(node_.all().size()) * snapshot_item_bytes,
                               group_.stored_bytes());
    peer.snapshot = std::move(snapshot);
    peer.brought = 0;
    peer.patience = least;
  } else if (is_late) {
    peer.patience = std::min(std::max(peer.patience + peer.patience, least), most_patience);
    group_.on_piece_again();
  }
  peer.asked = now;
  peer.next_snapshot = now + peer.patience;
  if (is_small)
    post_piece(number);
  else
    scope_.spawn(read_and_post(number, term_));
}

/// Reading it is work of the node.
sim::Task<> LogReplica::read_and_post(std::size_t number, std::uint32_t term) {
  const sim::Duration pause = group_.pause_before(
      std::min(piece_bytes, peers_[number].snapshot->bytes - peers_[number].brought));
  if (pause > sim::Duration()) {
    peers_[number].next_snapshot = peers_[number].next_snapshot + pause;
    co_await simulation_.delay(pause);
  }
  OnlyWork work;
  Request request;
  request.operation = Operation::read;
  request.draw_key = group_.next_draw();
  auto done = node_.do_bulk(request, &work);
  const Reply reply = co_await done;
  const bool still = role_ == Role::leader && term_ == term && peers_[number].snapshot != nullptr;
  if (reply.is_ok() && still) post_piece(number);
}

void LogReplica::post_piece(std::size_t number) {
  const Peer& peer = peers_[number];
  LogMessage message;
  message.kind = LogMessage::Kind::snapshot;
  message.term = term_;
  message.sent = simulation_.now();
  message.snapshot = peer.snapshot;
  message.index = peer.snapshot->index;
  message.log_term = peer.snapshot->term;
  message.offset = peer.brought;
  message.bytes = std::min(piece_bytes, peer.snapshot->bytes - peer.brought);
  post(static_cast<std::uint8_t>(number), std::move(message));
}

void LogReplica::on_snapshot(const LogMessage& message) {
  if (message.term < term_) return;
  follow(message.term);
  leader_ = message.from;
  heard_ = simulation_.now();
  wait_for_leader();
  if (group_.stored_bytes() > 0)
    scope_.spawn(write_and_take(message));
  else
    take_piece(message);
}

/// Writing it is, too.
sim::Task<> LogReplica::write_and_take(LogMessage message) {
  OnlyWork work;
  Request request;
  request.operation = Operation::write;
  request.draw_key = group_.next_draw();
  auto done = node_.do_bulk(request, &work);
  const Reply reply = co_await done;
  if (reply.is_ok() && message.term == term_ && role_ == Role::follower) take_piece(message);
}

/// In place of all entries up to its index, which the leader has forgotten.
void LogReplica::take_piece(const LogMessage& message) {
  if (taking_ != message.index + 1) {
    taking_ = message.index + 1;
    taken_ = 0;
  }
  if (message.offset == taken_) taken_ += message.bytes;
  LogMessage reply;
  reply.term = term_;
  reply.sent = message.sent;
  reply.index = message.index;
  if (taken_ < message.snapshot->bytes) {
    reply.kind = LogMessage::Kind::taken;
    reply.offset = taken_;
    return post(message.from, std::move(reply));
  }
  taking_ = 0;
  install(*message.snapshot);
  reply.kind = LogMessage::Kind::ack;
  reply.yes = true;
  send_when_durable(std::move(reply), message.from, message.index);
}

void LogReplica::install(const LogSnapshot& snapshot) {
  const std::uint64_t index = snapshot.index;
  const bool has_it =
      index <= log_.base() || (index <= log_.last() && log_.term_at(index) == snapshot.term);
  is_new_ = false;
  if (has_it) {
    // What follows was acknowledged and stays.
    commit_ = std::max(commit_, index);
    persist();
    return apply();
  }
  ++snapshots_;
  node_.replace_all(snapshot.items);
  log_ = ReplicatedLog::after(index, snapshot.term);
  if (group_.changes()) memberships_ = {{index, snapshot.members}};
  count_members();
  commit_ = applied_ = synced_ = syncing_ = lagging_ = index;
}

/// A copy that was silent for long has lost the last piece.
void LogReplica::forgive(Peer& peer, sim::Time sent) {
  const auto least = 10 * rules().heartbeat;
  if (group_.stored_bytes() == 0 || !peer.snapshot || sent <= peer.confirmed + least) return;
  peer.patience = least;
  peer.next_snapshot = sim::Time();
}

/// It has all of it.
void LogReplica::end_snapshot(Peer& peer) {
  if (!peer.snapshot || peer.match < peer.snapshot->index || peer.is_new) return;
  group_.on_bulk_bytes(peer.snapshot->bytes - peer.brought);
  peer.snapshot = nullptr;
  peer.asked = sim::Time();
}

void LogReplica::on_taken(const LogMessage& message) {
  if (role_ != Role::leader || message.term != term_) return;
  Peer& peer = peers_[message.from];
  forgive(peer, message.sent);
  peer.confirmed = std::max(peer.confirmed, message.sent);
  confirm();
  if (!is_told(message.from) || !peer.snapshot || peer.snapshot->index != message.index) return;
  if (message.offset == peer.brought) return;  // of a piece that was sent twice
  if (message.offset > peer.brought) group_.on_bulk_bytes(message.offset - peer.brought);
  peer.brought = message.offset;
  const auto least = 10 * rules().heartbeat;
  const sim::Duration took = simulation_.now() - message.sent;
  peer.patience = std::min(std::max(took + took, least), most_patience);
  peer.next_snapshot = peer.asked = sim::Time();
  send_snapshot(message.from);
}

}  // namespace headroom
