#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "models/cache/contents.hpp"
#include "models/cache/plan.hpp"
#include "models/cache/write_behind.hpp"
#include "models/endpoint.hpp"
#include "models/faultable.hpp"
#include "models/station.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/scope.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

/// What the replicas of a cache share.
struct CacheShared {
  const CachePlan& plan;
  Station& station;
  std::span<const KeySpace> keys;
  Versions& versions;
};

/// One replica of a cache. A request waits for a slot, holds it for its service time, and is then
/// answered from the contents. Whoever waits for a value that another one fetches, or for the
/// store, holds no slot. A kill loses the contents.
class CacheInstance final : public Endpoint, public Faultable {
 public:
  CacheInstance(sim::Simulation& simulation, const CacheShared& shared, std::uint32_t index,
                std::uint16_t zone);
  ~CacheInstance() override { scope_.close(); }

  std::uint16_t zone() const { return zone_; }
  sim::Task<Reply> call(Request request) override;
  sim::Task<bool> probe(std::uint16_t zone) override;
  void flush() override;

  /// Where sets are written to; only where the plan writes.
  void set_store(Endpoint& store, std::uint16_t endpoint);
  void on_commit(std::uint64_t item);
  void invalidate(std::uint64_t item) { contents_.invalidate(item); }

  void start_measuring();
  ReplicaResult result() const;
  CacheResult cache_result() const { return contents_.result(); }
  __int128 up_area() const { return up_time_.area(simulation_.now()); }

 private:
  class Waiting;
  sim::Task<Reply> refuse();
  sim::Task<Reply> serve(Request request);
  Reply apply(const Request& request);
  sim::Task<Reply> wait_for_value(Request request);
  sim::Task<Reply> write_through(Request request);
  Reply write_behind(Request request);
  Request to_store(const Request& request) const;
  sim::Task<> restart(std::uint64_t life);
  bool fails_by_fault();

  void on_kill() override;
  void on_restart() override;
  void on_speed(double speed) override { processor_.set_speed(speed); }

  const CacheShared& shared_;
  std::uint16_t zone_;
  bool up_ = true;
  std::uint64_t lives_ = 0;
  std::uint64_t arrivals_ = 0;
  std::uint64_t service_;  ///< Hash of the name of the service.
  sim::Stream chance_;     ///< Which requests a fault fails.
  sim::Resource slots_;
  sim::Processor processor_;
  Population busy_slots_;
  sim::TimeAverage up_time_;
  Endpoint* store_ = nullptr;
  std::uint16_t store_endpoint_ = 0;
  Contents contents_;
  std::optional<WriteBehind> behind_;
  sim::Scope scope_;  // last: closed before what its processes use is gone
};

}  // namespace headroom
