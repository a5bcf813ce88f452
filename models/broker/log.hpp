#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/broker/broker.hpp"
#include "models/broker/group.hpp"

namespace headroom {

/// A service of kind "log": partitions, in which messages keep their order, and groups that read
/// them. A publisher that lingers sends what comes meanwhile in one batch.
class MessageLog final : public Broker {
 public:
  MessageLog(sim::Simulation& simulation, const LogPlan& plan, std::string name,
             const std::vector<std::uint16_t>& zones, const Measurement& measurement);

  const Books& subscribe(Consumer& consumer, Endpoint& way, const std::string& group) override;
  void on_consumer(std::size_t link) override;
  void start() override;

  /// What is common to all its groups.
  const LogPlan& plan() const { return plan_; }
  std::uint16_t zone_of_leader(std::uint32_t number) const;

 private:
  friend class ConsumerGroup;
  /// Messages of one publisher for one partition that wait to be sent together.
  struct Open {
    std::uint32_t partition = 0;
    std::vector<Request> requests{};
    std::vector<Publications::Publication> publications{};
    std::vector<sim::Trigger<Reply>> answers{};
  };
  class Blind;

  sim::Task<Reply> publish(Request request, Publications::Publication publication) override;
  sim::Task<Reply> send_blindly(std::shared_ptr<Open> open);
  sim::Task<Reply> join(std::uint32_t number, Request request,
                        Publications::Publication publication);
  sim::Task<> linger(std::uint64_t key, std::shared_ptr<Open> open);
  sim::Task<> send_together(std::shared_ptr<Open> open);
  void on_visible(std::uint32_t number, std::uint64_t from) override;
  void on_leader(std::uint32_t number) override;
  /// Takes out what is too old, or too much.
  void expire(std::uint32_t number);
  /// Takes out what all groups are through with.
  void trim(std::uint32_t number);
  void pop(std::uint32_t number);

  const LogPlan& plan_;
  std::vector<std::unique_ptr<ConsumerGroup>> groups_;
  std::vector<std::pair<ConsumerGroup*, std::size_t>> links_;  ///< Member of which group.
  std::vector<std::int64_t> bytes_;  ///< By partition, of what is visible.
  ItemTable<std::shared_ptr<Open>> open_;
  std::uint32_t next_partition_ = 0;
};

}  // namespace headroom
