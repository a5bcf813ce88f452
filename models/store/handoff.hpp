#pragma once

#include <cstdint>
#include <vector>

#include "models/item_table.hpp"
#include "models/store/replication.hpp"

namespace headroom {

/// What becomes of an operation on a copy that does not answer in time.
///
/// Sloppy: nodes of other shards are tried in turn, and the first that answers stands in for the
/// copy, for reads too; what it is given it keeps. With or without that, what the copy misses is
/// kept as a hint, at who stood in for it or at another copy, which tries to bring it every second.
/// Callers in one place ask who did not answer no more for that long.
/// Source: DeCandia et al. 2007, "Dynamo", sec. 4.6. Departs from source: which nodes stand in is
/// the order of their numbers, and who is suspected is forgotten after a second.
class Handoff {
 public:
  explicit Handoff(const ReplicationSetup& setup);
  sim::Simulation& simulation() const { return simulation_; }
  bool is_used() const;
  void start();
  sim::Task<Reply> call(std::uint32_t shard, std::uint32_t copy, Request request);

  void start_measuring() { kept_ = brought_ = 0; }
  void add_to(ServiceResult& result) const;

 private:
  struct Hint {
    std::uint32_t holder, target;  ///< Nodes.
    Request request;
  };
  sim::Task<Reply> attempt(std::uint32_t node, Request request);
  void keep(std::uint32_t holder, std::uint32_t target, Request request);
  sim::Task<> bring_all();
  sim::Task<> bring(Hint hint);
  Endpoint& way(std::uint32_t node) const;
  sim::Time& suspected(std::uint16_t zone, std::uint32_t node);

  const ReplicationSetup& setup_;
  sim::Simulation& simulation_;
  std::vector<Hint> hints_;
  std::vector<ItemTable<std::uint32_t>> newest_;   ///< By target: of the hints that wait.
  std::vector<std::vector<sim::Time>> suspected_;  ///< Until when, by place of callers and node.
  std::uint64_t kept_ = 0, brought_ = 0;
};

}  // namespace headroom
