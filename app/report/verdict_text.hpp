#pragma once

#include <string>
#include <string_view>

#include "app/report/paint.hpp"
#include "app/report/text_table.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// The colour of a verdict, that of what never settled included.
TextTable::Tint tint_of(Verdict verdict);

/// "met", "missed", "undecided" or "never settled": the words of text, report and JUnit. JSON says
/// the last one as "verdict": "undecided" with "settled": false.
std::string_view verdict_word(const Summary& summary);
/// Of one of its SLOs.
std::string_view verdict_word(const SloSummary& slo, const Summary& of);

/// One sentence that says what the study found: the first thing a reader sees.
std::string verdict_sentence(const Summary& summary, const Paint& paint);

/// "p99 < 250ms during failures".
std::string asked_text(const SloSummary& slo);
/// A figure in the unit of the limit it is held against: "p99 < 250ms" is about times, "utilization
/// < 80%" about shares.
std::string measured_text(const SloSummary& slo);

}  // namespace headroom
