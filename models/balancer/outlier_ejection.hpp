#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/balancer/plan.hpp"
#include "models/request.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace headroom {

class Balancer;

/// Takes replicas out that answer with errors, by the calls that they get anyway. After so many bad
/// answers in a row (failed, rejected or timed out; a call that is never answered says nothing) a
/// replica gets no calls for `eject_for`, twice as long the second time in a row, and so on up to
/// five minutes; a good answer after its return forgives. No more than the share `max_ejected` is
/// out at once, but one always may: with too many out the rest would be overloaded.
/// Source: outlier detection of Envoy (consecutive_5xx). Departs from source: forgiveness at the
/// first good answer, not by intervals.
class OutlierEjection {
 public:
  OutlierEjection(Balancer& balancer, const OutlierEjectionPlan& plan);

  void note(std::size_t backend, const Reply& reply);
  void start_measuring() { ejections_ = 0; }
  std::uint64_t ejections() const { return ejections_; }
  sim::Simulation& simulation() const;

 private:
  struct Record {
    std::uint32_t in_a_row = 0;  ///< Bad answers.
    std::uint32_t times = 0;     ///< Ejections without a good answer in between.
  };
  bool may_eject() const;
  void eject(std::size_t backend);
  sim::Task<> readmit(std::size_t backend, sim::Duration after);

  Balancer& balancer_;
  OutlierEjectionPlan plan_;
  std::vector<Record> records_;
  std::size_t out_now_ = 0;
  std::uint64_t ejections_ = 0;
};

}  // namespace headroom
