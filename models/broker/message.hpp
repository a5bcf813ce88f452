#pragma once

#include <cstdint>
#include <vector>

#include "models/broker/plan.hpp"
#include "models/request.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// One message in a broker, known by its number in the store of messages.
struct BrokerMessage {
  Request request;  ///< That of its publisher: what the work on it draws from.
  sim::Time published;
  std::uint64_t offset = 0;      ///< Its place in its partition.
  std::uint32_t holders = 0;     ///< The broker and the deliveries under way; 0: unused.
  std::uint32_t deliveries = 0;  ///< By a queue.
  GroupBits started = 0;         ///< Somebody began to work on it.
  GroupBits settled = 0;         ///< Its fate is known.
  bool acknowledged = false;     ///< Its publisher was told that it is safe.

  /// The work on it, which the deadline of its publisher does not bind. Each `time` that it is
  /// worked on draws anew.
  Request as_work(std::uint64_t time) const {
    Request work = request;
    work.draw_key = sim::mix(request.draw_key, time);
    work.endpoint = 0;
    work.operation = Operation::none;
    work.deadline = sim::Time::never();
    work.patience = sim::Duration::forever();
    return work;
  }
};

/// All messages of a broker that somebody still holds.
class Messages {
 public:
  using Number = std::uint32_t;

  /// A new message with one holder.
  Number make(const Request& request, sim::Time now) {
    if (free_.empty()) {
      free_.push_back(static_cast<Number>(all_.size()));
      all_.emplace_back();
    }
    const Number number = free_.back();
    free_.pop_back();
    all_[number] = BrokerMessage();
    all_[number].request = request;
    all_[number].request.span = nullptr;  // its work is nobody's who waits
    all_[number].published = now;
    all_[number].holders = 1;
    return number;
  }
  BrokerMessage& operator[](Number number) { return all_[number]; }
  const BrokerMessage& operator[](Number number) const { return all_[number]; }
  void hold(Number number) { ++all_[number].holders; }
  void release(Number number) {
    if (--all_[number].holders == 0) free_.push_back(number);
  }
  /// Messages held whose fate is not known for the group of that bit.
  std::uint64_t unsettled(GroupBits bit) const {
    std::uint64_t count = 0;
    for (const BrokerMessage& each : all_)
      count += each.holders > 0 && (each.settled & bit) == 0 ? 1 : 0;
    return count;
  }
  /// Calls `visit(message)` for every message held that nobody of that group has begun to work on.
  template <class Visit>
  void each_waiting(GroupBits bit, Visit visit) const {
    for (const BrokerMessage& each : all_)
      if (each.holders > 0 && ((each.settled | each.started) & bit) == 0) visit(each);
  }

 private:
  std::vector<BrokerMessage> all_;
  std::vector<Number> free_;
};

}  // namespace headroom
