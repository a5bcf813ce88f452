#pragma once

#include <cstdint>
#include <string>

#include "models/crash.hpp"
#include "models/endpoint.hpp"
#include "models/faultable.hpp"
#include "models/members.hpp"
#include "models/station.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

/// Someone who wants to know when instances begin and stop to serve.
class LifeWatcher {
 public:
  virtual ~LifeWatcher() = default;
  virtual void on_life(std::size_t index, bool is_up) = 0;
};

/// How one replica of a station lives: how many it serves at once, and what happens when it dies.
struct Life {
  Limit concurrency;
  Crash crash = Crash::reset;
  sim::Duration restart_time;
  sim::Order order = sim::Order::first_come;  ///< Of those who wait for a slot.
};

/// One replica of a station: it dies with all that it is doing, and starts again. What it does for
/// a request is up to `call` of its kind, which hosts it in `scope_` where `admits` lets it in, and
/// else answers with `turn_away`; its destructor closes `scope_`, as what it is doing uses its
/// members.
class Instance : public Endpoint, public Faultable {
 public:
  std::uint16_t zone() const { return zone_; }
  std::uint32_t index() const { return index_; }
  /// Ready for requests: neither killed nor still starting again.
  bool up() const { return up_; }
  sim::Task<bool> probe(std::uint16_t zone) final;
  /// Its place among those who get calls, which outlive it.
  void join(Members& members) { members_ = &members; }
  /// Told whenever it comes up or goes down; outlives it.
  void watch_life(LifeWatcher& watcher) { life_watcher_ = &watcher; }
  void begin_drain() final {
    if (members_ != nullptr) members_->begin_drain(index_);
  }
  void end_drain() final {
    if (members_ != nullptr) members_->end_drain(index_);
  }
  bool idle() const final { return scope_.empty(); }
  bool ready() const final { return up_; }
  bool present() const final { return present_; }
  /// Started, and ready at once unless it is killed; or stopped, with all that it still does.
  void set_present(bool is_present);
  /// Requests that wait for a slot.
  std::size_t waiting() const { return slots_.waiting(); }
  /// Times that it was killed or stopped: what it held in memory before is gone.
  std::uint64_t lives() const { return lives_; }
  /// Instances x ns for which it was up.
  __int128 up_area() const { return up_time_.area(simulation_.now()); }

 protected:
  Instance(sim::Simulation& simulation, Station& station, std::uint32_t index, std::uint16_t zone,
           const Life& life);

  /// Counts a request that comes; whether there is anybody to serve it.
  bool admits() {
    ++arrivals_;
    return up_;
  }
  /// The answer to a request that was not admitted: a connection that is reset, or silence.
  sim::Task<Reply> turn_away();
  void on_kill() override;
  void on_restart() final;
  /// Ready for requests again.
  virtual void on_up() {}

  /// A slot, once it is this visit's turn; an empty lease when the request is given up before, with
  /// what its caller is told in `answer`. For those that found no slot free.
  sim::Task<sim::Lease> wait_for_slot(Request request, Visit* visit, Limit queue_limit,
                                      Reply* answer);
  /// Whether a fault fails the request that now has its turn.
  bool fails_by_fault() {
    const double rate = error_rate();
    return rate > 0 && chance_.uniform() < rate;
  }
  /// "app[2]"
  static std::string name_of(const Station& station, std::uint32_t index);

  void start_measuring();
  /// Arrivals and slots; the utilisation law is asserted.
  ReplicaResult result() const;
  /// Units x ns for which they were there; 0 where there is no end to them.
  __int128 available(std::int64_t units) const;

 private:
  sim::Task<Reply> refuse();
  sim::Task<> restart(std::uint64_t life);
  void come_up();

 protected:
  Station& station_;
  sim::Stream chance_;  ///< Who is next where chance decides; which requests a fault fails.
  sim::Resource slots_;
  Population busy_slots_;

 private:
  Life life_;
  std::uint32_t index_;
  std::uint16_t zone_;
  bool up_ = true;
  bool present_ = true;
  Members* members_ = nullptr;
  LifeWatcher* life_watcher_ = nullptr;
  std::uint64_t lives_ = 0;
  std::uint64_t arrivals_ = 0;
  sim::TimeAverage up_time_;

 protected:
  sim::Scope scope_;
};

}  // namespace headroom
