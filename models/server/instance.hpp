#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "models/endpoint.hpp"
#include "models/faultable.hpp"
#include "models/server/core_sharing.hpp"
#include "models/server/plan.hpp"
#include "models/server/program.hpp"
#include "models/station.hpp"
#include "models/versions.hpp"
#include "sim/kernel/poll.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/scope.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

/// What the replicas of a server share.
struct ServerShared {
  const ServerPlan& plan;
  const std::vector<Program>& programs;
  Station& station;
  bool counts_cores = false;     ///< Utilisation is of cores; of slots where no step works on one.
  Versions* versions = nullptr;  ///< Null where nobody asks for them.
};

/// One replica of a server. A request waits for a slot (no longer than its patience and, where it
/// is propagated, its deadline), holds it from start to reply, and runs the steps of its endpoint.
class ServerInstance final : public Endpoint, public Faultable {
 public:
  ServerInstance(sim::Simulation& simulation, const ServerShared& shared, std::uint32_t index,
                 std::uint16_t zone);
  ~ServerInstance() override { scope_.close(); }

  std::uint16_t zone() const { return zone_; }
  /// Ready for requests: neither killed nor still starting again.
  bool up() const { return up_; }
  sim::Task<Reply> call(Request request) override;
  sim::Task<bool> probe(std::uint16_t zone) override;

  void start_measuring();
  /// Busy time and arrivals; the utilisation law is asserted, or that work is conserved where cores
  /// are shared.
  ReplicaResult result() const;
  __int128 up_area() const { return up_time_.area(simulation_.now()); }

 private:
  class Sharing;
  sim::Task<Reply> refuse();
  sim::Task<Reply> serve(Request request);
  sim::Task<Reply> run(const Actions* actions, Request request);
  sim::Task<Reply> perform(const Action* action, Request request);
  sim::Task<> work(sim::Duration amount);
  Request outgoing(const Action& action, const Request& request) const;
  void keep(const Request& request, Reply& reply) const;
  sim::Task<Reply> after_look_up(const Action* action, Request request, Reply reply);
  sim::Task<> refresh(const Action* action, Request request);
  sim::Task<Reply> parallel(const Action* action, Request request);
  sim::Task<> branch(const Actions* actions, Request request, sim::Ballot ballot);
  sim::Task<Reply> repeat(const Action* action, Request request);
  sim::Task<> restart(std::uint64_t life);

  void on_kill() override;
  void on_restart() override;
  void on_speed(double speed) override;
  double order_key(const Request& request) const;
  std::int64_t core_count() const;
  /// Units x ns for which they were there; 0 where there is no end to them.
  __int128 available(std::int64_t units, sim::Time now) const;
  void note_sharing();
  bool fails_by_fault();

  const ServerShared& shared_;
  std::uint32_t index_;
  std::uint16_t zone_;
  bool up_ = true;
  bool shares_cores_;        ///< processor_sharing
  bool contends_for_cores_;  ///< Fewer cores than slots.
  std::uint64_t lives_ = 0;
  std::uint64_t arrivals_ = 0;
  sim::Stream chance_;  ///< Who is next where chance decides; which requests a fault fails.
  sim::Resource slots_;
  sim::Resource cores_;
  sim::Processor processor_;
  sim::SharedProcessor shared_processor_;
  Population busy_slots_;
  Population busy_cores_;          ///< Where each piece of work has a core of its own.
  CoreSharing sharing_;            ///< Of the work among which the cores are shared.
  sim::TimeAverage shared_cores_;  ///< Busy ones where they are shared.
  sim::TimeAverage up_time_;
  sim::Scope scope_;  // last: closed before what its processes use is gone
};

}  // namespace headroom
