#pragma once

#include <string>

#include "app/report/paint.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// One sentence that says what the study found: the first thing a reader sees.
std::string verdict_sentence(const Summary& summary, const Paint& paint);

/// "p99 < 250ms during failures".
std::string asked_text(const SloSummary& slo);
/// A figure in the unit of the limit it is held against: "p99 < 250ms" is about times, "utilization
/// < 80%" about shares.
std::string measured_text(const SloSummary& slo);

}  // namespace headroom
