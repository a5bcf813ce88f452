#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/run.hpp"
#include "app/study/sites.hpp"
#include "models/autoscale/autoscaler.hpp"
#include "models/balancer/service.hpp"
#include "models/broker/broker.hpp"
#include "models/cache/component.hpp"
#include "models/event_log.hpp"
#include "models/fault/injector.hpp"
#include "models/network/bulk.hpp"
#include "models/network/courier.hpp"
#include "models/network/network.hpp"
#include "models/network/port.hpp"
#include "models/resilience/client.hpp"
#include "models/resilience/fallback.hpp"
#include "models/server/server.hpp"
#include "models/store/database.hpp"
#include "models/store/recorder.hpp"
#include "models/store/shard_pool.hpp"
#include "models/surgeable.hpp"
#include "models/ties.hpp"
#include "models/tracer.hpp"
#include "models/workload/workload.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// Which requests of a run are traced.
struct Tracing {
  enum class Mode : std::uint8_t {
    none,
    sampled,  ///< A share of each workload.
    ranked,   ///< None, but the one at `quantile` of `workload` is found.
    single,   ///< The one of that number.
  };
  Mode mode = Mode::sampled;
  std::string workload{};
  double quantile = 0;
  std::uint64_t number = 0;
};

/// The components of one scenario, connected: workload -> client policies -> network -> balancer
/// instance -> network -> server instance -> its steps -> client policies -> ... One replication.
class World {
 public:
  /// `plan` must outlive it.
  World(const ScenarioPlan& plan, std::uint32_t replication, const Measurement& measurement,
        Tracing tracing);
  ~World() { simulation_.close(); }

  sim::Simulation& simulation() { return simulation_; }
  void start();
  sim::Simulation::Status run_until(sim::Time limit);
  /// The end of the warm-up.
  void start_measuring();
  /// A window of the measurement is over.
  void note_window();
  /// Figures of the services up to now; every conservation law is asserted on the way.
  RunResult result() const;
  /// Figures of the clients, once at the end of the run: nothing can happen afterwards.
  void add_clients(RunResult& result);

 private:
  /// How callers reach one service, and its instances for a balancer in front of it.
  struct Reachable {
    std::vector<Endpoint*> instances;
    std::vector<std::uint16_t> zones;
    std::vector<Faultable*> faultables;  ///< The same as failures see them.
    Members* members = nullptr;          ///< Null where all of them always serve.
    Endpoint* front = nullptr;
  };
  /// One workload as a failure sees it: surges multiply.
  class Surge final : public Surgeable {
   public:
    explicit Surge(Workload& workload) : workload_(workload) {}
    void begin_surge(double factor) override { workload_.set_surge(factor_ *= factor); }
    void end_surge(double factor) override { workload_.set_surge(factor_ /= factor); }

   private:
    Workload& workload_;
    double factor_ = 1;
  };

  /// Where components of the first replication note what happens; null in all others.
  EventLog* log() { return simulation_.replication() == 0 ? &log_ : nullptr; }
  /// A client with policies that are counted.
  struct Guard {
    std::string owner;  ///< A service, or "workloads.NAME".
    const ClientPlan* plan;
    Client* client;
  };
  void watch(const std::string& owner, const ClientPlan& plan, Client& client,
             const std::string& name);
  void add_policies(RunResult& result) const;
  void build_tracer(const Tracing& tracing);
  void open_windows();
  void add_traces(RunResult& result, const Tracing& tracing) const;
  void build_keys();
  void build_servers();
  void build_caches();
  Endpoint& in_memory_of(Server& hosts, Cache& cache);
  void build_brokers();
  void build_workers();
  void build_databases();
  const DatabasePlan& scaled_plan(const std::string& name, const ServicePlan& service);
  void start_databases();
  void build_rebalancer(Rebalancer& rebalancer, const std::string& name);
  std::vector<const KeySpace*> stored_in(const std::string& name) const;
  double stored_bytes(const std::string& name) const;
  void build_balancers();
  void build_balancer(const std::string& name, const BalancerPlan& plan);
  Scalable& scaled(const std::string& name);
  void build_autoscalers();
  void build_programs();
  void build_stores();
  /// Attempts of a client that it gives up are told to whoever records its target.
  void record(Client& client, const std::string& target);
  void tell_recorders();
  StoreHistory recorded(const Recorder& recorder, const std::string& database) const;
  void build_workloads();
  void build_failures();
  void build_bulk();
  std::vector<std::uint16_t> sites_named(const std::vector<std::string>& places) const;
  std::vector<Faultable*> network_targets_of(const FaultTarget& target);
  /// Puts the network, where there is one, in front of an instance.
  Endpoint* reached(Endpoint& instance, std::uint16_t zone, const std::string& service,
                    Port::Answers answers = {});
  void make_reachable(const std::string& service, Reachable reachable);
  Endpoint& with_fallback(const std::string& name, const WorkloadPlan& plan, Endpoint& clients);
  Endpoint& clients_of(const std::string& name, const WorkloadPlan& plan);
  ClientSplit split_of(const std::string& name, const WorkloadPlan& plan) const;
  void tell_clients();
  std::vector<MixShare> mix_of(const WorkloadPlan& plan) const;
  Actions compile(const Steps& steps, const std::string& service, std::uint32_t& next_number);
  Action compile_call(const CallStep& step, const std::string& service, std::uint32_t number);
  Part part_of(const During& during);
  const KeySpace* keys_of(const std::optional<KeySpaceRef>& name) const;
  std::vector<Faultable*> targets_of(const FaultTarget& target, bool with_balancers = false);
  Deploy deploy_of(const DeployPlan& plan);
  Failure failure_of(const FailurePlan& plan);
  std::string failing(std::uint32_t failure, std::uint32_t which) const;

  const ScenarioPlan& plan_;
  Measurement measurement_;
  sim::Simulation simulation_;
  EventLog log_;
  Tracing tracing_;
  std::optional<Tracer> tracer_;                     ///< None where nothing is traced.
  std::vector<ServiceCounts> read_;                  ///< By service, at the end of the last window.
  std::vector<std::vector<ServiceCounts>> windows_;  ///< By service.
  Sites sites_;
  std::unique_ptr<FlowCarrier> carrier_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Courier> courier_;  ///< Of databases.
  std::vector<Guard> guards_;
  Ties ties_;
  /// Where clients take the steps of their fallback: no service, and without limits.
  struct AtClients {
    ServerPlan plan;
    std::unique_ptr<Server> server;
    Fallback* fallback = nullptr;
  };
  std::map<std::string, AtClients> at_clients_;  ///< By workload.
  bool has_ties_ = false;
  std::vector<std::unique_ptr<Endpoint>> ports_;  ///< Network, rotations, client policies.
  std::vector<KeySpace> keys_;                    ///< In the order of the scenario.
  Versions versions_;
  std::map<std::string, std::unique_ptr<Server>> servers_;
  std::map<std::string, std::unique_ptr<Broker>> brokers_;
  std::map<std::string, std::unique_ptr<ConsumerPool>> pools_;  ///< By worker.
  std::map<std::string, std::unique_ptr<Cache>> caches_;
  std::map<std::string, std::unique_ptr<Database>> databases_;
  std::map<std::string, std::unique_ptr<Recorder>> recorders_;  ///< By database.
  std::map<std::string, std::unique_ptr<BalancerService>> balancers_;
  std::map<std::string, DatabasePlan> scaled_plans_;
  std::map<std::string, std::unique_ptr<ShardPool>> shard_pools_;
  std::map<std::string, std::unique_ptr<Autoscaler>> autoscalers_;
  std::map<std::string, Reachable> reachable_;
  std::vector<std::unique_ptr<Workload>> workloads_;
  std::vector<ClientSplit> splits_;  ///< By workload, into those who take turns.
  std::vector<std::unique_ptr<Surge>> surges_;
  std::vector<std::unique_ptr<Phase>> phases_;  ///< While anything fails, then by failure.
  std::unique_ptr<Injector> injector_;
  std::vector<std::unique_ptr<Faultable>> links_;  ///< And leaders, as failures see them.
  std::vector<std::unique_ptr<Bulk>> bulk_;
};

}  // namespace headroom
