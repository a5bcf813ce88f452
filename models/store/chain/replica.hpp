#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "models/item_table.hpp"
#include "models/store/log/entry.hpp"
#include "models/store/node.hpp"
#include "models/store/peer_replica.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

class ChainGroup;

/// What neighbours in a chain tell each other.
struct ChainMessage {
  std::uint8_t from = 0;
  bool is_ack = false;
  bool follows = false;     ///< What comes before `entries` may be under way still.
  std::uint64_t chain = 0;  ///< The number of the chain of which it is; others are void.
  std::uint64_t index =
      0;  ///< The entry before `entries`; of an ack, the last one that is durable.
  std::uint64_t commit = 0;  ///< What the sender knows to be at the tail.
  std::vector<LogEntry> entries;
};

/// One copy in a chain. What comes from the one before it becomes durable, takes effect and goes on
/// to the one after it; the last one says to the first that it is done.
class ChainReplica final : public PeerReplica {
 public:
  ChainReplica(ChainGroup& group, StoreNode& node, std::uint8_t index);
  ~ChainReplica() override { scope_.close(); }

  void start();
  void receive(ChainMessage message);
  /// Its neighbours are others than before.
  void on_change();
  /// It has what another one had when that was sent, up to its entry `index`.
  void install(const ItemTable<std::uint32_t>& state, std::uint64_t index);

  std::optional<Reply> decline(const Request& request) override;
  sim::Task<Reply> finish(Request request) override;
  void on_kill() override;
  void on_up() override;
  void on_resume() override;

  std::uint64_t durable() const { return synced_; }
  /// Entries from there on are kept until it is told to unfreeze.
  void keep_after(std::uint64_t index) { kept_ = index; }
  /// As the tail it says of nothing more that it is done, and what it has since `keep_after`.
  std::vector<LogEntry> freeze();
  void unfreeze();
  /// What `freeze` of the tail returned, which goes on from what was installed.
  void add(const std::vector<LogEntry>& entries);

 private:
  struct Waiter {
    std::uint64_t index;
    sim::Trigger<Reply> trigger;
  };
  sim::Task<> beat();
  sim::Task<> write_to_disk();
  void persist();
  void on_durable();
  void answer(std::uint64_t index);
  void forward();
  void commit(std::uint64_t index);
  bool is_head() const;
  bool is_tail() const;

  ChainGroup& group_;
  ReplicatedLog log_;
  std::uint64_t synced_ = 0;  ///< Durable, and in effect.
  std::uint64_t commit_ = 0, kept_ = UINT64_MAX;
  bool frozen_ = false;
  bool writing_ = false;
  /// To the next one: what comes next, the first and the last of what is under way.
  std::uint64_t next_ = 1, first_ = 1, flying_ = 0;
  sim::Time flies_since_;  ///< None of them was confirmed since.
  std::deque<Waiter> waiters_;
  std::vector<ChainMessage> inbox_;  ///< While it is paused.
  EarlyMessages<ChainMessage> early_;
  std::uint64_t drawn_ = 0;
};

}  // namespace headroom
