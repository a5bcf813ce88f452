#include <algorithm>

#include "models/draw.hpp"
#include "models/store/log/group.hpp"

namespace headroom {

std::uint32_t LogReplica::first_term() const {
  return rules().votes ? 1 : static_cast<std::uint32_t>(group_.size());
}

void LogReplica::start() {
  peers_.resize(group_.size());
  if (group_.is_late(index_)) return join();
  if (group_.changes()) memberships_ = {{0, group_.first_members()}};
  count_members();
  // The state of a store that has been running: the first copy leads, in a term that is its own.
  term_ = first_term();
  vote_ = leader_ = 0;
  durable_ = {term_, vote_, hard_};
  heard_ = confirmed_ = simulation_.now();
  begin();
  // Where a new shard's first copy was down, another one may lead by now.
  if (index_ != 0 || !group_.is_fresh()) return;
  role_ = Role::leader;
  established_ = true;
  scope_.spawn(beat(term_));
}

void LogReplica::begin() {
  role_ = Role::follower;
  wait_for_leader();
  scope_.spawn(watch());
}

/// How long it waits from now on before it acts. Without votes those with lower numbers come first,
/// and asking the others takes one heartbeat: the second copy replaces the first when `failover` is
/// over.
void LogReplica::wait_for_leader() {
  if (rules().votes) {
    deadline_ = simulation_.now() + draw_duration(rules().timeout, random_);
  } else {
    deadline_ = simulation_.now() + rules().least_timeout + index_ * rules().heartbeat;
  }
}

/// Looks again as often as a heartbeat heard meanwhile could have made it wait for less.
sim::Task<> LogReplica::watch() {
  const sim::Duration shortest = std::max(rules().least_timeout, rules().heartbeat);
  for (;;) {
    const sim::Time now = simulation_.now();
    if (now < deadline_) {
      co_await simulation_.delay(std::min(deadline_ - now, shortest));
      continue;
    }
    if (role_ == Role::leader || node_.paused()) {
      wait_for_leader();
    } else {
      on_timeout();
    }
    if (deadline_ <= now) co_await simulation_.delay(sim::Duration::us(1));
  }
}

void LogReplica::on_timeout() {
  leader_ = nobody;
  wait_for_leader();
  if (!may_lead()) return;
  if (!rules().votes || rules().pre_vote) return probe();
  campaign();
}

/// Would the others have it? The term stays as it is.
void LogReplica::probe() {
  role_ = Role::prober;
  const auto copies = static_cast<std::uint32_t>(group_.size());
  // Without votes terms are nobody else's: this copy's number modulo their number.
  const std::uint32_t term = rules().votes ? term_ + 1 : (term_ / copies + 1) * copies + index_;
  ask_all(true, term);
  if (rules().votes)
    count_votes();
  else
    scope_.spawn(take_over(term));
}

/// Silence is consent: who cannot be reached does not object.
sim::Task<> LogReplica::take_over(std::uint32_t term) {
  const std::uint64_t hard = hard_;
  co_await simulation_.delay(rules().heartbeat);
  if (role_ != Role::prober || hard != hard_ || node_.paused()) co_return;
  role_ = Role::candidate;
  term_ = term;
  vote_ = index_;
  ++hard_;
  persist();
}

void LogReplica::campaign() {
  role_ = Role::candidate;
  ++term_;
  vote_ = index_;
  ++hard_;
  pending_.clear();
  ask_all(false, term_);
  persist();
}

void LogReplica::ask_all(bool trial, std::uint32_t term) {
  for (std::size_t peer = 0; peer < peers_.size(); ++peer) {
    peers_[peer].voted = is_self(peer) && trial;
    if (is_self(peer) || !peers_[peer].is_member) continue;
    LogMessage message;
    message.kind = LogMessage::Kind::ask;
    message.trial = trial;
    message.term = term;
    message.index = log_.last();
    message.log_term = log_.last_term();
    post(static_cast<std::uint8_t>(peer), std::move(message));
  }
}

/// It has heard of a leader so lately that no other can be elected by those who did.
bool LogReplica::is_loyal() const {
  if (role_ == Role::leader) return true;
  if (leader_ == nobody && role_ != Role::follower) return false;
  return simulation_.now() < heard_ + rules().least_timeout;
}

bool LogReplica::is_up_to_date(const LogMessage& message) const {
  if (has(Bug::any_candidate)) return true;
  if (message.log_term != log_.last_term()) return message.log_term > log_.last_term();
  if (message.index != log_.last()) return message.index > log_.last();
  return rules().votes || message.from < index_ || leader_ != nobody;
}

void LogReplica::on_ask(const LogMessage& message) {
  LogMessage reply;
  reply.kind = LogMessage::Kind::vote;
  reply.trial = message.trial;
  reply.term = term_;
  const bool is_free = vote_ == nobody || vote_ == message.from;
  if (message.trial) {
    const bool may_win = message.term > term_ || (message.term == term_ && is_free);
    reply.yes = may_win && !is_loyal() && is_up_to_date(message);
    if (reply.yes) reply.term = message.term;
    // Who has more, and no leader either, is the one to lead.
    if (!rules().votes && !reply.yes && !is_loyal()) deadline_ = simulation_.now();
    return post(message.from, std::move(reply));
  }
  reply.yes = message.term == term_ && is_free && role_ == Role::follower && is_up_to_date(message);
  if (!reply.yes) return post(message.from, std::move(reply));
  if (vote_ == nobody) ++hard_;
  vote_ = message.from;
  wait_for_leader();
  send_when_durable(std::move(reply), message.from, 0);
}

void LogReplica::on_vote(const LogMessage& message) {
  if (!rules().votes) {
    if (message.trial && !message.yes && role_ == Role::prober) role_ = Role::follower;
    return;
  }
  const std::uint32_t asked = message.trial ? term_ + 1 : term_;
  const Role as = message.trial ? Role::prober : Role::candidate;
  if (!message.yes || role_ != as || message.term != asked) return;
  peers_[message.from].voted = true;
  count_votes();
}

void LogReplica::count_votes() {
  const auto yes = std::count_if(peers_.begin(), peers_.end(),
                                 [](const Peer& peer) { return peer.voted && peer.is_member; });
  if (2 * static_cast<std::size_t>(yes) <= members_) return;
  if (role_ == Role::prober) {
    wait_for_leader();
    campaign();
  } else if (role_ == Role::candidate) {
    lead();
  }
}

void LogReplica::lead() {
  role_ = Role::leader;
  leader_ = index_;
  established_ = false;
  confirmed_ = round_ = simulation_.now();
  confirmed_skew_ns_ = node_.clock_skew_ns();
  for (Peer& peer : peers_) {
    const bool is_member = peer.is_member;
    peer = Peer();
    peer.is_member = is_member;
    peer.next = log_.last() + 1;
    peer.match = log_.base();
    peer.confirmed = simulation_.now();
  }
  pending_.clear();
  if (has(Bug::counts_old_terms)) {
    for (Peer& peer : peers_)
      peer.next = std::max(log_.base() + 1, log_.last());
  } else {
    // An entry of its own: with it all before it is committed.
    LogEntry entry;
    entry.term = term_;
    log_.append(entry);
  }
  first_of_term_ = log_.last();
  group_.on_leads(*this);
  scope_.spawn(beat(term_));
  persist();
}

/// From now on in that term, at least, nothing but a follower.
void LogReplica::follow(std::uint32_t term) {
  if (term > term_) {
    if (role_ != Role::leader) leader_ = nobody;
    term_ = term;
    vote_ = nobody;
    ++hard_;
    pending_.clear();
    early_.clear();
  }
  if (role_ == Role::leader) resign();
  role_ = Role::follower;
}

/// By its own clock no more than that has passed since a majority surely followed it. A clock that
/// was set back since then says so for longer.
bool LogReplica::is_within(sim::Duration length) const {
  const std::int64_t by_clock_ns = node_.clock_skew_ns() - confirmed_skew_ns_;
  const std::int64_t slower = has(Bug::slow_clock) ? 10 : 1;
  const std::int64_t passed_ns = (simulation_.now() - confirmed_).count_ns() + by_clock_ns;
  return passed_ns < length.count_ns() * slower;
}

void LogReplica::resign() {
  const bool led = established_;
  role_ = Role::follower;
  established_ = false;
  leader_ = nobody;
  // What its clients wait for may still be done, or not.
  waiters_.clear();
  for (Reader& reader : readers_)
    reader.trigger.fire(false);
  readers_.clear();
  wait_for_leader();
  if (led) group_.on_lost(*this, false);
}

/// Tells the others again and again that it leads, with what they lack.
sim::Task<> LogReplica::beat(std::uint32_t term) {
  while (role_ == Role::leader && term_ == term) {
    if (!node_.paused()) {
      if (rules().votes && !is_within(rules().mean_timeout + sim::Duration::ns(1))) {
        resign();
        co_return;
      }
      for (Peer& peer : peers_) {
        const sim::Time late = peer.flies_since + rules().heartbeat + peer.takes;
        if (peer.flying == 0 || simulation_.now() < late) continue;
        peer.flying = 0;  // lost, as it seems
        peer.next = std::max(peer.first, peer.match + 1);
      }
      begin_round();
    }
    co_await simulation_.delay(rules().heartbeat);
  }
}

}  // namespace headroom
