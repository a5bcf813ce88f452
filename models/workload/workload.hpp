#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/endpoint.hpp"
#include "models/keys.hpp"
#include "models/results.hpp"
#include "models/tracer.hpp"
#include "models/workload/account.hpp"
#include "models/workload/arrivals.hpp"
#include "models/workload/plan.hpp"
#include "models/workload/sessions.hpp"
#include "sim/kernel/scope.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// A share of the requests of a workload and the endpoint they go to.
struct MixShare {
  std::string name;
  std::uint16_t endpoint = 0;  ///< Index among the endpoints of the target.
  double probability = 1;
  Operation operation = Operation::none;  ///< What that endpoint does to the key.
};

/// What a workload needs to know of the world it is placed in.
struct WorkloadSetup {
  std::string name;
  std::uint16_t index = 0;
  std::uint16_t zone = 0;
  std::vector<MixShare> mix;       ///< At least one; probabilities sum to 1.
  const KeySpace* keys = nullptr;  ///< What each request is about; null: nothing in common.
  Measurement measurement;
  std::optional<sim::Duration> goodput_limit;  ///< The deadline, else the timeout.
  double load = 1;                             ///< Multiplies every open arrival rate.
  bool by_second = false;                      ///< Count each second for itself.
  Tracer* tracer = nullptr;                    ///< Null where nothing is traced.
  std::vector<Part> parts;                     ///< Count the requests of these for themselves.
  std::vector<const Phase*> failures;          ///< Of these only how they ended.
};

/// A population of clients that sends requests to one endpoint and counts what becomes of them.
/// Open: a request is sent whenever the arrival process says, whatever became of those before.
/// Closed: each user thinks, sends a request, waits for its answer and thinks again.
///
/// Latency counts from the instant a request is meant to be sent. A request that will never be
/// answered, where its client has no timeout, ends as unknown, and with it the user it is of.
class Workload {
 public:
  /// `plan`, `simulation` and `client` must outlive it.
  Workload(sim::Simulation& simulation, const WorkloadPlan& plan, WorkloadSetup setup,
           Endpoint& client);
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;

  sim::Simulation& simulation() const { return simulation_; }
  /// What a workload of that name derives all draws of its requests from.
  static std::uint64_t draws_of(const sim::Simulation& simulation, const std::string& name);

  /// Requests come from now on. Once, at time 0.
  void start();
  /// The open arrival rate is `factor` times what the plan and the load make it, from now on: what
  /// remains of the present gap shrinks accordingly. 0 stops arrivals until the next change. A
  /// closed workload is not changed: its users do not become more. Not from inside a request's
  /// call.
  void set_surge(double factor);

  /// Once, at the end of the run; checks that every request is accounted for.
  WorkloadResult result() const { return account_.result(); }

 private:
  /// What the process of a request keeps of it while it waits for the answer.
  struct Sent {
    sim::Time at;
    std::size_t share;  ///< Which part of the mix.
  };

  class Pending;
  sim::Task<> send_as_they_arrive();
  sim::Task<> one_request(std::uint64_t number);
  sim::Task<> user(std::uint32_t user);

  std::uint64_t draw_key(std::uint64_t number) const { return sim::mix(key_, number); }
  sim::Duration think(std::uint64_t number) const;
  std::size_t share_of(std::uint64_t number) const;
  Sent issue(std::uint64_t number);
  sim::Task<Reply> call(std::uint64_t number, std::size_t share, std::uint64_t session);

  sim::Simulation& simulation_;
  const WorkloadPlan& plan_;
  WorkloadSetup setup_;
  Endpoint& client_;
  std::uint64_t key_;
  std::vector<double> up_to_;  ///< Cumulative probabilities of the mix.
  Account account_;
  std::optional<Sessions> sessions_;          ///< Of an open workload that has some.
  std::unique_ptr<ArrivalProcess> arrivals_;  ///< Null when closed.
  sim::Time next_arrival_;
  std::uint64_t next_number_ = 0;
  bool started_ = false;
  double surge_ = 1;
  sim::Scope generator_;
};

}  // namespace headroom
