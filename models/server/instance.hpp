#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "models/client_split.hpp"
#include "models/instance.hpp"
#include "models/server/admission.hpp"
#include "models/server/brownout.hpp"
#include "models/server/core_sharing.hpp"
#include "models/server/fair_queue.hpp"
#include "models/server/plan.hpp"
#include "models/server/program.hpp"
#include "models/server/session_table.hpp"
#include "models/versions.hpp"
#include "sim/kernel/poll.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

/// What the replicas of a server share.
struct ServerShared {
  const ServerPlan& plan;
  const std::vector<Program>& programs;
  Station& station;
  bool counts_cores = false;     ///< Utilisation is of cores; of slots where no step works on one.
  Versions* versions = nullptr;  ///< Null where nobody asks for them.
  SessionTable* sessions = nullptr;    ///< Null where no state is kept between requests.
  sim::LevelSeries* limits = nullptr;  ///< Of adaptive limits, over all replicas; null without.
  /// By workload, where fair turns are those of clients; else null.
  const std::vector<ClientSplit>* clients = nullptr;
};

/// One replica of a server. A request waits for a slot (no longer than its patience and, where it
/// is propagated, its deadline), holds it from start to reply, and runs the steps of its endpoint.
class ServerInstance final : public Instance {
 public:
  ServerInstance(sim::Simulation& simulation, const ServerShared& shared, std::uint32_t index,
                 std::uint16_t zone);
  ~ServerInstance() override { scope_.close(); }

  sim::Task<Reply> call(Request request) override;

  /// A request may have several pieces of work at once, so as many cores as slots can be too few.
  void contend_for_cores() { contends_for_cores_ = core_count() < sim::Resource::unlimited; }

  void start_measuring();
  /// Busy time and arrivals; the utilisation law is asserted, or that work is conserved where cores
  /// are shared.
  ReplicaResult result() const;
  /// The adaptive limit, or whether the instance is there, may have changed.
  void note_limit();
  /// Limit x ns of an adaptive limit while the instance is there, since measuring started.
  __int128 limit_area() const { return limit_level_.area(simulation_.now()); }
  std::uint64_t left_out() const { return left_out_; }
  std::uint64_t fallbacks() const { return fallbacks_; }

 private:
  class Sharing;
  sim::Task<Reply> serve(Request request);
  std::uint64_t sharer_of(const Request& request) const;
  sim::Task<sim::Lease> wait_fairly(Request request, Visit* visit, Reply* answer);
  sim::Task<Reply> fall_back(const Action* action, Request request);
  bool leaves_out(const Action& action, const Request& request);
  /// Requests that wait for a slot or hold one.
  std::uint32_t in_flight() const {
    return slots_.waiting() + static_cast<std::uint32_t>(slots_.in_use());
  }
  void note_answer(const Visit& visit);
  sim::Task<Reply> run(const Actions* actions, Request request);
  sim::Task<Reply> perform(const Action* action, Request request);
  sim::Task<> work(sim::Duration amount, Span* span);
  Request outgoing(const Action& action, const Request& request) const;
  void keep(const Request& request, Reply& reply) const;
  /// Whether a request is of a session whose state is not here.
  bool lacks_session(const Request& request) {
    return shared_.sessions != nullptr && shared_.sessions->loses(request, index(), lives());
  }
  sim::Task<Reply> after_look_up(const Action* action, Request request, Reply reply);
  sim::Task<> refresh(const Action* action, Request request);
  sim::Task<Reply> parallel(const Action* action, Request request);
  sim::Task<> branch(const Actions* actions, Request request, sim::Ballot ballot);
  sim::Task<Reply> repeat(const Action* action, Request request);

  void on_speed(double speed) override;
  double order_key(const Request& request) const;
  std::int64_t core_count() const;
  void note_sharing();

  const ServerShared& shared_;
  bool shares_cores_;        ///< processor_sharing
  bool contends_for_cores_;  ///< Fewer cores than slots, or several pieces of work of a request.
  sim::Resource cores_;
  sim::Processor processor_;
  sim::SharedProcessor shared_processor_;
  Population busy_cores_;          ///< Where each piece of work has a core of its own.
  CoreSharing sharing_;            ///< Of the work among which the cores are shared.
  sim::TimeAverage shared_cores_;  ///< Busy ones where they are shared.
  std::optional<Admission> admission_;
  std::optional<Brownout> brownout_;
  std::optional<FairQueue> fair_;
  sim::TimeAverage limit_level_;
  std::uint64_t left_out_ = 0;
  std::uint64_t fallbacks_ = 0;
};

}  // namespace headroom
