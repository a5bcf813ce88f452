#pragma once

#include <string>

#include "app/report/paint.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// Rates, latencies and outcomes of every workload, its endpoints below it, with notes on the
/// figures that are withheld.
std::string client_tables(const Summary& summary, const Paint& paint);

}  // namespace headroom
