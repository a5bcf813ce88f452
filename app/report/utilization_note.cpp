#include "app/report/utilization_note.hpp"

#include <algorithm>

namespace headroom {

bool is_of_busiest_replica(const SloSummary& slo) {
  return slo.limit.starts_with("utilization");
}

std::string utilization_note(const Summary& summary) {
  if (std::none_of(summary.slos.begin(), summary.slos.end(), is_of_busiest_replica)) return {};
  return "A goal of utilization is about the busiest replica of its service; the column "
         "\"busiest\" "
         "tells that of all its replicas together, which is lower.";
}

}  // namespace headroom
