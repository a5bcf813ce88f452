#include "models/store/log/replica.hpp"

#include "models/store/log/group.hpp"

namespace headroom {

LogReplica::LogReplica(LogGroup& group, StoreNode& node, std::uint8_t index)
    : PeerReplica(node, group.setup().name, index), group_(group) {}

bool LogReplica::has(Bug bug) const {
  return has_bug(group_.plan(), bug);
}

const LogRules& LogReplica::rules() const {
  return group_.rules();
}

/// Whether reads are answered by whoever is asked.
bool LogReplica::reads_here() const {
  const ReadsFrom from = group_.plan().reads_from();
  return from == ReadsFrom::any || from == ReadsFrom::nearest || has(Bug::follower_reads);
}

std::optional<Reply> LogReplica::decline(const Request& request) {
  const bool is_read = request.operation == Operation::read;
  if (is_read && reads_here()) return std::nullopt;
  const bool is_ready = established_ || !is_read || has(Bug::new_leader_reads);
  if (role_ == Role::leader && is_ready) return std::nullopt;
  const bool knows = leader_ != nobody && leader_ != index_;
  return redirected(knows ? std::optional(leader_) : std::nullopt);
}

sim::Task<Reply> LogReplica::finish(Request request) {
  const bool is_read = request.operation == Operation::read;
  if (is_read && reads_here()) co_return value_of(request);
  // It may have stopped to lead while the node worked; nothing is in the log yet.
  if (const auto declined = decline(request)) co_return *declined;
  if (!is_read) {
    auto logged = log_write(request);
    co_return co_await logged;
  }
  if (rules().votes && !has(Bug::unconfirmed_reads)) {
    auto asked = confirmed_leadership();
    const bool leads_still = co_await asked;
    if (!leads_still) co_return redirected(std::nullopt);
  }
  co_return value_of(request);
}

/// Without votes a follower shows what is durable here before it hears that others have it too, as
/// those that replay the log of a leader do (PostgreSQL, MySQL); with votes what is committed.
std::uint32_t LogReplica::shown(std::uint64_t item) const {
  std::uint32_t version = node_.version_of(item);
  if (rules().votes || role_ == Role::leader || group_.plan().lag) return version;
  for (std::uint64_t index = applied_ + 1; index <= synced_; ++index) {
    const LogEntry& entry = log_.at(index);
    const bool is_refused = entry.operation == Operation::cas && entry.expected != version;
    if (entry.version != 0 && entry.item == item && !is_refused) version = entry.version;
  }
  return version;
}

Reply LogReplica::value_of(const Request& request) const {
  Reply reply;
  reply.version = shown(request.item());
  reply.version_space = request.key_space;
  return reply;
}

/// At once with a lease, that is while no other copy may have been elected; else when a majority
/// has answered a message that was sent after the read began.
sim::Task<bool> LogReplica::confirmed_leadership() {
  const sim::Time now = simulation_.now();
  if (confirmed_ >= now) co_return true;
  const bool is_leased = is_within(rules().least_timeout);
  if (is_leased && group_.plan().reads_from() == ReadsFrom::lease) co_return true;
  sim::Event<bool> confirmed(simulation_);
  readers_.push_back({now, confirmed.trigger()});
  if (round_ < now) begin_round();
  const auto still = co_await confirmed.happens();
  co_return still.value_or(false);
}

/// Done when the entry is committed and applied. Whether a write that was in the log when its
/// leader stopped to lead will be done, nobody knows.
sim::Task<Reply> LogReplica::log_write(Request request) {
  const bool is_decided = has(Bug::check_then_act) && request.operation == Operation::cas;
  if (is_decided && node_.version_of(request.item()) != request.version) co_return refused_cas();
  LogEntry entry;
  entry.item = request.item();
  entry.term = term_;
  entry.version = group_.setup().versions.assign(entry.item, request.draw_key);
  entry.operation = request.operation;
  entry.expected = request.version;
  log_.append(entry);
  sim::Event<Reply> done(simulation_);
  waiters_.push_back({log_.last(), done.trigger()});
  persist();
  replicate();
  Reply reply = Reply::ok();
  if (!has(Bug::early_answer)) {
    const auto answer = co_await done.happens();
    reply = answer.value_or(Reply::failed());
  }
  reply.version = entry.version;
  reply.version_space = request.key_space;
  co_return reply;
}

void LogReplica::on_kill() {
  const bool led = role_ == Role::leader;
  scope_.close();
  role_ = Role::follower;
  established_ = false;
  writing_ = false;
  inbox_.clear();
  early_.clear();
  pending_.clear();
  waiters_.clear();
  readers_.clear();
  taking_ = 0;
  if (led) group_.on_lost(*this, true);
}

/// What was not durable is gone. As it does not know whom it heard, it is loyal to anybody.
void LogReplica::on_up() {
  if (peers_.empty()) return start();
  truncate(synced_);
  term_ = durable_.term;
  vote_ = durable_.vote;
  hard_ = writing_hard_ = durable_.hard;
  if (has(Bug::votes_twice)) vote_ = nobody;
  if (has(Bug::forgets_term)) term_ = 0;
  commit_ = lagging_ = applied_;
  leader_ = nobody;
  // What was promised to a leader is kept, whoever he was.
  if (!has(Bug::votes_twice)) heard_ = simulation_.now();
  begin();
  // Nobody but a failover takes it from who led before.
  if (!rules().votes && vote_ == index_) deadline_ = simulation_.now();
}

void LogReplica::on_resume() {
  auto waited = std::move(inbox_);
  inbox_.clear();
  for (LogMessage& message : waited)
    receive(std::move(message));
}

}  // namespace headroom
