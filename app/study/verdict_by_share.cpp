#include "app/study/verdict_by_share.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/stats/intervals.hpp"

namespace headroom {

namespace {

/// The share of samples above a limit. Its interval holds that of as many independent samples: few
/// replications may happen to agree. Nothing where fewer than two have samples.
std::optional<sim::Interval> cautious_share_above(std::vector<const sim::Histogram*> latencies,
                                                  double limit_ns) {
  std::erase_if(latencies, [](const auto* one) { return one->count() == 0; });
  if (latencies.size() < 2) return std::nullopt;
  std::uint64_t count = 0;
  for (const sim::Histogram* one : latencies)
    count += one->count();
  auto share = sim::share_above(latencies, limit_ns);
  const auto above = std::llround(share->mean * static_cast<double>(count));
  const auto independent = sim::wilson_interval(static_cast<std::uint64_t>(above), count);
  share->low = std::clamp(share->low, 0.0, independent->low);
  share->high = std::clamp(share->high, independent->high, 1.0);
  return share;
}

}  // namespace

Verdict verdict_by_share(const Requirement& require,
                         const std::vector<const sim::Histogram*>& latencies, Figure& measured) {
  const auto cautious = cautious_share_above(latencies, require.limit * 1e9);
  if (!cautious) return Verdict::undecided;
  const double allowed = 1 - require.percentile / 100;
  if (require.at_most ? cautious->low > allowed : cautious->high < allowed) {
    if (!measured.value)
      measured.why =
          fmt::format("{:.3g} [{:.3g}, {:.3g}] % of {} samples are above that, {:.3g} % {} be",
                      100 * cautious->mean, 100 * cautious->low, 100 * cautious->high,
                      measured.samples, 100 * allowed, require.at_most ? "may" : "must");
    return Verdict::missed;
  }
  if (!measured.value) return Verdict::undecided;
  // A replication too short to have one beyond the percentile says nothing of the spread.
  for (const sim::Histogram* one : latencies)
    if (static_cast<double>(one->count()) * allowed < 1) return Verdict::undecided;
  const auto share = sim::share_above(latencies, require.limit * 1e9);
  const bool holds = require.at_most ? share->high <= allowed : share->low > allowed;
  return holds ? Verdict::met : Verdict::undecided;
}

}  // namespace headroom
