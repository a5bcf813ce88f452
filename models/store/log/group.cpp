#include "models/store/log/group.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

namespace {

double seconds(sim::Duration length) {
  return static_cast<double>(length.count_ns()) / 1e9;
}

}  // namespace

LogGroup::LogGroup(const Setup& setup, std::span<StoreNode* const> nodes)
    : setup_(setup), draws_(sim::hash_name(setup.name)) {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    replicas_.push_back(
        std::make_unique<LogReplica>(*this, *nodes[i], static_cast<std::uint8_t>(i)));
}

void LogGroup::start(Courier* courier, EventLog* log) {
  courier_ = courier;
  log_ = log;
  leader_term_ = replicas_.front()->first_term();
  for (auto& replica : replicas_)
    if (replica->node().present()) replica->start();
}

void LogGroup::come() {
  ++life_;
  has_left_ = false;
  for (std::size_t i = 0; i < replicas_.size(); ++i) {
    StoreNode& node = replicas_[i]->node();
    replicas_[i] = std::make_unique<LogReplica>(*this, node, static_cast<std::uint8_t>(i));
    node.set_replica(*replicas_[i]);
  }
  leader_ = 0;
  leader_term_ = replicas_.front()->first_term();
  is_led_ = true;
}

const LogReplica* LogGroup::acting_leader() const {
  LogReplica& replica = *replicas_[leader_];
  const bool acts = replica.established() && replica.node().up() && !replica.node().paused();
  return acts ? &replica : nullptr;
}

void LogGroup::post(std::uint8_t from, std::uint8_t to, LogMessage message) {
  message.from = from;
  const std::uint64_t key = sim::mix(draws_, ++sent_);
  setup_.simulation.spawn(carry(setup_.simulation, this, to, std::move(message), key));
}

sim::Task<> LogGroup::carry(sim::Simulation& simulation, LogGroup* group, std::uint8_t to,
                            LogMessage message, std::uint64_t key) {
  const std::uint64_t life = group->life_;
  if (group->courier_ == nullptr) {
    co_await simulation.delay(sim::Duration());
  } else {
    std::int64_t bytes = message_bytes;
    for (const LogEntry& entry : message.entries)
      bytes += headroom::bytes_of(entry, group->setup_.keys);
    bytes += message.bytes;
    const std::uint16_t here = group->replicas_[message.from]->node().zone();
    const bool arrived =
        co_await group->courier_->carry(here, group->replicas_[to]->node().zone(), bytes, key);
    if (!arrived) co_return;
  }
  if (group->life_ == life) group->replicas_[to]->receive(std::move(message));
}

sim::Duration LogGroup::pause_before(std::int64_t bytes) {
  if (!throttle_) return sim::Duration();
  const sim::Time now = setup_.simulation.now();
  const sim::Time due = std::max(now, sends_next_);
  sends_next_ =
      due + sim::Duration::rounded_ns(static_cast<double>(bytes) / throttle_->bytes_per_s * 1e9);
  return due - now;
}

void LogGroup::note(const char* event,
                    std::vector<std::pair<std::string, LoggedEvent::Value>> details) {
  if (log_ != nullptr) log_->note(event, setup_.name, std::move(details));
}

void LogGroup::note(const char* event, const LogReplica& replica,
                    std::vector<std::pair<std::string, LoggedEvent::Value>> details) {
  if (log_ == nullptr) return;
  const auto at = std::find_if(replicas_.begin(), replicas_.end(),
                               [&](const auto& each) { return each.get() == &replica; });
  details.insert(details.begin(), {"copy", static_cast<double>(at - replicas_.begin())});
  log_->note(event, setup_.name, std::move(details));
}

/// An election lasts from the crash of the old leader, or from when he surely had a majority.
void LogGroup::on_leads(LogReplica& replica) {
  const sim::Time now = setup_.simulation.now();
  const sim::Duration took = now - (is_led_ ? replicas_[leader_]->confirmed() : lost_);
  ++elections_;
  election_.record(took.count_ns());
  note("elected", replica,
       {{"term", static_cast<double>(replica.term())}, {"after_s", seconds(took)}});
}

/// An outage lasts as long, and until the new leader has committed an entry.
void LogGroup::on_established(LogReplica& replica) {
  if (replica.term() < leader_term_) return;
  const sim::Time now = setup_.simulation.now();
  if (is_led_) lost_ = replicas_[leader_]->confirmed();
  const bool is_gap = !is_led_ || rules().votes;
  if (is_gap) unavailable_ = unavailable_ + (now - std::min(now, std::max(lost_, measured_)));
  leader_term_ = replica.term();
  for (std::uint32_t i = 0; i < replicas_.size(); ++i)
    if (replicas_[i].get() == &replica) leader_ = i;
  is_led_ = true;
}

void LogGroup::on_lost(LogReplica& replica, bool was_killed) {
  if (has_left_) return;
  note("leader lost", replica, {{"why", was_killed ? "killed" : "resigned"}});
  if (&replica != replicas_[leader_].get() || !is_led_ || replica.term() < leader_term_) return;
  is_led_ = false;
  lost_ = was_killed ? setup_.simulation.now() : replica.confirmed();
}

void LogGroup::start_measuring() {
  measured_ = setup_.simulation.now();
  unavailable_ = sim::Duration();
  elections_ = undone_ = 0;
  election_ = sim::Histogram();
}

sim::Duration LogGroup::unavailable() const {
  if (is_led_) return unavailable_;
  return unavailable_ + (setup_.simulation.now() - std::max(lost_, measured_));
}

}  // namespace headroom
