#include "models/analytic/scalability.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace headroom {

namespace {

using Points = std::span<const ScalabilityPoint>;

double squares(const Scalability& law, Points points) {
  double sum = 0;
  for (const auto& point : points) {
    const double miss = point.throughput - law.throughput(point.n);
    sum += miss * miss;
  }
  return sum;
}

/// Which of contention and coherency are free; the others are 0.
struct Free {
  bool contention = true, coherency = true;
};

Scalability moved(Scalability law, const Eigen::Vector3d& step) {
  law.contention += step[0];
  law.coherency += step[1];
  law.single += step[2];
  return law;
}

/// Damped Gauss-Newton from `law`; parameters that are not free keep their value.
Scalability descended(Scalability law, Points points, Free free) {
  double damping = 1e-3, before = squares(law, points);
  for (int turn = 0; turn < 500; ++turn) {
    Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
    Eigen::Vector3d right = Eigen::Vector3d::Zero();
    for (const auto& [n, throughput] : points) {
      const double value = law.throughput(n);
      const double slope = n == 0 ? 0 : -value * value / (law.single * n);
      const Eigen::Vector3d gradient(free.contention ? slope * (n - 1) : 0,
                                     free.coherency ? slope * n * (n - 1) : 0, value / law.single);
      normal += gradient * gradient.transpose();
      right += gradient * (throughput - value);
    }
    Eigen::Matrix3d damped = normal;
    for (int i = 0; i < 3; ++i)
      damped(i, i) = normal(i, i) > 0 ? normal(i, i) * (1 + damping) : 1;
    const Eigen::Vector3d step = damped.ldlt().solve(right);
    const Scalability next = moved(law, step);
    const double after = squares(next, points);
    if (!(after <= before)) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    damping = std::max(1e-12, damping / 10);
    const bool stands_still = before - after <= 1e-15 * before && step.norm() < 1e-9;
    law = next;
    before = after;
    if (stands_still) break;
  }
  return law;
}

}  // namespace

double Scalability::throughput(double n) const {
  return single * n / (1 + contention * (n - 1) + coherency * n * (n - 1));
}

std::optional<double> Scalability::peak() const {
  if (coherency <= 0) return std::nullopt;
  return std::sqrt((1 - contention) / coherency);
}

std::optional<Scalability> fit_scalability(std::span<const ScalabilityPoint> points) {
  std::set<double> sizes;
  double largest = 0;
  for (const auto& point : points) {
    if (!(point.n >= 1) || !(point.throughput > 0)) return std::nullopt;
    sizes.insert(point.n);
    largest = std::max(largest, point.throughput / point.n);
  }
  if (sizes.size() < 3) return std::nullopt;
  // The best with bounds is the best of those where some bound is met and the others are free.
  std::optional<Scalability> best;
  for (const Free free :
       {Free{true, true}, Free{true, false}, Free{false, true}, Free{false, false}}) {
    const Scalability start{free.contention ? 0.01 : 0, free.coherency ? 1e-5 : 0, largest};
    const Scalability law = descended(start, points, free);
    if (law.contention < 0 || law.coherency < 0 || !(law.single > 0)) continue;
    if (!best || squares(law, points) < squares(*best, points)) best = law;
  }
  return best;
}

}  // namespace headroom
