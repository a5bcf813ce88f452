#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/broker/broker.hpp"
#include "models/broker/reconnect.hpp"

namespace headroom {

/// A service of kind "queue": hands each message to one worker, whoever has room for it first, in
/// the order in which they came; what comes back keeps its place.
class MessageQueue final : public Broker {
 public:
  MessageQueue(sim::Simulation& simulation, const QueuePlan& plan, std::string name,
               const std::vector<std::uint16_t>& zones, const Measurement& measurement);

  const Books& subscribe(Consumer& consumer, Endpoint& way, const std::string& group) override;
  void on_consumer(std::size_t link) override;

 private:
  /// A worker instance, and what it holds.
  struct Link {
    Consumer* consumer = nullptr;
    Endpoint* way = nullptr;
    std::int64_t held = 0;   ///< Messages.
    std::uint64_t life = 0;  ///< Of the worker, when it was last heard of.
    std::vector<std::uint64_t> deliveries{};
    Reconnect reconnect{};
  };
  class Handed;

  sim::Task<Reply> publish(Request request, Publications::Publication publication) override;
  bool has_consumers() const override { return !links_.empty(); }
  bool is_full(std::uint32_t, std::size_t more) const override {
    return waiting_now() + more > static_cast<std::uint64_t>(plan_.capacity.count);
  }
  void on_visible(std::uint32_t, std::uint64_t from) override;
  void on_leader(std::uint32_t) override;

  std::size_t waiting_now() const {
    return ready_.size() + returned_.size() + (partition(0).end() - partition(0).visible());
  }
  void hand_out();
  bool hand_out_next();
  bool has_room(const Link& link) const;
  std::vector<Messages::Number> next_messages(std::size_t most);
  sim::Task<> deliver(std::size_t link, std::shared_ptr<Handed> handed);
  sim::Task<> carry(Endpoint& way, Request request, sim::Trigger<Reply> answer);
  sim::Task<> settle_failed(std::shared_ptr<Handed> handed);
  /// Something between them refused what was sent to the worker, or its answer: it gets nothing
  /// more before a pause is over.
  void note_refused(Link& link);
  sim::Task<> hand_out_after(sim::Duration pause);
  /// The messages wait again, and the worker holds them no longer.
  void give_back(Handed& handed);
  void put_back(Handed& handed);
  void finish(Handed& handed);
  void let_go(Handed& handed);
  void take_back_all(Link& link);
  void forget(Messages::Number number);

  const QueuePlan& plan_;
  Books& counted_;
  std::deque<Messages::Number> ready_;
  std::map<std::uint64_t, Messages::Number> returned_;  ///< By their place in the order.
  std::vector<Link> links_;
  std::size_t next_link_ = 0;
  bool is_handing_out_ = false;
  sim::Lane redelivery_;
};

}  // namespace headroom
