#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "models/workload/plan.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// When the requests of an open workload are meant to be sent: rising instants, one after the
/// other, at a rate times a factor that may change midway.
///
/// An arrival process says at which *progress* each arrival is due, drawn without regard to the
/// factor; progress grows at factor x `progress_at`'(t). A process of gaps measures progress in
/// nanoseconds, one with a rate of its own in expected arrivals. So a larger factor brings the very
/// same arrivals earlier, and a change of it scales what remains of the gap in progress. A replayed
/// record keeps its clock when the factor changes midway, and repeats arrivals or leaves some out.
class ArrivalProcess {
 public:
  explicit ArrivalProcess(double factor) : factor_(factor) {}
  ArrivalProcess(const ArrivalProcess&) = delete;
  ArrivalProcess& operator=(const ArrivalProcess&) = delete;
  virtual ~ArrivalProcess() = default;

  /// The next arrival, or `never()` when there is none. Rounded to the clock from the exact
  /// instant, so that rounding does not add up.
  sim::Time next();
  /// The factor is `factor` from `now` on, which is not before the arrival before the pending one.
  /// The pending arrival, the one that `next` told last, comes at the instant returned instead.
  virtual sim::Time set_factor(sim::Time now, double factor);

 protected:
  static constexpr double no_more = std::numeric_limits<double>::infinity();

  /// The progress at which the next arrival is due, at factor 1; `no_more` after the last.
  virtual double next_due() = 0;
  /// Progress from the start of the run to `t` at factor 1. Nanoseconds unless overridden.
  virtual double progress_at(sim::Time t);
  /// The first instant with this progress; `never()` when it is not reached.
  virtual sim::Time when(double progress);
  /// The pending arrival is due at this progress instead, not before `now`.
  sim::Time instead(sim::Time now, double due);
  /// Nothing before this instant is asked for again.
  sim::Time passed() const { return passed_; }

 private:
  sim::Time instant();

  double factor_;
  double due_ = 0;
  double changed_due_ = 0;       ///< Progress at the last change of the factor, with the factors,
  double changed_progress_ = 0;  ///< and at factor 1.
  sim::Time passed_;
  sim::Time pending_;
};

/// What every process of a workload is made with.
struct ArrivalsSetup {
  std::uint64_t key = 0;  ///< Of its random streams.
  sim::Time origin{};     ///< The end of the warm-up, from which times in a plan count.
  sim::Time end{};        ///< Arrivals after it need not be found.
  double factor = 1;      ///< What every rate is multiplied by, at first.
};

/// Null for a closed workload, whose requests depend on the answers. The plan must outlive it.
std::unique_ptr<ArrivalProcess> make_arrivals(const ArrivalsPlan& plan, const ArrivalsSetup& setup);
std::unique_ptr<ArrivalProcess> make_arrivals(ArrivalsPlan&&, const ArrivalsSetup&) = delete;

/// The names and sources of all arrival processes, the closed one included, for `headroom list`.
Choices arrival_processes();

}  // namespace headroom
