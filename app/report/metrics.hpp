#pragma once

#include <string>

#include "app/study/study.hpp"

namespace headroom {

/// What operators scrape, in the Prometheus text exposition format 0.0.4, over all replications
/// together from the end of the warm-up on: requests and latency of each workload, arrivals,
/// failures, drops, sojourn, wait and utilisation of each service. Times in seconds. The counts are
/// exact; intervals over replications are in summary.json, as the format has no place for them.
/// Source: prometheus.io/docs/instrumenting/exposition_formats, "Text-based format".
std::string metrics_prom(const StudyResult& study);

}  // namespace headroom
