#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/broker/books.hpp"
#include "models/broker/consumer.hpp"
#include "models/broker/plan.hpp"
#include "models/broker/reconnect.hpp"

namespace headroom {

class MessageLog;

/// Workers that divide the partitions of a log among them. Each partition has one owner, who works
/// on its messages in order and notes how far the group has come. Who comes, leaves or falls silent
/// makes all of them stop and divide anew; who takes over goes on from what was noted.
///
/// Source: the consumer groups of Kafka with eager rebalancing (KIP-62 for the two timeouts).
/// Departs from source: partitions are dealt out in turn; a fetch is answered the instant there is
/// something to read; the notes are kept by whoever leads partition 0, and never lost.
class ConsumerGroup {
 public:
  ConsumerGroup(MessageLog& log, const GroupPlan& plan, Books& books);
  ~ConsumerGroup();

  sim::Simulation& simulation() const;
  std::size_t add(Consumer& consumer, Endpoint& way);
  void start();
  /// A member may have come or gone.
  void on_member(std::size_t member);
  /// There may be something to read in a partition, or somebody to read it.
  void feed(std::uint32_t number);

  Books& books() { return books_; }
  std::uint64_t committed(std::uint32_t number) const { return readings_[number].committed; }
  /// A message that nobody will read any more is taken out.
  void on_expired(std::uint32_t number, BrokerMessage& message);

 private:
  struct Member {
    Consumer* consumer = nullptr;
    Endpoint* way = nullptr;
    bool is_in = false;
    std::uint64_t life = 0;  ///< In which it joined.
    sim::Time heard;
  };
  class Chunk;
  /// How far the group is in a partition.
  struct Reading {
    static constexpr std::size_t nobody = SIZE_MAX;
    std::uint64_t position = 0;   ///< What its owner reads next.
    std::uint64_t committed = 0;  ///< Where a new owner would begin.
    std::size_t owner = nobody;
    Chunk* chunk = nullptr;  ///< What its owner is at.
    Reconnect reconnect{};   ///< Of its owner.
  };
  class Sending;

  bool commits_first() const { return plan_.commit == Commit::before_work; }
  bool is_alive(const Chunk& chunk) const;
  void deal_out();
  void rebalance();
  sim::Task<> settle(std::uint64_t generation);
  sim::Task<> watch();
  sim::Task<> beat(std::size_t member);
  sim::Task<> deliver(std::shared_ptr<Chunk> chunk);
  void end(Chunk& chunk, const Reply* reply);
  sim::Task<> fetch_after(sim::Duration pause, std::uint32_t number);
  void feed_all();

  MessageLog& log_;
  const GroupPlan& plan_;
  Books& books_;
  std::vector<Member> members_;
  std::vector<Reading> readings_;
  std::uint64_t generation_ = 1;
  bool is_rebalancing_ = false;
  sim::Duration interval_;  ///< Between two signs of life.
  sim::Lane patience_;      ///< For the answer to one.
};

}  // namespace headroom
