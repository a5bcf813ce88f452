#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/autoscale/behavior.hpp"
#include "models/autoscale/plan.hpp"
#include "models/autoscale/recommendation.hpp"
#include "models/event_log.hpp"
#include "models/results.hpp"
#include "models/scalable.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace headroom {

/// Starts and stops the instances of one pool. Every `interval` it looks how busy the ready ones
/// were since the last look, and decides by `recommended`, the stabilization window, the cooldown,
/// the policies of its behavior and the limits, in this order; nothing while the pool is not yet
/// done with what was decided before. An instance that starts gets calls
/// after `startup`; one that goes gets none any more, finishes what it has, at most for `drain`,
/// and is stopped. The first that are absent start, the last that came go; who is still starting
/// goes first. At scheduled times the limits change, and the pool with them at once.
class Autoscaler {
 public:
  /// `plan`, `pool` and `log` (null: none) outlive it.
  Autoscaler(sim::Simulation& simulation, const AutoscalePlan& plan, std::string name,
             Scalable& pool, const Measurement& measurement, EventLog* log);
  Autoscaler(const Autoscaler&) = delete;
  Autoscaler& operator=(const Autoscaler&) = delete;

  sim::Simulation& simulation() const { return simulation_; }
  /// Once, before the run.
  void start();
  /// Right before the pool forgets what it was at work on.
  void start_measuring();
  /// What is to be said of the service: instances over time, those that start included, and how
  /// often their number was changed.
  void add_to(ServiceResult& result) const;

 private:
  enum class Stage : std::uint8_t { absent, starting, serving, leaving };
  struct Member {
    Stage stage = Stage::absent;
    std::uint64_t turn = 0;      ///< Which of its starts or stops is under way.
    std::vector<BusyArea> seen;  ///< By machine, at the last look.
  };

  sim::Task<> look_again_and_again();
  sim::Task<> follow_schedule();
  sim::Task<> begin(std::size_t index, std::uint64_t turn);
  sim::Task<> leave(std::size_t index, std::uint64_t turn);
  void look();
  PoolState measured_state();
  BusyArea used_since_seen(std::size_t index);
  std::uint32_t current() const;
  std::uint32_t steady(std::uint32_t there, std::uint32_t wanted);
  void scale_to(std::uint32_t wanted, const char* why, double measured);
  void grow(std::uint32_t by);
  void shrink(std::uint32_t by);
  std::size_t last_in(Stage stage) const;
  void set_stage(std::size_t index, Stage stage);

  sim::Simulation& simulation_;
  const AutoscalePlan& plan_;
  std::string name_;
  Scalable& pool_;
  Measurement measurement_;
  EventLog* log_;
  std::uint32_t min_, max_;
  Stabilization stabilization_;
  std::optional<ScalingBehavior> behavior_;
  sim::Stream startups_;
  std::vector<Member> members_;
  sim::Time may_change_;
  sim::TimeAverage starting_;
  sim::LevelSeries there_;
  std::uint64_t ups_ = 0, downs_ = 0;
};

}  // namespace headroom
