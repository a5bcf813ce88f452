#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/report/paint.hpp"
#include "app/report/sweep.hpp"

namespace headroom {

/// A table of the points, the curve of p99, the knee, the first SLO to break and the bottleneck.
std::string sweep_text(const std::string& title, const std::vector<std::string>& paths,
                       const std::vector<SweepPoint>& points, const Paint& paint);

/// p99 over the values, one bar a point.
std::string curve_text(const std::vector<SweepPoint>& points, const Paint& paint);

/// What broke first, where the knee is, which service is the bottleneck: those that can be said.
std::vector<std::string> sweep_sentences(const std::vector<SweepPoint>& points);

/// "points": [{"at": {path: value}, ...summary...}], the knee and the first SLO to break.
nlohmann::ordered_json sweep_json(const std::vector<std::string>& paths,
                                  const std::vector<SweepPoint>& points);

/// "10 replications of 2 min", or "5 to 20 replications of 2 min" where that is what is varied.
std::string points_were_run(const std::vector<SweepPoint>& points);
bool have_one_seed(const std::vector<SweepPoint>& points);

}  // namespace headroom
