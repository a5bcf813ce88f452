#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/report/paint.hpp"
#include "app/study/cap.hpp"

namespace headroom {

/// What was asked of a scenario under every protocol, and what was seen.
struct CapStudy {
  std::string scenario, file, database;
  std::vector<std::string> set;  ///< For all points: "run.load=0.5".
  std::uint64_t seed = 0;
  std::uint32_t replications = 0;
  std::vector<CapPoint> points;
  bool partial = false;  ///< Interrupted: these were finished.
};

/// Two tables, latency and availability first, then what was found of consistency; the
/// counterexample of each setting that has one. Nothing of theory: what was seen.
std::string cap_text(const CapStudy& study, const Paint& paint);
nlohmann::ordered_json cap_json(const CapStudy& study);

/// "headroom run shop.json --set ...": the one setting by itself; and the smallest run of it that
/// shows what is refuted.
std::string cap_command(const CapStudy& study, const CapPoint& point);
std::string small_command(const CapStudy& study, const CapPoint& point);
/// "sequential", as people write it; "none was left" where all are refuted.
std::string strongest_text(const CapPoint& point);
/// The weakest guarantee that is refuted, or "-".
std::string refuted_text(const CapPoint& point);
/// When copies were alike after healing: "after 20 ms", "not", "unknown", "-" where none was.
std::string converged_text(const CapPoint& point);

}  // namespace headroom
