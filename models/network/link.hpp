#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "models/degradable.hpp"
#include "models/draw.hpp"
#include "models/network/link_plan.hpp"
#include "models/network/message.hpp"
#include "models/network/report.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// One link of the delay engine as it is at the moment: messages leave it one after the other.
struct DelayLink {
  /// Stands for no limit, and finite, as SimGrid needs it.
  static constexpr double unlimited_bytes_per_s = 1e18;

  explicit DelayLink(const LinkPlan& plan)
      : ns_per_byte(plan.bandwidth ? 1e9 / plan.bandwidth->bytes_per_s : 0),
        loss(plan.loss.value),
        queue_bytes(plan.queue ? static_cast<double>(plan.queue->count)
                               : std::numeric_limits<double>::infinity()),
        shared(plan.shared),
        jitter(plan.jitter) {
    if (plan.latency) latency = *plan.latency;
  }

  double bytes_per_s() const { return ns_per_byte > 0 ? 1e9 / ns_per_byte : unlimited_bytes_per_s; }
  double most_bytes_per_s() const {
    return ns_per_byte > 0 ? 1e9 / ns_per_byte : std::numeric_limits<double>::infinity();
  }

  /// What waits is what the link has been given and not yet sent, as a fluid. An idle link takes a
  /// message of any size.
  bool has_room(sim::Time now, std::int64_t bytes) const {
    if (free_at <= now) return true;
    return waiting_bytes(now) + static_cast<double>(bytes) <= queue_bytes;
  }
  double waiting_bytes(sim::Time now) const {
    return free_at <= now ? 0 : waiting_ns(now) / ns_per_byte;
  }
  /// How long what waits takes with the whole bandwidth.
  double waiting_ns(sim::Time now) const {
    if (free_at <= now) return 0;
    const auto ahead_ns = static_cast<double>((free_at - now).count_ns());
    return paced_ns_per_byte > 0 ? ahead_ns * (ns_per_byte / paced_ns_per_byte) : ahead_ns;
  }

  /// Sends after all that came before, at `ns_per_byte` of its bandwidth (what transfers leave of
  /// it); says when the last byte has left.
  sim::Time send(sim::Time now, std::int64_t bytes, double ns_for_a_byte) {
    sim::Time left = shared ? std::max(now, free_at) : now;
    ++counts.messages;
    counts.bytes += static_cast<double>(bytes);
    if (ns_per_byte > 0) {
      counts.busy_ns += static_cast<double>(bytes) * ns_per_byte;
      left = left + sim::Duration::rounded_ns(static_cast<double>(bytes) * ns_for_a_byte);
    }
    if (!shared) return left;
    if (ns_for_a_byte != ns_per_byte || paced_ns_per_byte > 0) [[unlikely]] {
      const double ahead = waiting_bytes(now) + static_cast<double>(bytes);
      const bool is_slowed = ahead > 0 && (ns_for_a_byte != ns_per_byte || free_at > now);
      paced_ns_per_byte = is_slowed ? static_cast<double>((left - now).count_ns()) / ahead : 0;
    }
    free_at = left;
    return left;
  }

  void degrade(const Degradation& degradation) {
    if (degradation.latency) latency = *degradation.latency;
    if (degradation.loss) loss = *degradation.loss;
    if (degradation.bytes_per_s) ns_per_byte = 1e9 / *degradation.bytes_per_s;
  }
  /// Has the properties of `other` from now on, also for what waits; whether its bandwidth changed.
  bool become(const DelayLink& other, sim::Time now);
  /// Calls `lose(message)` for every message on it of which `is_lost(message)`: it is not on it any
  /// more, and is over or has been given another instant to be sent again at.
  template <class IsLost, class Lose>
  void lose_all(sim::Time now, IsLost is_lost, Lose lose);

  void start_measuring(sim::Time now);
  /// What has left it, not what was given to it.
  LinkReport report(std::string name, sim::Time now) const;

  Distribution latency;
  double ns_per_byte;  ///< 0 where bandwidth is unlimited.
  /// At what transfers leave what waits is sent, on the average; 0: at the whole bandwidth.
  double paced_ns_per_byte = 0;
  double loss;
  double queue_bytes;
  bool shared;
  bool may_change = false;  ///< By a failure: then it knows what is on it.
  sim::Time free_at;        ///< When all that was given to it has left.
  LinkCounts counts;        ///< Of what was given to it and what waited as measuring started.
  double waited_bytes = 0;  ///< As measuring started.
  std::optional<Distribution> jitter;

 private:
  friend class Transit;
  void drop_queue(sim::Time now);
  Transit* first_ = nullptr;  ///< On it, where it may change, as they were sent.
  Transit* last_ = nullptr;
};

template <class IsLost, class Lose>
void DelayLink::lose_all(sim::Time now, IsLost is_lost, Lose lose) {
  for (Transit* each = first_; each != nullptr;) {
    Transit& transit = *std::exchange(each, each->next_);
    Message& message = transit.message_;
    if (!is_lost(message)) continue;
    transit.leave_link();
    lose(message);
    transit.wait_anew();
  }
  if (first_ == nullptr) drop_queue(now);
}

}  // namespace headroom
