#include "models/autoscale/recommendation.hpp"

#include <algorithm>
#include <cmath>

namespace headroom {

namespace {

// What is whole but for rounding (3 x 0.7 / 0.7) does not take one more.
constexpr double rounding = 1e-9;

std::uint32_t rounded_up(double count) {
  return static_cast<std::uint32_t>(std::max(0.0, std::ceil(count - rounding)));
}

bool is_near_one(double ratio, double tolerance) {
  return std::abs(ratio - 1) <= tolerance + rounding;
}

}  // namespace

std::uint32_t recommended(const PoolState& pool, double target, double tolerance) {
  if (pool.ready == 0) return pool.current;  // nothing is measured
  const double ratio = pool.measured / target;
  if (is_near_one(ratio, tolerance)) return pool.current;
  const double wanted = ratio * pool.ready;
  if (ratio < 1 || pool.ready >= pool.current) return rounded_up(wanted);
  const double with_idle = wanted / pool.current;
  if (with_idle < 1 || is_near_one(with_idle, tolerance)) return pool.current;
  return rounded_up(wanted);
}

std::uint32_t Stabilization::steady(sim::Time now, std::uint32_t current,
                                    std::uint32_t recommended) {
  while (!recent_.empty() && now - recent_.front().at > window_)
    recent_.pop_front();
  recent_.push_back({now, recommended});
  if (recommended >= current) return recommended;
  std::uint32_t most = 0;
  for (const Recommendation& each : recent_)
    most = std::max(most, each.count);
  return std::min(current, most);
}

}  // namespace headroom
