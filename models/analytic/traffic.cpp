#include "models/analytic/traffic.hpp"

#include <Eigen/Dense>
#include <cmath>

#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

/// Rates this much below zero are rounding; more says that the equations have no meaning.
constexpr double rounding = 1e-9;

}  // namespace

std::optional<std::vector<double>> solve_traffic(const std::vector<double>& outside,
                                                 const std::vector<Routing>& routing) {
  const auto stations = static_cast<Eigen::Index>(outside.size());
  if (stations == 0) return std::vector<double>{};
  // rates = outside + transposed(routing) rates
  Eigen::MatrixXd left = Eigen::MatrixXd::Identity(stations, stations);
  for (const Routing& arrow : routing) {
    HEADROOM_CHECK(arrow.from < outside.size() && arrow.to < outside.size() && arrow.times >= 0);
    left(static_cast<Eigen::Index>(arrow.to), static_cast<Eigen::Index>(arrow.from)) -= arrow.times;
  }
  const Eigen::FullPivLU<Eigen::MatrixXd> solver(left);
  if (!solver.isInvertible()) return std::nullopt;
  const Eigen::Map<const Eigen::VectorXd> right(outside.data(), stations);
  const Eigen::VectorXd solved = solver.solve(right);
  const double largest = std::max(1.0, solved.cwiseAbs().maxCoeff());
  std::vector<double> rates;
  for (const double rate : solved) {
    if (!std::isfinite(rate) || rate < -rounding * largest) return std::nullopt;
    rates.push_back(std::max(0.0, rate));
  }
  return rates;
}

}  // namespace headroom
