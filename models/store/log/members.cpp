// Who the members of a group are, and how they change.
//
// Source: Ongaro 2014, ch. 4: one member at a time; an entry of the log says who they are and is in
// force as soon as it is in it (4.1); a new copy catches up in rounds before it counts (4.2.1); a
// leader that is removed steps down when that is committed and does not count until then (4.2.2);
// a copy that has heard of its leader lately is deaf to others who want to be (4.2.3, in
// elections.cpp). Ongaro 2015, "bug in single-server membership changes" (raft-dev): not before an
// entry of the leader's own term is committed. Departs from source: rounds go on until one is
// short enough; who is to change what is told again and again, so a leader does not keep it.
#include <algorithm>

#include "models/store/log/group.hpp"

namespace headroom {

namespace {

std::uint64_t bit(std::size_t copy) {
  return std::uint64_t{1} << copy;
}

}  // namespace

/// A copy that comes later knows nobody and holds nothing.
void LogReplica::join() {
  is_new_ = true;
  memberships_ = {{0, 0}};
  count_members();
  begin();
}

std::uint64_t LogReplica::members() const {
  if (memberships_.empty()) return ~std::uint64_t{0};
  return memberships_.back().all;
}

std::uint64_t LogReplica::members_at(std::uint64_t index) const {
  std::uint64_t all = 0;
  for (const Members& each : memberships_)
    if (each.index <= index) all = each.all;
  return all;
}

void LogReplica::learn_members(std::uint64_t index, std::uint64_t all) {
  memberships_.push_back({index, all});
  count_members();
}

void LogReplica::forget_members_after(std::uint64_t last) {
  if (memberships_.empty() || memberships_.back().index <= last) return;
  while (memberships_.size() > 1 && memberships_.back().index > last)
    memberships_.pop_back();
  count_members();
}

void LogReplica::forget_members_before(std::uint64_t base) {
  while (memberships_.size() > 1 && memberships_[1].index <= base)
    memberships_.erase(memberships_.begin());
}

void LogReplica::count_members() {
  members_ = 0;
  for (std::size_t peer = 0; peer < peers_.size(); ++peer) {
    const bool is_member = memberships_.empty() || (members() & bit(peer)) != 0;
    if (is_member) peers_[peer].learns = false;
    peers_[peer].is_member = is_member;
    members_ += is_member ? 1 : 0;
  }
}

/// Who is no member may still be needed until that is committed: for a majority of those who are.
bool LogReplica::may_lead() const {
  if (is_member()) return true;
  const std::size_t known = memberships_.size();
  if (known < 2 || memberships_.back().index <= commit_) return false;
  return (memberships_[known - 2].all & bit(index_)) != 0;
}

bool LogReplica::has_settled(const MemberWish& wish) const {
  return role_ == Role::leader && node_.up() && wish.is_met_by(members()) &&
         memberships_.back().index <= commit_;
}

void LogReplica::change_members(const MemberWish& wish) {
  if (role_ != Role::leader || !node_.up() || node_.paused()) return;
  const std::uint64_t now = members(), lacking = wish.add & ~now, leaving = wish.remove & now;
  std::uint64_t ready = 0;
  for (std::size_t peer = 0; peer < peers_.size(); ++peer) {
    if ((lacking & bit(peer)) == 0 || is_self(peer)) continue;
    if (!peers_[peer].learns) teach(peer);
    if (peers_[peer].has_caught_up) ready |= bit(peer);
  }
  const bool is_changing = memberships_.back().index > commit_;
  const bool knows_what_is_committed = established_ || has(Bug::changes_too_soon);
  if (is_changing || !knows_what_is_committed || lacking + leaving == 0) return;
  std::uint64_t next = now;
  if (has(Bug::changes_at_once)) {
    if (ready == lacking) next = (now | lacking) & ~leaving;
  } else if (lacking != 0) {
    next = now | (ready & (~ready + 1));
  } else {
    next = now & ~(leaving & (~leaving + 1));
  }
  if (next != now && next != 0) propose_members(next);
}

/// It is sent what the leader has, and does not count.
void LogReplica::teach(std::size_t number) {
  Peer& peer = peers_[number];
  peer = Peer();
  peer.learns = true;
  peer.next = log_.last() + 1;
  peer.round_end = log_.last();
  peer.round_began = simulation_.now();
  send_to(number, true);
}

/// It has what there was when a round began: another one begins, until it takes no longer than an
/// election would.
void LogReplica::end_round(Peer& peer) {
  if (!peer.has_answered || peer.is_new || peer.match < peer.round_end) return;
  const sim::Duration most = std::max(rules().least_timeout, rules().heartbeat);
  const bool is_short = simulation_.now() - peer.round_began <= most;
  peer.has_caught_up = peer.has_caught_up || is_short;
  peer.round_end = log_.last();
  peer.round_began = simulation_.now();
}

void LogReplica::propose_members(std::uint64_t all) {
  LogEntry entry;
  entry.term = term_;
  entry.item = all;
  entry.of_members = true;
  log_.append(entry);
  learn_members(log_.last(), all);
  persist();
  replicate();
}

/// It has led to the end of its membership.
void LogReplica::leave_if_removed() {
  if (role_ == Role::leader && !is_member() && memberships_.back().index <= commit_) resign();
}

void LogReplica::lose_all() {
  scope_.close();
  node_.replace_all({});
  term_ = 0;
  vote_ = leader_ = nobody;
  log_ = ReplicatedLog();
  commit_ = applied_ = synced_ = syncing_ = lagging_ = 0;
  durable_ = {};
  hard_ = writing_hard_ = 0;
  is_new_ = true;
  memberships_ = {{0, group_.first_members()}};
  count_members();
}

}  // namespace headroom
