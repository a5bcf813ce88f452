#include "models/store/chain/replica.hpp"

#include <algorithm>

#include "models/draw.hpp"
#include "models/store/bugs.hpp"
#include "models/store/chain/group.hpp"

namespace headroom {

ChainReplica::ChainReplica(ChainGroup& group, StoreNode& node, std::uint8_t index)
    : PeerReplica(node, group.name(), index), group_(group) {}

void ChainReplica::start() {
  scope_.spawn(beat());
}

bool ChainReplica::is_head() const {
  return group_.head() == index_;
}
bool ChainReplica::is_tail() const {
  return group_.tail() == index_;
}

std::optional<Reply> ChainReplica::decline(const Request& request) {
  if (request.operation == Operation::read) {
    const ReadsFrom from = group_.setup().plan.replication.reads_from();
    if (from == ReadsFrom::any || from == ReadsFrom::nearest) return std::nullopt;
    if (is_tail() && !frozen_) return std::nullopt;
    return redirected(is_tail() ? std::nullopt : std::optional<std::uint32_t>(group_.tail()));
  }
  if (is_head()) return std::nullopt;
  return redirected(group_.head());
}

sim::Task<Reply> ChainReplica::finish(Request request) {
  if (const auto declined = decline(request)) co_return *declined;
  Reply reply;
  reply.version_space = request.key_space;
  if (request.operation == Operation::read) {
    reply.version = node_.version_of(request.item());
    co_return reply;
  }
  LogEntry entry;
  entry.item = request.item();
  entry.version = reply.version = group_.setup().versions.assign(entry.item, request.draw_key);
  entry.operation = request.operation;
  entry.expected = request.version;
  log_.append(entry);
  sim::Event<Reply> done(simulation_);
  waiters_.push_back({log_.last(), done.trigger()});
  persist();
  const auto answer = co_await done.happens();
  Reply is_done = answer.value_or(Reply::failed());
  is_done.version = reply.version;
  is_done.version_space = reply.version_space;
  co_return is_done;
}

void ChainReplica::receive(ChainMessage message) {
  if (!node_.up() || message.chain != group_.number()) return;
  if (node_.paused()) {
    inbox_.push_back(std::move(message));
    return;
  }
  if (message.is_ack) {
    commit(message.commit);
    if (message.from != group_.after(index_)) return;
    if (message.index >= flying_) {
      flying_ = 0;
      next_ = std::max(log_.base(), std::min(message.index, log_.last())) + 1;
    } else if (message.index >= first_) {
      first_ = message.index + 1;
      flies_since_ = simulation_.now();
    }
    return forward();
  }
  if (message.from != group_.before(index_)) return;
  if (message.follows && message.index > log_.last()) {
    early_.keep(std::move(message));
    return;
  }
  std::uint64_t index = message.index;
  for (const LogEntry& entry : message.entries)
    if (++index == log_.last() + 1) log_.append(entry);
  commit(std::min(message.commit, synced_));
  const bool is_old = synced_ == log_.last() && !writing_;
  persist();
  // What it had already: the one before it does not know.
  if (is_old) on_durable();
  if (auto next = early_.next(log_.last())) receive(std::move(*next));
}

void ChainReplica::persist() {
  if (writing_ || synced_ == log_.last()) return;
  writing_ = true;
  scope_.spawn(write_to_disk());
}

sim::Task<> ChainReplica::write_to_disk() {
  while (synced_ < log_.last()) {
    const std::uint64_t until = log_.last();
    if (const auto& fsync = group_.setup().plan.replication.fsync)
      co_await node_.processor().work(draw_duration(*fsync, random_));
    while (synced_ < until) {
      LogEntry& entry = log_.at(++synced_);
      const bool is_cas = entry.operation == Operation::cas;
      if (is_head() && is_cas) entry.refused = node_.version_of(entry.item) != entry.expected;
      if (!entry.refused) node_.set(entry.item, entry.version);
      if (is_head() && has_bug(group_.setup().plan.replication, Bug::early_answer)) answer(synced_);
      if (!is_head()) node_.charge(entry.item, sim::mix(entry.version, ++drawn_));
    }
    on_durable();
  }
  writing_ = false;
}

void ChainReplica::on_durable() {
  if (is_tail() && !frozen_) commit(synced_);
  const std::uint8_t before = group_.before(index_);
  ChainMessage message;
  message.is_ack = true;
  message.index = synced_;
  message.commit = commit_;
  if (before != ChainGroup::nobody) group_.post(index_, before, message);
  // The head need not wait until the others have passed it on.
  const bool is_news = is_tail() && before != ChainGroup::nobody && before != group_.head();
  if (is_news) group_.post(index_, group_.head(), message);
  forward();
}

/// What the next one lacks and is not under way to it.
void ChainReplica::forward() {
  const std::uint8_t to = group_.after(index_);
  next_ = std::max(next_, log_.base() + 1);
  constexpr std::uint64_t most = 1024;  // Chosen: as of a log with a leader.
  const bool follows = flying_ != 0;
  if (!follows) first_ = next_;
  const std::uint64_t until = std::min(synced_, first_ + most - 1);
  if (to == ChainGroup::nobody || next_ > until) return;
  ChainMessage message;
  message.index = next_ - 1;
  message.commit = commit_;
  message.follows = follows;
  for (; next_ <= until; ++next_)
    message.entries.push_back(log_.at(next_));
  flying_ = until;
  if (!follows) flies_since_ = simulation_.now();
  group_.post(index_, to, std::move(message));
}

/// Tells the client of that entry that it is done.
void ChainReplica::answer(std::uint64_t index) {
  if (waiters_.empty() || waiters_.front().index != index) return;
  waiters_.front().trigger.fire(log_.at(index).refused ? refused_cas() : Reply::ok());
  waiters_.pop_front();
}

/// All copies in the chain have it.
void ChainReplica::commit(std::uint64_t index) {
  index = std::min(index, synced_);
  while (commit_ < index) {
    ++commit_;
    if (!log_.holds(commit_)) continue;
    const LogEntry& entry = log_.at(commit_);
    if (!entry.refused) group_.setup().versions.commit(entry.item, entry.version);
    answer(commit_);
  }
  log_.compact(std::min(commit_, kept_));
}

void ChainReplica::on_change() {
  flying_ = 0;
  early_.clear();
  next_ = log_.base() + 1;
  if (node_.up() && !node_.paused()) on_durable();
}

void ChainReplica::install(const ItemTable<std::uint32_t>& state, std::uint64_t index) {
  node_.replace_all(state);
  log_ = ReplicatedLog::after(index);
  synced_ = commit_ = index;
}

std::vector<LogEntry> ChainReplica::freeze() {
  frozen_ = true;
  std::vector<LogEntry> entries;
  for (std::uint64_t index = kept_; index < synced_;)
    entries.push_back(log_.at(++index));
  return entries;
}

void ChainReplica::unfreeze() {
  frozen_ = false;
  kept_ = UINT64_MAX;
}

void ChainReplica::add(const std::vector<LogEntry>& entries) {
  for (const LogEntry& entry : entries) {
    log_.append(entry);
    if (!entry.refused) node_.set(entry.item, entry.version);
  }
  synced_ = commit_ = log_.last();
}

/// Sends again what seems to be lost.
sim::Task<> ChainReplica::beat() {
  const sim::Duration pause = group_.setup().plan.replication.beat();
  for (;;) {
    co_await simulation_.delay(pause);
    if (node_.paused() || flying_ == 0 || simulation_.now() < flies_since_ + pause) continue;
    flying_ = 0;
    next_ = log_.base() + 1;
    forward();
  }
}

void ChainReplica::on_kill() {
  scope_.close();
  writing_ = false;
  flying_ = 0;
  inbox_.clear();
  early_.clear();
  waiters_.clear();
  unfreeze();
  group_.on_down(index_);
}

void ChainReplica::on_up() {
  log_.truncate(synced_);
  next_ = log_.base() + 1;
  scope_.spawn(beat());
  group_.on_up(index_);
}

void ChainReplica::on_resume() {
  auto waited = std::move(inbox_);
  inbox_.clear();
  for (ChainMessage& message : waited)
    receive(std::move(message));
  forward();
}

}  // namespace headroom
