#pragma once

#include <optional>
#include <span>

namespace headroom {

/// The universal scalability law, throughput(n) = single n / (1 + contention (n - 1) + coherency
/// n (n - 1)). Source: Gunther 1993, 2007, "Guerrilla capacity planning", ch. 4.
struct Scalability {
  double contention = 0;  ///< Of the work that only one can do at a time; 0 to 1.
  double coherency = 0;   ///< What each pair costs; at least 0.
  double single = 0;      ///< Throughput of one.

  double throughput(double n) const;
  /// Where more lower the throughput; nothing where they never do.
  std::optional<double> peak() const;
};

/// One measured point: throughput at a size or load `n` of at least 1.
struct ScalabilityPoint {
  double n = 0, throughput = 0;
};

/// The law that is closest to the points in least squares of throughput, contention and coherency
/// not negative. Nothing with fewer than three different sizes.
/// Source: Levenberg 1944, Marquardt 1963 (damped least squares).
std::optional<Scalability> fit_scalability(std::span<const ScalabilityPoint> points);

}  // namespace headroom
