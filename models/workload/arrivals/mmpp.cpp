// Source: Fischer, Meier-Hellstern 1993, The Markov-modulated Poisson process cookbook: a Poisson
// process whose rate is that of a Markov chain; here the chain goes round its states in a cycle.
#include <algorithm>
#include <vector>

#include "models/draw.hpp"
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

// The path of the chain has its own stream and does not depend on the factor, which changes rates,
// not stays. It begins in the steady state: exponential stays have no memory.
class Mmpp final : public ArrivalProcess {
 public:
  Mmpp(const MmppPlan& plan, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor),
        arrivals_(sim::mix(setup.key, 0)),
        chain_(sim::mix(setup.key, 1)),
        states_(plan.states),
        end_ns_(static_cast<double>(setup.end.count_ns())) {
    const auto is_silent = [](const MmppState& state) { return state.rate.per_s <= 0; };
    silent_ = std::all_of(states_.begin(), states_.end(), is_silent);
    state_ = first_state();
    stays_.push_back(stay_from(0, 0));
  }

 private:
  /// One stay in one state.
  struct Stay {
    double begin_ns, end_ns;
    double begin_progress;
    double rate_per_ns;

    double end_progress() const { return begin_progress + rate_per_ns * (end_ns - begin_ns); }
  };

  double next_due() override {
    if (silent_) return no_more;
    forget_what_passed();
    return due_ += detail::draw_exponential(arrivals_);
  }

  double progress_at(sim::Time t) override {
    const auto t_ns = static_cast<double>(t.count_ns());
    std::size_t i = 0;
    while (stay(i).end_ns <= t_ns)
      ++i;
    return stays_[i].begin_progress + stays_[i].rate_per_ns * (t_ns - stays_[i].begin_ns);
  }

  sim::Time when(double progress) override {
    std::size_t i = 0;
    while (stay(i).end_progress() <= progress) {
      if (stays_[i++].end_ns > end_ns_) return sim::Time::never();
    }
    const Stay& found = stays_[i];
    const double into_ns = std::max(0.0, progress - found.begin_progress) / found.rate_per_ns;
    return sim::Time() + sim::Duration::rounded_ns(found.begin_ns + into_ns);
  }

  std::size_t first_state() {
    double sum_ns = 0;
    for (const MmppState& state : states_)
      sum_ns += in_base_unit(state.mean_stay);
    double left_ns = sum_ns * chain_.uniform();
    std::size_t chosen = 0;
    while (chosen + 1 < states_.size() && left_ns >= in_base_unit(states_[chosen].mean_stay)) {
      left_ns -= in_base_unit(states_[chosen++].mean_stay);
    }
    return chosen;
  }

  Stay stay_from(double begin_ns, double begin_progress) {
    const MmppState& state = states_[state_];
    state_ = (state_ + 1) % states_.size();
    const double length_ns = in_base_unit(state.mean_stay) * detail::draw_exponential(chain_);
    return {begin_ns, begin_ns + length_ns, begin_progress, state.rate.per_s * 1e-9};
  }

  const Stay& stay(std::size_t i) {
    if (i == stays_.size()) {
      stays_.push_back(stay_from(stays_.back().end_ns, stays_.back().end_progress()));
    }
    return stays_[i];
  }

  void forget_what_passed() {
    const auto passed_ns = static_cast<double>(passed().count_ns()) - 1;  // less its rounding
    std::size_t i = 0;
    while (i + 1 < stays_.size() && stays_[i].end_ns < passed_ns)
      ++i;
    stays_.erase(stays_.begin(), stays_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  sim::Stream arrivals_;
  sim::Stream chain_;
  const std::vector<MmppState>& states_;
  double end_ns_;
  std::vector<Stay> stays_;  ///< From the one of the last arrival on, as far as needed so far.
  std::size_t state_ = 0;    ///< Of the stay after those.
  bool silent_ = false;      ///< No state has arrivals.
  double due_ = 0;
};

}  // namespace

Arrivals make_process(const MmppPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Mmpp>(plan, setup);
}

}  // namespace headroom
