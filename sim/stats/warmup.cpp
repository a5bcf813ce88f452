#include "sim/stats/warmup.hpp"

#include <algorithm>

#include "sim/stats/tally.hpp"

namespace headroom::sim {

namespace {

constexpr std::size_t batch_size = 5;

std::vector<double> batch_means(std::span<const double> observations) {
  std::vector<double> means(observations.size() / batch_size);
  for (std::size_t i = 0; i < means.size(); ++i) {
    Tally batch;
    for (std::size_t j = 0; j < batch_size; ++j) {
      batch.add(observations[i * batch_size + j]);
    }
    means[i] = batch.mean();
  }
  return means;
}

}  // namespace

Truncation mser5(std::span<const double> observations) {
  const std::vector<double> batches = batch_means(observations);
  if (batches.size() < 2) return {};
  const std::size_t last_tried = batches.size() / 2;
  std::size_t best = last_tried;
  double least = 0;
  // From the end backwards one tally holds what remains after each truncation, in O(m).
  Tally kept;
  for (std::size_t d = batches.size(); d-- > 0;) {
    kept.add(batches[d]);
    if (d > last_tried) continue;
    const auto n = static_cast<double>(kept.count());
    const double error = kept.squared_deviations() / (n * n);
    if (d == last_tried || error <= least) {
      least = error;
      best = d;
    }
  }
  return {best * batch_size, best < last_tried};
}

std::vector<double> pointwise_mean(std::span<const std::vector<double>> series) {
  if (series.empty()) return {};
  std::size_t length = series.front().size();
  for (const auto& one : series) {
    length = std::min(length, one.size());
  }
  std::vector<double> means(length);
  for (std::size_t i = 0; i < length; ++i) {
    Tally point;
    for (const auto& one : series) {
      point.add(one[i]);
    }
    means[i] = point.mean();
  }
  return means;
}

}  // namespace headroom::sim
