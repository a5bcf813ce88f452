#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "models/broker/message.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// One copy of a partition.
struct PartitionCopy {
  std::uint32_t node = 0;
  std::uint64_t end = 0;    ///< It holds all messages before this one.
  std::uint64_t known = 0;  ///< As far as the leader knows.
  bool in_sync = true;
  bool is_up = true;
  bool copying = false;    ///< Something is on its way to it.
  sim::Time caught_up_at;  ///< When it last held all that the leader held.
};

/// The messages of a partition in order, and who holds how much of them. A plain state: time and
/// messages between machines are its broker's.
///
/// A message is visible when all copies in sync have it, as in Kafka; or a majority of all copies,
/// as in Raft, with `by_majority`.
class BrokerPartition {
 public:
  static constexpr std::uint32_t no_message = UINT32_MAX;  ///< Where one was and is no more.
  static constexpr std::size_t nobody = SIZE_MAX;

  BrokerPartition(std::vector<std::uint32_t> nodes, bool by_majority);

  std::vector<PartitionCopy>& copies() { return copies_; }
  const std::vector<PartitionCopy>& copies() const { return copies_; }
  /// Position of the leader among the copies; `nobody` while there is none.
  std::size_t leader() const { return leader_; }
  std::uint32_t leader_node() const { return copies_[leader_].node; }
  /// Changes with the leader.
  std::uint64_t epoch() const { return epoch_; }
  std::uint32_t in_sync() const;
  /// Whether the leader is there to serve.
  bool is_led() const { return leader_ != nobody && copies_[leader_].is_up; }

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return begin_ + entries_.size(); }
  /// All before this one may be read.
  std::uint64_t visible() const { return visible_; }
  std::uint32_t& at(std::uint64_t offset) { return entries_[offset - begin_]; }
  /// The leader stores one more. Its offset.
  std::uint64_t append(std::uint32_t message);
  void pop_front();
  std::uint32_t pop_back();

  /// Moves `visible` on by what is known; whether it moved.
  bool advance();
  /// Leader becomes who may lead and holds most; nobody where there is none. All copies then know
  /// only what the leader holds; what is beyond it is to be taken out. Whether the leader changed.
  bool elect();

  /// Those who wait for the answer to a publish, in order.
  struct Waiter {
    std::uint64_t end;
    sim::Trigger<bool> answer;
  };
  std::deque<Waiter>& waiters() { return waiters_; }

 private:
  std::vector<PartitionCopy> copies_;
  bool by_majority_;
  std::size_t leader_ = 0;
  std::uint64_t epoch_ = 0;
  std::uint64_t begin_ = 0, visible_ = 0;
  std::deque<std::uint32_t> entries_;
  std::deque<Waiter> waiters_;
};

}  // namespace headroom
