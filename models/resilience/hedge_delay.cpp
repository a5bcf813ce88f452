#include "models/resilience/hedge_delay.hpp"

namespace headroom {

HedgeDelay::HedgeDelay(const std::variant<sim::Duration, Percentile>& after) {
  if (const auto* percentile = std::get_if<Percentile>(&after)) {
    share_ = percentile->percent / 100;
    delay_ = sim::Duration::forever();
  } else {
    delay_ = std::get<sim::Duration>(after);
  }
}

void HedgeDelay::note(sim::Duration answer_time) {
  if (share_ == 0) return;
  times_.record(answer_time.count_ns());
  if (times_.count() % refresh != 0 || times_.samples_beyond(share_) < least_beyond) return;
  delay_ = sim::Duration::rounded_ns(times_.quantile(share_));
}

}  // namespace headroom
