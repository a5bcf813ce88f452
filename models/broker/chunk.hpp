#pragma once

#include <vector>

#include "models/broker/group.hpp"
#include "models/broker/log.hpp"

namespace headroom {

/// Messages of one partition that a member has fetched, and works on in order.
class ConsumerGroup::Chunk final : public Delivery {
 public:
  Chunk(ConsumerGroup& group, std::uint32_t number, std::size_t member, std::uint64_t first,
        std::uint64_t end);
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  ~Chunk() override;

  bool begin(Request* work) override;
  Next end(const Reply& reply) override;

  std::uint32_t partition() const { return partition_; }
  std::size_t member() const { return member_; }
  std::uint64_t life() const { return life_; }
  std::uint64_t first() const { return first_; }
  /// The first that is not done yet.
  std::uint64_t next() const { return first_ + done_; }
  /// Whether a message is one of those still to be done.
  bool holds(std::uint64_t offset) const {
    return offset >= next() && offset < first_ + messages_.size();
  }
  std::int64_t bytes() const;
  const BrokerMessage& front() const { return group_.log_.messages_[messages_.front()]; }

  std::uint64_t number = 0;  ///< As it is listed.

 private:
  BrokerMessage& message(std::size_t place) { return group_.log_.messages_[messages_[place]]; }
  bool is_current() const { return group_.readings_[partition_].chunk == this; }
  void move_on();

  ConsumerGroup& group_;
  std::uint32_t partition_;
  std::size_t member_;
  std::uint64_t life_, generation_;
  std::uint64_t first_;
  std::vector<Messages::Number> messages_;
  std::size_t done_ = 0;
  std::size_t piece_ = 0;    ///< Messages that are being worked on.
  std::uint32_t tries_ = 0;  ///< Of that piece that failed.
  bool has_begun_ = false;
  bool is_taken_ = false;  ///< For good: nobody else gets them.
};

}  // namespace headroom
