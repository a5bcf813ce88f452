#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/courier.hpp"
#include "models/event_log.hpp"
#include "models/store/chain/replica.hpp"
#include "models/store/replication.hpp"

namespace headroom {

/// The chain of one shard, and its master: it learns of a crash after `failover` and takes the copy
/// out of the chain, unless it is the last one; a copy that is up again gets all that the tail has
/// and becomes the tail. The master never fails, hears of crashes only, and all know at once what
/// it decides. So a chain whose links are cut waits until they are healed.
class ChainGroup {
 public:
  ChainGroup(const ReplicationSetup& setup, std::string name, std::span<StoreNode* const> nodes);
  sim::Simulation& simulation() const { return setup_.simulation; }
  const ReplicationSetup& setup() const { return setup_; }
  const std::string& name() const { return name_; }
  ChainReplica& replica(std::size_t index) { return *replicas_[index]; }

  void start(Courier* courier, EventLog* log);
  void post(std::uint8_t from, std::uint8_t to, ChainMessage message);

  /// Of the chain as it is; another one after each crash, return or change of its members.
  std::uint64_t number() const { return number_; }
  static constexpr std::uint8_t nobody = UINT8_MAX;
  std::uint8_t head() const { return members_.front(); }
  std::uint8_t tail() const { return members_.back(); }
  std::uint8_t before(std::uint8_t copy) const { return neighbour(copy, -1); }
  std::uint8_t after(std::uint8_t copy) const { return neighbour(copy, 1); }

  void on_down(std::uint8_t copy);
  void on_up(std::uint8_t copy);
  void start_measuring() { changes_ = 0; }
  std::uint64_t changes() const { return changes_; }

 private:
  std::uint8_t neighbour(std::uint8_t copy, int way) const;
  sim::Task<> take_out(std::uint8_t copy, std::uint64_t lives);
  sim::Task<> take_in(std::uint8_t copy, std::uint64_t lives);
  sim::Task<bool> bring(std::uint8_t from, std::uint8_t to, std::int64_t bytes);
  sim::Task<bool> carry(std::uint8_t from, std::uint8_t to, std::int64_t bytes);
  static sim::Task<> deliver(sim::Simulation& simulation, ChainGroup* group, std::uint8_t to,
                             ChainMessage message);
  void change(const char* event, std::uint8_t copy);
  void renumber();
  bool is_as_it_was(std::uint8_t copy, std::uint64_t lives) const;

  const ReplicationSetup setup_;
  std::string name_;
  std::vector<std::unique_ptr<ChainReplica>> replicas_;
  std::vector<std::uint8_t> members_;  ///< From head to tail.
  bool takes_in_ = false;
  Courier* courier_ = nullptr;
  EventLog* log_ = nullptr;
  std::uint64_t draws_, sent_ = 0, changes_ = 0, number_ = 0;
};

}  // namespace headroom
