#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/crash.hpp"
#include "models/fields.hpp"

namespace headroom {

/// When a queue forgets a message that it has handed out. Numbered as in its choices.
enum class QueueAck : std::uint8_t { at_once, after_work };
Choices choices_of(QueueAck);

/// Whose word a publisher waits for. Numbered as in its choices.
enum class LogAcks : std::uint8_t { none, leader, all };
Choices choices_of(LogAcks);

/// When a group notes how far it has come. Numbered as in its choices.
enum class Commit : std::uint8_t { after_work, before_work };
Choices choices_of(Commit);

/// What both kinds of broker are told.
struct BrokerPlan {
  std::vector<ZoneRef> zones;  ///< The first zone of the scenario when empty.
  std::uint32_t replicas = 1;  ///< Copies of what it holds.
  std::optional<std::uint32_t> max_deliveries;
  std::optional<ServiceRef> dead_letter;
  sim::Duration replica_timeout = sim::Duration::seconds(30);
  sim::Duration publish_timeout = sim::Duration::seconds(30);
  std::optional<Distribution> service_time;  ///< Of one publish or batch at one machine.
  Limit concurrency = Limit::unlimited();
  Limit queue_limit{1000};
  Crash crash = Crash::reset;
  sim::Duration restart_time;
};

/// Messages handed to workers one by one. Kind "queue".
struct QueuePlan : BrokerPlan {
  Limit capacity{1000};           ///< Messages that wait.
  std::optional<Limit> prefetch;  ///< Of one worker; as many as it has slots when absent.
  QueueAck ack = QueueAck::after_work;
  sim::Duration redeliver_after = sim::Duration::seconds(1800);
  sim::Duration heartbeat = sim::Duration::seconds(60);
  sim::Duration failover = sim::Duration::seconds(5);
};
const FieldTable& fields_of(const QueuePlan*);

/// Workers that divide the partitions of a log among them.
struct GroupPlan {
  Commit commit = Commit::after_work;
  sim::Duration rebalance = sim::Duration::seconds(3);
  sim::Duration session_timeout = sim::Duration::seconds(45);
  std::uint32_t max_poll = 500;
};
const FieldTable& fields_of(const GroupPlan*);

/// A bit for each group of a log: what a message keeps of them.
using GroupBits = std::uint16_t;
inline constexpr std::size_t most_groups = 8 * sizeof(GroupBits);

/// Messages in partitions, read in order by groups of workers. Kind "log".
struct LogPlan : BrokerPlan {
  std::optional<std::uint32_t> brokers;  ///< As many as replicas when absent.
  std::uint32_t partitions = 1;
  LogAcks acks = LogAcks::all;
  std::uint32_t min_insync = 1;
  sim::Duration linger;
  Limit batch = Limit::unlimited();
  std::optional<std::variant<sim::Duration, Bytes>> retention;
  Named<GroupPlan> groups;
  sim::Duration failover = sim::Duration::seconds(9);

  std::uint32_t nodes() const { return brokers.value_or(replicas); }
};
const FieldTable& fields_of(const LogPlan*);

}  // namespace headroom
