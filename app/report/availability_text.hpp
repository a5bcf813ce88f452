#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/report/paint.hpp"
#include "app/study/availability.hpp"

namespace headroom {

/// One design: the scenario with a value of what is varied ("4"), or as it is ("").
struct AvailabilityPoint {
  std::string value;
  Availability found;
  std::size_t states = 0;  ///< That matter; an interrupt leaves some of them out.
};

/// The answer of `headroom availability`.
struct AvailabilityAnswer {
  std::string scenario, path;  ///< `path`: what is varied; empty where nothing is.
  double target = 0;           ///< Share of time in which every SLO is to be met.
  std::uint32_t replications = 0;
  bool partial = false;  ///< Interrupted: only the first points are there, the last in part.
  std::vector<AvailabilityPoint> points;

  /// The first that meets every SLO while nothing is down: N.
  std::optional<std::size_t> enough_when_all_up() const;
  /// The first that meets the target.
  std::optional<std::size_t> first_to_meet() const;
};
std::string availability_text(const AvailabilityAnswer& answer, const Paint& paint);
nlohmann::ordered_json availability_json(const AvailabilityAnswer& answer);

}  // namespace headroom
