#include "models/station.hpp"

#include <utility>

namespace headroom {

Station::Station(sim::Simulation& simulation, std::string name, std::string kind,
                 const Measurement& measurement)
    : simulation_(simulation), name_(std::move(name)), kind_(std::move(kind)) {
  if (measurement.windows.count > 0) in_system_series_.emplace(measurement.windows);
}

void Station::start_measuring() {
  const sim::Time now = simulation_.now();
  in_system_.start_measuring(now);
  queue_.start_measuring(now);
  arrivals_ = 0;
  completions_ = 0;
  failures_ = 0;
  drops_ = {};
  wait_.clear();
  sojourn_.clear();
}

ServiceCounts Station::counts() const {
  ServiceCounts counts{
      arrivals_, completions_, failures_, static_cast<__int128>(sojourn_.sum()), {}};
  for (const auto dropped : drops_)
    counts.errors += dropped;
  return counts;
}

ServiceResult Station::result() const {
  const sim::Time now = simulation_.now();
  ServiceResult result;
  result.name = name_;
  result.kind = kind_;
  result.arrivals = arrivals_;
  result.completions = completions_;
  result.failures = failures_;
  result.drops = drops_;
  result.in_system_at_start = static_cast<std::uint64_t>(in_system_.at_start());
  result.in_system_at_end = static_cast<std::uint64_t>(in_system_.level());
  result.queue_area = queue_.area(now);
  result.in_system_area = in_system_.area(now);
  result.wait = wait_;
  result.sojourn = sojourn_;
  if (in_system_series_) {
    result.queue_series.push_back(*in_system_series_);
    result.queue_series.back().finish(now);
  }

  std::uint64_t dropped = 0;
  for (const auto count : drops_)
    dropped += count;
  HEADROOM_CHECK_IN(simulation_, result.in_system_at_start + arrivals_ ==
                                     completions_ + dropped + result.in_system_at_end);
  HEADROOM_CHECK_IN(simulation_, in_system_.littles_law_holds(now));
  HEADROOM_CHECK_IN(simulation_, queue_.littles_law_holds(now));
  return result;
}

}  // namespace headroom
