#include <algorithm>
#include <functional>

#include "models/draw.hpp"
#include "models/store/log/group.hpp"

namespace headroom {

namespace {

constexpr std::size_t most_entries = 1024;  // Chosen: under way; some 100 kB of small values.

}  // namespace

void LogReplica::post(std::uint8_t to, LogMessage message) {
  group_.post(index_, to, std::move(message));
}

void LogReplica::receive(LogMessage message) {
  if (!node_.up()) return;
  if (node_.paused()) {
    inbox_.push_back(std::move(message));
    return;
  }
  using Kind = LogMessage::Kind;
  if (message.term > term_) {
    const bool asks = message.kind == Kind::ask;
    const bool is_granted_trial = message.kind == Kind::vote && message.trial && message.yes;
    // Who was cut off must not unseat a leader that others hear.
    const bool is_ignored = asks && (message.trial || is_loyal());
    if (!is_ignored && !is_granted_trial) follow(message.term);
  }
  switch (message.kind) {
    case Kind::ask:
      return on_ask(message);
    case Kind::vote:
      return on_vote(message);
    case Kind::append:
      on_append(message);
      if (auto next = early_.next(log_.last())) receive(std::move(*next));
      return;
    case Kind::ack:
      return on_ack(message);
    case Kind::snapshot:
      return on_snapshot(message);
    case Kind::taken:
      return on_taken(message);
  }
}

void LogReplica::on_append(LogMessage& message) {
  LogMessage reply;
  reply.kind = LogMessage::Kind::ack;
  reply.sent = message.sent;
  reply.is_new = is_new_;
  if (message.term < term_ && !has(Bug::old_leader_writes)) {
    reply.term = term_;
    return post(message.from, std::move(reply));
  }
  follow(message.term);
  leader_ = message.from;
  heard_ = simulation_.now();
  wait_for_leader();
  if (message.follows && message.index > log_.last()) {
    early_.keep(std::move(message));
    return;
  }
  reply.term = term_;
  reply.index = first_difference(message);
  reply.yes = reply.index == message.index;
  if (!reply.yes) return send_when_durable(std::move(reply), message.from, 0);
  reply.index += message.entries.size();
  take_entries(message);
  const std::uint64_t shared = has(Bug::commit_unchecked) ? log_.last() : reply.index;
  commit_ = std::max(commit_, std::min(message.commit, shared));
  const std::uint64_t durable = has(Bug::ack_before_fsync) ? 0 : reply.index;
  if (!message.quiet) send_when_durable(std::move(reply), message.from, durable);
  persist();
  apply();
  forget(std::min(message.floor, applied_));
}

/// `message.index` where the logs are the same up to there; else an index up to which they may be:
/// before all of the term that this copy has there.
std::uint64_t LogReplica::first_difference(const LogMessage& message) const {
  if (message.index <= log_.base()) return message.index;
  if (message.index > log_.last()) return log_.last();
  const std::uint32_t term = log_.term_at(message.index);
  if (term == message.log_term || has(Bug::no_log_match)) return message.index;
  std::uint64_t index = message.index - 1;
  while (index > std::max(log_.base(), commit_) && log_.term_at(index) == term)
    --index;
  return index;
}

void LogReplica::take_entries(const LogMessage& message) {
  std::uint64_t index = message.index;
  for (const LogEntry& entry : message.entries) {
    if (++index <= log_.base()) continue;
    if (index <= log_.last()) {
      if (log_.term_at(index) == entry.term) continue;
      truncate(index - 1);
    }
    log_.append(entry);
    log_.at(index).answered = false;
    if (entry.of_members) learn_members(index, entry.item);
  }
}

/// Forgets what comes after `last`, and undoes what was applied of it: with votes nothing is.
void LogReplica::truncate(std::uint64_t last) {
  for (; applied_ > last && !rules().votes; --applied_) {
    const LogEntry& entry = log_.at(applied_);
    if (entry.version == 0 || entry.refused) continue;
    node_.set(entry.item, entry.before);
    if (entry.answered) group_.on_undone();
  }
  log_.truncate(last);
  forget_members_after(last);
  applied_ = std::min(applied_, last);
  commit_ = std::min(commit_, last);
  synced_ = std::min(synced_, last);
  syncing_ = std::min(syncing_, last);
  lagging_ = std::min(lagging_, last);
}

void LogReplica::replicate() {
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    if (is_told(peer)) send_to(peer, false);
}

/// What the copy lacks and is not under way; behind what is under way only where it surely has all
/// before that. Where no client waits for the copy there is one message at a time, as where copies
/// fetch what they lack. Else, where it is due, a sign of life.
/// Source: Ongaro 2014, sec. 10.2.1 (pipelining).
void LogReplica::send_to(std::size_t number, bool even_if_empty) {
  Peer& peer = peers_[number];
  const bool is_behind = lacks_entries(peer);
  if (is_behind) send_snapshot(number);
  const bool follows = peer.flying != 0;
  const bool is_awaited = rules().votes || rules().acks > 1;
  const bool may_follow =
      is_awaited && peer.first <= peer.match + 1 && peer.next < peer.first + most_entries;
  const bool sends = !is_behind && (!follows || may_follow) && peer.next <= log_.last();
  const bool has_news = peer.flying == 0 && peer.commit < std::min(commit_, peer.match);
  if (!sends && !even_if_empty && !has_news) return;
  LogMessage message;
  message.term = term_;
  message.sent = simulation_.now();
  message.commit = commit_;
  message.floor = log_.base();
  message.quiet = !sends && !even_if_empty;
  message.index = sends ? peer.next - 1 : std::max(peer.match, log_.base());
  message.log_term = log_.term_at(message.index);
  if (sends) {
    message.follows = follows;
    if (!follows) {
      peer.first = peer.next;
      peer.flies_since = simulation_.now();
    }
    const std::uint64_t last = std::min(log_.last(), peer.first - 1 + most_entries);
    message.entries.reserve(static_cast<std::size_t>(last - peer.next + 1));
    for (; peer.next <= last; ++peer.next)
      message.entries.push_back(log_.at(peer.next));
    peer.flying = last;
  }
  peer.commit = std::min(commit_, message.index + message.entries.size());
  post(static_cast<std::uint8_t>(number), std::move(message));
}

/// Up to where entries may be forgotten: what all have, and with votes what is long applied.
std::uint64_t LogReplica::forgettable(std::uint64_t held_by_all) const {
  // Chosen: about as much as a copy misses in a short pause; half a megabyte.
  const std::uint64_t kept = has(Bug::short_log) ? 8 : 10'000;
  const bool sends_snapshots = rules().votes && applied_ > kept;
  std::uint64_t last =
      std::min(applied_, sends_snapshots ? std::max(held_by_all, applied_ - kept) : held_by_all);
  // What comes after a snapshot that is on its way will be asked for.
  for (const Peer& peer : peers_)
    if (peer.snapshot) last = std::min(last, peer.snapshot->index);
  return last;
}

void LogReplica::forget(std::uint64_t index) {
  log_.compact(index);
  forget_members_before(log_.base());
}

/// A message to everybody, whose answers say who follows.
void LogReplica::begin_round() {
  round_ = simulation_.now();
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    if (is_told(peer)) send_to(peer, true);
  if (members_ == 1 && is_member()) confirm();
}

void LogReplica::on_ack(const LogMessage& message) {
  if (role_ != Role::leader || message.term != term_) return;
  Peer& peer = peers_[message.from];
  if (!is_told(message.from)) return;
  forgive(peer, message.sent);
  peer.confirmed = std::max(peer.confirmed, message.sent);
  peer.is_new = message.is_new;
  peer.has_answered = true;
  if (message.yes) {
    if (message.index > peer.match) {
      peer.flies_since = simulation_.now();
      peer.takes = simulation_.now() - message.sent;
    }
    peer.match = std::max(peer.match, message.index);
    peer.next = std::max(peer.next, peer.match + 1);
    peer.first = std::max(peer.first, peer.match + 1);
    if (peer.flying <= peer.match) peer.flying = 0;
    end_snapshot(peer);
    if (peer.learns) end_round(peer);
    advance_commit();
    if (role_ != Role::leader) return;
  } else {
    peer.flying = 0;
    peer.next = std::max(peer.match, std::min(message.index, log_.last())) + 1;
    const bool lacks = message.index < log_.base() || peer.is_new;
    if (rules().votes && lacks) return send_snapshot(message.from);
  }
  send_to(message.from, false);
  confirm();
}

/// Since when a majority has followed it, by the answers there are.
void LogReplica::confirm() {
  heard_at_.clear();
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    if (peers_[peer].is_member)
      heard_at_.push_back(is_self(peer) ? simulation_.now() : peers_[peer].confirmed);
  const auto middle = heard_at_.begin() + static_cast<std::ptrdiff_t>(heard_at_.size() / 2);
  std::nth_element(heard_at_.begin(), middle, heard_at_.end(), std::greater<>());
  if (*middle > confirmed_) {
    confirmed_ = *middle;
    confirmed_skew_ns_ = node_.clock_skew_ns();
  }
  while (!readers_.empty() && readers_.front().since <= confirmed_) {
    readers_.front().trigger.fire(true);
    readers_.pop_front();
  }
}

/// The last entry that enough copies have. With votes only one of its own term counts by that, and
/// what stands before it with it.
void LogReplica::advance_commit() {
  matches_.clear();
  std::uint64_t all = synced_;
  for (std::size_t peer = 0; peer < peers_.size(); ++peer) {
    if (is_told(peer)) all = std::min(all, peers_[peer].match);
    if (peers_[peer].is_member) matches_.push_back(is_self(peer) ? synced_ : peers_[peer].match);
  }
  const std::uint32_t enough = rules().votes ? members_ / 2 + 1 : rules().acks;
  const std::uint32_t acks = enough - (has(Bug::minority_commits) ? 1 : 0);
  const auto last = matches_.begin() + static_cast<std::ptrdiff_t>(acks) - 1;
  std::nth_element(matches_.begin(), last, matches_.end(), std::greater<>());
  const std::uint64_t most = *last;
  const bool counts_all = !rules().votes || has(Bug::counts_old_terms);
  const bool is_counted = counts_all || most >= first_of_term_;
  if (is_counted) commit_ = std::max(commit_, most);
  apply();
  if (!established_ && commit_ >= first_of_term_ && applied_ >= first_of_term_) {
    established_ = true;
    group_.on_established(*this);
  }
  forget(forgettable(all));
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    if (is_told(peer) && peers_[peer].commit < commit_) send_to(peer, false);
  leave_if_removed();
}

/// What is committed and durable here takes effect, at a follower after a while.
void LogReplica::apply() {
  const std::uint64_t until = std::min(commit_, synced_);
  if (role_ == Role::leader || !group_.plan().lag) return apply_up_to(until);
  if (until <= lagging_) return;
  lagging_ = until;
  scope_.spawn(apply_later(until));
}

sim::Task<> LogReplica::apply_later(std::uint64_t index) {
  co_await simulation_.delay(draw_duration(*group_.plan().lag, random_));
  apply_up_to(std::min({index, commit_, synced_}));
}

/// In the order of the log.
void LogReplica::apply_up_to(std::uint64_t index) {
  while (applied_ < index)
    apply(log_.at(++applied_));
}

void LogReplica::apply(LogEntry& entry) {
  if (entry.version != 0) {
    entry.before = node_.version_of(entry.item);
    const bool is_checked = entry.operation == Operation::cas && !has(Bug::check_then_act);
    entry.refused = is_checked && entry.before != entry.expected;
    if (!entry.refused) node_.set(entry.item, entry.version);
    if (role_ == Role::leader && !entry.refused)
      group_.setup().versions.commit(entry.item, entry.version);
    else if (role_ != Role::leader)
      node_.charge(entry.item, sim::mix(entry.version, ++drawn_));
  }
  changes_ += entry.of_members && role_ == Role::leader ? 1 : 0;
  answer(applied_, entry);
}

void LogReplica::answer(std::uint64_t index, LogEntry& entry) {
  while (!waiters_.empty() && waiters_.front().index <= index) {
    entry.answered |= waiters_.front().index == index;
    waiters_.front().trigger.fire(entry.refused ? refused_cas() : Reply::ok());
    waiters_.pop_front();
  }
}

void LogReplica::send_when_durable(LogMessage message, std::uint8_t to, std::uint64_t index) {
  pending_.push_back({std::move(message), to, index, hard_});
  send_pending();
  persist();
}

/// Term and vote become durable, and all of the log that there is when a write of it begins.
void LogReplica::persist() {
  if (writing_hard_ < hard_) {
    writing_hard_ = hard_;
    scope_.spawn(write_hard({term_, vote_, hard_}));
  }
  if (writing_ || synced_ == log_.last()) return;
  writing_ = true;
  scope_.spawn(write_log());
}

sim::Task<> LogReplica::write_hard(Durable durable) {
  if (const auto& fsync = group_.plan().fsync)
    co_await node_.processor().work(draw_duration(*fsync, random_));
  if (durable.hard <= durable_.hard) co_return;
  durable_ = durable;
  on_durable();
}

sim::Task<> LogReplica::write_log() {
  while (synced_ < log_.last()) {
    syncing_ = log_.last();
    if (const auto& fsync = group_.plan().fsync)
      co_await node_.processor().work(draw_duration(*fsync, random_));
    synced_ = std::max(synced_, syncing_);
    on_durable();
  }
  writing_ = false;
}

void LogReplica::send_pending() {
  for (std::size_t i = 0; i < pending_.size();) {
    if (pending_[i].index > synced_ || pending_[i].hard > durable_.hard) {
      ++i;
      continue;
    }
    Pending done = std::move(pending_[i]);
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
    post(done.to, std::move(done.message));
  }
}

void LogReplica::on_durable() {
  send_pending();
  if (role_ == Role::candidate && durable_.hard == hard_) {
    if (!rules().votes) return lead();
    peers_[index_].voted = true;
    return count_votes();
  }
  if (role_ == Role::leader)
    advance_commit();
  else
    apply();
}

}  // namespace headroom
