#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "models/cache/contents.hpp"
#include "models/cache/plan.hpp"
#include "models/cache/write_behind.hpp"
#include "models/instance.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

/// What the replicas of a cache share.
struct CacheShared {
  const CachePlan& plan;
  Station& station;
  std::span<const KeySpace> keys;
  Versions& versions;
  sim::Time end;  ///< Of the run, or 0.
};

/// One replica of a cache. A request waits for a slot, holds it for its service time, and is then
/// answered from the contents. Whoever waits for a value that another one fetches, or for the
/// store, holds no slot. A kill loses the contents.
class CacheInstance final : public Instance {
 public:
  CacheInstance(sim::Simulation& simulation, const CacheShared& shared, std::uint32_t index,
                std::uint16_t zone);
  ~CacheInstance() override { scope_.close(); }

  sim::Task<Reply> call(Request request) override;

  void flush() override;

  /// Where sets are written to; only where the plan writes.
  void set_store(Endpoint& store, std::uint16_t endpoint);
  void on_commit(std::uint64_t item);
  void invalidate(std::uint64_t item) { contents_.invalidate(item); }

  /// Nothing is under way here, nor to be written to the store.
  bool owes_nothing() const { return idle() && (!behind_ || behind_->size() == 0); }
  void start_measuring();
  using Instance::result;
  CacheResult cache_result() const { return contents_.result(); }
  /// Acknowledged sets that were on their way to the store when this died.
  std::uint64_t writes_in_doubt() const { return writes_in_doubt_; }

 private:
  class Waiting;
  sim::Task<Reply> serve(Request request);
  sim::Duration time_to_serve(const Request& request) const;
  Reply apply(const Request& request);
  sim::Task<Reply> wait_for_value(Request request);
  sim::Task<Reply> write_through(Request request);
  Reply write_behind(Request request);
  Request to_store(const Request& request) const;

  void on_kill() override;
  void on_speed(double speed) override { processor_.set_speed(speed); }

  const CacheShared& shared_;
  std::uint64_t service_;   ///< Hash of the name of the service.
  bool is_constant_;        ///< Each request takes as long.
  sim::Duration constant_;  ///< So long.
  sim::Processor processor_;
  Endpoint* store_ = nullptr;
  std::uint16_t store_endpoint_ = 0;
  Contents contents_;
  std::optional<WriteBehind> behind_;
  std::uint64_t writes_in_doubt_ = 0;
};

}  // namespace headroom
