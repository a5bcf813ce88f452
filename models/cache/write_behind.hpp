#pragma once

#include <cstdint>
#include <vector>

#include "models/cache/contents.hpp"
#include "models/endpoint.hpp"
#include "models/item_table.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

/// What one cache replica has acknowledged and its store does not know yet. The last value of each
/// key is written at the end of the flush interval that its first set began; a write that fails is
/// tried again after another interval. All of it is lost with the replica but for what is on its
/// way to the store, which is in doubt: the store may refuse it, and nobody is there to hear.
/// Eviction does not lose it: it is kept apart from the entries.
class WriteBehind {
 public:
  WriteBehind(sim::Simulation& simulation, sim::Duration interval, Contents& contents);
  ~WriteBehind() { scope_.close(); }

  sim::Simulation& simulation() const { return simulation_; }
  void set_store(Endpoint& store) { store_ = &store; }
  /// The request is a set that was acknowledged.
  void add(const Request& request);
  /// The store is behind on this item.
  bool is_ahead(std::uint64_t item) const { return held_.find(item) != nullptr; }
  std::size_t size() const { return held_.size(); }  ///< Items of which the store is behind.
  /// How many acknowledged sets that concerns.
  struct Gone {
    std::uint64_t lost = 0;
    std::uint64_t in_doubt = 0;
  };
  Gone lose_all();

 private:
  struct Held {
    std::uint32_t waiting = 0;    ///< Sets since the last write began.
    std::uint32_t under_way = 0;  ///< Sets of the write that is on its way.
    bool is_listed = false;
  };
  sim::Task<> flush();
  sim::Task<> write(Request request);
  void list(const Request& request, Held& held);

  sim::Simulation& simulation_;
  sim::Duration interval_;
  Contents& contents_;
  Endpoint* store_ = nullptr;
  ItemTable<Held> held_;
  std::uint64_t under_way_ = 0;  ///< Sets of all writes that are on their way.
  std::vector<Request> listed_;  ///< To be written at the next flush.
  sim::Scope scope_;
};

}  // namespace headroom
