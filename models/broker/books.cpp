#include "models/broker/books.hpp"

#include <utility>

namespace headroom {

Books::Books(sim::Simulation& simulation, std::string group, GroupBits bit,
             const Measurement& measurement)
    : simulation_(simulation), group_(std::move(group)), bit_(bit), windows_(measurement.windows) {
  if (measurement.windows.count > 0) series_.emplace(measurement.windows);
}

/// Nothing has changed since the last call, so who waits now waited when those windows ended.
void Books::note_ages(std::vector<double>& ages_s, sim::Time until) const {
  while (ages_s.size() < windows_.count) {
    const sim::Time end = windows_.begin(ages_s.size() + 1);
    if (end > until) return;
    ages_s.push_back(waiting_.mean_age_ns(end) * 1e-9);
  }
}

void Books::produce(const BrokerMessage& message) {
  ++result_.produced;
  note_ages(ages_s_, simulation_.now());
  waiting_.enter(message.published);
  present_.enter(message.published);
  note_level();
}

void Books::start(BrokerMessage& message) {
  if ((message.started & bit_) != 0 || is_settled(message)) return;
  message.started |= bit_;
  result_.lag.record((simulation_.now() - message.published).count_ns());
  leave_waiting(message);
}

void Books::leave_waiting(const BrokerMessage& message) {
  note_ages(ages_s_, simulation_.now());
  waiting_.leave(simulation_.now(), message.published);
  note_level();
}

bool Books::settle(BrokerMessage& message) {
  if (is_settled(message)) return false;
  if ((message.started & bit_) == 0) leave_waiting(message);
  message.settled |= bit_;
  present_.leave(simulation_.now(), message.published);
  return true;
}

void Books::consume(BrokerMessage& message) {
  if (!settle(message)) {
    ++result_.duplicates;
    return;
  }
  ++result_.consumed;
  result_.sojourn.record((simulation_.now() - message.published).count_ns());
}

void Books::dead_letter(BrokerMessage& message) {
  if (settle(message)) ++result_.dead_lettered;
}

void Books::lose(BrokerMessage& message, Loss cause) {
  if (settle(message)) ++result_.lost[static_cast<std::size_t>(cause)];
}

void Books::withdraw(BrokerMessage& message) {
  if (settle(message)) ++result_.withdrawn;
}

void Books::note_level() {
  const sim::Time now = simulation_.now();
  const std::int64_t level = waiting_.level();
  if (series_) series_->set(now, level);
  const auto most = static_cast<std::int64_t>(result_.lag_peak);
  if (level > most) {
    result_.lag_peak = static_cast<std::uint64_t>(level);
    result_.drain_ns = -1;
    peak_at_ = now;
  } else if (result_.drain_ns < 0 && most > 0 && level * 100 <= most) {
    result_.drain_ns = (now - peak_at_).count_ns();
  }
}

void Books::start_measuring() {
  const sim::Time now = simulation_.now();
  waiting_.start_measuring(now);
  present_.start_measuring(now);
  result_ = SubscriptionResult();
  result_.in_flight_at_start = static_cast<std::uint64_t>(present_.level());
  peak_at_ = now;
  note_level();
}

SubscriptionResult Books::result(const Messages& messages, bool is_consumed) const {
  const sim::Time now = simulation_.now();
  SubscriptionResult result = result_;
  result.group = group_;
  result.lag_area = waiting_.area(now);
  result.ages_s = ages_s_;
  note_ages(result.ages_s, now);
  // The last window may end a few nanoseconds after the run, or the run was cut off.
  result.ages_s.resize(windows_.count, waiting_.mean_age_ns(now) * 1e-9);
  if (series_) {
    result.waiting.push_back(*series_);
    result.waiting.back().finish(now);
  }
  result.in_flight_at_end = messages.unsettled(bit_);
  if (is_consumed)
    messages.each_waiting(bit_, [&](const BrokerMessage& message) {
      result.lag.record((now - message.published).count_ns());
    });
  HEADROOM_CHECK_IN(simulation_, result.in_flight_at_start + result.produced ==
                                     result.consumed + result.dead_lettered + result.withdrawn +
                                         result.all_lost() + result.in_flight_at_end);
  HEADROOM_CHECK_IN(simulation_, waiting_.littles_law_holds(now));
  HEADROOM_CHECK_IN(simulation_, present_.littles_law_holds(now));
  return result;
}

}  // namespace headroom
