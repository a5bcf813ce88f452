#pragma once

#include <string>

#include "app/report/paint.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// Rates, latencies and outcomes of every workload, its endpoints below it, with notes on the
/// figures that are withheld.
std::string client_tables(const Summary& summary, const Paint& paint);

/// What the slowest 1 % of each workload and those around its median spent their time on; empty
/// where nothing was traced.
std::string time_table(const Summary& summary, const Paint& paint);

/// "61 % queue at db, 20 % work at app": what took the most, and where.
std::string dearest_places_text(const GroupSummary& group, std::size_t most);
/// "slowest branch"
std::string in_words(TimeCause cause);

}  // namespace headroom
