#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/broker/books.hpp"
#include "models/broker/consumer.hpp"
#include "models/broker/node.hpp"
#include "models/broker/partition.hpp"
#include "models/broker/plan.hpp"
#include "models/broker/publications.hpp"
#include "models/call_watcher.hpp"
#include "models/event_log.hpp"
#include "models/item_table.hpp"

namespace headroom {

/// What every kind of broker is told.
struct BrokerTerms {
  std::string kind;
  std::uint32_t nodes = 1, partitions = 1;
  std::uint32_t copies = 1;  ///< Of each partition.
  bool by_majority =
      false;  ///< What a majority of copies holds is safe; else what all in sync hold.
  LogAcks acks = LogAcks::all;
  std::uint32_t min_insync = 1;
  sim::Duration failover, replica_timeout, publish_timeout;
  NodeTerms node;
};
/// What of them is the same for all kinds.
BrokerTerms common_terms(const BrokerPlan& plan);

/// Machines that hold messages in partitions, copy them to one another, and follow a new leader
/// when one dies. The front of it is what publishers call. What is handed out to whom is up to its
/// kind.
///
/// Source: Kreps, Narkhede, Rao 2011, "Kafka"; the replication of Kafka as in its design pages:
/// replicas in sync, the high watermark, leaders from among those in sync. Departs from source:
/// publishers and workers know a new leader at once, and who leads is decided without a vote.
class Broker : public Endpoint, public DeliverySource, public CallWatcher, private LifeWatcher {
 public:
  ~Broker() override;

  std::size_t size() const { return nodes_.size(); }
  BrokerNode& node(std::size_t index) { return *nodes_[index]; }
  /// How everybody reaches a node; without it, at once.
  void set_way(std::size_t node, Endpoint& way) { ways_[node] = &way; }
  void set_log(EventLog* log) { log_ = log; }
  /// Where messages go that cannot be worked on; null where they are lost.
  void set_dead_letters(Broker* queue) { dead_letters_ = queue; }
  /// A worker that consumes from now on; `way` is how it is reached. Returns the books of those
  /// that it consumes with.
  virtual const Books& subscribe(Consumer& consumer, Endpoint& way, const std::string& group) = 0;
  /// Begins what goes on by itself.
  virtual void start();

  /// Publishes the request.
  sim::Task<Reply> call(Request request) override;
  void on_given_up(std::uint64_t draw_key) override { publications_.give_up(draw_key); }
  void on_caller_gone(std::uint64_t draw_key) override { publications_.give_up(draw_key); }
  sim::Task<bool> probe(std::uint16_t zone) override { return ways_.front()->probe(zone); }
  /// The machine that leads the first partition; any that holds it while there is no leader.
  std::uint32_t leader_node() const {
    const BrokerPartition& first = partitions_.front();
    return first.leader() == BrokerPartition::nobody ? first.copies().front().node
                                                     : first.leader_node();
  }
  /// A message from another queue that gave up on it; false where there is no room for it.
  bool accept_dead_letter(const Request& request);

  std::shared_ptr<Delivery> take(std::uint64_t number) override;

  /// What a node does once it has worked on a request.
  sim::Task<Reply> handle(std::uint32_t node, Request request);
  void on_speed(std::uint32_t node, double speed);

  void start_measuring();
  ServiceCounts counts() const;
  ServiceResult result() const;

 protected:
  Broker(sim::Simulation& simulation, BrokerTerms terms, std::string name,
         const std::vector<std::uint16_t>& zones, const Measurement& measurement);

  /// Messages on their way to a node to be stored, or the news that others are.
  struct Parcel {
    std::uint32_t partition = 0;
    std::vector<Request> messages{};
    std::vector<Publications::Publication> publications{};  ///< Of each of them.
    bool is_copy = false;
    std::size_t copy = 0;  ///< For which copy it is.
    std::uint64_t epoch = 0, end = 0;
    bool is_stored = false;
  };

  virtual sim::Task<Reply> publish(Request request, Publications::Publication publication) = 0;
  virtual bool has_consumers() const { return true; }
  /// Whether there is no room for so many.
  virtual bool is_full(std::uint32_t, std::size_t) const { return false; }
  virtual void on_visible(std::uint32_t partition, std::uint64_t from) = 0;
  /// A leader has gone, or there is one (again).
  virtual void on_leader(std::uint32_t partition) = 0;

  sim::Task<Reply> send(std::shared_ptr<Parcel> parcel);
  Books& add_books(std::string group);
  BrokerPartition& partition(std::uint32_t number) { return partitions_[number]; }
  const BrokerPartition& partition(std::uint32_t number) const { return partitions_[number]; }
  /// The leader is up and moves.
  bool serves(const BrokerPartition& partition) const;
  std::uint16_t node_zone(std::uint32_t node) const { return nodes_[node]->zone(); }
  /// Tells whether a node answers a look from that zone; never where it says nothing.
  sim::Task<> ask_node(std::uint32_t node, std::uint16_t zone, sim::Trigger<bool> answer);
  std::uint64_t list(std::shared_ptr<Delivery> delivery);
  /// A delivery stays listed for as long as this lives.
  class Unlisting {
   public:
    Unlisting(Broker& broker, std::uint64_t number) : broker_(broker), number_(number) {}
    Unlisting(const Unlisting&) = delete;
    Unlisting& operator=(const Unlisting&) = delete;
    ~Unlisting() { broker_.deliveries_.erase(number_); }

   private:
    Broker& broker_;
    std::uint64_t number_;
  };
  /// To the queue for that; or lost, with `otherwise`.
  void put_aside(Books& books, BrokerMessage& message, Loss otherwise);
  void note(std::string event, std::string target,
            std::vector<std::pair<std::string, LoggedEvent::Value>> details = {}) {
    if (log_ != nullptr) log_->note(std::move(event), std::move(target), std::move(details));
  }

  BrokerTerms terms_;
  Measurement measurement_;
  Messages messages_;
  std::vector<std::unique_ptr<Books>> books_;
  std::uint64_t rebalances_ = 0;

 private:
  class OnTheWay;
  void on_life(std::size_t index, bool is_up) override;
  std::uint64_t store(BrokerPartition& partition, const std::vector<Request>& requests);
  Reply take_copy(const Parcel& parcel);
  void replicate(std::uint32_t number);
  sim::Task<> copy(std::uint32_t number, std::size_t to);
  void set_there(std::uint32_t node, bool is_up);
  sim::Task<> fence_later(std::uint32_t node, std::uint64_t down);
  void fence(std::uint32_t node);
  sim::Task<> watch_nodes();
  sim::Task<> look(std::uint32_t from, std::uint32_t to, sim::Duration patience);
  void elect(std::uint32_t number);
  void truncate(BrokerPartition& partition);
  void advance(std::uint32_t number);
  std::int64_t bytes_of(BrokerPartition& partition, std::uint64_t from, std::uint64_t to);
  std::string name_of(std::uint32_t partition) const;

  std::string name_;
  Station work_;  ///< Of the machines; what is told of the service is in the other books.
  EventLog* log_ = nullptr;
  Broker* dead_letters_ = nullptr;
  std::vector<std::unique_ptr<BrokerNode>> nodes_;
  std::vector<Endpoint*> ways_;
  std::vector<std::uint64_t> downs_;  ///< Times that each node went down.
  std::deque<BrokerPartition> partitions_;
  std::vector<bool> cut_off_;  ///< By node: most others cannot reach it.
  std::vector<bool> answers_;  ///< By pair of nodes: whether the last look was answered.
  sim::Lane publish_timeout_;
  ItemTable<std::shared_ptr<Parcel>> parcels_;
  std::uint64_t next_parcel_ = 1, next_delivery_ = 1;
  std::uint64_t copies_sent_ = 0;

  Publications publications_;
  std::uint64_t came_ = 0, failed_ = 0, failovers_ = 0;
  std::uint64_t put_aside_here_ = 0;  ///< Dead letters of other queues.
  std::array<std::uint64_t, drop_causes> drops_{};
  sim::Histogram publish_;

  ItemTable<std::shared_ptr<Delivery>> deliveries_;  // last: they use all the rest when they go
};

}  // namespace headroom
