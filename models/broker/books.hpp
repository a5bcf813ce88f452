#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/broker/message.hpp"
#include "models/broker_result.hpp"
#include "models/population.hpp"
#include "models/results.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// The books of those who consume the messages of a broker together: what became of each message,
/// once, by its identity.
class Books {
 public:
  /// `bit` is that of the group in the marks of a message.
  Books(sim::Simulation& simulation, std::string group, GroupBits bit,
        const Measurement& measurement);

  const std::string& group() const { return group_; }
  void produce(const BrokerMessage& message);
  /// Somebody begins to work on it.
  void start(BrokerMessage& message);
  /// It is handed out, and was before.
  void redeliver() { ++result_.redelivered; }
  /// Worked on to the end.
  void consume(BrokerMessage& message);
  void dead_letter(BrokerMessage& message);
  void lose(BrokerMessage& message, Loss cause);
  /// Gone before its publisher heard of it.
  void withdraw(BrokerMessage& message);
  bool is_started(const BrokerMessage& message) const { return (message.started & bit_) != 0; }
  bool is_settled(const BrokerMessage& message) const { return (message.settled & bit_) != 0; }

  /// Counts since measuring started.
  const SubscriptionResult& so_far() const { return result_; }
  /// Messages that nobody has begun to work on.
  std::int64_t lag() const { return waiting_.level(); }
  void start_measuring();
  /// Up to now. That every message is settled once, or held by `messages`, is asserted. The lag is
  /// also that of messages which still wait, as long as they have waited, where anybody is to
  /// consume them: else those that came too late for a dead consumer would not count.
  SubscriptionResult result(const Messages& messages, bool is_consumed) const;
  const sim::LevelSeries* series() const { return series_ ? &*series_ : nullptr; }
  /// Messages that are not settled x ns.
  __int128 unsettled_area() const { return present_.area(simulation_.now()); }

 private:
  bool settle(BrokerMessage& message);
  void leave_waiting(const BrokerMessage& message);
  void note_level();
  void note_ages(std::vector<double>& ages_s, sim::Time until) const;

  sim::Simulation& simulation_;
  std::string group_;
  GroupBits bit_;
  Population waiting_, present_;
  SubscriptionResult result_;
  std::optional<sim::LevelSeries> series_;
  sim::Windows windows_;
  std::vector<double> ages_s_;  ///< Of windows that are over.
  sim::Time peak_at_;
};

}  // namespace headroom
