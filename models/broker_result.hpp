#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/stats/histogram.hpp"
#include "sim/stats/series.hpp"

namespace headroom {

/// Why a message was never worked on to the end.
enum class Loss : std::uint8_t {
  retention,         ///< Its time or room was over before anybody read it.
  failover,          ///< Acknowledged, and not yet copied when its broker died.
  worker,            ///< With a worker that had taken it for good.
  error,             ///< Its work failed, and nobody tries again.
  undeliverable,     ///< Too many deliveries, and nowhere to put it.
  dead_letter_full,  ///< There was no room in the queue of dead letters.
  unsent,            ///< Sent without asking for an answer, and never stored.
};
inline constexpr auto loss_names = std::to_array<std::string_view>(
    {"retention", "failover", "worker", "error", "undeliverable", "dead_letter_full", "unsent"});
inline constexpr std::size_t losses = loss_names.size();
static_assert(losses == static_cast<std::size_t>(Loss::unsent) + 1);

/// What became of the messages of a broker for those who consume them together: the workers of a
/// queue, or one group of a log. From the end of the warm-up on. Each message ends once: consumed,
/// dead-lettered, lost or withdrawn; until then it is in flight.
struct SubscriptionResult {
  std::string group;
  std::uint64_t produced = 0;     ///< Stored by the broker.
  std::uint64_t consumed = 0;     ///< Worked on to the end, for the first time.
  std::uint64_t duplicates = 0;   ///< Worked on to the end once more.
  std::uint64_t redelivered = 0;  ///< Handed to a worker again.
  std::uint64_t dead_lettered = 0;
  std::uint64_t withdrawn = 0;  ///< Gone with a broker before its publisher had an answer.
  std::array<std::uint64_t, losses> lost{};
  std::uint64_t in_flight_at_start = 0;
  std::uint64_t in_flight_at_end = 0;
  __int128 lag_area = 0;       ///< Messages that nobody has begun to work on x ns.
  std::uint64_t lag_peak = 0;  ///< The most there were.
  std::int64_t drain_ns = -1;  ///< From the peak until 1 % of it was left; -1: not in this run.
  /// At the end of each window: how long those that wait have waited, in the mean.
  std::vector<double> ages_s;
  std::vector<sim::LevelSeries> waiting;  ///< One: messages that nobody has begun to work on.
  sim::Histogram lag;      ///< From being stored until work began, or until the end, ns.
  sim::Histogram sojourn;  ///< From being stored until work was done for the first time, ns.

  std::uint64_t all_lost() const {
    std::uint64_t sum = 0;
    for (const auto count : lost)
      sum += count;
    return sum;
  }
};

/// How an attempt to publish ended, as its publisher knows it.
enum class PublishFate : std::uint8_t {
  acknowledged,  ///< By as many brokers as were asked for.
  failed,        ///< Refused, or the broker died before it could tell that the message is safe.
  unknown,       ///< No answer in the time that the publisher waits, or none asked for.
};

/// What publishers know of the messages they offered a broker, each attempt once. From the end of
/// the warm-up on.
struct PublishResult {
  std::uint64_t offered = 0;
  std::uint64_t acknowledged = 0, failed = 0, unknown = 0;
  std::uint64_t failed_stored = 0, unknown_stored = 0;  ///< Of those, stored all the same.
  std::uint64_t stored = 0;                             ///< Of all, when they were stored.
  std::uint64_t waiting_at_start = 0, waiting_at_end = 0;
};

/// What a broker did in one run, from the end of the warm-up on.
struct BrokerResult {
  std::vector<SubscriptionResult> groups;
  PublishResult publishers;
  sim::Histogram publish;        ///< From publishing to the answer, ns; of those that went well.
  std::uint64_t failovers = 0;   ///< Leaders that were replaced.
  std::uint64_t rebalances = 0;  ///< Times that a group divided its partitions anew.
};

}  // namespace headroom
