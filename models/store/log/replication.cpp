#include <algorithm>
#include <functional>

#include "models/draw.hpp"
#include "models/store/log/group.hpp"

namespace headroom {

namespace {

constexpr std::size_t most_entries = 1024;  // Chosen: of one message; some 100 kB of small values.

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
      return on_append(message);
    case Kind::ack:
      return on_ack(message);
    case Kind::snapshot:
      return on_snapshot(message);
  }
}

void LogReplica::on_append(LogMessage& message) {
  LogMessage reply;
  reply.kind = LogMessage::Kind::ack;
  reply.sent = message.sent;
  if (message.term < term_ && !has(Bug::old_leader_writes)) {
    reply.term = term_;
    return post(message.from, std::move(reply));
  }
  follow(message.term);
  leader_ = message.from;
  heard_ = simulation_.now();
  wait_for_leader();
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
  log_.compact(std::min(message.floor, applied_));
}

/// In place of all entries up to its index, which the leader has forgotten.
void LogReplica::on_snapshot(const LogMessage& message) {
  if (message.term < term_) return;
  follow(message.term);
  leader_ = message.from;
  heard_ = simulation_.now();
  wait_for_leader();
  const std::uint64_t index = message.index;
  const bool has_it =
      index <= log_.base() || (index <= log_.last() && log_.term_at(index) == message.log_term);
  if (has_it) {
    // What follows was acknowledged and stays.
    commit_ = std::max(commit_, index);
    persist();
    apply();
  } else {
    ++snapshots_;
    node_.replace_all(*message.state);
    log_ = ReplicatedLog::after(index, message.log_term);
    commit_ = applied_ = synced_ = syncing_ = lagging_ = index;
  }
  LogMessage reply;
  reply.kind = LogMessage::Kind::ack;
  reply.term = term_;
  reply.sent = message.sent;
  reply.index = index;
  reply.yes = true;
  send_when_durable(std::move(reply), message.from, index);
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
  applied_ = std::min(applied_, last);
  commit_ = std::min(commit_, last);
  synced_ = std::min(synced_, last);
  syncing_ = std::min(syncing_, last);
  lagging_ = std::min(lagging_, last);
}

void LogReplica::replicate() {
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    if (!is_self(peer)) send_to(peer, false);
}

/// What the copy lacks, of which one message at a time is under way; else, where it is due, a sign
/// of life.
void LogReplica::send_to(std::size_t number, bool even_if_empty) {
  Peer& peer = peers_[number];
  // What comes next for it is forgotten.
  const bool is_behind = peer.next <= log_.base();
  if (is_behind) send_snapshot(number);
  const bool sends = !is_behind && peer.flying == 0 && peer.next <= log_.last();
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
    const std::uint64_t last =
        std::min(log_.last(), peer.next - 1 + static_cast<std::uint64_t>(most_entries));
    peer.first = peer.next;
    message.entries.reserve(static_cast<std::size_t>(last - peer.next + 1));
    for (; peer.next <= last; ++peer.next)
      message.entries.push_back(log_.at(peer.next));
    peer.flying = last;
    peer.flies_since = simulation_.now();
  }
  peer.commit = std::min(commit_, message.index + message.entries.size());
  post(static_cast<std::uint8_t>(number), std::move(message));
}

/// All that is applied, to a copy that lacks what is forgotten.
void LogReplica::send_snapshot(std::size_t number) {
  Peer& peer = peers_[number];
  if (simulation_.now() < peer.next_snapshot) return;
  // Chosen: it may take its time; an answer to it comes first as a rule.
  peer.next_snapshot = simulation_.now() + sim::Duration::ns(10 * rules().heartbeat.count_ns());
  LogMessage message;
  message.kind = LogMessage::Kind::snapshot;
  message.term = term_;
  message.sent = simulation_.now();
  message.index = applied_;
  message.log_term = log_.term_at(applied_);
  message.state = std::make_shared<ItemTable<std::uint32_t>>(node_.all());
  post(static_cast<std::uint8_t>(number), std::move(message));
}

/// Up to where entries may be forgotten: what all have, and with votes what is long applied.
std::uint64_t LogReplica::forgettable(std::uint64_t held_by_all) const {
  // Chosen: about as much as a copy misses in a short pause; half a megabyte.
  const std::uint64_t kept = has(Bug::short_log) ? 8 : 10'000;
  const bool sends_snapshots = rules().votes && applied_ > kept;
  return std::min(applied_, sends_snapshots ? std::max(held_by_all, applied_ - kept) : held_by_all);
}

/// A message to everybody, whose answers say who follows.
void LogReplica::begin_round() {
  round_ = simulation_.now();
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    if (!is_self(peer)) send_to(peer, true);
  if (peers_.size() == 1) confirm();
}

void LogReplica::on_ack(const LogMessage& message) {
  if (role_ != Role::leader || message.term != term_) return;
  Peer& peer = peers_[message.from];
  peer.confirmed = std::max(peer.confirmed, message.sent);
  if (message.yes) {
    peer.match = std::max(peer.match, message.index);
    peer.next = std::max(peer.next, peer.match + 1);
    if (peer.flying <= peer.match) peer.flying = 0;
    advance_commit();
  } else {
    peer.flying = 0;
    peer.next = std::max(peer.match, std::min(message.index, log_.last())) + 1;
    if (rules().votes && message.index < log_.base()) return send_snapshot(message.from);
  }
  send_to(message.from, false);
  confirm();
}

/// Since when a majority has followed it, by the answers there are.
void LogReplica::confirm() {
  heard_at_.clear();
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    heard_at_.push_back(is_self(peer) ? simulation_.now() : peers_[peer].confirmed);
  const auto middle = heard_at_.begin() + static_cast<std::ptrdiff_t>(peers_.size() / 2);
  std::nth_element(heard_at_.begin(), middle, heard_at_.end(), std::greater<>());
  if (*middle > confirmed_) {
    confirmed_ = *middle;
    confirmed_skew_ns_ = node_.clock_skew_ns();
  }
  while (!readers_.empty() && readers_.front().since <= confirmed_) {
    readers_.front().trigger.fire(true);
    readers_.pop_front();
  }
  if (!readers_.empty() && round_ <= confirmed_ && round_ < simulation_.now()) begin_round();
}

/// The last entry that enough copies have. With votes only one of its own term counts by that, and
/// what stands before it with it.
void LogReplica::advance_commit() {
  matches_.clear();
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    matches_.push_back(is_self(peer) ? synced_ : peers_[peer].match);
  const std::uint32_t acks = rules().acks - (has(Bug::minority_commits) ? 1 : 0);
  const auto last = matches_.begin() + static_cast<std::ptrdiff_t>(acks) - 1;
  std::nth_element(matches_.begin(), last, matches_.end(), std::greater<>());
  const std::uint64_t most = *last;
  const std::uint64_t all = *std::min_element(matches_.begin(), matches_.end());
  const bool counts_all = !rules().votes || has(Bug::counts_old_terms);
  const bool is_counted = counts_all || most >= first_of_term_;
  if (is_counted) commit_ = std::max(commit_, most);
  apply();
  if (!established_ && commit_ >= first_of_term_ && applied_ >= first_of_term_) {
    established_ = true;
    group_.on_established(*this);
  }
  log_.compact(forgettable(all));
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    if (!is_self(peer) && peers_[peer].commit < commit_) send_to(peer, false);
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
