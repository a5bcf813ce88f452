#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/members.hpp"
#include "models/scalable.hpp"
#include "models/server/instance.hpp"

namespace headroom {

/// A tier of equal replicas. Callers that know no balancer take the replicas in turn, as with a
/// round-robin DNS name, and know nothing of their health; a balancer calls the instances. Where
/// replicas come and go, those that are absent exist all the same.
class Server final : public Scalable {
 public:
  /// Replica i stands in zone `zones[i % zones.size()]`. There are `plan.replicas` of them, or
  /// `most`, of which the first `present` are there.
  Server(sim::Simulation& simulation, const ServerPlan& plan, std::string name,
         std::vector<std::uint16_t> zones, const Measurement& measurement, std::uint32_t most = 0,
         std::uint32_t present = 0, const char* kind = "server");

  /// The steps of each endpoint. To be set before the run; what they call may be built later than
  /// this server.
  void set_programs(std::vector<Program> programs);
  /// Where it notes what is written to it, and reads what was: by calls with an operation and a
  /// key, of endpoints that call nobody.
  void set_versions(Versions& versions) { shared_.versions = &versions; }
  /// Whose fair turns are meant with `fair_by` client, by workload; it outlives the server.
  void set_clients(const std::vector<ClientSplit>& clients) {
    if (shared_.plan.fair_by == FairBy::client) shared_.clients = &clients;
  }
  void set_ties(Ties& ties) { station_.set_ties(&ties); }
  ServerInstance& instance(std::size_t index) { return *instances_[index]; }
  std::size_t size() const { return instances_.size(); }

  Station& station() { return station_; }
  Members& members() override { return members_; }
  bool is_up(std::size_t index) const override { return instances_[index]->up(); }
  bool is_idle(std::size_t index) const override { return instances_[index]->idle(); }
  double waiting(std::size_t index) const override { return instances_[index]->waiting(); }
  BusyArea used(std::size_t index) const override { return instances_[index]->result().used; }
  void set_present(std::size_t index, bool is_present) override {
    instances_[index]->set_present(is_present);
    instances_[index]->note_limit();
  }

  void start_measuring();
  ServiceCounts counts() const;
  ServiceResult result() const;

 private:
  void add_policies(ServiceResult& result) const;
  std::vector<Program> programs_;
  Station station_;
  ServerShared shared_;
  Members members_;
  std::unique_ptr<sim::LevelSeries> limits_;  ///< Null where no limit adapts.
  bool falls_back_ = false;
  std::unique_ptr<SessionTable> sessions_;  ///< Null where there are none.
  std::vector<std::unique_ptr<ServerInstance>> instances_;
};

/// Takes endpoints in turn.
class Rotation final : public Endpoint {
 public:
  Rotation(sim::Simulation& simulation, std::vector<Endpoint*> targets)
      : Endpoint(simulation), targets_(std::move(targets)) {}
  sim::Task<Reply> call(Request request) override { return take()->call(request); }
  /// Of the one whose turn is next; takes no turn.
  sim::Task<bool> probe(std::uint16_t zone) override { return targets_[next_]->probe(zone); }

 private:
  Endpoint* take() {
    Endpoint* target = targets_[next_];
    if (++next_ == targets_.size()) next_ = 0;
    return target;
  }
  std::vector<Endpoint*> targets_;
  std::size_t next_ = 0;
};

}  // namespace headroom
