#include <fmt/format.h>

#include <cmath>

#include "app/report/result_files.hpp"

namespace headroom {

namespace {

constexpr double ns = 1e-9;
constexpr int steps_per_half = 5;  // Chosen: the resolution HdrHistogram's own tools print.

double deviation_s(const sim::Histogram& histogram) {
  double sum = 0;
  for (const auto& bucket : histogram.buckets()) {
    const double middle = (static_cast<double>(bucket.low) + static_cast<double>(bucket.high)) / 2;
    const double distance = middle - histogram.mean();
    sum += static_cast<double>(bucket.count) * distance * distance;
  }
  return std::sqrt(sum / static_cast<double>(histogram.count())) * ns;
}

std::string row(const sim::Histogram& histogram, double share) {
  const auto beyond = histogram.samples_beyond(share);
  const std::string odds = share < 1 ? fmt::format("{:>14.2f}", 1 / (1 - share)) : std::string();
  return fmt::format("{:>16.9f} {:>15.12f} {:>10} {}\n", histogram.quantile(share) * ns, share,
                     histogram.count() - beyond, odds);
}

}  // namespace

std::string hgrm_text(const sim::Histogram& histogram) {
  std::string text = fmt::format("{:>16} {:>15} {:>10} {:>14}\n\n", "Value", "Percentile",
                                 "TotalCount", "1/(1-Percentile)");
  if (histogram.count() == 0) return text;
  // The rest is halved again and again, in five steps each, until less than one sample is left.
  double half = 1;
  while (half * static_cast<double>(histogram.count()) >= 1) {
    for (int step = 0; step < steps_per_half; ++step) {
      text += row(histogram, 1 - half + half * step / (2 * steps_per_half));
    }
    half /= 2;
  }
  text += row(histogram, 1);
  text += fmt::format("#[Mean    = {:>15.9f}, StdDeviation   = {:>15.9f}]\n", histogram.mean() * ns,
                      deviation_s(histogram));
  text += fmt::format("#[Max     = {:>15.9f}, Total count    = {:>15}]\n",
                      static_cast<double>(histogram.max()) * ns, histogram.count());
  text += "#[Buckets = 57, SubBuckets     = 128]\n";
  return text;
}

}  // namespace headroom
